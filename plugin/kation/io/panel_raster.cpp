#include <kation/io/panels.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace kation {
namespace {

/// A hairline per region, so that silence shows as silence and not as an empty panel.
std::string lanes(Figure& figure, const Window& window, std::size_t rows) {
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < rows; ++row)
        lines.push_back(fmt::format("{} {} {} 0", window.on_axis(window.from), static_cast<double>(row) + 0.5,
                                    window.on_axis(window.to - window.from)));
    return fmt::format("{} with vectors nohead lw 0.7 lc rgb '#{:06X}'", figure.table(lines), palette::hairline);
}

/// From onset to offset a pale bar, at the onset a mark; completes the current panel.
void draw_bars(Figure& figure, const Box& box, const Window& window, std::span<const std::size_t> rows, const Recruitment& recruitment,
               const RegionColours& colours) {
    const double row_height = box.height() / static_cast<double>(rows.size());
    const bool tight = row_height < 6;
    const double mark = (tight ? 2 : 3) * (window.to - window.from) / box.width(), gap = tight ? 0 : 0.14;
    std::vector<Patch> bars, marks;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::size_t region = rows[row];
        if (!active(recruitment, region)) continue;
        const double onset = recruitment.onset_ms[region], offset = recruitment.offset_ms[region];
        if (onset > window.to || offset < window.from) continue;
        const double begin = std::max(onset, window.from), end = std::min(std::max(offset, begin + mark), window.to);
        const double top = static_cast<double>(row) + gap, bottom = static_cast<double>(row + 1) - gap;
        const Colour colour = colours.of(region);
        bars.push_back({window.on_axis(begin), window.on_axis(end), top, bottom, palette::lightened(colour, 0.68)});
        if (onset >= window.from) marks.push_back({window.on_axis(onset), window.on_axis(onset + mark), top, bottom, colour});
    }
    std::vector<std::string> elements;
    if (!tight) elements.push_back(lanes(figure, window, rows.size()));
    for (const auto& layer : {bars, marks})
        if (!layer.empty()) elements.push_back(figure.patches(layer));
    if (elements.empty()) elements.emplace_back("NaN");
    window.set_on(figure);
    figure.add("set yrange [{}:0]", rows.size());
    figure.plot(elements);
}

}  // namespace

bool active(const Recruitment& recruitment, std::size_t region) {
    return recruitment.recruited[region] && std::isfinite(recruitment.onset_ms[region]);
}

std::vector<std::size_t> rows_by_onset(const Recruitment& recruitment, const std::vector<bool>& zone) {
    std::vector<std::size_t> rows(zone.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::ranges::stable_sort(rows, {}, [&](std::size_t region) {
        return std::pair(!zone[region],
                         active(recruitment, region) ? recruitment.onset_ms[region] : std::numeric_limits<double>::infinity());
    });
    return rows;
}

void draw_raster(Figure& figure, const Box& box, const RasterOf& what, const Window& window, std::span<const std::size_t> rows,
                 const RegionColours& colours) {
    figure.panel(box);
    figure.words(box.left, box.top - 16, what.title, {.bold = true});
    figure.words(
        what.note_at_right ? box.right : box.left + 14 + 8.6 * static_cast<double>(what.title.size()), box.top - 16, what.note,
        {.size = what.note_at_right ? 10.0 : 11.0, .colour = palette::grey, .align = what.note_at_right ? Align::right : Align::left});
    figure.bottom_axis(window.title());
    if (what.labels != nullptr) label_rows(figure, box, *what.labels, rows, colours);
    if (std::ranges::count(what.recruitment->recruited, true) == 0)
        figure.words((box.left + box.right) / 2, (box.top + box.bottom) / 2, "no region recruited",
                     {.size = 12, .colour = palette::grey, .align = Align::centre});
    draw_bars(figure, box, window, rows, *what.recruitment, colours);
}

void draw_rasters(Figure& figure, const Box& run, const Box& control, const ResultFile& result, const Window& window,
                  std::span<const std::size_t> rows, const RegionColours& colours) {
    const bool all = rows.size() == result.regions();
    draw_raster(figure, run,
                {.title = "Run",
                 .note = all ? "" : fmt::format("first {} of {} regions", rows.size(), result.regions()),
                 .note_at_right = true,
                 .recruitment = &*result.recruitment(),
                 .labels = &result},
                window, rows, colours);
    if (!result.control()) return;
    draw_raster(figure, control, {.title = "Control", .note = "with the zone's parameters set back", .recruitment = &*result.control()},
                window, rows, colours);
}

}  // namespace kation
