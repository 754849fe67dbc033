#include <kation/scan/plan.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <support/close.hpp>
#include <support/files.hpp>
#include <support/refused.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace kation;

namespace {

SweptKey range(std::string key, double from, double to, std::size_t steps = 0) {
    return {.key = std::move(key), .from = from, .to = to, .steps = steps};
}
SweptKey logarithmic(std::string key, double from, double to, std::size_t steps = 0) {
    return {.key = std::move(key), .from = from, .to = to, .logarithmic = true, .steps = steps};
}
SweptKey whole(std::string key, double from, double to) { return {.key = std::move(key), .from = from, .to = to, .whole = true}; }

/// All values of one key, as numbers.
std::vector<double> numbers(const Plan& plan, std::size_t key = 0) {
    std::vector<double> numbers;
    for (std::size_t trial = 0; trial < plan.trials(); ++trial) numbers.push_back(number_from(plan.values(trial)[key]).value());
    return numbers;
}

/// Pearson's chi-square of counts against equal ones.
double chi_square(const std::vector<std::size_t>& counts, std::size_t total) {
    const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
    double sum = 0;
    for (const std::size_t count : counts)
        sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) / expected;
    return sum;
}

ScanSettings settings_from(const std::string& scan, const std::string& rest = "") {
    return read_scan(Document::from_text(rest + "[scan]\n" + scan, "plan.toml"));
}

}  // namespace

