#include <kation/io/panels.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace kation {
namespace {

std::string chosen_monitor(const ResultFile& result, const SeriesChoice& choice) {
    const std::vector<std::string> monitors = result.monitors();
    if (monitors.empty())
        throw ConfigurationError(fmt::format("{}: no monitor was recorded, there are no traces to draw", result.path().string()));
    if (!choice.monitor.empty()) {
        if (std::ranges::find(monitors, choice.monitor) == monitors.end())
            throw ConfigurationError(
                fmt::format("{}: unknown monitor '{}'{}", result.path().string(), choice.monitor, suggestion(choice.monitor, monitors)));
        return choice.monitor;
    }
    const std::string wanted = choice.variable.empty() ? "V" : choice.variable;
    for (const std::string& monitor : monitors)
        if (std::ranges::count(result.variables(monitor), wanted)) return monitor;
    return monitors.front();
}

std::string chosen_variable(const ResultFile& result, const std::string& monitor, const std::string& wanted) {
    const std::vector<std::string> variables = result.variables(monitor);
    if (variables.empty()) throw ConfigurationError(fmt::format("{}: monitor '{}' recorded no variable", result.path().string(), monitor));
    if (std::ranges::count(variables, wanted)) return wanted;
    if (!wanted.empty())
        throw ConfigurationError(fmt::format("{}: monitor '{}' did not record a variable '{}'{}", result.path().string(), monitor, wanted,
                                             suggestion(wanted, variables)));
    return std::ranges::count(variables, "V") ? "V" : variables.front();
}

struct Trace {
    std::vector<double> time, value;
};

/// The series of some regions, thinned to what so many pixels can show; read in pieces, since a raw record may exceed memory.
std::vector<Trace> thinned_traces(const ResultFile& result, const Excerpt& excerpt, std::span<const std::size_t> regions, double pixels) {
    constexpr std::size_t piece_bytes = std::size_t{8} << 20;
    const std::size_t width = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(static_cast<double>(excerpt.count) / pixels)));
    const std::size_t stretches = std::max<std::size_t>(1, piece_bytes / (width * result.regions() * sizeof(double)));
    std::vector<Trace> traces(regions.size());
    for (std::size_t done = 0; done < excerpt.count; done += stretches * width) {
        const std::size_t first = excerpt.first + done, count = std::min(stretches * width, excerpt.count - done);
        const arma::mat piece = result.samples(excerpt.monitor, excerpt.variable, first, count).t();
        for (std::size_t i = 0; i < regions.size(); ++i) {
            const std::span<const double> values(piece.colptr(regions[i]), count);
            for (const std::size_t sample : extremes(values, width)) {
                traces[i].time.push_back(excerpt.time[first + sample]);
                traces[i].value.push_back(values[sample]);
            }
        }
    }
    return traces;
}

constexpr double trace_height = 0.92;  ///< of the greatest range, in rows

struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -low;
};

Extent extent_of(std::span<const Trace> traces) {
    Extent range;
    for (const Trace& trace : traces)
        for (const double value : trace.value) {
            if (!std::isfinite(value)) continue;
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    if (range.low > range.high) return {0, 1};
    if (range.low == range.high) return {range.low - 0.5, range.low + 0.5};
    return range;
}

/// The greatest of 1, 2, 5 times a power of ten that does not exceed the limit.
double round_below(double limit) {
    const double power = std::pow(10, std::floor(std::log10(limit)));
    for (const double factor : {5.0, 2.0})
        if (factor * power <= limit) return factor * power;
    return power;
}

/// A vertical bar right of the panel that says how high a round amount of the variable is.
void scale_bar(Figure& figure, const Box& box, const Extent& range, double row_height, const std::string& unit) {
    const double amount = round_below(range.high - range.low);
    const double height = trace_height * row_height * amount / (range.high - range.low), x = box.right + 12;
    figure.line(x, box.bottom - height, x, box.bottom, palette::ink, 1.6);
    figure.words(x + 9, box.bottom - height / 2, fmt::format("{} {}", shortest(amount), unit == "1" ? "" : unit), {.size = 10});
}

}  // namespace

std::string Excerpt::title() const { return unit.empty() || unit == "1" ? variable : fmt::format("{} ({})", variable, unit); }

Excerpt excerpt_of(const ResultFile& result, const SeriesChoice& choice) {
    Excerpt excerpt;
    excerpt.monitor = chosen_monitor(result, choice);
    excerpt.variable = chosen_variable(result, excerpt.monitor, choice.variable);
    excerpt.unit = result.unit(excerpt.monitor, excerpt.variable);
    excerpt.time = result.time(excerpt.monitor);
    const auto begin = std::ranges::lower_bound(excerpt.time, choice.from), end = std::ranges::upper_bound(excerpt.time, choice.to);
    if (begin >= end)
        throw ConfigurationError(fmt::format(
            "{}: monitor '{}' has no sample from {} to {} ms; it recorded {}", result.path().string(), excerpt.monitor, choice.from,
            choice.to, excerpt.time.empty() ? "nothing" : fmt::format("{} to {} ms", excerpt.time.min(), excerpt.time.max())));
    excerpt.first = static_cast<std::size_t>(begin - excerpt.time.begin());
    excerpt.count = static_cast<std::size_t>(end - begin);
    const double run_end = std::max(result.duration(), excerpt.time.back());
    excerpt.window = {std::max(choice.from, 0.0), std::min(choice.to, run_end)};
    return excerpt;
}

std::vector<std::size_t> extremes(std::span<const double> values, std::size_t width) {
    std::vector<std::size_t> kept;
    if (width < 3) {
        kept.resize(values.size());
        std::iota(kept.begin(), kept.end(), std::size_t{0});
        return kept;
    }
    for (std::size_t begin = 0; begin < values.size(); begin += width) {
        const std::size_t end = std::min(begin + width, values.size());
        std::optional<std::size_t> least, greatest;
        for (std::size_t i = begin; i < end; ++i) {
            if (std::isnan(values[i])) continue;
            if (!least || values[i] < values[*least]) least = i;
            if (!greatest || values[i] > values[*greatest]) greatest = i;
        }
        if (!least) continue;
        kept.push_back(std::min(*least, *greatest));
        if (*least != *greatest) kept.push_back(std::max(*least, *greatest));
    }
    return kept;
}

void draw_traces(Figure& figure, const Box& box, const ResultFile& result, const Excerpt& excerpt, std::span<const std::size_t> rows,
                 const RegionColours& colours) {
    const std::vector<Trace> traces = thinned_traces(result, excerpt, rows, box.width());
    const Extent range = extent_of(traces);
    const double row_height = box.height() / static_cast<double>(rows.size());
    std::vector<std::string> elements;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::vector<std::string> points(traces[row].time.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double height = trace_height * (traces[row].value[i] - range.low) / (range.high - range.low);
            points[i] = fmt::format("{:.7g} {:.6g}", excerpt.window.on_axis(traces[row].time[i]), static_cast<double>(row + 1) - height);
        }
        elements.push_back(
            fmt::format("{} with lines lw {} lc rgb '#{:06X}'", figure.table(points), row_height < 10 ? 0.6 : 0.9, colours.of(rows[row])));
    }
    label_rows(figure, box, result, rows, colours);
    scale_bar(figure, box, range, row_height, excerpt.unit);
    excerpt.window.set_on(figure);
    figure.add("set yrange [{}:0]", static_cast<double>(rows.size()) + 4 / row_height);
    figure.plot(elements);
}

}  // namespace kation
