#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/io/configuration.hpp>
#include <kation/io/past_file.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace kation {
namespace {

/// Adds the place to what a part of the library says about a value.
template <class Action>
auto at(const std::string& place, const Action& action) {
    try {
        return action();
    } catch (const ConfigurationError& problem) {
        throw ConfigurationError(fmt::format("{}: {}", place, problem.what()));
    }
}

/// One of several words; an error with the nearest otherwise.
template <class Value>
Value choice(Section& section, std::string_view key, std::string_view otherwise,
             const std::vector<std::pair<std::string, Value>>& choices) {
    const std::string word = section.text(key, otherwise);
    std::vector<std::string> known;
    for (const auto& [name, value] : choices) {
        if (name == word) return value;
        known.push_back(name);
    }
    section.fail(key, fmt::format("= \"{}\" is not known{}", word, suggestion(word, known)));
}

/// What a configuration of a region may hold: a key and where it was said.
struct Setting {
    const toml::node* node;
    std::string place;
};
using Settings = std::map<std::string, Setting>;

std::vector<std::size_t> chosen_regions(Section& section, const Connectivity& brain) {
    const auto labels = section.texts("labels");
    const auto pattern = section.text("pattern");
    if (labels.empty() == !pattern) section.fail("", "needs either labels = [...] or pattern = \"...\"");
    if (pattern) return at(section.place("pattern"), [&] { return brain.matching(*pattern); });
    std::vector<std::size_t> regions;
    for (const std::string& label : labels) regions.push_back(at(section.place("labels"), [&] { return brain.index_of(label); }));
    return regions;
}

class Reader {
  public:
    Reader(const Document& document, const Catalogue& catalogue)
        : document_(&document), catalogue_(&catalogue), root_(document.table(), used_, "") {}

    RunConfiguration read();

  private:
    [[nodiscard]] std::filesystem::path found(const std::string& file) const {
        const std::filesystem::path path(file);
        return path.is_absolute() ? path : document_->folder() / path;
    }

    Connectivity read_brain();
    Connectivity edited(Connectivity brain, Section& section);
    void read_coupling();
    void read_integrator();
    RegionModel read_model();
    void read_initial(Section& model, Network& network);
    void read_regions(Network& network);
    void read_region(Network& network, std::size_t region, const Settings& settings);
    void read_noise();
    void read_stimuli(const Connectivity& brain);
    void read_monitors();
    void read_recruitment(const Network& network, const RegionModel& everywhere, RunConfiguration& run);
    void read_output(RunConfiguration& run);
    Network control_of(const Network& network, const RegionModel& everywhere, const std::vector<bool>& zone) const;

