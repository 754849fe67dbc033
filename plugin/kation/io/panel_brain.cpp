#include <kation/io/panels.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace kation {
namespace {

/// Places of the regions seen from above: columns to the right and to the front [mm].
/// Files differ in which axis runs from ear to ear, and which way. It is taken to be the shorter of x and y; right is where the right
/// hemisphere is, or, where that is not known, where right-handed axes with z up have it if the other axis points forward.
arma::mat seen_from_above(const arma::mat& centres, const std::vector<std::uint8_t>& hemispheres) {
    const arma::rowvec extent = arma::range(centres);
    arma::mat places = extent[0] <= extent[1] ? arma::mat(centres.cols(0, 1)) : arma::mat(arma::join_rows(-centres.col(1), centres.col(0)));
    double towards_right = 0;
    for (std::size_t i = 0; i < hemispheres.size(); ++i) towards_right += (hemispheres[i] != 0 ? 1 : -1) * places(i, 0);
    if (towards_right < 0) places.col(0) *= -1;
    return places;
}

/// The strongest connections, as lines between their ends.
std::vector<std::string> strongest_connections(const arma::mat& weights, const arma::mat& places) {
    const arma::mat strength = arma::abs(weights - arma::diagmat(weights.diag()));
    const arma::uvec by_strength = arma::sort_index(strength.as_col(), "descend");
    std::vector<std::string> lines;
    for (std::size_t k = 0; k < std::min<std::size_t>(by_strength.n_elem, 5 * weights.n_rows); ++k) {
        const arma::uvec ends = arma::ind2sub(arma::size(weights), by_strength[k]);
        if (strength(ends[0], ends[1]) == 0) break;
        const arma::rowvec from = places.row(ends[1]), step = places.row(ends[0]) - from;
        lines.push_back(fmt::format("{:.5g} {:.5g} {:.5g} {:.5g}", from[0], from[1], step[0], step[1]));
    }
    return lines;
}

/// Onset as a strip of colour with its first and last time.
void onset_strip(Figure& figure, const Box& box, const RegionColours& colours) {
    constexpr int shades = 48;
    std::vector<Patch> cells;  // each reaches to the end, so that no seams show between them
    for (int i = 0; i < shades; ++i) cells.push_back({static_cast<double>(i), shades, 0, 1, palette::onset((i + 0.5) / shades)});
    const double middle = (box.top + box.bottom) / 2;
    figure.panel(box);
    figure.words(box.left - 10, middle, "onset  " + duration_text(colours.first_onset()), {.size = 10, .align = Align::right});
    figure.words(box.right + 10, middle, duration_text(colours.last_onset()), {.size = 10});
    figure.add("set xrange [0:{}] noextend; set yrange [0:1]", shades);
    figure.plot(std::vector{figure.patches(cells)});
}

/// An ellipse around the regions, for what a brain looks like from above.
std::vector<std::string> outline(const arma::rowvec& middle, const arma::rowvec& half) {
    constexpr int corners = 120;
    std::vector<std::string> points;
    for (int i = 0; i < corners; ++i) {
        const double angle = i * arma::datum::tau / corners;
        points.push_back(fmt::format("{:.5g} {:.5g}", middle[0] + half[0] * std::cos(angle), middle[1] + half[1] * std::sin(angle)));
    }
    return points;
}

/// A dot per region: place, size, colour. Larger where something happened; the first row comes last, on top.
std::vector<std::string> dots(const ResultFile& result, const arma::mat& places, std::span<const std::size_t> rows,
                              const RegionColours& colours) {
    const double scale = std::clamp(std::sqrt(150 / static_cast<double>(rows.size())), 0.4, 1.0);
    std::vector<std::string> lines;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        const bool happened = result.in_zone()[*row] || active(*result.recruitment(), *row);
        lines.push_back(
            fmt::format("{:.5g} {:.5g} {:.3g} {}", places(*row, 0), places(*row, 1), scale * (happened ? 2.1 : 1.1), colours.of(*row)));
    }
    return lines;
}

}  // namespace

void draw_brain(Figure& figure, const Box& box, const ResultFile& result, std::span<const std::size_t> rows, const RegionColours& colours) {
    const Connectivity network = result.connectivity();
    const std::vector<std::uint8_t>& hemispheres = network.parts().hemispheres;
    const arma::mat places = seen_from_above(result.centres(), hemispheres);
    const arma::rowvec middle = (arma::max(places) + arma::min(places)) / 2, half = arma::range(places) / 2 + 9;
    const Box map{box.left, box.right, box.top, box.bottom - 24};
    const double pixels_per_mm = std::min(map.width() / (2 * half[0]), map.height() / (2 * half[1]));
    const double across = map.width() / pixels_per_mm / 2, along = map.height() / pixels_per_mm / 2;

    figure.panel(map);
    figure.words(map.left, map.top - 16, "Onset", {.bold = true});
    figure.words(map.left + 60, map.top - 16, "seen from above", {.colour = palette::grey});
    for (const auto& [side, sign] : {std::pair("L", -1), std::pair("R", 1)})
        if (!hemispheres.empty())
            figure.words((map.left + map.right) / 2 + sign * (half[0] * pixels_per_mm + 16), (map.top + map.bottom) / 2, side,
                         {.colour = palette::pale, .align = Align::centre});
    for (const std::size_t region : rows)
        if (result.in_zone()[region] || result.recruitment()->onset_ms[region] == colours.first_onset())
            figure.words((map.left + map.right) / 2 + (places(region, 0) - middle[0]) * pixels_per_mm + 12,
                         (map.top + map.bottom) / 2 - (places(region, 1) - middle[1]) * pixels_per_mm, result.labels()[region],
                         {.colour = palette::for_text(colours.of(region))});
    figure.add("set xrange [{}:{}] noextend; set yrange [{}:{}] noextend", middle[0] - across, middle[0] + across, middle[1] - along,
               middle[1] + along);
    std::vector<std::string> elements{
        fmt::format("{} with filledcurves closed lc rgb '#{:06X}'", figure.table(outline(middle, half)), palette::paper)};
    if (const auto lines = strongest_connections(network.weights(), places); !lines.empty())
        elements.push_back(fmt::format("{} with vectors nohead lw 0.6 lc rgb '#{:06X}'", figure.table(lines), palette::thread));
    const std::string points = figure.table(dots(result, places, rows, colours));
    elements.push_back(fmt::format("{} using 1:2:($3+0.5) with points pt 7 ps variable lc rgb 'white'", points));
    elements.push_back(fmt::format("{} using 1:2:3:4 with points pt 7 ps variable lc rgb variable", points));
    figure.plot(elements);

    const double centre = (box.left + box.right) / 2;
    if (colours.any_onset()) onset_strip(figure, {centre - 80, centre + 80, box.bottom - 8, box.bottom}, colours);
}

}  // namespace kation
