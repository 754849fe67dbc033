#include <kation/io/figure.hpp>
#include <kation/io/gnuplot.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kation {
namespace {

Colour mixed(Colour a, Colour b, double part_of_b) {
    Colour result = 0;
    for (const int shift : {16, 8, 0}) {
        const double from = (a >> shift) & 0xFF, to = (b >> shift) & 0xFF;
        result |= static_cast<Colour>(std::lround(from + part_of_b * (to - from))) << shift;
    }
    return result;
}

}  // namespace

Colour palette::onset(double fraction) {
    static constexpr std::array<Colour, 6> steps{0x1B1A5C, 0x2B3F9E, 0x2068B2, 0x1C90C2, 0x36B0C0, 0x63C3B3};
    const double place = std::clamp(fraction, 0.0, 1.0) * (steps.size() - 1);
    const std::size_t step = std::min(static_cast<std::size_t>(place), steps.size() - 2);
    return mixed(steps[step], steps[step + 1], place - static_cast<double>(step));
}

Colour palette::lightened(Colour colour, double white) { return mixed(colour, 0xFFFFFF, white); }

Colour palette::for_text(Colour colour) { return mixed(colour, ink, 0.25); }

std::string_view palette::sequential() {
    return "set palette defined (0 '#F7FCF0', 1 '#D9F0D3', 2 '#A8DDB5', 3 '#5FC0C0', 4 '#2B8CBE', 5 '#225EA8', 6 '#172F72', 7 '#081336')";
}

std::string Figure::table(std::span<const std::string> lines) {
    const std::string name = fmt::format("$data{}", ++tables_);
    add("{} << END_OF_TABLE", name);
    for (const std::string& line : lines) (script_ += line) += '\n';
    add("END_OF_TABLE");
    return name;
}

std::string Figure::patches(std::span<const Patch> patches) {
    std::vector<std::string> lines;
    for (const Patch& patch : patches)
        lines.push_back(fmt::format("{0:.7g} {2:.6g} {0:.7g} {1:.7g} {2:.6g} {3:.6g} {4}", patch.left, patch.right, patch.top, patch.bottom,
                                    patch.colour));
    return table(lines) + " using 1:2:3:4:5:6:7 with boxxyerror lc rgb variable";
}

void Figure::panel(const Box& axes) {
    add("reset");
    add("set lmargin at screen {:.6f}; set rmargin at screen {:.6f}", axes.left / width_, axes.right / width_);
    add("set tmargin at screen {:.6f}; set bmargin at screen {:.6f}", 1 - axes.top / height_, 1 - axes.bottom / height_);
    add("unset border; unset tics; unset key; unset colorbox; set style fill solid noborder");
}

void Figure::words(double x, double y, std::string_view text, const Style& style) {
    static constexpr std::array<std::string_view, 3> sides{"left", "center", "right"};
    add("set label {} at screen {:.6f},{:.6f} {}{} font '{},{}' tc rgb '#{:06X}' front", gnuplot_quoted(text), x / width_, 1 - y / height_,
        sides[static_cast<std::size_t>(style.align)], style.upright ? " rotate by 90" : "", style.bold ? "sans-serif Bold" : "", style.size,
        style.colour);
}

void Figure::legend(double right, double y, std::span<const Meaning> entries) {
    constexpr double glyph = 13, letter = 7.1, gap = 28;  // [pixels] at 11 points
    double x = right + gap;
    for (const Meaning& entry : entries)
        x -= gap + glyph * static_cast<double>(entry.colours.size()) + 6 + letter * static_cast<double>(entry.text.size());
    for (const Meaning& entry : entries) {
        for (const Colour colour : entry.colours) words(std::exchange(x, x + glyph), y, entry.glyph, {.colour = colour});
        words(x + 6, y, entry.text, {.colour = palette::grey});
        x += 6 + letter * static_cast<double>(entry.text.size()) + gap;
    }
}

void Figure::line(double x0, double y0, double x1, double y1, Colour colour, double width) {
    add("set arrow from screen {:.6f},{:.6f} to screen {:.6f},{:.6f} nohead lw {} lc rgb '#{:06X}' front", x0 / width_, 1 - y0 / height_,
        x1 / width_, 1 - y1 / height_, width, colour);
}

void Figure::bottom_axis(std::string_view title) {
    add("set border 1 lw 0.8 lc rgb '#{:06X}'", palette::grey);
    add("set xtics nomirror out scale 0.6 font ',10' tc rgb '#{:06X}'", palette::ink);
    add("set xlabel {} font ',11' tc rgb '#{:06X}'", gnuplot_quoted(title), palette::ink);
}

void Figure::left_axis(std::string_view title) {
    add("set border 3 lw 0.8 lc rgb '#{:06X}'", palette::grey);
    add("set ytics nomirror out scale 0.6 font ',10' tc rgb '#{:06X}'", palette::ink);
    add("set ylabel {} font ',11' tc rgb '#{:06X}'", gnuplot_quoted(title), palette::ink);
}

void Figure::plot(std::span<const std::string> elements) {
    if (elements.empty()) add("set xrange [0:1]; set yrange [0:1]");
    script_ += elements.empty() ? std::string("plot NaN") : fmt::format("plot {}", fmt::join(elements, ", "));
    script_ += '\n';
}

void Figure::write(const std::filesystem::path& picture) const {
    draw_with_gnuplot(script_ + "unset multiplot\n", width_, height_, picture);
}

}  // namespace kation
