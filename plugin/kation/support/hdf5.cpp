#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kation {
namespace {

/// Text of any length, UTF-8.
H5::StrType text_type() {
    H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
    type.setCset(H5T_CSET_UTF8);
    return type;
}

H5::Attribute new_attribute(H5::H5Object& object, const std::string& name, const H5::DataType& type) {
    if (object.attrExists(name)) object.removeAttr(name);
    return object.createAttribute(name, type, H5::DataSpace(H5S_SCALAR));
}

H5::DataSet new_data(const H5::Group& group, const std::string& name, const H5::DataType& type, std::initializer_list<std::size_t> extent,
                     std::string_view axes) {
    const std::vector<hsize_t> sizes(extent.begin(), extent.end());
    H5::DataSet data = group.createDataSet(name, type, H5::DataSpace(static_cast<int>(sizes.size()), sizes.data()));
    write_attribute(data, "axes", axes);
    return data;
}

template <class T>
H5::DataSet write_numbers(const H5::Group& group, const std::string& name, const H5::PredType& type, std::span<const T> values,
                          std::string_view unit, std::string_view axes) {
    H5::DataSet data = new_data(group, name, type, {values.size()}, axes);
    write_attribute(data, "unit", unit);
    if (!values.empty()) data.write(values.data(), type);
    return data;
}

[[noreturn]] void refuse(const H5::DataSet& data, std::string_view expected) {
    std::string axes;
    for (const std::size_t size : extent_of(data)) axes += fmt::format("{}{}", axes.empty() ? "" : " x ", size);
    throw InputError(fmt::format("{}: {} should hold {}, and has {}", data.getFileName(), data.getObjName(), expected,
                                 axes.empty() ? "a single value" : "the extent " + axes));
}

std::vector<std::string> read_text_of_any_length(const H5::DataSet& data, std::size_t count) {
    std::vector<char*> pointers(count, nullptr);
    const H5::StrType type = data.getStrType();
    data.read(pointers.data(), type);
    std::vector<std::string> texts;
    for (const char* pointer : pointers) texts.emplace_back(pointer != nullptr ? pointer : "");
    H5::DataSet::vlenReclaim(pointers.data(), type, data.getSpace());
    return texts;
}

std::vector<std::string> read_text_of_fixed_length(const H5::DataSet& data, std::size_t count) {
    const H5::StrType type = data.getStrType();
    const std::size_t width = type.getSize();
    std::string block(count * width, '\0');
    data.read(block.data(), type);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
        std::string text = block.substr(i * width, width);
        text.resize(std::min(text.find('\0'), text.size()));
        if (type.getStrpad() == H5T_STR_SPACEPAD) text.resize(text.find_last_not_of(' ') + 1);
        texts.push_back(std::move(text));
    }
    return texts;
}

}  // namespace

void silence_hdf5() { H5::Exception::dontPrint(); }

std::string reason_of(const H5::Exception& problem) {
    std::string reason = problem.getDetailMsg();
    return reason.empty() ? problem.getFuncName() + " failed" : reason;
}

void write_attribute(H5::H5Object& object, const std::string& name, std::string_view value) {
    const H5::StrType type = text_type();
    new_attribute(object, name, type).write(type, std::string(value));
}

void write_attribute(H5::H5Object& object, const std::string& name, double value) {
    new_attribute(object, name, H5::PredType::NATIVE_DOUBLE).write(H5::PredType::NATIVE_DOUBLE, &value);
}

void write_attribute(H5::H5Object& object, const std::string& name, std::int64_t value) {
    new_attribute(object, name, H5::PredType::NATIVE_INT64).write(H5::PredType::NATIVE_INT64, &value);
}

H5::DataSet write_matrix(const H5::Group& group, const std::string& name, const arma::mat& values, std::string_view unit,
                         std::string_view axes) {
    H5::DataSet data = new_data(group, name, H5::PredType::NATIVE_DOUBLE, {values.n_rows, values.n_cols}, axes);
    write_attribute(data, "unit", unit);
    if (values.empty()) return data;
    const arma::mat row_major = values.t();  // Armadillo's columns are the file's rows
    data.write(row_major.memptr(), H5::PredType::NATIVE_DOUBLE);
    return data;
}

H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const double> values, std::string_view unit,
                         std::string_view axes) {
    return write_numbers(group, name, H5::PredType::NATIVE_DOUBLE, values, unit, axes);
}

H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const std::int64_t> values, std::string_view unit,
                         std::string_view axes) {
    return write_numbers(group, name, H5::PredType::NATIVE_INT64, values, unit, axes);
}

H5::DataSet write_vector(const H5::Group& group, const std::string& name, std::span<const std::uint8_t> values, std::string_view unit,
                         std::string_view axes) {
    return write_numbers(group, name, H5::PredType::NATIVE_UINT8, values, unit, axes);
}

H5::DataSet write_strings(const H5::Group& group, const std::string& name, const std::vector<std::string>& values, std::string_view axes) {
    const H5::StrType type = text_type();
    H5::DataSet data = new_data(group, name, type, {values.size()}, axes);
    write_attribute(data, "unit", std::string_view("1"));
    std::vector<const char*> pointers(values.size());
    std::ranges::transform(values, pointers.begin(), &std::string::c_str);
    if (!values.empty()) data.write(pointers.data(), type);
    return data;
}

std::vector<std::size_t> extent_of(const H5::DataSet& data) {
    const H5::DataSpace space = data.getSpace();
    std::vector<hsize_t> sizes(static_cast<std::size_t>(space.getSimpleExtentNdims()));
    if (!sizes.empty()) space.getSimpleExtentDims(sizes.data());
    return {sizes.begin(), sizes.end()};
}

arma::mat read_matrix(const H5::Group& group, const std::string& name) {
    const H5::DataSet data = group.openDataSet(name);
    const std::vector<std::size_t> extent = extent_of(data);
    const H5T_class_t kind = data.getTypeClass();
    const bool numbers = kind == H5T_FLOAT || kind == H5T_INTEGER || kind == H5T_ENUM;
    if (!numbers || extent.empty() || extent.size() > 2) refuse(data, "a table of numbers with one or two axes");
    const std::size_t rows = extent[0], columns = extent.size() == 2 ? extent[1] : 1;
    if (rows == 0 || columns == 0) return arma::mat(rows, columns);
    arma::mat row_major(columns, rows);
    data.read(row_major.memptr(), H5::PredType::NATIVE_DOUBLE);
    return row_major.t();
}

std::vector<std::string> read_strings(const H5::Group& group, const std::string& name) {
    const H5::DataSet data = group.openDataSet(name);
    const std::vector<std::size_t> extent = extent_of(data);
    if (data.getTypeClass() != H5T_STRING || extent.size() != 1) refuse(data, "text along one axis");
    if (extent[0] == 0) return {};
    return data.getStrType().isVariableStr() ? read_text_of_any_length(data, extent[0]) : read_text_of_fixed_length(data, extent[0]);
}

}  // namespace kation
