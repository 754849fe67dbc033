#include <kation/connectome/read.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>

#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace kation;

namespace {

const arma::mat asymmetric{{0, 0.5, 0}, {0, 0, 2}, {3, 0, 1e-3}};
const arma::mat lengths{{0, 10, 20}, {30, 0, 40}, {50, 60, 0}};

H5::H5File new_file(const std::filesystem::path& path) { return {path.string(), H5F_ACC_TRUNC}; }

/// Text of fixed length, as numpy writes it.
void write_fixed_strings(const H5::Group& group, const char* name, const std::vector<std::string>& values, std::size_t width) {
    const H5::StrType type(H5::PredType::C_S1, width);
    const hsize_t count = values.size();
    std::string block(count * width, '\0');
    for (std::size_t i = 0; i < count; ++i) std::memcpy(&block[i * width], values[i].data(), values[i].size());
    group.createDataSet(name, type, H5::DataSpace(1, &count)).write(block.data(), type);
}

/// Truth values, as h5py writes them: an enumeration of FALSE and TRUE.
void write_truth_values(const H5::Group& group, const char* name, const std::vector<std::int8_t>& values) {
    H5::EnumType type(H5::PredType::NATIVE_INT8);
    std::int8_t value = 0;
    type.insert("FALSE", &value);
    type.insert("TRUE", &++value);
    const hsize_t count = values.size();
    group.createDataSet(name, type, H5::DataSpace(1, &count)).write(values.data(), type);
}

}  // namespace

