#pragma once

#include <H5Cpp.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// A data set as it is in a file.
struct DataSet {
    std::vector<std::size_t> extent;
    std::vector<double> numbers;  ///< of a numeric one, row-major
    std::map<std::string, std::string> attributes;
};

namespace detail {

inline std::map<std::string, std::string> attributes_of(const H5::H5Object& object) {
    std::map<std::string, std::string> attributes;
    for (int k = 0; k < object.getNumAttrs(); ++k) {
        const H5::Attribute attribute = object.openAttribute(static_cast<unsigned>(k));
        std::string text = "number";
        if (attribute.getTypeClass() == H5T_STRING) attribute.read(attribute.getStrType(), text);
        attributes[attribute.getName()] = text;
    }
    return attributes;
}

inline DataSet data_set(const H5::DataSet& data) {
    const H5::DataSpace space = data.getSpace();
    std::vector<hsize_t> sizes(static_cast<std::size_t>(space.getSimpleExtentNdims()));
    if (!sizes.empty()) space.getSimpleExtentDims(sizes.data());
    DataSet set{{sizes.begin(), sizes.end()}, {}, attributes_of(data)};
    if (data.getTypeClass() == H5T_STRING) return set;
    set.numbers.resize(static_cast<std::size_t>(space.getSimpleExtentNpoints()));
    if (!set.numbers.empty()) data.read(set.numbers.data(), H5::PredType::NATIVE_DOUBLE);
    return set;
}

inline void collect(const H5::Group& group, const std::string& path, std::map<std::string, DataSet>& sets) {
    for (hsize_t k = 0; k < group.getNumObjs(); ++k) {
        const std::string name = group.getObjnameByIdx(k), full = path + "/" + name;
        if (group.childObjType(name) == H5O_TYPE_GROUP)
            collect(group.openGroup(name), full, sets);
        else
            sets[full] = data_set(group.openDataSet(name));
    }
}

}  // namespace detail

/// Everything in an HDF5 file by its path: "/monitors/slow/V". Read with HDF5 alone, as others would.
inline std::map<std::string, DataSet> data_sets(const std::filesystem::path& file) {
    std::map<std::string, DataSet> sets;
    detail::collect(H5::H5File(file.string(), H5F_ACC_RDONLY), "", sets);
    return sets;
}

inline std::map<std::string, std::string> root_attributes(const std::filesystem::path& file) {
    return detail::attributes_of(H5::H5File(file.string(), H5F_ACC_RDONLY).openGroup("/"));
}

/// Paths of the data sets whose numbers differ between two files in any bit, or that only one of them has.
inline std::vector<std::string> differences(const std::filesystem::path& a, const std::filesystem::path& b) {
    const auto same_bits = [](const DataSet& x, const DataSet& y) {
        const auto bits = [](double number) { return std::bit_cast<std::uint64_t>(number); };
        return x.extent == y.extent && std::ranges::equal(x.numbers, y.numbers, {}, bits, bits);
    };
    auto in_a = data_sets(a), in_b = data_sets(b);
    std::vector<std::string> paths;
    for (const auto& [path, set] : in_a)
        if (path != "/config" && (!in_b.contains(path) || !same_bits(set, in_b[path]))) paths.push_back(path);
    for (const auto& [path, set] : in_b)
        if (!in_a.contains(path)) paths.push_back(path);
    return paths;
}
