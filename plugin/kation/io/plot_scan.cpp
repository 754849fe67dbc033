#include <kation/io/panels.hpp>
#include <kation/io/trials.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace kation {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Trials drawable_trials(const std::filesystem::path& folder) {
    Trials trials = read_trials(folder);
    for (const std::string& key : trials.keys)
        if (std::ranges::none_of(trials.numbers(key), [](double x) { return std::isfinite(x); }))
            throw ConfigurationError(
                fmt::format("{}: the swept key '{}' has no numbers to draw against", (folder / "trials.csv").string(), key));
    if (trials.keys.empty() || trials.keys.size() > 2)
        throw ConfigurationError(fmt::format("{}: {} keys were swept; a picture shows one or two", folder.string(), trials.keys.size()));
    return trials;
}

// ---- measures -------------------------------------------------------------------------------------------------------------------

/// A measure of the run and, where it was taken, of the control.
struct Measure {
    std::string name, title;
    std::vector<double> run, control;  ///< one entry per trial; control may be empty
    double low, high;                  ///< range of both; counts and times start at 0
};

Measure measure_of(const Trials& trials, const std::string& name) {
    Measure measure{name, name, trials.numbers(name), {}, nan, nan};
    if (trials.has("control." + name)) measure.control = trials.numbers("control." + name);
    const bool count = name == "recruited", onset = name == "first_onset";
    if (count || onset) measure.low = 0;
    for (const auto* values : {&measure.run, &measure.control})
        for (const double value : *values) {
            measure.low = std::fmin(measure.low, value);
            measure.high = std::fmax(measure.high, value);
        }
    if (!(measure.high > measure.low)) measure.high = (std::isfinite(measure.low) ? measure.low : measure.low = 0) + 1;
    if (count) measure.title = "recruited regions";
    if (onset) {
        const double unit = measure.high >= 2000 ? 1000 : 1;  // [ms]
        measure.title = unit == 1 ? "first onset (ms)" : "first onset (s)";
        measure.high /= unit;
        for (auto* values : {&measure.run, &measure.control})
            for (double& value : *values) value /= unit;
    }
    return measure;
}

/// Recruitment and first onset where they were measured, else the first two measures.
std::vector<Measure> drawn_measures(const Trials& trials) {
    std::vector<std::string> names;
    for (const char* name : {"recruited", "first_onset"})
        if (trials.has(name)) names.emplace_back(name);
    if (names.empty())
        for (const std::string& column : trials.measures())
            if (!column.starts_with("control.") && names.size() < 2) names.push_back(column);
    if (names.empty()) throw ConfigurationError("trials.csv: holds no measure to draw");
    std::vector<Measure> measures;
    for (const std::string& name : names) measures.push_back(measure_of(trials, name));
    return measures;
}

/// Distinct finite values in rising order.
std::vector<double> levels(const std::vector<double>& values) {
    std::set<double> distinct;
    for (const double value : values)
        if (std::isfinite(value)) distinct.insert(value);
    return {distinct.begin(), distinct.end()};
}

/// Borders of cells around the levels: half way between them, and as far beyond the ends.
std::vector<double> borders(const std::vector<double>& at) {
    if (at.size() == 1) return {at[0] - 0.5, at[0] + 0.5};
    std::vector<double> between{1.5 * at[0] - 0.5 * at[1]};
    for (std::size_t i = 1; i < at.size(); ++i) between.push_back((at[i - 1] + at[i]) / 2);
    between.push_back(1.5 * at.back() - 0.5 * at[at.size() - 2]);
    return between;
}

// ---- one key: curves ------------------------------------------------------------------------------------------------------------

/// Mean over trials at the same place (seeds, repetitions), in rising order of the place. None where y was not measured.
std::vector<std::string> curve(const std::vector<double>& x, const std::vector<double>& y) {
    std::map<double, std::pair<double, int>> sums;
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
        sums[x[i]].first += y[i];
        ++sums[x[i]].second;
    }
    std::vector<std::string> points;
    for (const auto& [place, sum] : sums) points.push_back(fmt::format("{} {}", place, sum.first / sum.second));
    return points;
}

