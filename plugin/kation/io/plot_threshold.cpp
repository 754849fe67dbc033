#include <kation/io/panels.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <optional>

namespace kation {
namespace {

using nlohmann::json;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double number_or_nan(const json& value) { return value.is_null() ? nan : value.get<double>(); }

/// A row of the picture: a region, and from where on it is recruited.
struct Row {
    std::string label;
    double last_false = nan, first_true = nan;  ///< NaN: not looked for, or not found
    double onset_ms = nan;                      ///< at the lowest value that was tried where it was recruited
    std::vector<double> recruited_at{}, silent_at{};
};

/// What `kation threshold -o FILE.json` left.
struct Threshold {
    std::string key, condition;
    double from, to;
    double first_true = nan;          ///< of the condition
    double control_first_true = nan;  ///< NaN: it stays silent
    double window_from = nan, window_to = nan;
    std::vector<Row> rows{};  ///< regions outside the zone

    [[nodiscard]] static Threshold read(const std::filesystem::path& file);
};

void add_trials(Threshold& threshold, const json& result) {
    std::vector<std::size_t> outside;
    for (std::size_t region = 0; region < result.at("regions").size(); ++region)
        if (!result.at("zone").at(region).get<bool>()) outside.push_back(region);
    for (const std::size_t region : outside) threshold.rows.push_back({.label = result.at("regions").at(region)});
    for (const json& trial : result.at("trials")) {
        if (trial.at("control").get<bool>() || !trial.at("connection").is_null()) continue;
        const double value = trial.at("value");
        for (std::size_t k = 0; k < outside.size(); ++k) {
            Row& row = threshold.rows[k];
            const double onset = number_or_nan(trial.at("onset_ms").at(outside[k]));
            if (std::isnan(onset)) {
                if (trial.at("whole").get<bool>()) row.silent_at.push_back(value);
                continue;
            }
            if (std::ranges::all_of(row.recruited_at, [&](double other) { return value <= other; })) row.onset_ms = onset;
            row.recruited_at.push_back(value);
        }
    }
}

Threshold Threshold::read(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw InputError(fmt::format("{}: cannot be read", file.string()));
    try {
        const json result = json::parse(stream);
        Threshold threshold{.key = result.at("key"), .condition = result.at("condition"), .from = result.at("from"), .to = result.at("to")};
        threshold.first_true = number_or_nan(result.at("threshold").at("true_at"));
        if (!result.at("control").is_null()) threshold.control_first_true = number_or_nan(result.at("control").at("true_at"));
        if (const json& window = result.at("window"); !window.is_null()) {
            threshold.window_from = window.at("from");
            threshold.window_to = window.at("to");
        }
        add_trials(threshold, result);
        for (const json& each : result.at("per_region")) {
            const auto row = std::ranges::find(threshold.rows, each.at("region").get<std::string>(), &Row::label);
            if (row == threshold.rows.end()) continue;
            row->last_false = number_or_nan(each.at("false_at"));
            row->first_true = number_or_nan(each.at("true_at"));
        }
        return threshold;
    } catch (const json::exception& problem) {
        throw InputError(fmt::format("{}: is not what kation threshold -o writes ({})", file.string(), problem.what()));
    }
}

/// Regions that are reached first come first: by threshold, then by the lowest value and the time at which they were seen recruited.
void sort_rows(std::vector<Row>& rows) {
    const auto place = [](const Row& row) {
        const double lowest = row.recruited_at.empty() ? nan : std::ranges::min(row.recruited_at);
        const auto or_last = [](double value) { return std::isnan(value) ? std::numeric_limits<double>::infinity() : value; };
        return std::tuple(or_last(std::isnan(row.first_true) ? lowest : row.first_true), or_last(row.onset_ms));
    };
    std::ranges::stable_sort(rows, {}, place);
}

/// Colours of the rows by their onsets, and the stretch of onsets.
struct OnsetScale {
    double first = nan, last = nan;  // [ms]

    explicit OnsetScale(const std::vector<Row>& rows) {
        for (const Row& row : rows) {
            first = std::fmin(first, row.onset_ms);
            last = std::fmax(last, row.onset_ms);
        }
    }
    [[nodiscard]] std::string text() const {
        const std::string begin = duration_text(first), end = duration_text(last);
        return begin == end ? fmt::format("onset at the threshold: {}", begin)
                            : fmt::format("onset at the threshold: {} to {}", begin, end);
    }
    [[nodiscard]] Colour of(const Row& row) const {
        if (std::isnan(row.onset_ms)) return palette::silent;
        return palette::onset(last > first ? (row.onset_ms - first) / (last - first) : 0);
    }
};

class ThresholdPicture {
  public:
    explicit ThresholdPicture(Threshold threshold) : what_(std::move(threshold)), scale_(what_.rows) {
        sort_rows(what_.rows);
        const double row_height = std::clamp(640.0 / static_cast<double>(std::max<std::size_t>(1, what_.rows.size())), 9.0, 44.0);
        label_size_ = label_size(row_height);
        std::vector<std::string> labels;
        for (const Row& row : what_.rows) labels.push_back(row.label);
        box_ = {.left = label_margin(labels, label_size_), .right = 1360, .top = 112, .bottom = 112};
        box_.bottom += row_height * static_cast<double>(what_.rows.size());
    }

    void write(const std::filesystem::path& picture) {
        Figure figure(1400, static_cast<int>(box_.bottom) + 62);
        figure.panel(box_);
        figure.words(40, 30, fmt::format("Thresholds in {}", what_.key), {.size = 15, .bold = true});
        add_words(figure);
        figure.bottom_axis(what_.key);
        const double margin = 0.015 * (what_.to - what_.from);
        figure.add("set xrange [{}:{}] noextend; set yrange [{}:0] noextend", what_.from - margin, what_.to + margin,
                   static_cast<double>(what_.rows.size()));
        figure.plot(elements(figure));
        figure.write(picture);
    }

