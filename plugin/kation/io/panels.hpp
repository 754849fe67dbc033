#pragma once

#include <kation/io/figure.hpp>
#include <kation/io/plot.hpp>

#include <armadillo>

#include <limits>
#include <span>
#include <string>
#include <vector>

/// The parts that pictures of a run are put together from. Rows are numbers of regions, from top to bottom.
namespace kation {

/// "43.4 s", or ms below one second.
std::string duration_text(double ms);

/// The stretch of time that is shown, in ms while that reads well, else in s.
struct Window {
    double from = 0, to = 0;  // [ms]

    [[nodiscard]] bool in_seconds() const { return to - from >= 2000; }
    [[nodiscard]] double on_axis(double ms) const { return in_seconds() ? ms / 1000 : ms; }
    [[nodiscard]] std::string title() const { return in_seconds() ? "time (s)" : "time (ms)"; }
    void set_on(Figure& figure) const { figure.add("set xrange [{}:{}] noextend", on_axis(from), on_axis(to)); }
};

/// A variable of a monitor, and the stretch of its samples that is shown.
struct Excerpt {
    std::string monitor, variable, unit;
    arma::vec time;  // [ms], whole record
    std::size_t first = 0, count = 0;
    Window window;

    [[nodiscard]] std::string title() const;  ///< "V (mV)"
};

/// What a choice stands for in a file. ConfigurationError with the names that are there if it offers nothing like it.
Excerpt excerpt_of(const ResultFile& result, const SeriesChoice& choice);

/// True if a region did something that a raster shows.
bool active(const Recruitment& recruitment, std::size_t region);

/// True if there is a zone, or a region was recruited in the run or the control: else a raster would show nothing.
bool eventful(const ResultFile& result);

/// Colours of the regions: the zone in its accent, recruited ones by onset, all others grey; all the same in a file that is not eventful.
class RegionColours {
  public:
    explicit RegionColours(const ResultFile& result);

    [[nodiscard]] Colour of(std::size_t region) const { return colours_[region]; }
    [[nodiscard]] bool any_onset() const { return last_ >= first_; }
    [[nodiscard]] double first_onset() const { return first_; }  // [ms], the zone left out
    [[nodiscard]] double last_onset() const { return last_; }    // [ms], the zone left out

  private:
    std::vector<Colour> colours_;
    double first_ = std::numeric_limits<double>::infinity(), last_ = -first_;  // [ms]
};

/// Size of labels [points] beside rows of some height [pixels], and the margin [pixels] that the longest of them needs.
double label_size(double row_height);
double label_margin(const std::vector<std::string>& labels, double size);

/// Labels left of rows that fill the box; none where they would be too small to read.
void label_rows(Figure& figure, const Box& box, const ResultFile& result, std::span<const std::size_t> rows, const RegionColours& colours);

/// Room for the scale bar right of traces [pixels].
inline constexpr double scale_margin = 92;

/// Stacked series on one scale, thinned to what the box can show; completes the current panel.
void draw_traces(Figure& figure, const Box& box, const ResultFile& result, const Excerpt& excerpt, std::span<const std::size_t> rows,
                 const RegionColours& colours);

/// A raster: its words, what it shows, and whose labels stand at its left, if any.
struct RasterOf {
    std::string title, note;
    bool note_at_right = false;
    const Recruitment* recruitment = nullptr;
    const ResultFile* labels = nullptr;
};
void draw_raster(Figure& figure, const Box& box, const RasterOf& what, const Window& window, std::span<const std::size_t> rows,
                 const RegionColours& colours);

/// Two panels on the same rows and axes: the run, and the control if there is one.
void draw_rasters(Figure& figure, const Box& run, const Box& control, const ResultFile& result, const Window& window,
                  std::span<const std::size_t> rows, const RegionColours& colours);

/// Two panels: the regions from above in their colours over their strongest connections, and the scale of the onsets.
void draw_brain(Figure& figure, const Box& box, const ResultFile& result, std::span<const std::size_t> rows, const RegionColours& colours);

}  // namespace kation