    const Document* document_;
    const Catalogue* catalogue_;
    toml::table used_;
    Section root_;
    SimulatorSettings settings_;
    double duration_ = 0;
    std::vector<std::pair<std::string, double>> options_;
};

Connectivity Reader::read_brain() {
    Section section = root_.section("connectome");
    const auto file = section.text("file");
    const auto builtin = section.text("builtin");
    if (file.has_value() == builtin.has_value())
        section.fail("", "needs either file = \"...\" (a zip of The Virtual Brain, a folder, .h5, .csv) or builtin = \"...\"");
    ReadOptions options;
    if (const auto lengths = section.text("tract_lengths")) options.tract_lengths = found(*lengths);
    if (const auto labels = section.text("labels")) options.labels = found(*labels);
    Connectivity brain =
        file ? read_connectome(found(*file), options) : at(section.place("builtin"), [&] { return builtin_connectome(*builtin); });

    if (!section.truth("self_connections", true)) brain = brain.without_self_connections();
    const std::string normalise = section.text("normalise", "none");
    brain = brain.normalised(at(section.place("normalise"), [&] { return normalisation_from(normalise); }));
    brain = edited(std::move(brain), section);

    settings_.delay = section.number("delay");
    if (settings_.delay && section.has("speed")) section.fail("delay", "and speed exclude each other");
    if (settings_.delay && !(*settings_.delay >= 0)) section.fail("delay", fmt::format("= {} ms is below 0", shortest(*settings_.delay)));
    if (!settings_.delay) {
        settings_.speed = section.number("speed", settings_.speed);
        if (!(settings_.speed > 0))
            section.fail("speed", fmt::format("= {} mm/ms is not above 0 (\"inf\" for no delays)", shortest(settings_.speed)));
    }
    section.finish();
    return brain;
}

/// Single connections: weights."to"."from" = number, lengths alike.
Connectivity Reader::edited(Connectivity brain, Section& section) {
    for (const std::string_view kind : {"weights", "lengths"}) {
        if (!section.has(kind)) {
            section.leave(kind);
            continue;
        }
        Section rows = section.section(kind);
        for (const std::string& to : rows.keys()) {
            const std::size_t target = at(rows.place(to), [&] { return brain.index_of(to); });
            Section row = rows.section(to);
            for (const std::string& from : row.keys()) {
                const std::size_t source = at(row.place(from), [&] { return brain.index_of(from); });
                const double value = row.number(from, 0.0);
                brain = at(row.place(from), [&] {
                    return kind == "weights" ? brain.with_weight(target, source, value) : brain.with_length(target, source, value);
                });
            }
        }
    }
    return brain;
}

void Reader::read_coupling() {
    Section section = root_.section("coupling");
    using Kind = Coupling::Kind;
    Coupling& c = settings_.coupling;
    c.kind = choice<Kind>(section, "kind", "linear",
                          {{"linear", Kind::linear}, {"difference", Kind::difference}, {"sigmoidal", Kind::sigmoidal}});
    c.G = section.number("G", c.G);
    if (!std::isfinite(c.G)) section.fail("G", fmt::format("= {} is not a finite number", shortest(c.G)));
    if (c.kind == Kind::sigmoidal) {
        c.cmin = section.number("cmin", c.cmin);
        c.cmax = section.number("cmax", c.cmax);
        c.midpoint = section.number("midpoint", c.midpoint);
        c.a = section.number("a", c.a);
        c.sigma = section.number("sigma", c.sigma);
    }
    section.finish();
}

void Reader::read_integrator() {
    Section section = root_.section("integrator");
    Integrator& integrator = settings_.integrator;
    integrator.method = choice<Method>(section, "method", "rk4", {{"euler", Method::euler}, {"heun", Method::heun}, {"rk4", Method::rk4}});
    integrator.dt = section.number("dt", integrator.dt);
    if (!(integrator.dt > 0) || !std::isfinite(integrator.dt))
        section.fail("dt", fmt::format("= {} ms is not above 0", shortest(integrator.dt)));
    const auto duration = section.number("duration");
    if (!duration) section.fail("", "needs duration = ... [ms]");
    if (!(*duration > 0) || !std::isfinite(*duration)) section.fail("duration", fmt::format("= {} ms is not above 0", shortest(*duration)));
    duration_ = *duration;
    at(section.place("duration"), [&] { return whole_steps("duration", duration_, integrator.dt); });
    integrator.bounds = choice<Bounds>(section, "bounds", "error", {{"error", Bounds::error}, {"clip", Bounds::clip}});
    if (section.has("limits")) {
        if (integrator.bounds != Bounds::clip) section.fail("limits", "are for bounds = \"clip\" only");
        Section limits = section.section("limits");
        for (const std::string& variable : limits.keys()) {
            const auto ends = limits.numbers(variable);
            if (ends.size() != 2) limits.fail(variable, "is not [low, high]");
            integrator.limits.push_back({variable, ends[0], ends[1]});
        }
    } else {
        section.leave("limits");
    }
    const std::int64_t seed = section.integer("seed", 42);
    if (seed < 0) section.fail("seed", fmt::format("= {} is below 0", seed));
    integrator.seed = static_cast<std::uint64_t>(seed);
    section.finish();
}

RegionModel Reader::read_model() {
    Section section = root_.section("model");
    const auto name = section.text("name");
    if (!name) section.fail("", "needs name = \"...\"; kation models lists them");
    const Entry& entry = *at(section.place("name"), [&] { return &catalogue_->find(*name); });
    const std::string preset = section.text("preset", entry.presets.front().name);
    RegionModel model = at(section.place("preset"), [&] { return RegionModel(entry, preset); });
    Section parameters = section.section("parameters");
    for (const std::string& key : parameters.keys()) {
        const std::size_t index = at(parameters.place(key), [&] { return entry.parameter_index(key); });
        const double value = parameters.number(key, 0.0);
        if (!entry.parameters[index].valid.contains(value))
            parameters.fail(key, fmt::format("= {} {} is outside {}", shortest(value), entry.parameters[index].unit.view(),
                                             text_of(entry.parameters[index].valid)));
        model.parameters[index] = value;
    }
    Section initial = section.section("initial");
    for (const std::string& key : initial.keys()) {
        const std::size_t index = at(initial.place(key), [&] { return entry.state_index(key); });
        const double value = initial.number(key, 0.0);
        if (!entry.state[index].valid.contains(value))
            initial.fail(key, fmt::format("= {} {} is outside {}", shortest(value), entry.state[index].unit.view(),
                                          text_of(entry.state[index].valid)));
        model.initial[index] = value;
    }
    Section options = section.section("options");
    for (const std::string& key : options.keys()) {
        at(options.place(key), [&] { return entry.option_index(key); });
        options_.emplace_back(key, options.truth(key, true) ? 1.0 : 0.0);
    }
    section.leave("initial_file");
    section.leave("past_file");
    section.finish();
    return model;
}

void Reader::read_initial(Section& model, Network& network) {
    if (const auto file = model.text("initial_file")) read_initial_file(found(*file), network);
    if (const auto file = model.text("past_file")) settings_.past = read_past_file(found(*file), network, settings_.integrator.dt);
}

void Reader::read_region(Network& network, std::size_t region, const Settings& settings) {
    const auto word = [&](const char* key) -> std::optional<std::string> {
        const auto found = settings.find(key);
        if (found == settings.end()) return std::nullopt;
        const auto text = found->second.node->value_exact<std::string>();
        if (!text) throw ConfigurationError(fmt::format("{} is not a text in quotes", found->second.place));
        return text;
    };
    if (const auto name = word("model"), preset = word("preset"); name || preset) {
        const std::string& place = settings.at(name ? "model" : "preset").place;
        at(place, [&] {
            const Entry& entry = name ? catalogue_->find(*name) : *network.region(region).model;
            network.set_model(region, RegionModel(entry, preset.value_or("")));
        });
    }
    for (const auto& [key, setting] : settings) {
        if (key == "model" || key == "preset") continue;
        const auto number = setting.node->value<double>();
        if (!number || setting.node->is_boolean()) throw ConfigurationError(fmt::format("{} is not a number", setting.place));
        at(setting.place, [&] {
            if (key.starts_with("initial."))
                network.set_initial(region, key.substr(8), *number);
            else
                network.set_parameter(region, key, *number);
        });
    }
}

void Reader::read_regions(Network& network) {
    // Of each region: what groups say, then what its own entry says, which wins.
    std::vector<Settings> settings(network.regions()), own(network.regions());
    const auto collect = [](Section& section, Settings& into, bool exclusive, const std::string& label) {
        for (const std::string& key : section.keys()) {
            if (key == "labels" || key == "pattern") continue;
            const auto add = [&](const std::string& name, const toml::node* node, const std::string& place) {
                if (exclusive && into.contains(name))
                    throw ConfigurationError(
                        fmt::format("{} for region {} was set already at {}; an entry [regions.\"{}\"] would settle it", place, label,
                                    into.at(name).place, label));
                into[name] = {node, place};
            };
            const toml::node* node = section.node(key);
            if (key == "initial" && node->is_table()) {
                for (const auto& [variable, value] : *node->as_table())
                    add("initial." + std::string(variable.str()), &value, section.place(key) + "." + std::string(variable.str()));
            } else {
                add(key, node, section.place(key));
            }
        }
    };
    for (Section& group : root_.sections("region_group"))
        for (const std::size_t region : chosen_regions(group, network.connectivity()))
            collect(group, settings[region], true, network.label(region));
    Section regions = root_.section("regions");
    for (const std::string& label : regions.keys()) {
        const std::size_t region = at(regions.place(label), [&] { return network.connectivity().index_of(label); });
        Section section = regions.section(label);
        collect(section, own[region], false, label);
    }
    for (std::size_t region = 0; region < network.regions(); ++region) {
        for (const auto& [key, setting] : own[region]) settings[region][key] = setting;
        if (!settings[region].empty()) read_region(network, region, settings[region]);
    }
}

void Reader::read_noise() {
    Section section = root_.section("noise");
    for (const std::string& key : section.keys()) {
        Section each = section.section(key);
        if (key == "stimulus") {
            const auto tau = each.number("tau"), sd = each.number("sd");
            if (!tau || !sd) each.fail("", "needs tau = ... [ms] and sd = ...");
            settings_.noise.stimulus = StimulusNoise{*tau, *sd};
        } else {
            const auto D = each.number("D");
            if (!D) each.fail("", "needs D = ...");
            settings_.noise.variables.push_back({key, *D, each.number("tau")});
        }
        each.finish();
    }
}

void Reader::read_stimuli(const Connectivity& brain) {
    using Waveform = Stimulus::Waveform;
    for (Section& section : root_.sections("stimulus")) {
        Stimulus stimulus;
        stimulus.regions = chosen_regions(section, brain);
        stimulus.waveform = choice<Waveform>(section, "waveform", "pulse",
                                             {{"pulse", Waveform::pulse},
                                              {"pulse_train", Waveform::pulse_train},
                                              {"sine", Waveform::sine},
                                              {"ramp", Waveform::ramp},
                                              {"file", Waveform::file}});
        stimulus.amplitude = section.number("amplitude", 1.0);
        if (stimulus.waveform == Waveform::file) {
            const auto file = section.text("file");
            if (!file) section.fail("", "needs file = \"...\" with two columns, time [ms] and value");
            read_series_file(found(*file), stimulus.times, stimulus.values);
        } else {
            stimulus.onset = section.number("onset", 0.0);
            stimulus.duration = section.number("duration").value_or(stimulus.duration);
        }
        if (stimulus.waveform == Waveform::pulse_train) {
            stimulus.period = section.number("period", 0.0);
            stimulus.width = section.number("width", 0.0);
        }
        if (stimulus.waveform == Waveform::sine) {
            stimulus.frequency = section.number("frequency", 0.0);
            stimulus.phase = section.number("phase", 0.0);
        }
        if (const std::string problem = stimulus.problem(); !problem.empty()) section.fail("", ": " + problem);
        section.finish();
        settings_.stimuli.push_back(std::move(stimulus));
    }
}

void Reader::read_monitors() {
    using Kind = MonitorSettings::Kind;
    const double dt = settings_.integrator.dt;
    for (Section& section : root_.sections("monitor")) {
        MonitorSettings monitor;
        monitor.kind =
            choice<Kind>(section, "kind", "average", {{"raw", Kind::raw}, {"subsample", Kind::subsample}, {"average", Kind::average}});
        monitor.name = section.text("name").value_or("");
        if (monitor.kind != Kind::raw) {
            monitor.period = section.number("period", std::max(1.0, std::nearbyint(1.0 / dt)) * dt);
            if (!(monitor.period > 0)) section.fail("period", fmt::format("= {} ms is not above 0", shortest(monitor.period)));
            at(section.place("period"), [&] { return whole_steps("period", monitor.period, dt); });
        }
        monitor.variables = section.texts("variables");
        section.finish();
        settings_.monitors.push_back(std::move(monitor));
    }
    // Somebody who asks for nothing still gets something to look at.
    if (!root_.has("monitor")) settings_.monitors.push_back(MonitorSettings::average(std::max(1.0, std::nearbyint(1.0 / dt)) * dt));
}

Network Reader::control_of(const Network& network, const RegionModel& everywhere, const std::vector<bool>& zone) const {
    Network control = network;
    for (std::size_t region = 0; region < network.regions(); ++region) {
        if (!zone[region]) continue;
        RegionModel back = everywhere;
        if (network.region(region).model == everywhere.model) back.initial = network.region(region).initial;
        control.set_model(region, back);
    }
    return control;
}

void Reader::read_recruitment(const Network& network, const RegionModel& everywhere, RunConfiguration& run) {
    Section section = root_.section("recruitment");
    RecruitmentSettings& recruitment = run.settings.recruitment;
    recruitment.min_events = section.integer("min_events", recruitment.min_events);
    if (recruitment.min_events < 1) section.fail("min_events", fmt::format("= {} is below 1", recruitment.min_events));
    recruitment.burst_gap = section.number("burst_gap", recruitment.burst_gap);
    if (!(recruitment.burst_gap > 0)) section.fail("burst_gap", fmt::format("= {} ms is not above 0", shortest(recruitment.burst_gap)));
    recruitment.threshold = section.number("threshold");
    recruitment.rearm = section.number("rearm");
    run.zone.assign(network.regions(), false);
    if (section.has("zone")) {
        for (const std::string& label : section.texts("zone"))
            run.zone[at(section.place("zone"), [&] { return network.connectivity().index_of(label); })] = true;
    } else {
        section.leave("zone");
        for (std::size_t region = 0; region < network.regions(); ++region)
            run.zone[region] =
                network.region(region).model != everywhere.model || network.region(region).parameters != everywhere.parameters;
    }
    const bool any = std::ranges::find(run.zone, true) != run.zone.end();
    if (section.truth("control", true) && any) run.control = control_of(network, everywhere, run.zone);
    section.finish();
}

void Reader::read_output(RunConfiguration& run) {
    Section section = root_.section("output");
    const std::string stem = document_->file().empty() ? "result" : document_->file().stem().string();
    run.output = section.text("file", stem + ".h5");
    run.picture = section.truth("picture", true);
    run.csv = section.truth("csv", false);
    section.finish();
}

RunConfiguration Reader::read() {
    root_.leave("scan");
    Connectivity brain = read_brain();
    read_coupling();
    read_integrator();
    const RegionModel everywhere = read_model();
    Network network(std::move(brain), everywhere);
    for (const auto& [name, value] : options_) network.set_option(name, value);
    Section model(*document_->table().get("model")->as_table(), *used_.get("model")->as_table(), "model");
    read_initial(model, network);
    read_regions(network);
    read_noise();
    read_stimuli(network.connectivity());
    read_monitors();
    network.check();
    RunConfiguration run{network, std::nullopt, settings_, duration_, {}, {}, true, false, {}};
    read_recruitment(network, everywhere, run);
    read_output(run);
    root_.finish();
    std::ostringstream text;
    text << used_;
    run.effective = text.str();
    return run;
}

}  // namespace

RunConfiguration read_configuration(const Document& document, const Catalogue& catalogue) { return Reader(document, catalogue).read(); }

}  // namespace kation