  private:
    [[nodiscard]] double pixel(double value) const {
        const double margin = 0.015 * (what_.to - what_.from);
        return box_.left + (value - what_.from + margin) / (what_.to - what_.from + 2 * margin) * box_.width();
    }

    /// The window above the rows, labels and thresholds beside them.
    void add_words(Figure& figure) const {
        std::vector<Meaning> meanings{{"●", {palette::ink}, "recruited in a trial"}, {"○", {palette::grey}, "silent to its end"}};
        if (!std::isnan(scale_.first))
            meanings.push_back({"■",
                                {palette::onset(0), palette::onset(0.25), palette::onset(0.5), palette::onset(0.75), palette::onset(1)},
                                scale_.text()});
        if (!std::isnan(what_.control_first_true)) meanings.push_back({"■", {palette::shade}, "the control ignites by itself"});
        figure.legend(box_.right, 30, meanings);
        const double y = box_.top - 24;
        if (!std::isnan(what_.window_from)) {
            figure.line(pixel(what_.window_from), y, pixel(what_.window_to), y, palette::plain, 6);
            figure.words(
                pixel(what_.window_from), y - 20,
                fmt::format("{}, the control silent: {} to {}", what_.condition, shortest(what_.window_from), shortest(what_.window_to)),
                {.colour = palette::for_text(palette::plain), .align = side(what_.window_from)});
        } else if (!std::isnan(what_.first_true)) {
            figure.line(pixel(what_.first_true), y, pixel(what_.first_true), box_.top, palette::plain, 2);
            figure.words(pixel(what_.first_true), y - 12, fmt::format("{} from {} on", what_.condition, shortest(what_.first_true)),
                         {.colour = palette::for_text(palette::plain), .align = side(what_.first_true)});
        }
        const double height = box_.height() / static_cast<double>(std::max<std::size_t>(1, what_.rows.size()));
        if (label_size_ < 5) return;
        for (std::size_t k = 0; k < what_.rows.size(); ++k) {
            const Row& row = what_.rows[k];
            const double middle = box_.top + (static_cast<double>(k) + 0.5) * height;
            figure.words(box_.left - 8, middle, row.label,
                         {.size = label_size_, .colour = palette::for_text(scale_.of(row)), .align = Align::right});
            if (!std::isnan(row.first_true) && height >= 14)
                figure.words(pixel(row.last_false) - 8, middle - 0.3 * height, shortest(row.first_true),
                             {.size = std::min(label_size_, 10.0), .colour = palette::ink, .align = Align::right});
        }
    }

    [[nodiscard]] Align side(double value) const { return value > 0.5 * (what_.from + what_.to) ? Align::right : Align::left; }

    [[nodiscard]] std::vector<std::string> elements(Figure& figure) const {
        std::vector<Patch> patches;
        const auto rows = static_cast<double>(what_.rows.size());
        if (!std::isnan(what_.control_first_true)) patches.push_back({what_.control_first_true, what_.to, 0, rows, palette::shade});
        std::vector<std::string> recruited, silent;
        for (std::size_t k = 0; k < what_.rows.size(); ++k) {
            const Row& row = what_.rows[k];
            const double middle = static_cast<double>(k) + 0.5;
            patches.push_back({what_.from, what_.to, middle - 0.02, middle + 0.02, palette::thread});
            if (!std::isnan(row.first_true)) {
                const double ignites = std::fmin(what_.control_first_true, what_.to), proof = std::fmax(ignites, row.first_true);
                patches.push_back({row.first_true, proof, middle - 0.3, middle + 0.3, scale_.of(row)});
                // Where the control ignites by itself, being recruited proves nothing.
                if (proof < what_.to)
                    patches.push_back({proof, what_.to, middle - 0.3, middle + 0.3, palette::lightened(scale_.of(row), 0.45)});
                patches.push_back({row.last_false, row.first_true, middle - 0.3, middle + 0.3, palette::lightened(scale_.of(row), 0.6)});
            }
            for (const double value : row.recruited_at) recruited.push_back(fmt::format("{} {}", value, middle));
            for (const double value : row.silent_at) silent.push_back(fmt::format("{} {}", value, middle));
        }
        std::vector<std::string> all;
        if (!patches.empty()) all.push_back(figure.patches(patches));
        const double size = std::clamp(label_size_ / 14, 0.25, 0.8);
        const auto points = [&](const std::vector<std::string>& places, int type, double scale, Colour colour) {
            if (!places.empty())
                all.push_back(
                    fmt::format("{} with points pt {} ps {} lw 1.2 lc rgb '#{:06X}'", figure.table(places), type, scale * size, colour));
        };
        points(silent, 6, 1.0, palette::grey);
        points(recruited, 7, 1.4, 0xFFFFFF);  // a rim, to be seen on dark bars
        points(recruited, 7, 0.9, palette::ink);
        return all;
    }

    Threshold what_;
    OnsetScale scale_;
    Box box_{};
    double label_size_;
};

}  // namespace

bool is_threshold(const std::filesystem::path& file) {
    if (file.extension() != ".json") return false;
    std::ifstream stream(file, std::ios::binary);
    const json result = json::parse(stream, nullptr, false);
    return result.is_object() && result.contains("threshold") && result.contains("condition");
}

void plot_threshold(const std::filesystem::path& file, const std::filesystem::path& picture) {
    ThresholdPicture(Threshold::read(file)).write(picture);
}

}  // namespace kation
