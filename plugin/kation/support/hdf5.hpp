#pragma once

#include <H5Cpp.h>
#include <armadillo>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The few operations on HDF5 files that connectomes and recordings share. A file on disk is row-major, as h5py shows it:
/// data[row][column].
///
/// All of them throw H5::Exception, which is no std::exception, where HDF5 fails; whoever knows the file's name and purpose catches it and
/// throws InputError or OutputError with reason_of(). A `const H5::Group&` may be a file: H5::H5File is a group.
namespace kation {

/// Keeps HDF5 from printing its error stack; call it before a file is opened.
void silence_hdf5();

/// "H5Fopen failed": what HDF5 says went wrong, without its stack.
std::string reason_of(const H5::Exception& problem);

/// Writes an attribute, in place of an earlier one of the same name.
void write_attribute(H5::H5Object& object, const std::string& name, std::string_view value);
void write_attribute(H5::H5Object& object, const std::string& name, double value);
void write_attribute(H5::H5Object& object, const std::string& name, std::int64_t value);

/// Writes rows x columns numbers, with the attributes `unit` ("mV", or "1" for a pure number) and `axes` ("to, from").
H5::DataSet write_matrix(const H5::Group& group, const std::string& name, const arma::mat& values, std::string_view unit,
                         std::string_view axes);

H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const double> values, std::string_view unit,
                         std::string_view axes);
H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const std::int64_t> values, std::string_view unit,
                         std::string_view axes);
H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const std::uint8_t> values, std::string_view unit,
                         std::string_view axes);

/// Writes text as variable-length UTF-8, with the attributes `unit` ("1", there is none) and `axes`.
H5::DataSet write_strings(const H5::Group& group, const std::string& name, const std::vector<std::string>& values, std::string_view axes);

/// How large a data set is, one entry per axis: what to check before its memory is asked for.
std::vector<std::size_t> extent_of(const H5::DataSet& data);

/// Numbers of any type, also truth values of h5py, as a matrix (row, column); a data set with one axis becomes one column.
/// InputError if it has more axes than two or is no table of numbers.
arma::mat read_matrix(const H5::Group& group, const std::string& name);

/// Text of fixed or variable length along one axis. InputError if it is something else.
std::vector<std::string> read_strings(const H5::Group& group, const std::string& name);

}  // namespace kation