TEST_CASE("a grid is every combination, the last key changing fastest, computed from the trial's number") {
    const Plan plan = Plan::grid({range("a", 0, 1, 11), {.key = "b", .values = {"5.5", "true", "\"x\""}}, logarithmic("c", 1, 1000, 4)});
    REQUIRE(plan.trials() == 11 * 3 * 4);
    CHECK(plan.values(0) == std::vector<std::string>{"0", "5.5", "1"});
    CHECK(plan.values(1) == std::vector<std::string>{"0", "5.5", "10"});
    CHECK(plan.values(7) == std::vector<std::string>{"0", "true", "1000"});
    CHECK(plan.values(12 * 3 + 11) == std::vector<std::string>{"0.3", "\"x\"", "1000"});
    CHECK(plan.values(131) == std::vector<std::string>{"1", "\"x\"", "1000"});

    const Plan huge = Plan::grid({range("a", 0, 1, 100'000), range("b", 0, 1, 10'000)});
    CHECK(huge.trials() == 1'000'000'000);
    CHECK(huge.values(999'999'999) == std::vector<std::string>{"1", "1"});
    CHECK_REFUSED(ConfigurationError, "more than 1000000000000 trials",
                  Plan::grid({range("a", 0, 1, 1'000'000), range("b", 0, 1, 1'000'000), range("c", 0, 1, 1'000'000'000)}));
}

TEST_CASE("a grid's ends are exact, its steps equal to rounding, and its texts read back as the same numbers") {
    for (const auto& [from, to] : {std::pair(0.1, 0.7), {-3.3, 9.1}, {1e9, 1e9 + 1}, {5.0, 5.0}, {1e-300, 3e-300}, {7.0, -2.0}}) {
        const double low = from, high = to;
        const SweptKey key = range("k", low, high, 38);
        CHECK(number_from(key.value(0)) == low);
        CHECK(number_from(key.value(37)) == high);
        for (std::size_t k = 0; k < 38; ++k) {
            const double value = number_from(key.value(k)).value(), exact = low + (high - low) * static_cast<double>(k) / 37;
            CHECK(shortest(value) == key.value(k));
            CHECK(std::abs(value - exact) <= 1e-15 * std::max(std::abs(low), std::abs(high)));
        }
    }
    CHECK(range("k", 2, 9, 1).value(0) == "2");
    CHECK(range("k", 0, 0.6, 7).value(3) == "0.3");
    CHECK(range("k", 0, 1, 4).value(1) == "0.3333333333333333");  // no rounder number is as near
}

TEST_CASE("a random plan's values are Philox numbers of (seed, key, trial)") {
    // From an implementation of Philox4x32-10 in another language.
    const Plan plan = Plan::random(
        {range("coupling.G", 0, 100), logarithmic("model.parameters.K_bath", 1, 1000), whole("integrator.seed", 1, 1000)}, 4, 42);
    const double G[] = {18.48444349106201, 17.1822473929646, 78.56250949407831, 27.43183481944821};
    const double K_bath[] = {4.1994875307116795, 197.81242058532217, 3.4552887108215473, 827.5167731429227};
    const char* seeds[] = {"535", "884", "844", "19"};
    for (std::size_t trial = 0; trial < 4; ++trial) {
        const auto values = plan.values(trial);
        CHECK(number_from(values[0]) == G[trial]);
        CHECK_CLOSE(number_from(values[1]).value(), K_bath[trial], .rel = 1e-15, .why = "the power function of another library");
        CHECK(values[2] == seeds[trial]);
    }
    CHECK(plan.values(0)[0] == "18.48444349106201");
}

TEST_CASE("what is drawn for a trial depends neither on how many there are nor on what else is swept") {
    const Plan few = Plan::random({range("b", -1, 1)}, 3, 7), many = Plan::random({range("a", 0, 5), range("b", -1, 1)}, 1000, 7);
    for (std::size_t trial = 0; trial < 3; ++trial) CHECK(few.values(trial)[0] == many.values(trial)[1]);
    CHECK(many.values(5)[0] != Plan::random({range("a", 0, 5)}, 1000, 8).values(5)[0]);  // but on the seed
    const Plan enormous = Plan::random({range("a", 0, 5)}, 1'000'000'000'000, 7);
    CHECK(enormous.values(999)[0] == many.values(999)[0]);
    CHECK_REFUSED(ConfigurationError, "above 1000000000000", Plan::random({range("a", 0, 5)}, 1'000'000'000'001, 7));
}

TEST_CASE("random values are uniform: over a range, its logarithm, whole numbers with both ends, and listed values") {
    constexpr std::size_t trials = 20000, bins = 20;
    constexpr double improbable = 43.8;  // chi-square of 19 degrees of freedom is above it once in 1000
    const Plan plan = Plan::random({range("a", -2, 3),
                                    logarithmic("b", 0.01, 100),
                                    whole("c", -5, 14),
                                    {.key = "d", .values = {"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",
                                                            "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"}}},
                                   trials, 1);
    std::vector<std::vector<std::size_t>> counts(4, std::vector<std::size_t>(bins));
    for (std::size_t trial = 0; trial < trials; ++trial) {
        const auto values = plan.values(trial);
        const auto value = [&](std::size_t k) { return number_from(values[k]).value(); };
        const double parts[] = {(value(0) + 2) / 5, (std::log10(value(1)) + 2) / 4, (value(2) + 5.5) / 20, (value(3) + 0.5) / 20};
        for (std::size_t k = 0; k < 4; ++k) {
            REQUIRE(parts[k] >= 0);
            REQUIRE(parts[k] < 1);
            ++counts[k][static_cast<std::size_t>(parts[k] * bins)];
        }
        REQUIRE(value(2) == std::round(value(2)));
        REQUIRE(shortest(value(0)) == values[0]);
    }
    for (const auto& of_key : counts) CHECK(chi_square(of_key, trials) < improbable);
}

TEST_CASE("a Latin hypercube has one trial in each stratum of each key, and the keys' orders have nothing in common") {
    constexpr std::size_t trials = 1000;
    const Plan plan = Plan::latin({range("a", 10, 20), range("b", 10, 20), {.key = "c", .values = {"1", "2", "3", "4"}}}, trials, 3);
    const auto a = numbers(plan, 0), b = numbers(plan, 1), c = numbers(plan, 2);
    for (const auto& values : {a, b}) {
        std::set<std::size_t> strata;
        for (const double value : values) strata.insert(static_cast<std::size_t>((value - 10) / 10 * trials));
        CHECK(strata.size() == trials);
        CHECK(*strata.rbegin() == trials - 1);
    }
    for (const double value : {1, 2, 3, 4}) CHECK(std::ranges::count(c, value) == trials / 4);
    const double correlation = arma::as_scalar(arma::cor(arma::vec(a), arma::vec(b)));
    CHECK(std::abs(correlation) < 0.1);                                                       // three standard deviations of 1 / sqrt(1000)
    CHECK(plan.values(17)[1] == Plan::latin({range("b", 10, 20)}, trials, 3).values(17)[0]);  // nor does one depend on the other

    // From an implementation in another language.
    const Plan small = Plan::latin({range("coupling.G", 0, 100)}, 5, 42);
    const double exact[] = {63.6968886982124, 83.43644947859292, 15.712501898815662, 45.486366963889644, 27.342157073220775};
    for (std::size_t trial = 0; trial < 5; ++trial) CHECK(number_from(small.values(trial)[0]) == exact[trial]);
    CHECK_REFUSED(ConfigurationError, "is above 10000000 for mode = \"latin\"", Plan::latin({range("a", 0, 1)}, 10'000'001, 1));
}

TEST_CASE("every place of a Latin hypercube's trial is equally likely") {
    std::vector<std::size_t> counts(20);
    for (std::uint64_t seed = 0; seed < 4000; ++seed)
        ++counts[static_cast<std::size_t>(number_from(Plan::latin({range("a", 0, 20)}, 20, seed).values(7)[0]).value())];
    CHECK(chi_square(counts, 4000) < 43.8);  // once in 1000
}

TEST_CASE("noise seeds of their own follow from the base seed and the trial, and differ") {
    Plan plan = Plan::grid({range("a", 0, 1, 3000)});
    CHECK_FALSE(plan.noise_seed(0));
    plan.draw_noise_seeds(42);
    CHECK(plan.noise_seed(0) == 2086493222238171U);  // from another language
    CHECK(plan.noise_seed(1) == 109097126272673U);
    CHECK(plan.noise_seed(2) == 1046798465211793U);
    std::set<std::uint64_t> seeds;
    for (std::size_t trial = 0; trial < 3000; ++trial) seeds.insert(plan.noise_seed(trial).value());
    CHECK(seeds.size() == 3000);
    CHECK(*seeds.rbegin() < (std::uint64_t{1} << 52U));
    const Document trial = plan.document(Document::from_text("[integrator]\nseed = 3\n", "base"), 1);
    CHECK(trial.table()["integrator"]["seed"].value<std::int64_t>() == 109097126272673);
}

TEST_CASE("a plan writes its values into any key: of regions, single connections, arrays, seeds") {
    const Document base = Document::from_text("[[stimulus]]\namplitude = 1\n", "base");
    const Plan plan = Plan::list({{.key = "regions.\"lCN.MD\".K_bath", .values = {"15.5"}},
                                  {.key = "connectome.weights.\"rHC\".\"rAMYG\"", .values = {"0.25"}},
                                  {.key = "stimulus[0].amplitude", .values = {"3"}},
                                  {.key = "integrator.seed", .values = {"7"}},
                                  {.key = "model.name", .values = {"\"adex\""}}});
    const Document trial = plan.document(base, 0);
    const toml::table& table = trial.table();
    CHECK(table["regions"]["lCN.MD"]["K_bath"].value<double>() == 15.5);
    CHECK(table["connectome"]["weights"]["rHC"]["rAMYG"].value<double>() == 0.25);
    CHECK((*(*table["stimulus"].as_array())[0].as_table())["amplitude"].value<int>() == 3);
    CHECK(table["integrator"]["seed"].value<int>() == 7);
    CHECK(table["model"]["name"].value<std::string>() == "adex");
}

TEST_CASE("a list of trials is a table with commas whose cells are values of TOML, and bare words texts") {
    const TemporaryFolder folder;
    const auto file = write_file(folder / "trials.csv",
                                 "\xEF\xBB\xBF"
                                 "coupling.G, \"regions.\"\"lCN.MD\"\".K_bath\" ,model.preset,recruitment.zone\r\n"
                                 "48,15.5,fig6,\"[\"\"A\"\", \"\"B\"\"]\"\r\n"
                                 "\r\n"
                                 ".5,1e-05,\"\"\"rest\"\"\",[]\n"
                                 "12345678901234567,+7.,true,\"[\n]\"");
    const auto keys = read_trial_list(file);
    REQUIRE(keys.size() == 4);
    CHECK(keys[0].key == "coupling.G");
    CHECK(keys[0].values == std::vector<std::string>{"48", "0.5", "12345678901234567"});
    CHECK(keys[1].key == "regions.\"lCN.MD\".K_bath");
    CHECK(keys[1].values == std::vector<std::string>{"15.5", "1e-05", "7"});
    CHECK(keys[2].values == std::vector<std::string>{"\"fig6\"", "\"rest\"", "true"});
    CHECK(keys[3].values == std::vector<std::string>{"[\"A\", \"B\"]", "[]", "[\n]"});
    const Document first = Plan::list(keys).document(Document::from_text("", "base"), 0);
    CHECK((*first.table()["recruitment"]["zone"].as_array())[1].value<std::string>() == "B");
    CHECK(first.table()["model"]["preset"].value<std::string>() == "fig6");
}

TEST_CASE("mistakes in a list of trials are told with file, line and column") {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& text, const std::string& says) {
        const auto file = write_file(folder / "trials.csv", text);
        CAPTURE(text);
        CHECK_REFUSED(InputError, says.c_str(), read_trial_list(file));
    };
    refused("", "trials.csv is empty; its first line names the keys");
    refused("\n\n", "trials.csv is empty");
    refused("coupling.G\n", "names keys but has no trial below them");
    refused("a,,b\n1,2,3\n", "trials.csv:1: column 2 has no name");
    refused("a,b,a\n1,2,3\n", "trials.csv:1: column 3 repeats the key 'a'");
    refused("0,100\n1,2\n", "trials.csv:1: column 1 is named '0', a number");
    refused("a,b\n1,2\n\n3\n", "trials.csv:4: has 1 cells, the header has 2");
    refused("a,b\n1,2,3\n", "trials.csv:2: has 3 cells, the header has 2");
    refused("a,b\n1,\n", "trials.csv:2: column 2 (b): the cell is empty");
    refused("a,b\n1,2\n3,\"4\n", "trials.csv:3: the quote that opens cell 2 is not closed");
    refused("a,b\n\"1\"2,3\n", "trials.csv:2: '2' stands behind the closing quote of cell 1");
    refused("a,b\n1,\"[1, 2\"\n", "trials.csv:2: column 2 (b): '[1, 2' is no value of TOML");
    refused("a\n\"\"\"open\"\n", "trials.csv:2: column 1 (a): '\"open' is no value of TOML");
    refused("a\n\"1\nb = 2\"\n", "trials.csv:2: column 1 (a): '1\nb = 2' is more than one value");
    CHECK_REFUSED(InputError, "there is no list of trials", read_trial_list(folder / "none.csv"));
    CHECK_REFUSED(InputError, "there is no list of trials", read_trial_list(folder.path()));
}

TEST_CASE("a scan's table says what it is about, or why it cannot be understood") {
    const ScanSettings latin = settings_from(
        "mode = \"latin\"\nn = 10\nseed = 3\nkeys = { a = { from = 1, to = 9, scale = \"log\" } }\n"
        "keep = \"series\"\nkeep_trials = [0, 9]\nsampling = 2.5\nstop = { quiet = 500 }\n");
    CHECK(latin.plan.trials() == 10);
    CHECK(latin.plan.values(4) == Plan::latin({logarithmic("a", 1, 9)}, 10, 3).values(4));
    CHECK(latin.keep.keeps(9));
    CHECK_FALSE(latin.keep.keeps(8));
    CHECK(latin.measures.sampling == 2.5);
    CHECK(latin.measures.names == std::vector<std::string>{"recruited", "first_onset"});
    CHECK(latin.stop.quiet == 500.0);
    CHECK(settings_from("keep = \"series\"\nkeys = { a = { values = [1, 2] } }\n").keep.keeps(1));
    CHECK(settings_from("same_noise = false\nkeys = { a = { values = [1] } }\n").plan.noise_seed(0) == 2086493222238171U);
    CHECK(settings_from("same_noise = false\nkeys = { a = { values = [1] } }\n", "integrator.seed = 43\n").plan.noise_seed(0) !=
          2086493222238171U);
    const Plan listed = settings_from("keys = { a = { values = [0.1, 1.2345678901234567e-7, 3, \"x\", true, [1, 2]] } }\n").plan;
    CHECK(number_from(listed.values(0)[0]) == 0.1);
    CHECK(number_from(listed.values(1)[0]) == 1.2345678901234567e-7);
    CHECK(listed.values(2)[0] == "3");
    CHECK(listed.values(3)[0] == "'x'");
    CHECK(listed.values(4)[0] == "true");
    CHECK(listed.document(Document::from_text("", "base"), 5).table()["a"].as_array()->size() == 2);

    const auto refused = [&](const std::string& scan, const std::string& says) {
        CAPTURE(scan);
        CHECK_REFUSED(ConfigurationError, says.c_str(), settings_from(scan));
    };
    const std::string a = "keys = { a = { from = 0, to = 1 } }\n";
    refused("mode = \"Latin\"\n" + a, "plan.toml:2: scan.mode = \"Latin\" is not known (did you mean 'latin'?)");
    refused("mode = \"random\"\n" + a, "needs n = ..., the number of trials");
    refused("mode = \"random\"\nn = 0\n" + a, "plan.toml:3: scan.n = 0 is below 1");
    refused("mode = \"random\"\nn = 3\nseed = -1\n" + a, "scan.seed = -1 is below 0");
    refused("mode = \"random\"\nn = 3\nfile = \"x\"\n" + a, "scan.file is for mode = \"list\", not \"random\"");
    refused("n = 3\n" + a, "scan.n is for mode = \"random\" and \"latin\", not \"grid\"");
    refused("mode = \"list\"\n" + a, "needs file = \"trials.csv\"");
    refused("mode = \"list\"\nfile = \"x.csv\"\n" + a, "scan.keys are for the other modes");
    refused("mode = \"random\"\nn = 3\nkeys = { a = { from = 0, to = 1, steps = 3 } }\n", "steps are for mode = \"grid\"");
    refused("mode = \"random\"\nn = 3\nkeys = { a = { from = 2, to = 1 } }\n", "from = 2 is above to = 1");
    refused("mode = \"random\"\nn = 3\nkeys = { a = { from = 0.5, to = 1, whole = true } }\n", "whole = true needs whole numbers");
    refused("keys = { a = { from = 0, to = 1, whole = true } }\n", "whole is for mode = \"random\" and \"latin\"");
    refused("keys = { a = { from = 0, to = 1, scale = \"log\" } }\n", "scale = \"log\" needs a range above 0, not 0 to 1");
    refused("keys = { a = { from = 1, to = 2, scale = \"lgo\" } }\n", "scale = \"lgo\" is not known (did you mean 'log'?)");
    refused("keys = { \"scan.n\" = { values = [1] } }\n", "sweeps 'scan.n', which is about the scan itself");
    refused("same_noise = false\nkeys = { \"integrator.seed\" = { values = [1] } }\n", "but integrator.seed is swept");
    refused("keep = \"sreies\"\n" + a, "(did you mean 'series'?)");
    refused("keep_trials = [1]\n" + a, "keep_trials needs keep = \"series\"");
    refused("keep = \"series\"\nkeep_trials = [11]\n" + a, "holds 11; trials are numbered from 0 to 10");
    refused("keep = \"series\"\nkeep_trials = [0.5]\n" + a, "holds 0.5");
    refused("keep = \"series\"\nkeep_trials = []\n" + a, "is an empty list");
    refused("sampling = 0\n" + a, "scan.sampling = 0 ms is not above 0");
    refused("stop = { quite = 500 }\n" + a, "scan.stop.quite is not a known key here (did you mean 'quiet'?)");
    refused("stop = {}\n" + a, "scan.stop has no rule");
    refused("stop = { recruited = 0 }\n" + a, "scan.stop.recruited = 0 is below 1");
    refused("stop = { quiet = -1 }\n" + a, "scan.stop.quiet = -1 ms is not above 0");
    refused("stop = { quiet = 1, every = 0 }\n" + a, "scan.stop.every = 0 ms is not above 0");
    refused("stop = { quiet = 1, after = -1 }\n" + a, "scan.stop.after = -1 ms is below 0");
    refused("stop = { quiet = 1, control = \"half\" }\n" + a, "scan.stop.control = \"half\" is not known");
}
