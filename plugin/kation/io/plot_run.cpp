#include <kation/io/panels.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <algorithm>
#include <numeric>

namespace kation {
namespace {

/// "14 of 74 regions recruited": the zone is left out of both numbers.
std::string recruited_text(const ResultFile& result, const Recruitment& recruitment) {
    const auto zone = static_cast<std::size_t>(std::ranges::count(result.in_zone(), true));
    return fmt::format("{} of {} regions recruited", recruitment.count_outside(result.in_zone()), result.regions() - zone);
}

std::string outcome(const ResultFile& result) {
    std::string text = recruited_text(result, *result.recruitment());
    if (!result.control()) return text;
    const auto control = std::ranges::count(result.control()->recruited, true);
    return text + (control == 0 ? ", none in the control" : fmt::format(", {} in the control", control));
}

Window whole_run(const ResultFile& result, const SeriesChoice& choice) {
    const Window window{std::max(choice.from, 0.0), std::min(choice.to, result.duration())};
    if (!(window.from < window.to))
        throw ConfigurationError(fmt::format("{}: nothing to draw from {} to {} ms, the run lasted {} ms", result.path().string(),
                                             choice.from, choice.to, result.duration()));
    return window;
}

std::string facts(const ResultFile& result) {
    std::vector<std::string> parts;
    if (!result.model().empty()) parts.push_back(result.model());
    parts.push_back(fmt::format("{} regions", result.regions()));
    if (result.duration() > 0) parts.push_back(duration_text(result.duration()));
    if (!result.status().empty() && result.status() != "complete") parts.push_back("not complete: " + result.status());
    return joined(parts, " · ");
}

/// How many of the first rows to show so that none in the zone or recruited is left out.
std::size_t rows_until_silence(std::span<const std::size_t> rows, const std::vector<bool>& zone, const Recruitment& recruitment) {
    while (!rows.empty() && !zone[rows.back()] && !active(recruitment, rows.back())) rows = rows.first(rows.size() - 1);
    return rows.size();
}

/// What happened, in what, and what the colours mean: a panel of its own above the others.
void heading(Figure& figure, std::string_view title, const ResultFile& result, double left, double right) {
    figure.panel({left, right, 0, 70});
    figure.words(left, 30, title, {.size = 15, .bold = true});
    figure.words(left, 56, facts(result), {.colour = palette::grey});
    std::vector<Meaning> entries;
    if (std::ranges::count(result.in_zone(), true)) entries.push_back({"■", {palette::zone}, "epileptogenic zone"});
    if (eventful(result)) {
        entries.push_back({"■", {}, "recruited, early to late"});
        for (const double fraction : {0.0, 0.25, 0.5, 0.75, 1.0}) entries.back().colours.push_back(palette::onset(fraction));
        entries.push_back({"■", {palette::silent}, "not recruited"});
    }
    figure.legend(right, 56, entries);
    figure.plot({});
}

/// Where a page of rasters, or of two beside each other, puts its rows.
struct RasterPage {
    std::vector<std::size_t> rows;  ///< by onset
    double left, top = 126, bottom, right = 1364;

    explicit RasterPage(const ResultFile& result) : rows(rows_by_onset(*result.recruitment(), result.in_zone())) {
        const double row_height = std::clamp(1000 / static_cast<double>(rows.size()), 1.0, 34.0);
        left = label_margin(result.labels(), label_size(row_height));
        bottom = top + row_height * static_cast<double>(rows.size());
    }

    [[nodiscard]] Figure figure() const { return {1400, static_cast<int>(bottom) + 60}; }
    [[nodiscard]] Box whole() const { return {left, right, top, bottom}; }
    [[nodiscard]] Box first_half() const { return {left, left + half_width(), top, bottom}; }
    [[nodiscard]] Box second_half() const { return {right - half_width(), right, top, bottom}; }

