// What holds for every registered model: its tables, presets and Jacobian.
#include <kation/network/network.hpp>
#include <kation/support/error.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>

#include <cctype>
#include <cmath>
#include <set>

using namespace kation;

TEST_CASE("the library has the models that it promises, each under one name") {
    std::set<std::string_view> names;
    for (const Entry* entry : all_models()) CHECK(names.insert(entry->info.name).second);
    for (const char* name :
         {"epileptor", "epileptor_2d", "ion_exchange", "izhikevich", "izhikevich_rs_fs", "montbrio_pazo_roxin", "montbrio_pazo_roxin_ei"})
        CHECK(names.contains(name));
    CHECK_REFUSED(ConfigurationError, "no model 'ion_exchang' (did you mean 'ion_exchange'?)", model("ion_exchang"));
    CHECK_REFUSED(ConfigurationError, "no model 'xyz'; known: ", model("xyz"));
}

TEST_CASE("every model says what it is and where it comes from") {
    for (const Entry* entry : all_models()) {
        CAPTURE(std::string(entry->info.name));
        CHECK(!entry->info.title.empty());
        CHECK(!entry->info.equations.empty());
        CHECK(entry->info.source.find("doi:") != std::string_view::npos);
        CHECK(!entry->state.empty());
        CHECK(!entry->outputs.empty());
        CHECK(entry->inputs.size() == entry->outputs.size() + 1);
        CHECK(entry->event.rearm < entry->event.threshold);
        CHECK(!entry->presets.empty());
    }
}

TEST_CASE("every field has a name of its own, a unit, a word of explanation and a default inside its ranges") {
    for (const Entry* entry : all_models()) {
        CAPTURE(std::string(entry->info.name));
        std::set<std::string_view> names;
        for (const auto fields : {entry->state, entry->parameters, entry->options, entry->observed})
            for (const Field& field : fields) {
                CAPTURE(std::string(field.name.view()));
                CHECK(names.insert(field.name.view()).second);
                CHECK(!field.unit.view().empty());
                CHECK(!field.doc.view().empty());
                CHECK(field.valid.contains(field.value));
                CHECK(field.explore.low <= field.explore.high);
                // Advice must not lead to errors.
                if (std::isfinite(field.explore.low) && field.explore.low != field.valid.low)
                    CHECK(field.valid.contains(field.explore.low));
                if (std::isfinite(field.explore.high) && field.explore.high != field.valid.high)
                    CHECK(field.valid.contains(field.explore.high));
                // Names are what users type in files and on the command line.
                CHECK(std::ranges::all_of(field.name.view(), [](unsigned char c) { return std::isalnum(c) || c == '_'; }));
            }
    }
}

TEST_CASE("every preset is a valid network and has a name of its own") {
    for (const Entry* entry : all_models()) {
        std::set<std::string_view> names;
        for (const PresetValues& preset : entry->presets) {
            CAPTURE(std::string(preset.name));
            CHECK(names.insert(preset.name).second);
            CHECK(!preset.regime.empty());
            Network(unconnected(2), *entry, preset.name).check();
        }
        CHECK_REFUSED(ConfigurationError, "no preset 'nothing of the kind'", Network(unconnected(1), *entry, "nothing of the kind"));
    }
}

TEST_CASE("every parameter refuses what lies outside its valid range, and NaN and infinity") {
    for (const Entry* entry : all_models()) {
        Network network(unconnected(1), *entry);
        for (const Field& field : entry->parameters) {
            CAPTURE(std::string(field.name.view()));
            for (const double value : {std::nan(""), inf, -inf})
                CHECK_THROWS_AS(network.set_parameter(field.name.view(), value), ConfigurationError);
            if (std::isfinite(field.valid.low))
                CHECK_THROWS_AS(network.set_parameter(field.name.view(), std::nextafter(field.valid.low, -inf)), ConfigurationError);
            if (std::isfinite(field.valid.high))
                CHECK_THROWS_AS(network.set_parameter(field.name.view(), std::nextafter(field.valid.high, inf)), ConfigurationError);
            CHECK(network.parameter(0, field.name.view()) == entry->presets.front().parameters[entry->parameter_index(field.name.view())]);
        }
    }
}

