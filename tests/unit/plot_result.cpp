#include <kation/io/result.hpp>
#include <kation/support/error.hpp>

#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"
#include "support/small_result.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace kation;

TEST_CASE("a result file is read as it was written") {
    const TemporaryFolder folder;
    SmallResult small;
    small.V(3, 1) = 12.5;
    const ResultFile result(write_small_result(folder / "x.h5", small));
    CHECK(result.version() == "0.1.0");
    CHECK(result.model() == "ion_exchange");
    CHECK(result.status() == "complete");
    CHECK(result.seed() == 42);
    CHECK(result.dt() == 0.02);
    CHECK(result.duration() == 1000);
    CHECK(result.labels() == small.labels);
    CHECK(result.in_zone() == std::vector<bool>{false, true, false, false});
    CHECK(same_matrix(result.centres(), small.centres));
    CHECK(result.monitors() == std::vector<std::string>{"slow"});
    CHECK(result.variables("slow") == std::vector<std::string>{"K_ext", "V"});
    CHECK(result.unit("slow", "V") == "mV");
    CHECK(result.time("slow")[999] == 999.5);

    REQUIRE(result.recruitment());
    CHECK(result.recruitment()->recruited == std::vector<bool>{true, true, false, true});
    CHECK(result.recruitment()->onset_ms[3] == 120);
    CHECK(std::isnan(result.recruitment()->onset_ms[2]));
    CHECK(result.recruitment()->events[0] == 7);
    CHECK(result.recruitment()->count_outside(result.in_zone()) == 2);
    REQUIRE(result.control());
    CHECK(result.control()->count_outside(result.in_zone()) == 0);
}

TEST_CASE("samples are read by stretches, axes (region, sample)") {
    const TemporaryFolder folder;
    SmallResult small;
    for (arma::uword t = 0; t < small.V.n_rows; ++t)
        for (arma::uword region = 0; region < 4; ++region) small.V(t, region) = static_cast<double>(10 * t + region);
    const ResultFile result(write_small_result(folder / "x.h5", small));
    CHECK(same_matrix(result.samples("slow", "V", 0, 1000), small.V.t()));
    CHECK(same_matrix(result.samples("slow", "V", 17, 3), small.V.rows(17, 19).t()));
    CHECK_REFUSED(InputError, "'V'", result.samples("slow", "V", 998, 3));
    CHECK_REFUSED(InputError, "x.h5", result.samples("slow", "absent", 0, 1));
}

TEST_CASE("the network of a result keeps to and from apart") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    const Connectivity network = result.connectivity();
    CHECK(network.weight(0, 1) == 0.5);
    CHECK(network.weight(1, 0) == 0);
    CHECK(network.length(1, 2) == 40);
    CHECK(network.labels() == result.labels());
}

TEST_CASE("what a run did not record is absent, and no error") {
    const TemporaryFolder folder;
    SmallResult small;
    small.centres.reset();
    small.onset.clear();
    small.control_onset.clear();
    small.V.reset();
    const ResultFile result(write_small_result(folder / "x.h5", small));
    CHECK(result.centres().empty());
    CHECK(!result.recruitment());
    CHECK(!result.control());
    CHECK(result.monitors().empty());
    CHECK(result.configuration().empty());
}

TEST_CASE("centres that are all zero mean unknown") {
    const TemporaryFolder folder;
    SmallResult small;
    small.centres.zeros();
    CHECK(ResultFile(write_small_result(folder / "x.h5", small)).centres().empty());
}

TEST_CASE("what is no result is refused with its name") {
    const TemporaryFolder folder;
    CHECK_REFUSED(InputError, "absent.h5: there is no such file", ResultFile(folder / "absent.h5"));
    CHECK_REFUSED(InputError, "is no file", ResultFile(folder.path()));
    CHECK_REFUSED(InputError, "text.h5: is no HDF5 file", ResultFile(write_file(folder / "text.h5", "0 1\n1 0\n")));
    const auto whole = write_small_result(folder / "whole.h5");
    CHECK_REFUSED(InputError, "cut.h5: ", ResultFile(write_truncated(whole, folder / "cut.h5")));

    H5::H5File((folder / "other.h5").string(), H5F_ACC_TRUNC).createGroup("weights");
    CHECK_REFUSED(InputError, "other.h5: is no result of Kation", ResultFile(folder / "other.h5"));
    CHECK(!ResultFile::is_result(folder / "other.h5"));
    CHECK(!ResultFile::is_result(folder / "text.h5"));
    CHECK(ResultFile::is_result(whole));
}

TEST_CASE("recruitment of another number of regions is refused") {
    const TemporaryFolder folder;
    SmallResult small;
    small.onset.pop_back();
    CHECK_REFUSED(InputError, "'recruited' has 3 entries for 4 regions", ResultFile(write_small_result(folder / "x.h5", small)));
}
