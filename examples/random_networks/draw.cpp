// Draws the ten six-node networks: weights uniform on (0, 1) between different regions, by the Mersenne twister with seeds 1 to 10.
//
//   build/release/examples/draw_networks examples/random_networks/draws
#include <kation/connectome/write.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <armadillo>
#include <cstdio>
#include <random>

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: draw_networks FOLDER\n");
        return 2;
    }
    constexpr arma::uword regions = 6;
    try {
        for (unsigned seed = 1; seed <= 10; ++seed) {
            std::mt19937_64 bits(seed);
            std::uniform_real_distribution<double> uniform(0.0, 1.0);
            arma::mat weights(regions, regions, arma::fill::zeros);
            for (arma::uword to = 0; to < regions; ++to)
                for (arma::uword from = 0; from < regions; ++from)
                    if (to != from) weights(to, from) = uniform(bits);
            kation::ConnectomeParts network;
            network.weights = weights;
            network.labels = {"A", "B", "C", "D", "E", "F"};
            kation::write_connectome(kation::Connectivity(network), fmt::format("{}/draw_{}.csv", arguments[1], seed));
        }
    } catch (const kation::Error& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return static_cast<int>(problem.code());
    }
}