TEST_CASE("rates are finite wherever state and parameters are valid") {
    // Where a range has no end, as far out as so many times the range in which the quantity is interesting.
    const auto anywhere = [](const Field& field, double times, Uniform& uniform) {
        const double size = times * natural_size(field), middle = std::isfinite(field.explore.low) ? field.explore.low : field.value;
        const double low = std::max(field.valid.low, middle - size), high = std::min(field.valid.high, middle + size);
        return low + (high - low) * uniform(0.001, 0.999);
    };
    for (const Entry* entry : all_models()) {
        CAPTURE(std::string(entry->info.name));
        Uniform uniform(29);
        std::vector<double> options;
        for (const Field& option : entry->options) options.push_back(option.value);
        const std::vector<double> silence(entry->inputs.size(), 0.0);
        int tried = 0;
        for (int trial = 0; trial < 2000; ++trial) {
            std::vector<double> x, p;
            for (const Field& field : entry->state) x.push_back(anywhere(field, trial % 4 < 2 ? 10.0 : 1.0, uniform));
            for (const Field& field : entry->parameters)
                p.push_back(trial % 2 == 0 || !field.explore.bounded() ? field.value : uniform(field.explore.low, field.explore.high));
            if (!entry->review(p).refusals.empty()) continue;
            const auto observed = entry->observe(x, p);
            bool inside = true;
            for (std::size_t k = 0; k < observed.size(); ++k) inside = inside && entry->observed[k].valid.contains(observed[k]);
            if (!inside) continue;
            ++tried;
            for (const double rate : entry->derivative(x, p, silence, options)) CHECK(std::isfinite(rate));
        }
        MESSAGE(std::string(entry->info.name) << ": " << tried << " points");
        CHECK((tried > 20 || entry->state.size() > 20));  // hardly any random point is a state of 64 moments
    }
}

TEST_CASE("the Jacobian that dual numbers give equals central differences") {
    for (const Entry* entry : all_models()) {
        CAPTURE(std::string(entry->info.name));
        Uniform uniform(23);
        std::vector<double> options;
        for (const Field& option : entry->options) options.push_back(option.value);
        for (const PresetValues& preset : entry->presets)
            for (int trial = 0; trial < 5; ++trial) {
                std::vector<double> x = preset.state, input;
                // Away from 0, where what must not be negative has a kink.
                for (std::size_t k = 0; k < x.size(); ++k)
                    x[k] = x[k] * uniform(0.9, 1.1) + uniform(0.001, 0.002) * natural_size(entry->state[k]);
                for (const Field& heard : entry->inputs) input.push_back(uniform(-0.1, 0.1) * natural_size(heard));
                const arma::mat exact = entry->jacobian(x, preset.parameters, input, options);
                for (arma::uword k = 0; k < x.size(); ++k) {
                    const double step = 1e-6 * natural_size(entry->state[k]);
                    auto above = x, below = x;
                    above[k] += step, below[k] -= step;
                    const arma::vec difference = (arma::vec(entry->derivative(above, preset.parameters, input, options)) -
                                                  arma::vec(entry->derivative(below, preset.parameters, input, options))) /
                                                 (2 * step);
                    const arma::vec rate(entry->derivative(x, preset.parameters, input, options));
                    for (arma::uword row = 0; row < x.size(); ++row) {
                        CAPTURE(row);
                        CAPTURE(k);
                        const double size = natural_size(entry->state[row]);
                        CHECK_CLOSE(difference(row), exact(row, k),
                                    .abs = 1e-8 * (size + std::abs(rate(row))) / natural_size(entry->state[k]), .rel = 1e-6,
                                    .why = "rounding of the rates over a step of 1e-6, and the third derivative");
                    }
                }
            }
    }
}
