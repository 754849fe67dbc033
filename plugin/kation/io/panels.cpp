#include <kation/io/panels.hpp>

#include <algorithm>
#include <cmath>

namespace kation {

std::string duration_text(double ms) { return ms >= 1000 ? fmt::format("{:.3g} s", ms / 1000) : fmt::format("{:.3g} ms", ms); }

bool eventful(const ResultFile& result) {
    const auto any = [](const std::vector<bool>& flags) { return std::ranges::count(flags, true) > 0; };
    return result.recruitment() &&
           (any(result.in_zone()) || any(result.recruitment()->recruited) || (result.control() && any(result.control()->recruited)));
}

RegionColours::RegionColours(const ResultFile& result) : colours_(result.regions(), palette::plain) {
    const std::vector<bool>& zone = result.in_zone();
    if (eventful(result)) {
        const Recruitment& recruitment = *result.recruitment();
        const auto spread_to = [&](std::size_t region) { return !zone[region] && active(recruitment, region); };
        for (std::size_t region = 0; region < colours_.size(); ++region) {
            if (!spread_to(region)) continue;
            first_ = std::min(first_, recruitment.onset_ms[region]);
            last_ = std::max(last_, recruitment.onset_ms[region]);
        }
        const double span = last_ > first_ ? last_ - first_ : 1;
        for (std::size_t region = 0; region < colours_.size(); ++region)
            colours_[region] = spread_to(region) ? palette::onset((recruitment.onset_ms[region] - first_) / span) : palette::silent;
    }
    for (std::size_t region = 0; region < colours_.size(); ++region)
        if (zone[region]) colours_[region] = palette::zone;
}

double label_size(double row_height) { return std::clamp(0.62 * row_height, 0.0, 11.0); }

double label_margin(const std::vector<std::string>& labels, double size) {
    std::size_t longest = 0;
    for (const std::string& label : labels) longest = std::max(longest, label.size());
    return std::clamp(static_cast<double>(longest) * size * 0.85 + 24, 56.0, 300.0);
}

void label_rows(Figure& figure, const Box& box, const ResultFile& result, std::span<const std::size_t> rows, const RegionColours& colours) {
    const double height = box.height() / static_cast<double>(rows.size()), size = label_size(height);
    if (size < 5) return;
    for (std::size_t row = 0; row < rows.size(); ++row)
        figure.words(box.left - 8, box.top + (static_cast<double>(row) + 0.5) * height, result.labels()[rows[row]],
                     {.size = size, .colour = palette::for_text(colours.of(rows[row])), .align = Align::right});
}

}  // namespace kation
