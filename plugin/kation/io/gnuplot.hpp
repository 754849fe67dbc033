#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace kation {

/// Text as a string of gnuplot: in single quotes, in which nothing is expanded; control characters become spaces.
std::string gnuplot_quoted(std::string_view text);

/// Lets gnuplot draw a script of commands into a .png or .svg file.
///
/// The script sets neither terminal nor output: those follow from the file's ending and the size [pixels]. The picture is written under a
/// temporary name and renamed when whole, so an earlier picture survives a failure.
/// ConfigurationError for another ending; OutputError if gnuplot is not installed, refuses the script, or the picture cannot be written.
void draw_with_gnuplot(std::string_view script, int width, int height, const std::filesystem::path& picture);

}  // namespace kation