  private:
    [[nodiscard]] double half_width() const { return (right - left - 36) / 2; }
};

void require_recruitment(const ResultFile& result) {
    if (!result.recruitment())
        throw InputError(fmt::format("{}: holds no recruitment, so there is no raster to draw", result.path().string()));
}

}  // namespace

void plot_traces(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture) {
    const Excerpt excerpt = excerpt_of(result, choice);
    const RegionColours colours(result);
    std::vector<std::size_t> rows(result.regions());
    std::iota(rows.begin(), rows.end(), std::size_t{0});

    const double row_height = std::clamp(1200 / static_cast<double>(rows.size()), 1.5, 70.0);
    const double left = label_margin(result.labels(), label_size(row_height)), height = row_height * static_cast<double>(rows.size());
    const Box box{left, 1400 - scale_margin, 84, 84 + height};
    Figure figure(1400, static_cast<int>(height) + 144);
    heading(figure, excerpt.title(), result, left, box.right);
    figure.panel(box);
    figure.bottom_axis(excerpt.window.title());
    draw_traces(figure, box, result, excerpt, rows, colours);
    figure.write(picture);
}

void plot_raster(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture) {
    require_recruitment(result);
    const RasterPage page(result);
    Figure figure = page.figure();
    heading(figure, outcome(result), result, page.left, page.right);
    draw_rasters(figure, result.control() ? page.first_half() : page.whole(), page.second_half(), result, whole_run(result, choice),
                 page.rows, RegionColours(result));
    figure.write(picture);
}

void plot_beside(const ResultFile& first, const ResultFile& second, const SeriesChoice& choice, const std::filesystem::path& picture) {
    require_recruitment(first);
    require_recruitment(second);
    if (first.labels() != second.labels())
        throw InputError(fmt::format("{}: its {} regions are not the {} of {}, so the two have no rows in common", second.path().string(),
                                     second.regions(), first.regions(), first.path().string()));
    const RasterPage page(first);
    const bool same_model = first.model() == second.model();
    Figure figure = page.figure();
    heading(figure, same_model ? "Two runs, regions in the order of the first" : first.model() + " and " + second.model(), first, page.left,
            page.right);
    for (const ResultFile* result : {&first, &second})
        draw_raster(figure, result == &first ? page.first_half() : page.second_half(),
                    {.title = same_model ? result->path().stem().string() : result->model(),
                     .note = outcome(*result),
                     .recruitment = &*result->recruitment(),
                     .labels = result == &first ? &first : nullptr},
                    whole_run(*result, choice), page.rows, RegionColours(*result));
    figure.write(picture);
}

void plot_summary(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture) {
    if (!eventful(result)) return plot_traces(result, choice, picture);
    if (result.monitors().empty()) return plot_raster(result, choice, picture);
    const Excerpt excerpt = excerpt_of(result, choice);
    const Window window = whole_run(result, choice);
    const RegionColours colours(result);
    const std::vector<std::size_t> order = rows_by_onset(*result.recruitment(), result.in_zone());
    const std::size_t in_run = rows_until_silence(order, result.in_zone(), *result.recruitment());
    const std::size_t in_control = result.control() ? rows_until_silence(order, result.in_zone(), *result.control()) : 0;
    const auto first = [&](std::size_t count) { return std::span(order).first(std::min(count, order.size())); };
    const auto traced = first(std::clamp<std::size_t>(in_run + 2, 10, 16));
    const auto shown = first(std::max<std::size_t>(std::max(in_run, in_control) + 4, 16));

    const double left = label_margin(result.labels(), 11), right = 1364, width = (right - left - scale_margin) / 2;
    const double traces_top = 118, traces_bottom = traces_top + std::min(440.0, 54.0 * static_cast<double>(traced.size()));
    const double raster_top = traces_bottom + 76, raster_bottom = raster_top + std::min(360.0, 24.0 * static_cast<double>(shown.size()));
    const bool brain = !result.centres().empty() && result.regions() >= 20;  // a handful of regions makes no brain
    const Box traces{left, brain ? left + width : right - scale_margin, traces_top, traces_bottom};
    const Box run{left, result.control() ? left + width : right, raster_top, raster_bottom};

    Figure figure(1400, static_cast<int>(raster_bottom) + 60);
    heading(figure, outcome(result), result, left, right);
    figure.panel(traces);
    figure.words(left, traces_top - 16, excerpt.title(), {.bold = true});
    figure.bottom_axis("");
    draw_traces(figure, traces, result, excerpt, traced, colours);
    if (brain) draw_brain(figure, {right - width, right, traces_top, traces_bottom}, result, order, colours);
    draw_rasters(figure, run, {right - width, right, raster_top, raster_bottom}, result, window, shown, colours);
    figure.write(picture);
}

}  // namespace kation
