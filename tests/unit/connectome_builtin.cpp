#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/connectome/synthetic.hpp>
#include <kation/support/error.hpp>

#include "support/refused.hpp"
#include "support/same_matrix.hpp"

#include <filesystem>

using namespace kation;

TEST_CASE("the builtin connectomes are the folders of the repository, without warnings") {
    const std::filesystem::path folder = std::filesystem::path(KATION_SOURCE_DIR) / "connectomes";
    CHECK(builtin_names() == std::vector<std::string>{"ring_3", "six_node", "synthetic_76"});
    for (const std::string& name : builtin_names()) {
        CAPTURE(name);
        const Connectivity builtin = builtin_connectome(name), read = read_connectome(folder / name);
        CHECK(builtin.source() == name);
        CHECK(builtin.warnings().empty());
        CHECK(builtin.labels() == read.labels());
        CHECK(same_matrix(builtin.weights(), read.weights()));
        CHECK(same_matrix(builtin.tract_lengths(), read.tract_lengths()));
        CHECK(same_matrix(builtin.parts().centres, read.parts().centres));
    }
}

TEST_CASE("six_node has the weights of the six-node reference, from the column to the row") {
    const Connectivity six = builtin_connectome("six_node");
    CHECK(six.labels() == std::vector<std::string>{"A", "B", "C", "D", "E", "F"});
    CHECK(six.weight(six.index_of("C"), six.index_of("D")) == 0.237);
    CHECK(six.weight(six.index_of("D"), six.index_of("C")) == 0.132656);
    CHECK(six.delays(4.0, 0.1)(0, 1) == 50);
    CHECK(six.delays(1.0, 0.1)(4, 2) == 200);
}

TEST_CASE("ring_3 leads from A over B and C back to A, with delays that double") {
    const Connectivity ring = builtin_connectome("ring_3");
    CHECK(same_matrix(ring.weights(), {{0, 0, 0.25}, {0.5, 0, 0}, {0, 1, 0}}));
    const StepMatrix steps = ring.delays(4.0, 0.1);
    CHECK(steps(1, 0) == 25);
    CHECK(steps(2, 1) == 50);
    CHECK(steps(0, 2) == 100);
}

TEST_CASE("synthetic_76 is what the generator makes of its default options") {
    const Connectivity shipped = builtin_connectome("synthetic_76"), made = synthetic_connectome();
    CHECK(same_matrix(shipped.weights(), made.weights()));
    CHECK(same_matrix(shipped.tract_lengths(), made.tract_lengths()));
    CHECK(same_matrix(shipped.parts().centres, made.parts().centres));
    CHECK(shipped.labels() == made.labels());
    CHECK(shipped.parts().hemispheres == made.parts().hemispheres);
    CHECK(shipped.parts().cortical == made.parts().cortical);
}

TEST_CASE("an unknown builtin connectome is refused with the known ones") {
    CHECK_REFUSED(ConfigurationError,
                  "there is no builtin connectome 'six_nodes' (did you mean 'six_node'?); builtin are ring_3, six_node, synthetic_76",
                  builtin_connectome("six_nodes"));
}
