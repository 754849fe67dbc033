#include <kation/connectome/text_members.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <zip.h>
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <algorithm>
#include <istream>

namespace kation {
namespace {

namespace io = boost::iostreams;

/// True for what a connectome may consist of, false for folders, pictures and the hidden files that macOS adds.
bool is_text_member(const std::string& name) {
    const std::string file = std::filesystem::path(name).filename().string();
    const bool text = file.ends_with(".txt") || file.ends_with(".txt.bz2");
    return text && !file.starts_with('.') && !name.starts_with("__MACOSX/");
}

template <class Source>
std::unique_ptr<std::istream> unpacked(const std::string& name, const Source& source) {
    auto stream = std::make_unique<io::filtering_istream>();
    if (name.ends_with(".bz2")) stream->push(io::bzip2_decompressor());
    stream->push(source);
    return stream;
}

using Zip = std::shared_ptr<zip_t>;

Zip open_zip(const std::filesystem::path& file) {
    int code = 0;
    zip_t* zip = zip_open(file.c_str(), ZIP_RDONLY, &code);
    if (zip != nullptr) return {zip, zip_discard};
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw InputError(fmt::format("{}: is no zip file, or a truncated one ({})", file.string(), reason));
}

/// One member of a zip as a source of Boost.Iostreams; keeps the zip open.
class ZipSource : public io::source {
  public:
    ZipSource(Zip zip, const std::string& name, std::string place) : zip_(std::move(zip)), place_(std::move(place)) {
        zip_file_t* member = zip_fopen(zip_.get(), name.c_str(), 0);
        if (member == nullptr) throw InputError(fmt::format("{}: cannot be opened ({})", place_, zip_strerror(zip_.get())));
        member_.reset(member, zip_fclose);
    }

    std::streamsize read(char* buffer, std::streamsize size) {
        const zip_int64_t count = zip_fread(member_.get(), buffer, static_cast<zip_uint64_t>(size));
        if (count < 0) throw InputError(fmt::format("{}: is truncated or damaged ({})", place_, zip_file_strerror(member_.get())));
        return count == 0 ? -1 : count;
    }

  private:
    Zip zip_;
    std::shared_ptr<zip_file_t> member_;
    std::string place_;
};

}  // namespace

std::string TextMembers::find(std::string_view word) const {
    const auto found = std::ranges::find_if(
        names, [&](const std::string& name) { return std::filesystem::path(name).filename().string().find(word) != std::string::npos; });
    return found == names.end() ? std::string{} : *found;
}

TextMembers members_of_zip(const std::filesystem::path& file) {
    const Zip zip = open_zip(file);
    TextMembers members;
    members.source = file.string();
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(zip_get_num_entries(zip.get(), 0)); ++i) {
        zip_stat_t entry;
        if (zip_stat_index(zip.get(), i, 0, &entry) != 0 || !is_text_member(entry.name)) continue;
        if (entry.size > most_bytes) {
            throw InputError(fmt::format("{}: is {} bytes long when unpacked; at most {} GiB are allowed", members.place(entry.name),
                                         entry.size, most_bytes >> 30));
        }
        members.names.emplace_back(entry.name);
    }
    members.open = [zip, source = members.source](const std::string& name) {
        return unpacked(name, ZipSource(zip, name, source + "/" + name));
    };
    return members;
}

TextMembers members_of_folder(const std::filesystem::path& folder) {
    TextMembers members;
    members.source = folder.string();
    std::error_code problem;
    std::filesystem::recursive_directory_iterator entry(folder, problem);
    for (; !problem && entry != std::filesystem::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string name = entry->path().lexically_relative(folder).string();
        if (entry.depth() > 0) entry.disable_recursion_pending();
        if (entry->is_regular_file(problem) && is_text_member(name)) members.names.push_back(name);
    }
    if (problem) throw InputError(fmt::format("{}: cannot be listed ({})", members.source, problem.message()));
    std::ranges::sort(members.names, {}, [](const std::string& name) { return std::pair(name.size(), name); });
    members.open = [folder](const std::string& name) {
        const std::filesystem::path path = folder / name;
        const io::file_source file(path.string(), std::ios::in | std::ios::binary);
        if (!file.is_open()) throw InputError(fmt::format("{}: cannot be opened", path.string()));
        return unpacked(name, file);
    };
    return members;
}

}  // namespace kation
