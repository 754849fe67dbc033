#include <kation/io/gnuplot.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <boost/process/child.hpp>
#include <boost/process/io.hpp>
#include <boost/process/search_path.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace kation {
namespace {

namespace process = boost::process;

constexpr double font_size = 11;  // [points]

/// A nameless file that vanishes when closed: what a child reads or writes without any pipe to keep empty.
class Scratch {
  public:
    Scratch() : file_(std::tmpfile(), &std::fclose) {
        if (!file_) throw OutputError(fmt::format("no temporary file for gnuplot's script: {}", std::strerror(errno)));
    }
    explicit Scratch(std::string_view content) : Scratch() {
        if (std::fwrite(content.data(), 1, content.size(), file_.get()) != content.size())
            throw OutputError(fmt::format("gnuplot's script cannot be written to a temporary file: {}", std::strerror(errno)));
        std::rewind(file_.get());
    }
    [[nodiscard]] std::FILE* handle() const { return file_.get(); }
    [[nodiscard]] std::string content() const {
        std::rewind(file_.get());
        std::string all;
        std::array<char, 4096> piece;
        while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file_.get())) all.append(piece.data(), n);
        return all;
    }

  private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

std::string terminal_for(const std::filesystem::path& picture, int width, int height) {
    const std::string ending = picture.extension().string();
    if (ending != ".png" && ending != ".svg") throw ConfigurationError(fmt::format("{}: a picture ends in .png or .svg", picture.string()));
    return fmt::format("{} size {},{} noenhanced font 'sans-serif,{}' background rgb 'white'", ending == ".png" ? "pngcairo" : "svg", width,
                       height, font_size);
}

/// gnuplot's complaint: "line 3: unrecognized option", without the echo of the command that it prints above.
std::string gist(const std::string& complaint) {
    const std::size_t line = complaint.find("line ");
    const std::string_view rest = trimmed(std::string_view(complaint).substr(line == std::string::npos ? 0 : line));
    return std::string(rest.substr(0, rest.find('\n')));
}

}  // namespace

std::string gnuplot_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';
        quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return quoted + "'";
}

void draw_with_gnuplot(std::string_view script, int width, int height, const std::filesystem::path& picture) {
    const std::string terminal = terminal_for(picture, width, height);
    const auto program = process::search_path("gnuplot");
    if (program.empty()) throw OutputError("pictures are drawn by gnuplot, which is not installed: apt-get install gnuplot-nox");

    Draft draft(picture);
    const std::string file = draft.path().string();
    const Scratch commands(
        fmt::format("set terminal {}\nset encoding utf8\nset output {}\n{}\nunset output\n", terminal, gnuplot_quoted(file), script));
    const Scratch complaints;
    // Opened by name, standard input is buffered; bare, gnuplot reads it byte by byte, which takes seconds for long series.
    process::child gnuplot(program, "-d", "/dev/stdin", (process::std_in < commands.handle()), (process::std_out > process::null),
                           (process::std_err > complaints.handle()));
    gnuplot.wait();
    if (gnuplot.exit_code() != 0)
        throw OutputError(fmt::format("{}: gnuplot could not draw it: {}", picture.string(), gist(complaints.content())));
    std::error_code ignored;
    if (std::filesystem::file_size(draft.path(), ignored) == 0 || ignored)
        throw OutputError(fmt::format("{}: nothing was drawn", picture.string()));
    draft.keep();
}

}  // namespace kation