/// Stretches of the swept key in which the control is recruited on its own: there, recruitment does not prove that anything spread.
std::vector<std::pair<double, double>> ignited(const Trials& trials, const std::vector<double>& x) {
    if (!trials.has("control.recruited")) return {};
    const std::vector<double> control = trials.numbers("control.recruited"), at = levels(x), edge = borders(at);
    std::vector<std::pair<double, double>> stretches;
    for (std::size_t i = 0; i < at.size(); ++i) {
        bool found = false;
        for (std::size_t trial = 0; trial < x.size(); ++trial) found |= x[trial] == at[i] && control[trial] > 0;
        if (found && !stretches.empty() && stretches.back().second == edge[i])
            stretches.back().second = edge[i + 1];
        else if (found)
            stretches.emplace_back(edge[i], edge[i + 1]);
    }
    return stretches;
}

void draw_curves(Figure& figure, const Trials& trials, const Measure& measure, bool last) {
    const std::vector<double> x = trials.numbers(trials.keys[0]);
    const std::vector<double> at = levels(x), edge = borders(at);
    const double margin = 0.08 * (measure.high - measure.low);
    const double bottom = measure.low == 0 ? 0 : measure.low - margin, top = measure.high + margin;
    figure.bottom_axis(last ? trials.keys[0] : "");
    if (!last) figure.add("set format x ''");
    figure.left_axis(measure.title);
    figure.add("set xrange [{}:{}] noextend; set yrange [{}:{}]", edge.front(), edge.back(), bottom, top);

    std::vector<std::string> elements;
    for (const auto& [begin, end] : ignited(trials, x)) {
        const std::string table = figure.table(std::vector{fmt::format("{0} {2} {0} {1} {2} {3}", begin, end, bottom, top)});
        elements.push_back(fmt::format("{} with boxxyerror lc rgb '#{:06X}'", table, palette::shade));
    }
    const std::string_view with = trials.grid ? "linespoints" : "points";
    if (const auto points = curve(x, measure.control); !points.empty())
        elements.push_back(
            fmt::format("{} with {} lw 1.4 dt (6,4) pt 6 ps 0.7 lc rgb '#{:06X}'", figure.table(points), with, palette::grey));
    if (const auto points = curve(x, measure.run); !points.empty())
        elements.push_back(fmt::format("{} with {} lw 1.8 pt 7 ps 0.8 lc rgb '#{:06X}'", figure.table(points), with, palette::plain));
    std::vector<std::string> crosses;
    const std::vector<bool> failed = trials.failed();
    for (std::size_t i = 0; i < x.size(); ++i)
        if (failed[i]) crosses.push_back(fmt::format("{} {}", x[i], bottom));
    if (!crosses.empty())
        elements.push_back(fmt::format("{} with points pt 2 ps 0.9 lw 1.6 lc rgb '#{:06X}'", figure.table(crosses), palette::zone));
    figure.plot(elements);
}

// ---- one key: regions -----------------------------------------------------------------------------------------------------------

/// A region's onset in each trial [ms], NaN: not recruited.
struct RegionOnsets {
    std::string label;
    std::vector<double> onset;
};

/// Of each column onset[label], those that are recruited at lower values of the key first.
std::vector<RegionOnsets> onsets_by_region(const Trials& trials, const std::vector<double>& x) {
    std::vector<RegionOnsets> regions;
    for (const std::string& column : trials.columns)
        if (column.starts_with("onset[") && column.ends_with(']'))
            regions.push_back({column.substr(6, column.size() - 7), trials.numbers(column)});
    const auto first = [&](const RegionOnsets& region) {
        std::pair least(std::numeric_limits<double>::infinity(), 0.0);
        for (std::size_t i = 0; i < x.size(); ++i)
            if (std::isfinite(region.onset[i])) least = std::min(least, std::pair(x[i], region.onset[i]));
        return least;
    };
    std::ranges::stable_sort(regions, {}, first);
    return regions;
}

