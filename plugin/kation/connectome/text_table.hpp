#pragma once

#include <armadillo>

#include <iosfwd>
#include <string>
#include <vector>

/// Tables of numbers and lists of regions as text: what weights.txt, centres.txt, a spreadsheet's .csv or R's .tsv hold.
///
/// Cells are separated by semicolons, commas, tabs or blanks, whichever the first line uses, and may stand in "quotes". Lines that are
/// empty or begin with #, a byte order mark and Windows line ends are skipped. Memory is bounded by the table, not by the file.
namespace kation {

/// The most regions a file may have. More is taken for a damaged or hostile file: their matrices would need 6 GB and more.
inline constexpr std::size_t most_regions = 20000;

/// The most bytes one text may have once unpacked.
inline constexpr std::size_t most_bytes = std::size_t{8} << 30;

struct TextTable {
    arma::mat numbers;                ///< rows x columns, all finite
    std::vector<std::string> labels;  ///< from a header line or a first column of names; empty if there is neither
};

/// Reads a table of numbers.
/// @param place  the file's name, for messages
/// InputError with place:line, column and value: empty, ragged, not a number, not finite, too large, names of rows and columns that differ.
TextTable read_text_table(std::istream& stream, const std::string& place);

struct RegionList {
    std::vector<std::string> labels;
    arma::mat centres;  ///< N x 3 [mm]; empty if the lines hold labels only
};

/// Reads one region per line: its label and, in all lines or none, x y z; what follows is ignored. A header line is recognised.
/// InputError as above.
RegionList read_region_list(std::istream& stream, const std::string& place);

}  // namespace kation
