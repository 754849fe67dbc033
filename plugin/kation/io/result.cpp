#include <kation/io/result.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>

#include <H5Cpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace kation {

struct ResultFile::Handle {
    H5::H5File file;
};

namespace {

/// Runs an access to the file; HDF5's own complaint becomes an InputError that names the file.
template <class Access>
auto reading(const std::filesystem::path& path, Access&& access) {
    try {
        return std::invoke(std::forward<Access>(access));
    } catch (const H5::Exception& problem) {
        throw InputError(
            fmt::format("{}: cannot be read as a result of Kation ({}); it may be truncated", path.string(), reason_of(problem)));
    }
}

H5::H5File opened(const std::filesystem::path& path) {
    silence_hdf5();
    if (!std::filesystem::exists(path)) throw InputError(fmt::format("{}: there is no such file", path.string()));
    if (!std::filesystem::is_regular_file(path)) throw InputError(fmt::format("{}: is no file", path.string()));
    if (H5Fis_hdf5(path.c_str()) <= 0) throw InputError(fmt::format("{}: is no HDF5 file", path.string()));
    return reading(path, [&] { return H5::H5File(path.string(), H5F_ACC_RDONLY); });
}

std::string text_attribute(const H5::H5Object& object, const std::string& name) {
    if (!object.attrExists(name)) return {};
    const H5::Attribute attribute = object.openAttribute(name);
    std::string text;
    attribute.read(attribute.getStrType(), text);
    return text;
}

template <class Number>
Number number_attribute(const H5::H5Object& object, const std::string& name, const H5::PredType& type) {
    Number number{};
    if (object.attrExists(name)) object.openAttribute(name).read(type, &number);
    return number;
}

std::vector<std::string> names_in(const H5::Group& group) {
    std::vector<std::string> names;
    for (hsize_t i = 0; i < group.getNumObjs(); ++i) names.push_back(group.getObjnameByIdx(i));
    return names;
}

bool holds(const H5::Group& group, const std::string& name) { return group.nameExists(name); }

/// One number per region from a data set of that many.
arma::vec per_region(const H5::Group& group, const std::string& name, std::size_t regions) {
    arma::mat values = read_matrix(group, name);
    if (values.n_elem != regions)
        throw InputError(fmt::format("{}: data set '{}' has {} entries for {} regions", group.getFileName(), name, values.n_elem, regions));
    return arma::vectorise(values);
}

std::vector<bool> flags_of(const arma::vec& numbers) {
    std::vector<bool> flags(numbers.n_elem);
    std::transform(numbers.begin(), numbers.end(), flags.begin(), [](double x) { return x != 0; });
    return flags;
}

std::optional<Recruitment> recruitment_in(const H5::Group& parent, std::size_t regions) {
    if (!holds(parent, "recruitment")) return {};
    const H5::Group group = parent.openGroup("recruitment");
    const auto numbers = [&](const char* name, double absent) {
        return holds(group, name) ? per_region(group, name, regions) : arma::vec(regions, arma::fill::value(absent));
    };
    const auto counts = [&](const char* name) { return arma::conv_to<std::vector<std::int64_t>>::from(numbers(name, 0)); };
    const auto times = [&](const char* name) { return arma::conv_to<std::vector<double>>::from(numbers(name, arma::datum::nan)); };
    return Recruitment{.recruited = flags_of(per_region(group, "recruited", regions)),
                       .onset_ms = times("onset_ms"),
                       .offset_ms = times("offset_ms"),
                       .events = counts("events"),
                       .bursts = counts("bursts"),
                       .order = counts("order"),
                       .first_event_ms = times("first_event_ms")};
}

}  // namespace

ResultFile::ResultFile(std::filesystem::path path) : path_(std::move(path)), file_(std::make_unique<Handle>(Handle{opened(path_)})) {
    reading(path_, [&] {
        const H5::H5File& file = file_->file;
        for (const char* part : {"monitors", "regions"})
            if (!holds(file, part)) throw InputError(fmt::format("{}: is no result of Kation, it has no group /{}", path_.string(), part));
        version_ = text_attribute(file, "version");
        model_ = text_attribute(file, "model");
        status_ = text_attribute(file, "status");
        created_ = text_attribute(file, "created");
        seed_ = number_attribute<std::int64_t>(file, "seed", H5::PredType::NATIVE_INT64);
        dt_ = number_attribute<double>(file, "dt_ms", H5::PredType::NATIVE_DOUBLE);
        duration_ = number_attribute<double>(file, "duration_ms", H5::PredType::NATIVE_DOUBLE);

        const H5::Group regions = file.openGroup("regions");
        labels_ = read_strings(regions, "label");
        if (holds(regions, "centre")) centres_ = read_matrix(regions, "centre");
        if (centres_.n_rows != labels_.size() || centres_.n_cols != 3 || !centres_.is_finite() || centres_.is_zero()) centres_.reset();
        in_zone_ = std::vector<bool>(labels_.size());
        if (holds(regions, "in_zone")) in_zone_ = flags_of(per_region(regions, "in_zone", labels_.size()));
        recruitment_ = recruitment_in(file, labels_.size());
        if (holds(file, "control")) control_ = recruitment_in(file.openGroup("control"), labels_.size());
    });
}

