#include <kation/io/figure.hpp>
#include <kation/io/plot.hpp>
#include <kation/support/text.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kation {
namespace {

/// What is needed to draw a matrix: colour values (NaN = left blank), their range and the tics of the scale.
struct Shaded {
    std::string title, scale_title;
    arma::mat values;
    double low, high;
    std::vector<std::pair<double, std::string>> tics;  ///< place on the scale, text; empty: gnuplot's own
};

std::string power_of_ten(int exponent) {
    static constexpr std::string_view digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "10⁻" : "10";
    for (const char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
    return text;
}

Shaded shaded_weights(const arma::mat& weights) {
    const bool signs = weights.min() < 0;
    Shaded shaded{"Weights", signs ? "|weight|" : "weight", arma::log10(arma::abs(weights)), 0, 1, {}};
    shaded.values.replace(-arma::datum::inf, arma::datum::nan);
    const arma::vec present = shaded.values.elem(arma::find_finite(shaded.values));
    if (!present.empty()) {
        shaded.low = present.min();
        shaded.high = std::max(present.max(), shaded.low + 0.1);
    }
    const bool decades = shaded.high - shaded.low >= 1.5;
    for (int exponent = static_cast<int>(std::floor(shaded.low)); exponent <= shaded.high; ++exponent) {
        if (decades) {
            shaded.tics.emplace_back(exponent, power_of_ten(exponent));
            continue;
        }
        for (const int factor : {1, 2, 3, 5, 7}) {
            const double place = std::log10(factor) + exponent;
            shaded.tics.emplace_back(place, fmt::format("{:.6g}", std::pow(10, place)));
        }
    }
    return shaded;
}

Shaded shaded_lengths(const Connectivity& connectome) {
    arma::mat lengths = connectome.tract_lengths();
    lengths.elem(arma::find(connectome.weights() == 0)).fill(arma::datum::nan);
    return {"Tract lengths", "length (mm)", lengths, 0, std::max(connectome.tract_lengths().max(), 1e-9), {}};
}

std::string row_text(const arma::mat& values, std::size_t to) {
    fmt::memory_buffer text;
    for (std::size_t from = 0; from < values.n_cols; ++from) {
        if (std::isfinite(values(to, from)))
            fmt::format_to(std::back_inserter(text), "{:.5g} ", values(to, from));
        else
            fmt::format_to(std::back_inserter(text), "NaN ");
    }
    return fmt::to_string(text);
}

void label_axes(Figure& figure, const Box& box, const std::vector<std::string>& labels, double size, bool left) {
    const double cell = box.width() / static_cast<double>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double place = (static_cast<double>(i) + 0.5) * cell;
        if (left) figure.words(box.left - 6, box.top + place, labels[i], {.size = size, .align = Align::right});
        figure.words(box.left + place, box.bottom + 6, labels[i], {.size = size, .align = Align::right, .upright = true});
    }
}

void draw_matrix(Figure& figure, const Box& box, const Shaded& shaded) {
    figure.words(box.left, box.top - 14, shaded.title, {.size = 13, .bold = true});
    figure.words(box.right + 12, box.top - 14, shaded.scale_title, {.size = 10});
    figure.add("set border 15 lw 0.6 lc rgb '#{:06X}'", palette::pale);
    figure.add("set xrange [-0.5:{0}] noextend; set yrange [{0}:-0.5] noextend", static_cast<double>(shaded.values.n_cols) - 0.5);
    figure.add("{}; set cbrange [{}:{}]", palette::sequential(), shaded.low, shaded.high);
    figure.add("set colorbox user origin screen {:.6f},{:.6f} size {:.6f},{:.6f} noborder", (box.right + 14) / figure.width(),
               1 - box.bottom / figure.height(), 14.0 / figure.width(), box.height() / figure.height());
    figure.add("set cbtics out scale 0.4 font ',10' tc rgb '#{:06X}'", palette::ink);
    if (!shaded.tics.empty()) {
        std::vector<std::string> tics;
        for (const auto& [place, text] : shaded.tics) tics.push_back(fmt::format("'{}' {}", text, place));
        figure.add("set cbtics ({})", fmt::join(tics, ", "));
    }
    std::vector<std::string> lines;
    for (std::size_t to = 0; to < shaded.values.n_rows; ++to) lines.push_back(row_text(shaded.values, to));
    const std::string table = figure.table(lines);
    // Cells of few pixels would be blurred one by one: those are drawn as one image.
    const bool large_cells = box.width() >= 3 * static_cast<double>(shaded.values.n_cols);
    figure.plot(std::vector{table + (large_cells ? " matrix with image pixels" : " matrix with image")});
}

}  // namespace

void plot_connectome(const Connectivity& connectome, const std::filesystem::path& picture) {
    constexpr double top = 84, scale = 96;
    const std::size_t regions = connectome.regions();
    const double side = std::clamp(10.0 * static_cast<double>(regions), 500.0, 800.0);
    const double size = regions > 100 ? 0 : std::clamp(0.62 * side / static_cast<double>(regions), 5.0, 11.0);
    std::size_t longest = 0;
    for (const std::string& label : connectome.labels()) longest = std::max(longest, label.size());
    const double margin = size == 0 ? 0 : static_cast<double>(longest) * size * 0.85 + 12;

    std::vector<Shaded> matrices{shaded_weights(connectome.weights())};
    if (connectome.has_lengths()) matrices.push_back(shaded_lengths(connectome));
    const double left = margin + 48, width = left + static_cast<double>(matrices.size()) * (side + scale) + 20;
    Figure figure(static_cast<int>(width), static_cast<int>(top + side + margin) + 44);
    for (std::size_t i = 0; i < matrices.size(); ++i) {
        const double start = left + static_cast<double>(i) * (side + scale);
        const Box box{start, start + side, top, top + side};
        figure.panel(box);
        if (i == 0) {
            figure.words(left, 30, std::filesystem::path(connectome.source()).filename().string(), {.size = 11, .colour = palette::grey});
            figure.words(20, (box.top + box.bottom) / 2, "to", {.align = Align::centre, .upright = true});
        }
        figure.words((box.left + box.right) / 2, box.bottom + margin + 22, "from", {.align = Align::centre});
        if (size > 0) label_axes(figure, box, connectome.labels(), size, i == 0);
        draw_matrix(figure, box, matrices[i]);
    }
    figure.write(picture);
}

}  // namespace kation