/// A cell for each region and value of the key, coloured by onset.
void draw_regions(Figure& figure, const Box& box, const Trials& trials, const std::vector<RegionOnsets>& regions) {
    const std::vector<double> x = trials.numbers(trials.keys[0]), at = levels(x), edge = borders(at);
    const std::vector<bool> failed = trials.failed();
    double early = nan, late = nan;
    for (const RegionOnsets& region : regions)
        for (const double onset : region.onset) early = std::fmin(early, onset), late = std::fmax(late, onset);
    std::vector<Patch> cells;
    for (std::size_t row = 0; row < regions.size(); ++row)
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (failed[i] || !std::isfinite(x[i])) continue;
            const auto column = static_cast<std::size_t>(std::ranges::lower_bound(at, x[i]) - at.begin());
            const double onset = regions[row].onset[i], top = static_cast<double>(row);
            const Colour colour =
                std::isnan(onset) ? palette::shade : palette::onset(late > early ? (onset - early) / (late - early) : 0.0);
            cells.push_back({edge[column], edge[column + 1], top + 0.06, top + 0.94, colour});
        }
    const double height = box.height() / static_cast<double>(regions.size()), size = label_size(height);
    for (std::size_t row = 0; row < regions.size() && size >= 5; ++row)
        figure.words(box.left - 8, box.top + (static_cast<double>(row) + 0.5) * height, regions[row].label,
                     {.size = size, .align = Align::right});
    std::vector<Meaning> scale{{"■", {palette::shade}, "not recruited"}};
    if (std::isfinite(early))
        scale.push_back({"■",
                         {palette::onset(0), palette::onset(0.25), palette::onset(0.5), palette::onset(0.75), palette::onset(1)},
                         fmt::format("onset: {} to {}", duration_text(early), duration_text(late))});
    figure.legend(box.right, box.top - 14, scale);
    figure.bottom_axis(trials.keys[0]);
    figure.add("set xrange [{}:{}] noextend; set yrange [{}:0] noextend", edge.front(), edge.back(), regions.size());
    figure.plot(cells.empty() ? std::vector<std::string>{} : std::vector{figure.patches(cells)});
}

std::vector<Meaning> meanings(const Trials& trials) {
    std::vector<Meaning> entries{{"●", {palette::plain}, "run"}};
    if (std::ranges::any_of(trials.columns, [](const std::string& column) { return column.starts_with("control."); }))
        entries.push_back({"○", {palette::grey}, "control"});
    if (!ignited(trials, trials.numbers(trials.keys[0])).empty())
        entries.push_back({"■", {palette::shade}, "the control ignites by itself"});
    if (const auto failed = std::ranges::count(trials.failed(), true); failed > 0)
        entries.push_back({"×", {palette::zone}, fmt::format("{} invalid or failed", failed)});
    return entries;
}

void plot_curves(const Trials& trials, std::string_view title, const std::filesystem::path& picture) {
    constexpr double left = 110, right = 1360, height = 270, gap = 34, top = 74;
    const std::vector<RegionOnsets> regions = onsets_by_region(trials, trials.numbers(trials.keys[0]));
    const std::vector<Measure> measures = drawn_measures(trials);
    const double curves = top + static_cast<double>(measures.size()) * (height + gap);
    const double below = regions.empty() ? 0 : std::clamp(26.0 * static_cast<double>(regions.size()), 80.0, 760.0);
    const Box map{.left = left, .right = right, .top = curves + 28, .bottom = curves + 28 + below};
    Figure figure(1400, static_cast<int>(regions.empty() ? curves : map.bottom + gap) + 36);
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const double start = top + static_cast<double>(i) * (height + gap);
        figure.panel({left, right, start, start + height});
        if (i == 0) {
            figure.words(left, 30, title, {.size = 15, .bold = true});
            figure.legend(right, 30, meanings(trials));
        }
        draw_curves(figure, trials, measures[i], i + 1 == measures.size() && regions.empty());
    }
    if (!regions.empty()) {
        figure.panel(map);
        draw_regions(figure, map, trials, regions);
    }
    figure.write(picture);
}

// ---- two keys: maps -------------------------------------------------------------------------------------------------------------

struct Map {
    std::string title;
    std::vector<double> values;
    double low, high;
    bool of_run;  ///< not of the control
};

std::vector<Map> maps_of(const Trials& trials) {
    std::vector<Map> maps;
    for (const Measure& measure : drawn_measures(trials)) {
        maps.push_back({measure.title, measure.run, measure.low, measure.high, true});
        if (!measure.control.empty() && measure.name == "recruited")
            maps.push_back({"control: " + measure.title, measure.control, measure.low, measure.high, false});
    }
    return maps;
}