ResultFile::~ResultFile() = default;
ResultFile::ResultFile(ResultFile&&) noexcept = default;
ResultFile& ResultFile::operator=(ResultFile&&) noexcept = default;

std::vector<std::string> ResultFile::monitors() const {
    return reading(path_, [&] { return names_in(file_->file.openGroup("monitors")); });
}

std::vector<std::string> ResultFile::variables(const std::string& monitor) const {
    return reading(path_, [&] {
        const H5::Group group = file_->file.openGroup("monitors/" + monitor);
        std::vector<std::string> names = names_in(group);
        std::erase(names, "time");
        // In the order of the configuration; what somebody else added to the file comes after that.
        const std::string order = text_attribute(group, "variables");
        std::ranges::stable_sort(names, {}, [&](const std::string& name) { return ("," + order + ",").find("," + name + ","); });
        return names;
    });
}

std::string ResultFile::unit(const std::string& monitor, const std::string& variable) const {
    return reading(path_, [&] { return text_attribute(file_->file.openDataSet("monitors/" + monitor + "/" + variable), "unit"); });
}

arma::vec ResultFile::time(const std::string& monitor) const {
    return reading(path_, [&] { return arma::vec(arma::vectorise(read_matrix(file_->file.openGroup("monitors/" + monitor), "time"))); });
}

arma::mat ResultFile::samples(const std::string& monitor, const std::string& variable, std::size_t first, std::size_t count) const {
    return reading(path_, [&] {
        const H5::DataSet data = file_->file.openDataSet("monitors/" + monitor + "/" + variable);
        const std::vector<std::size_t> extent = extent_of(data);
        if (extent.size() != 2 || extent[1] != regions() || first + count > extent[0])
            throw InputError(fmt::format("{}: variable '{}' of monitor '{}' has the wrong size, expected time x {} regions", path_.string(),
                                         variable, monitor, regions()));
        const std::array<hsize_t, 2> start{first, 0}, size{count, regions()};
        H5::DataSpace in_file = data.getSpace();
        in_file.selectHyperslab(H5S_SELECT_SET, size.data(), start.data());
        arma::mat values(regions(), count);  // column-major in memory, row-major in the file: region runs fastest in both
        data.read(values.memptr(), H5::PredType::NATIVE_DOUBLE, H5::DataSpace(2, size.data()), in_file);
        return values;
    });
}

Connectivity ResultFile::connectivity() const {
    return reading(path_, [&] {
        if (!holds(file_->file, "connectivity")) throw InputError(fmt::format("{}: holds no connectome", path_.string()));
        const H5::Group group = file_->file.openGroup("connectivity");
        ConnectomeParts parts;
        parts.weights = read_matrix(group, "weights");
        if (holds(group, "tract_lengths")) parts.tract_lengths = read_matrix(group, "tract_lengths");
        const H5::Group regions = file_->file.openGroup("regions");
        if (holds(regions, "hemisphere"))
            parts.hemispheres = arma::conv_to<std::vector<std::uint8_t>>::from(per_region(regions, "hemisphere", labels_.size()));
        parts.labels = labels_;
        parts.centres = centres_;
        parts.source = path_.string();
        return Connectivity(std::move(parts));
    });
}

std::string ResultFile::configuration() const {
    return reading(path_, [&]() -> std::string {
        if (!holds(file_->file, "config")) return {};
        const H5::DataSet data = file_->file.openDataSet("config");
        std::string text;
        data.read(text, data.getStrType());
        return text;
    });
}

bool ResultFile::is_result(const std::filesystem::path& path) {
    silence_hdf5();
    if (!std::filesystem::is_regular_file(path) || H5Fis_hdf5(path.c_str()) <= 0) return false;
    const H5::H5File file = opened(path);
    return holds(file, "monitors") && holds(file, "regions");
}

}  // namespace kation
