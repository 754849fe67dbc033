// The figures of examples/papers/Ageeva_2025: each configuration and program runs, and ends in numbers that others gave.
#include <kation/io/result.hpp>
#include <support/close.hpp>
#include <support/program.hpp>
#include <support/reference_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <regex>

using namespace kation;

namespace {

std::string ageeva(const std::string& name) { return KATION_SOURCE_DIR "/examples/papers/Ageeva_2025/" + name; }

double of(const ReferenceTable::Row& row, const std::string& column) { return ReferenceTable::number(row, column); }

/// `kation run` or `kation scan` with settings, which must succeed.
void works(const Workplace& place, const Arguments& what, const Arguments& settings) {
    Arguments arguments = what;
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
}

/// The trials of a scan with these settings. Of the set of parameters that names a trial only K is kept, as column model.parameters.
ReferenceTable trials(const Workplace& place, const std::string& configuration, const Arguments& settings) {
    works(place, {"scan", ageeva(configuration), "-o", "trials", "--quiet"}, settings);
    const std::regex set("\"\\{ K = ([0-9]+),[^\"]*\"");
    return ReferenceTable(place.write("trials.csv", std::regex_replace(read_file(place / "trials/trials.csv"), set, "$1")));
}

const std::string one_cumulant = "model.options.ott_antonsen=true", chain = "model.name=shot_noise_qif_chain",
                  at_100 = "scan.keys.\"model.parameters\".values=[{ K = 100, tau_m = 3.1622776602 }]";

/// Steady rates at K 100: models.md, section 5, for q 0.01, 0.03 and 0.06.
void check_rates_at_100(const Arguments& settings, const std::array<double, 3>& rates) {
    const Workplace place;
    Arguments all{at_100};
    all.insert(all.end(), settings.begin(), settings.end());
    const ReferenceTable table = trials(place, "fig2.toml", all);
    REQUIRE(table.rows().size() == 1);
    const std::string names[] = {"q 0.01", "q 0.03", "q 0.06"};
    for (std::size_t k = 0; k < 3; ++k) {
        CAPTURE(names[k]);
        for (const std::string measure : {"nu.min", "nu.max"})
            CHECK_CLOSE(
                of(table.rows()[0], fmt::format("{}[{}]", measure, names[k])), rates[k], .abs = 3e-8,
                .why = "half of the last digit given; what is left of the start is 2e-8 at q 0.06, where it decays as exp(-0.025 t)");
    }
}

}  // namespace

TEST_CASE("Ageeva 2025, Fig. 2: runs of one and two cumulants end in the steady rates") {
    check_rates_at_100({}, {0.01356585, 0.03287767, 0.06034346});
    check_rates_at_100({one_cumulant}, {0.01761104, 0.03482071, 0.06033271});
}

TEST_CASE("[long] Ageeva 2025, Fig. 2: runs of the whole chain end in the steady rates") {
    check_rates_at_100({chain}, {0.01303527, 0.03300954, 0.06043419});
}

TEST_CASE("Ageeva 2025, Fig. 4: driven rates follow the reference, from evenly spread phases") {
    const ReferenceTable table(KATION_SOURCE_DIR "/tests/reference/shot_noise/ag_driven.csv");
    struct Run {
        std::string column;
        Arguments settings;
        double within;
    };
    for (const Run& run : {Run{"nut_2cc", {}, 5e-7},
                           {"nut_oa", {one_cumulant}, 5e-7},
                           {"nut_chain", {chain, "model.initial_file=" + ageeva("uniform.csv")}, 5e-7}}) {
        const Workplace place;
        Arguments settings{"output.csv=false"};
        settings.insert(settings.end(), run.settings.begin(), run.settings.end());
        works(place, {"run", ageeva("fig4.toml"), "--quiet"}, settings);
        const ResultFile result(place / "fig4.h5");
        const arma::vec time = result.time("subsample");
        const arma::mat nut = result.samples("subsample", "nut", 0, time.n_elem);
        int compared = 0;
        for (const auto& row : table.rows()) {
            const std::string label = "q " + row.at("q") + " w " + row.at("w");
            const auto region = static_cast<arma::uword>(std::ranges::find(result.labels(), label) - result.labels().begin());
            const arma::uword sample = arma::index_min(arma::abs(time - of(row, "tau")));
            CAPTURE(run.column);
            CAPTURE(label);
            CAPTURE(time(sample));
            REQUIRE(region < nut.n_rows);
            CHECK_CLOSE(nut(region, sample), of(row, run.column), .abs = run.within,
                        .why = "RK4 at 0.005 ms errs by 3.5e-7, and tau_m is given to 1e-10");
            ++compared;
        }
        CHECK(compared == 3 * 41 + 21);  // 0 to 20 in steps of 0.5; at q 0.8, w 2 only to 10
    }
}

#ifdef KATION_PAPERS
TEST_CASE("Ageeva 2025, Figs. 2 and 5: steady rates, and the Hopf points between stable and unstable") {
    const Workplace place;
    const std::string file = (place / "steady.csv").string();
    const auto steady = [&](double q, double K) {
        REQUIRE(std::system(fmt::format("{}/ageeva_2025_steady {} {} > '{}'", KATION_PAPERS, q, K, file).c_str()) == 0);
        const ReferenceTable table(file);
        REQUIRE(table.rows().size() == 3);
        for (const auto& row : table.rows()) CHECK(of(row, "residual") < 1e-12);
        return table.rows();
    };
    // models.md, section 5; the chain, two cumulants, one.
    const auto at_200 = steady(0.4, 200.0);
    const double rates[] = {0.32631029, 0.32623629, 0.32615070};
    for (std::size_t k = 0; k < 3; ++k) CHECK_CLOSE(of(at_200[k], "nu"), rates[k], .abs = 1e-8, .why = "the last digit given");
    CHECK(of(steady(0.4, 205.2)[1], "growth") < 0);
    CHECK(of(steady(0.4, 205.3)[1], "growth") > 0);
    CHECK(of(steady(0.4, 468.6)[0], "growth") < 0);
    CHECK(of(steady(0.4, 468.7)[0], "growth") > 0);
}
#endif
