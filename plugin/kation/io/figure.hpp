#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kation {

using Colour = std::uint32_t;  ///< 0xRRGGBB

/// One look for all pictures. Distinguishable with the common kinds of colour blindness, and in grey by lightness.
namespace palette {
inline constexpr Colour ink = 0x262626, grey = 0x737373, pale = 0xB8B8B8, thread = 0xD9D9D9, hairline = 0xE4E4E4, shade = 0xECECEC,
                        paper = 0xF6F6F6;
inline constexpr Colour silent = 0x9A9A9A;  ///< never recruited
inline constexpr Colour zone = 0xD55E00;    ///< Okabe and Ito's vermilion: the epileptogenic zone
inline constexpr Colour plain = 0x1D5B8F;   ///< series with nothing to distinguish

/// From early (0, dark) to late (1, light): like ColorBrewer's YlGnBu, without what vanishes on white.
Colour onset(double fraction);

/// The colour, mixed with that much white.
Colour lightened(Colour colour, double white);

/// The colour, dark enough for letters.
Colour for_text(Colour colour);

/// gnuplot's command for a scale from white over YlGnBu to dark: matrices and heat maps.
std::string_view sequential();
}  // namespace palette

/// A rectangle of the picture [pixels], counted from its top left corner.
struct Box {
    double left, right, top, bottom;

    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return bottom - top; }
};

enum class Align { left, centre, right };

struct Style {
    double size = 11;  // [points]
    Colour colour = palette::ink;
    Align align = Align::left;
    bool bold = false;
    bool upright = false;  ///< turned by 90 degrees
};

/// A filled rectangle in the coordinates of a panel's axes.
struct Patch {
    double left, right, top, bottom;
    Colour colour;
};

/// One entry of a legend: a glyph in one or several colours, and what it means.
struct Meaning {
    std::string_view glyph;
    std::vector<Colour> colours;
    std::string text;
};

/// A picture of several panels while it is put together: it collects gnuplot's commands. Panels are placed by pixels, so that axes align.
class Figure {
  public:
    Figure(int width, int height) : width_(width), height_(height) {}

    /// One command, as fmt::format.
    template <class... Values>
    void add(fmt::format_string<Values...> command, Values&&... values) {
        fmt::format_to(std::back_inserter(script_), command, std::forward<Values>(values)...);
        script_ += '\n';
    }

    /// A table under a name that plot elements can use: '$data7'. One line of the table per element.
    std::string table(std::span<const std::string> lines);

    /// Rectangles as a plot element; there must be at least one.
    std::string patches(std::span<const Patch> patches);

    /// Begins a panel whose axes span the box, without frame, tics and key. Words and axes come after it, plot() completes it.
    void panel(const Box& axes);

    /// Words at a place of the picture [pixels from the top left]; they belong to the current panel.
    void words(double x, double y, std::string_view text, const Style& style = {});

    /// Entries side by side, ending at the right [pixels].
    void legend(double right, double y, std::span<const Meaning> entries);

    /// A straight line between two places of the picture [pixels from the top left].
    void line(double x0, double y0, double x1, double y1, Colour colour, double width);

    /// A line below the panel with outward tics and a title.
    void bottom_axis(std::string_view title);
    void left_axis(std::string_view title);

    /// Draws the panel; with no element it shows its words alone. The ranges must have been set.
    void plot(std::span<const std::string> elements);

    void write(const std::filesystem::path& picture) const;

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }

  private:
    int width_, height_;
    int tables_ = 0;
    std::string script_ = "set multiplot\n";
};

}  // namespace kation
