#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/connectome/synthetic.hpp>
#include <kation/connectome/write.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>

#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"

#include <limits>

using namespace kation;

namespace {

/// Asymmetric, with everything a connectome may have and labels and numbers that are hard to write.
Connectivity hard_to_write() {
    ConnectomeParts parts;
    parts.weights = {{0, 0.1, 0}, {1.0 / 3, 0, -2.5e-300}, {std::numeric_limits<double>::max(), 0, 7}};
    parts.tract_lengths = {{0, 10.123456789012345, 20}, {30, 0, 40}, {50, 60, 0}};
    parts.labels = {"left, \"upper\"", "#2", "3"};
    parts.centres = {{1, 2, 3}, {4, 5, 6}, {-7, 8, 1e-9}};
    parts.hemispheres = {0, 1, 1};
    parts.cortical = {1, 1, 0};
    parts.areas = {10, 20, 30.5};
    parts.orientations = {{1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    parts.source = "test";
    return Connectivity(parts);
}

void check_same(const Connectivity& a, const Connectivity& b) {
    CHECK(same_matrix(a.weights(), b.weights()));
    CHECK(same_matrix(a.tract_lengths(), b.tract_lengths()));
    CHECK(same_matrix(a.parts().centres, b.parts().centres));
    CHECK(a.labels() == b.labels());
}

}  // namespace

TEST_CASE("a connectome reads back from a zip, a folder and HDF5 as the same bits") {
    const TemporaryFolder folder;
    const Connectivity written = hard_to_write();
    for (const char* name : {"c.zip", "c", "c.h5", "c.HDF5"}) {
        CAPTURE(name);
        CHECK(write_connectome(written, folder / name) == std::vector{folder / name});
        const Connectivity read = read_connectome(folder / name);
        check_same(read, written);
        CHECK(read.parts().hemispheres == written.parts().hemispheres);
        CHECK(read.parts().cortical == written.parts().cortical);
        CHECK(same_matrix(read.parts().areas, written.parts().areas));
        CHECK(same_matrix(read.parts().orientations, written.parts().orientations));
    }
}

TEST_CASE("a connectome reads back from tables as the same bits, with lengths and regions beside the weights") {
    const TemporaryFolder folder;
    for (const std::string ending : {".csv", ".tsv", ".txt"}) {
        CAPTURE(ending);
        const auto files = write_connectome(hard_to_write(), folder / ("c" + ending));
        REQUIRE(files.size() == 3);
        CHECK(files[1] == folder / ("c_tract_lengths" + ending));
        check_same(read_connectome(files[0], {.tract_lengths = files[1], .labels = files[2]}), hard_to_write());
        CHECK(read_connectome(files[0]).labels() == hard_to_write().labels());
    }
}

TEST_CASE("what is unknown stays unknown in every format") {
    const TemporaryFolder folder;
    ConnectomeParts parts;
    parts.weights = {{0, 1}, {2, 0}};
    for (const char* name : {"c.zip", "c", "c.h5", "c.csv"}) {
        CAPTURE(name);
        write_connectome(Connectivity(parts), folder / name);
        const Connectivity read = read_connectome(folder / name);
        CHECK_FALSE(read.has_lengths());
        CHECK_FALSE(read.has_centres());
        CHECK(read.parts().hemispheres.empty());
    }
}

TEST_CASE("an earlier file is replaced by a whole one") {
    const TemporaryFolder folder;
    write_connectome(builtin_connectome("six_node"), folder / "c.zip");
    write_connectome(builtin_connectome("ring_3"), folder / "c.zip");
    CHECK(read_connectome(folder / "c.zip").regions() == 3);
    CHECK(folder.names() == std::vector<std::string>{"c.zip"});
}

TEST_CASE("where nothing can be written, nothing is left behind") {
    const TemporaryFolder folder;
    const auto file = write_file(folder / "file", "here already");
    const Connectivity ring = builtin_connectome("ring_3");
    for (const char* name : {"c.zip", "c.h5", "c.csv", "c"}) {
        CAPTURE(name);
        CHECK_REFUSED(OutputError, "cannot be written", write_connectome(ring, file / name));
        CHECK_REFUSED(OutputError, "cannot be written", write_connectome(ring, folder / "missing" / name));
    }
    CHECK_REFUSED(OutputError, "it is a folder that holds something",
                  write_connectome(ring, folder.path().parent_path() / folder.path().filename()));
    CHECK_REFUSED(OutputError, "cannot be written", write_connectome(ring, file));
    CHECK_REFUSED(ConfigurationError, "allowed are .zip", write_connectome(ring, folder / "c.mat"));
    CHECK(read_file(file) == "here already");
    CHECK(folder.names() == std::vector<std::string>{"file"});
}

TEST_CASE("a draft replaces its target when it is kept and vanishes when it is not") {
    const TemporaryFolder folder;
    const auto target = write_file(folder / "result.txt", "earlier");
    {
        const Draft draft(target);
        write_file(draft.path(), "half of the n");
    }
    CHECK(read_file(target) == "earlier");
    CHECK(folder.names().size() == 1);
    {
        Draft draft(target);
        write_file(draft.path(), "whole");
        draft.keep();
    }
    CHECK(read_file(target) == "whole");
    CHECK(folder.names().size() == 1);
}
