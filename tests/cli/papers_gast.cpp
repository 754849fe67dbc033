// The figures of examples/papers/Gast_2022, against tables of independent code.
#include <support/papers.hpp>

using namespace kation;

namespace {

ReferenceTable reference(const std::string& file) { return ReferenceTable(KATION_SOURCE_DIR "/tests/reference/izhikevich/" + file); }

}  // namespace

TEST_CASE("Gast 2022, Fig. 1B, C: runs end in one of two states between the folds, and on cycles between the Hopf points") {
    const Workplace place;
    const ReferenceTable table = trials_of(place, "Gast_2022/fig1_ends.toml");
    CHECK(table.rows().size() == 56);
    for (const auto& row : table.rows()) {
        const double I = number(row, "model.parameters.I"), low = number(row, "s.min[C]"), high = number(row, "s.max[C]");
        CAPTURE(I);
        // models.md section 3
        CHECK((number(row, "s.mean[B]") - number(row, "s.mean[A]") > 0.1) == (I > 23.621307 && I < 40.670626));
        CHECK((high - low > 0.01) == (I > 49.980697 && I < 61.141274));
        if (I != 55.0) continue;
        CHECK_CLOSE(low, 0.260494, .abs = 2e-6, .why = "given with 6 decimals, sampled every 0.1 ms");
        CHECK_CLOSE(high, 1.670723, .abs = 2e-6, .why = "given with 6 decimals, sampled every 0.1 ms");
    }
}

TEST_CASE("Gast 2022, Fig. 1D, E: ramps of current follow the exact solution, and cycles come on the way up") {
    const Workplace place;
    static_cast<void>(report_of(place, "Gast_2022/fig1.toml"));
    const ResultFile result(place / "fig1.h5");
    const ReferenceTable table = reference("gast_ramp_k10.csv");
    for (const auto& [variable, column] : {std::pair{"r", "r_per_ms"}, {"v", "v"}, {"u", "u"}, {"s", "s"}}) {
        const Record record(result, "subsample", variable);
        for (const auto& row : table.rows()) {
            CAPTURE(number(row, "t_ms"));
            CHECK_CLOSE(record.at(0, number(row, "t_ms")), number(row, column), .abs = 1e-12, .rel = 1e-8,
                        .why = "RK4 at 0.02 ms errs by 1e-9 where the state jumps up");
        }
    }

    // Cycles need time to grow from what the passage through the Hopf point left of them: on the way down there is too little.
    const Record s(result, "subsample", "s");
    const std::vector<double> cycles = s.rises(1, 1.0, 0.8, 0.0);
    REQUIRE(cycles.size() >= 6);
    CHECK(cycles.front() > 1000 * (49.980697 - 20) / 5);  // [ms]: when I is at the Hopf point
    CHECK(cycles.back() < 1000 * (61.141274 - 20) / 5 + 1000);
    CHECK(s.rises(1, 1.0, 0.8, 10000.0).empty());
}

#ifdef KATION_PAPERS
TEST_CASE("Gast 2022, Fig. 1B, C: stability on the curve changes at the folds and Hopf points of the table") {
    const Workplace place;
    const ReferenceTable bifurcations = reference("gast_bifurcations.csv");
    for (const std::string kappa : {"10", "100"}) {
        CAPTURE(kappa);
        const ReferenceTable table = table_of(place, "gast_2022_diagrams fixed_points " + kappa);
        std::vector<double> changes;  // [pA]
        for (std::size_t k = 1; k < table.rows().size(); ++k) {
            const auto &before = table.rows()[k - 1], &row = table.rows()[k];
            CHECK(number(row, "residual") < 1e-13);
            if (row.at("stable") != before.at("stable")) changes.push_back(0.5 * (number(row, "I") + number(before, "I")));
        }
        std::vector<double> exact;
        for (const auto& row : bifurcations.rows())
            if (row.at("Delta_v") == "1" && row.at("kappa") == kappa) exact.push_back(number(row, "I"));
        REQUIRE(exact.size() == 2);
        REQUIRE(changes.size() == 2);
        for (std::size_t k = 0; k < 2; ++k)
            CHECK_CLOSE(changes[k], exact[k], .abs = kappa == "10" ? 1e-3 : 0.06,
                        .why = "points 0.01 mV apart: I is flat at folds, and rises by 0.1 pA from point to point at Hopf points");
    }
}

TEST_CASE("Gast 2022, Fig. 3G, H: the circuit follows the exact solution through two steps, and finite spikes bring oscillations earlier") {
    const Workplace place;
    const ReferenceTable steps = table_of(place, "gast_2022_diagrams steps"), table = reference("gast_ei_traj_unc.csv");
    REQUIRE(steps.rows().size() == 3001);
    std::size_t k = 0;
    for (const auto& row : table.rows()) {
        CAPTURE(number(row, "t_ms"));
        for (; number(steps.rows()[k], "time_ms") < number(row, "t_ms");) ++k;
        for (const std::string population : {"rs", "fs"})
            CHECK_CLOSE(number(steps.rows()[k], population + "_uncorrected"), number(row, "r_" + population), .abs = 1e-11, .rel = 1e-7,
                        .why = "RK4 at 0.01 ms, in oscillations that shift its errors in time");
    }
    // At 30 pA, after 400 ms: at rest with spikes of 2 V, where they change the correction little, not at rest with those of 150 mV.
    for (const auto& [column, oscillates] : {std::pair{"fs_uncorrected", false}, {"fs_1000", false}, {"fs_50", true}}) {
        double low = 1, high = 0;
        for (k = 1800; k <= 2000; ++k) {
            low = std::min(low, number(steps.rows()[k], column));
            high = std::max(high, number(steps.rows()[k], column));
        }
        CHECK((high - low > 0.01) == oscillates);
        CHECK((high - low < 1e-5) != oscillates);
    }
}
#endif