TEST_CASE("a matrix is row-major in an HDF5 file: data[row][column]") {
    const TemporaryFolder folder;
    const arma::mat values{{1, 2, 3}, {4, 5, 6}};
    const H5::H5File file = new_file(folder / "x.h5");
    const H5::DataSet data = write_matrix(file, "values", values, "mV", "time, region");
    CHECK(extent_of(data) == std::vector<std::size_t>{2, 3});
    std::vector<double> as_stored(6);
    data.read(as_stored.data(), H5::PredType::NATIVE_DOUBLE);
    CHECK(as_stored == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(same_matrix(read_matrix(file, "values"), values));
    std::string unit;
    const H5::Attribute attribute = data.openAttribute("unit");
    attribute.read(attribute.getStrType(), unit);
    CHECK(unit == "mV");
}

TEST_CASE("vectors, text and attributes read back as they were written") {
    const TemporaryFolder folder;
    H5::H5File file = new_file(folder / "x.h5");
    const std::vector<std::int64_t> counts{-1, 1'000'000'007};
    write_vector(file, "counts", counts, "1", "region");
    write_vector(file, "times", std::vector<double>{0.5, 1.5}, "ms", "time");
    write_vector(file, "none", std::vector<double>{}, "ms", "time");
    write_matrix(file, "nothing", arma::mat(0, 3), "mV", "time, region");
    CHECK(same_matrix(read_matrix(file, "counts"), arma::vec{-1, 1e9 + 7}));
    CHECK(same_matrix(read_matrix(file, "times"), arma::vec{0.5, 1.5}));
    CHECK(read_matrix(file, "none").empty());
    CHECK(same_matrix(read_matrix(file, "nothing"), arma::mat(0, 3)));
    const std::vector<std::string> texts{"rA1", "", "G. et S. Broca \xC3\xA9"};
    write_strings(file, "texts", texts, "region");
    CHECK(read_strings(file, "texts") == texts);

    write_attribute(file, "status", "at 10 ms");
    write_attribute(file, "status", "complete");
    write_attribute(file, "dt_ms", 0.1);
    write_attribute(file, "seed", std::int64_t{42});
    std::string status;
    const H5::Attribute attribute = file.openAttribute("status");
    attribute.read(attribute.getStrType(), status);
    CHECK(status == "complete");
    double dt = 0;
    file.openAttribute("dt_ms").read(H5::PredType::NATIVE_DOUBLE, &dt);
    CHECK(dt == 0.1);
}

TEST_CASE("a data set of another kind is refused with what it is") {
    const TemporaryFolder folder;
    const H5::H5File file = new_file(folder / "x.h5");
    write_strings(file, "texts", {"a", "b"}, "region");
    write_matrix(file, "numbers", asymmetric, "1", "to, from");
    CHECK_REFUSED(InputError, "/texts should hold a table of numbers", read_matrix(file, "texts"));
    CHECK_REFUSED(InputError, "has the extent 3 x 3", read_strings(file, "numbers"));
}

TEST_CASE("a connectome is read from the root of an HDF5 file, with rows as targets") {
    const TemporaryFolder folder;
    {
        const H5::H5File file = new_file(folder / "tvb.h5");
        write_matrix(file, "weights", asymmetric, "1", "to, from");
        write_matrix(file, "tract_lengths", lengths, "mm", "to, from");
        write_matrix(file, "centres", {{1, 2, 3}, {4, 5, 6}, {-7, 8, 9}}, "mm", "region, xyz");
        write_fixed_strings(file, "region_labels", {"rA1", "rA2", "rAMYG"}, 5);
        write_truth_values(file, "hemispheres", {1, 1, 0});
        write_truth_values(file, "cortical", {1, 0, 1});
        write_vector(file, "areas", std::vector<double>{10, 20, 30}, "mm^2", "region");
        write_matrix(file, "orientations", arma::eye(3, 3), "1", "region, xyz");
    }
    const Connectivity connectome = read_connectome(folder / "tvb.h5");
    CHECK(same_matrix(connectome.weights(), asymmetric));
    CHECK(connectome.weight(1, 2) == 2);
    CHECK(same_matrix(connectome.tract_lengths(), lengths));
    CHECK(connectome.labels() == std::vector<std::string>{"rA1", "rA2", "rAMYG"});
    CHECK(connectome.parts().centres(2, 0) == -7);
    CHECK(connectome.parts().hemispheres == std::vector<std::uint8_t>{1, 1, 0});
    CHECK(connectome.parts().cortical == std::vector<std::uint8_t>{1, 0, 1});
    CHECK(connectome.parts().areas[1] == 20);
}

TEST_CASE("a connectome is read back from the groups of a result") {
    const TemporaryFolder folder;
    {
        const H5::H5File file = new_file(folder / "result.hdf5");
        const H5::Group connectivity = file.createGroup("connectivity"), regions = file.createGroup("regions");
        write_matrix(connectivity, "weights", asymmetric, "1", "to, from");
        write_matrix(connectivity, "tract_lengths", lengths, "mm", "to, from");
        write_strings(regions, "label", {"a", "b", "c"}, "region");
        write_matrix(regions, "centre", {{1, 2, 3}, {4, 5, 6}, {-7, 8, 9}}, "mm", "region, xyz");
    }
    const Connectivity connectome = read_connectome(folder / "result.hdf5");
    CHECK(same_matrix(connectome.weights(), asymmetric));
    CHECK(same_matrix(connectome.tract_lengths(), lengths));
    CHECK(connectome.label(2) == "c");
    CHECK(connectome.parts().centres(0, 2) == 3);
}

TEST_CASE("HDF5 files that hold no connectome are refused by name") {
    const TemporaryFolder folder;
    {
        const H5::H5File file = new_file(folder / "good.h5");
        write_matrix(file, "weights", arma::ones(50, 50), "1", "to, from");
        write_matrix(new_file(folder / "other.h5"), "numbers", asymmetric, "1", "to, from");
        write_strings(new_file(folder / "text.h5"), "weights", {"a"}, "region");
        write_matrix(new_file(folder / "nan.h5"), "weights", {{0, arma::datum::nan}, {0, 0}}, "1", "to, from");
        const hsize_t huge[] = {100'000, 100'000};  // only announced: nothing is stored
        new_file(folder / "huge.h5").createDataSet("weights", H5::PredType::NATIVE_DOUBLE, H5::DataSpace(2, huge));
    }
    CHECK_REFUSED(InputError, "cut.h5: is no HDF5 file, or a truncated or damaged one",
                  read_connectome(write_truncated(folder / "good.h5", folder / "cut.h5")));
    CHECK_REFUSED(InputError, "empty.h5: is no HDF5 file", read_connectome(write_file(folder / "empty.h5", "")));
    CHECK_REFUSED(InputError, "other.h5: holds no weights", read_connectome(folder / "other.h5"));
    CHECK_REFUSED(InputError, "/weights should hold a table of numbers", read_connectome(folder / "text.h5"));
    CHECK_REFUSED(InputError, "weight in row 1, column 2 is nan", read_connectome(folder / "nan.h5"));
    CHECK_REFUSED(InputError, "at most 20000 regions are allowed", read_connectome(folder / "huge.h5"));
}