/// One coloured cell per pair of levels; lists and draws become points.
void draw_map(Figure& figure, const Box& box, const Trials& trials, const Map& map, const std::vector<std::string>& ignited) {
    const std::vector<double> x = trials.numbers(trials.keys[0]), y = trials.numbers(trials.keys[1]);
    const std::vector<double> at_x = levels(x), at_y = levels(y), edge_x = borders(at_x), edge_y = borders(at_y);
    const bool grid = trials.grid && at_x.size() * at_y.size() <= x.size();
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!std::isfinite(map.values[i]) || !std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
        const auto column = static_cast<std::size_t>(std::ranges::lower_bound(at_x, x[i]) - at_x.begin());
        const auto row = static_cast<std::size_t>(std::ranges::lower_bound(at_y, y[i]) - at_y.begin());
        cells.push_back(fmt::format("{} {} {} {} {} {} {}", x[i], y[i], edge_x[column], edge_x[column + 1], edge_y[row], edge_y[row + 1],
                                    map.values[i]));
    }
    figure.words(box.left, box.top - 14, map.title, {.size = 12, .bold = true});
    figure.bottom_axis(trials.keys[0]);
    figure.left_axis(trials.keys[1]);
    figure.add("set xrange [{}:{}] noextend; set yrange [{}:{}] noextend", edge_x.front(), edge_x.back(), edge_y.front(), edge_y.back());
    figure.add("{}; set cbrange [{}:{}]", palette::sequential(), map.low, map.high);
    figure.add(
        "set colorbox user origin screen {:.6f},{:.6f} size {:.6f},{:.6f} noborder; set cbtics out scale 0.4 font ',10' tc rgb '#{:06X}'",
        (box.right + 10) / figure.width(), 1 - box.bottom / figure.height(), 12.0 / figure.width(), box.height() / figure.height(),
        palette::ink);
    if (cells.empty()) return figure.plot({});
    const std::string table = figure.table(cells);
    std::vector<std::string> elements;
    if (grid) {
        elements.push_back(fmt::format("{} using 1:2:3:4:5:6:7 with boxxyerror lc palette", table));
    } else {
        elements.push_back(fmt::format("{} using 1:2 with points pt 7 ps 1.4 lc rgb '#{:06X}'", table, palette::pale));  // a rim
        elements.push_back(fmt::format("{} using 1:2:7 with points pt 7 ps 1.2 lc palette", table));
    }
    if (map.of_run && !ignited.empty()) {
        const std::string places = figure.table(ignited);
        elements.push_back(fmt::format("{} with points pt 7 ps 0.6 lc rgb 'white'", places));
        elements.push_back(fmt::format("{} with points pt 6 ps 0.6 lc rgb '#{:06X}'", places, palette::ink));
    }
    figure.plot(elements);
}

/// Places at which the control is recruited on its own.
std::vector<std::string> places_of_ignition(const Trials& trials) {
    if (!trials.has("control.recruited")) return {};
    const std::vector<double> x = trials.numbers(trials.keys[0]), y = trials.numbers(trials.keys[1]);
    const std::vector<double> control = trials.numbers("control.recruited");
    std::vector<std::string> places;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (control[i] > 0 && std::isfinite(x[i]) && std::isfinite(y[i])) places.push_back(fmt::format("{} {}", x[i], y[i]));
    return places;
}

void plot_maps(const Trials& trials, std::string_view title, const std::filesystem::path& picture) {
    const std::vector<Map> maps = maps_of(trials);
    const std::vector<std::string> ignited = places_of_ignition(trials);
    const double pitch = std::min(1400 / static_cast<double>(maps.size()), 640.0), side = pitch - 160, top = 96;
    Figure figure(static_cast<int>(pitch * static_cast<double>(maps.size())), static_cast<int>(top + side) + 66);
    for (std::size_t i = 0; i < maps.size(); ++i) {
        const double left = 84 + static_cast<double>(i) * pitch;
        const Box box{left, left + side, top, top + side};
        figure.panel(box);
        if (i == 0) figure.words(left, 30, title, {.size = 15, .bold = true});
        if (i == 0 && !ignited.empty())
            figure.legend(figure.width() - 40, 30, std::vector<Meaning>{{"○", {palette::ink}, "the control ignites by itself"}});
        draw_map(figure, box, trials, maps[i], ignited);
    }
    figure.write(picture);
}

}  // namespace

void plot_scan(const std::filesystem::path& folder, const std::filesystem::path& picture) {
    const Trials trials = drawable_trials(folder);
    const std::string title = fmt::format("Scan of {}, {} trials", joined(trials.keys, " and "), trials.rows.size());
    if (trials.keys.size() == 1) return plot_curves(trials, title, picture);
    plot_maps(trials, title, picture);
}

}  // namespace kation
