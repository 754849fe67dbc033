#include <kation/connectome/connectivity.hpp>

#include <cstdio>
#include <stdexcept>

/// A chain A -> B -> C with one way back, written as a stranger would: the wrong axis order shows at once.
int main() {
    try {
        kation::ConnectomeParts parts;
        parts.labels = {"A", "B", "C"};
        parts.weights = {{0, 0, 3}, {1, 0, 0}, {0, 2, 0}};  // row: to, column: from
        parts.tract_lengths = {{0, 0, 30}, {10, 0, 0}, {0, 20, 0}};
        const kation::Connectivity connectome(parts);

        const auto a = connectome.index_of("A"), b = connectome.index_of("B"), c = connectome.index_of("C");
        const bool right = connectome.weight(b, a) == 1 && connectome.weight(a, b) == 0 && connectome.weight(c, b) == 2 &&
                           connectome.weight(a, c) == 3 && connectome.length(c, b) == 20 && connectome.delays(4.0, 0.5)(a, c) == 15;
        std::puts(right ? "the connectome is what it was made of" : "the connectome is not what it was made of");
        return right ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
