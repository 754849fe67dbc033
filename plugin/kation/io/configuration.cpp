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

std::vector<std::size_t> labelled(Section& section, std::string_view key, const Connectivity& brain) {
    std::vector<std::size_t> regions;
    for (const std::string& label : section.texts(key)) {
        regions.push_back(at(section.place(key), [&] { return brain.index_of(label); }));
        if (std::ranges::count(regions, regions.back()) > 1) section.fail(key, fmt::format("names region '{}' twice", label));
    }
    return regions;
}

std::vector<std::size_t> chosen_regions(Section& section, const Connectivity& brain) {
    std::vector<std::size_t> regions = labelled(section, "labels", brain);
    const auto pattern = section.text("pattern");
    if (regions.empty() == !pattern) section.fail("", "needs either labels = [...] or pattern = \"...\"");
    if (pattern) return at(section.place("pattern"), [&] { return brain.matching(*pattern); });
    return regions;
}

class Reader {
  public:
    Reader(const Document& document, const Catalogue& catalogue)
        : document_(&document), catalogue_(&catalogue), root_(document.table(), used_, "") {}

    RunConfiguration read();

  private:
    /// A file that the configuration names, relative to its own folder.
    std::optional<std::filesystem::path> file(Section& section, std::string_view key) const {
        const auto name = section.text(key);
        if (!name) return std::nullopt;
        const std::filesystem::path path = document_->folder() / *name;
        section.use(key, std::filesystem::absolute(path).lexically_normal().string());  // so that what was used works from anywhere
        return path;
    }

    Connectivity read_brain();
    Connectivity edited(Connectivity brain, Section& section);
    void read_coupling();
    void read_gains(Section section);
    void read_integrator();
    RegionModel read_model();
    void read_start(Network& network);
    std::vector<Settings> read_regions(const Connectivity& brain);
    void set_model(Network& network, std::size_t region, const Settings& settings);
    void set_numbers(Network& network, std::size_t region, const Settings& settings);
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
    std::optional<PastFile> past_;
};

Connectivity Reader::read_brain() {
    Section section = root_.section("connectome");
    const auto brain_file = file(section, "file");
    const auto builtin = section.text("builtin");
    if (brain_file.has_value() == builtin.has_value())
        section.fail("", "needs either file = \"...\" (a zip of The Virtual Brain, a folder, .h5, .csv) or builtin = \"...\"");
    ReadOptions options;
    for (const auto& [key, option] : {std::pair("tract_lengths", &options.tract_lengths), std::pair("labels", &options.labels)}) {
        if (builtin && section.has(key)) section.fail(key, "belongs to a file of weights, a builtin connectome has its own");
        if (const auto named = file(section, key)) *option = *named;
    }
    const std::string name =
        brain_file ? fmt::format("{}\n{}\n{}", brain_file->string(), options.tract_lengths.string(), options.labels.string()) : *builtin;
    Connectivity brain = at(section.place(brain_file ? "file" : "builtin"), [&] {
        return document_->connectomes().get(
            name, [&] { return brain_file ? read_connectome(*brain_file, options) : builtin_connectome(*builtin); });
    });

    if (!section.truth("self_connections", true)) brain = brain.without_self_connections();
    using enum Normalisation;
    brain = brain.normalised(choice<Normalisation>(section, "normalise", "none",
                                                   {{"none", none}, {"max", max}, {"row", row}, {"max_row", max_row}, {"total", total}}));
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
    using History = Coupling::History;
    c.history = choice<History>(section, "history", "float64", {{"float64", History::float64}, {"float32", History::float32}});
    using Order = Coupling::Order;
    c.order = choice<Order>(section, "order", "target", {{"target", Order::target}, {"source", Order::source}});
    read_gains(section.section("gains"));
    section.finish();
}

void Reader::read_gains(Section section) {
    for (const std::string& pair : section.keys()) {
        const auto arrow = pair.find("->");
        if (arrow == std::string::npos) section.fail(pair, "is no pair of models; write \"SENDER -> RECEIVER\" = gain");
        Gain gain{std::string(trimmed(pair.substr(0, arrow))), std::string(trimmed(pair.substr(arrow + 2))), 1.0};
        for (const std::string& name : {gain.from, gain.to}) at(section.place(pair), [&] { return &catalogue_->find(name); });
        gain.value = section.number(pair).value();
        if (!std::isfinite(gain.value)) section.fail(pair, fmt::format("= {} is not a finite number", shortest(gain.value)));
        settings_.coupling.gains.push_back(std::move(gain));
    }
}

void Reader::read_integrator() {
    Section section = root_.section("integrator");
    Integrator& integrator = settings_.integrator;
    integrator.method = choice<Method>(
        section, "method", "rk4", {{"euler", Method::euler}, {"heun", Method::heun}, {"rk4", Method::rk4}, {"adaptive", Method::adaptive}});
    for (const auto& [key, value] : {std::pair("rtol", &integrator.tolerance.rtol), std::pair("atol", &integrator.tolerance.atol)}) {
        if (integrator.method != Method::adaptive) {
            if (section.has(key)) section.fail(key, "is for method = \"adaptive\" only");
            continue;
        }
        *value = section.number(key, *value);
        if (!(*value >= StepTolerance::least && *value <= StepTolerance::most))
            section.fail(key, fmt::format("= {} is outside [{}, {}]", shortest(*value), shortest(StepTolerance::least),
                                          shortest(StepTolerance::most)));
    }
    integrator.dt = section.number("dt", integrator.dt);
    if (!(integrator.dt > 0) || !std::isfinite(integrator.dt))
        section.fail("dt", fmt::format("= {} ms is not above 0", shortest(integrator.dt)));
    const auto duration = section.number("duration");
    if (!duration) section.fail("", "needs duration = ... [ms]");
    if (!(*duration > 0) || !std::isfinite(*duration)) section.fail("duration", fmt::format("= {} ms is not above 0", shortest(*duration)));
    duration_ = *duration;
    static_cast<void>(whole_steps(section.place("duration"), duration_, integrator.dt));
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

void Reader::read_start(Network& network) {
    Section model(*document_->table().get("model")->as_table(), *used_.get("model")->as_table(), "model");
    if (const auto start = file(model, "initial_file")) read_initial_file(*start, network);
    if (const auto past = file(model, "past_file")) past_.emplace(*past, network, settings_.integrator.dt);
    if (past_) past_->set_start(network);
}

/// What the configuration says of each region: the groups it is in, and above them its own entry.
std::vector<Settings> Reader::read_regions(const Connectivity& brain) {
    std::vector<Settings> settings(brain.regions());
    const auto collect = [](Section& section, const auto& add) {
        for (const std::string& key : section.keys()) {
            if (key != "initial") {
                add(key, Setting{section.node(key), section.place(key)});
                continue;
            }
            Section initial = section.section(key);
            for (const std::string& variable : initial.keys())
                add("initial." + variable, Setting{initial.node(variable), initial.place(variable)});
        }
    };
    for (Section& group : root_.sections("region_group")) {
        const auto regions = chosen_regions(group, brain);
        collect(group, [&](const std::string& key, const Setting& setting) {
            if (key == "labels" || key == "pattern") return;
            for (const std::size_t region : regions)
                if (const auto [earlier, fresh] = settings[region].emplace(key, setting); !fresh)
                    throw ConfigurationError(
                        fmt::format("{} for region {} was set already at {}; an entry [regions.\"{}\"] would settle it", setting.place,
                                    brain.label(region), earlier->second.place, brain.label(region)));
        });
    }
    Section entries = root_.section("regions");
    for (const std::string& label : entries.keys()) {
        const std::size_t region = at(entries.place(label), [&] { return brain.index_of(label); });
        Section entry = entries.section(label);
        collect(entry, [&](const std::string& key, const Setting& setting) { settings[region].insert_or_assign(key, setting); });
    }
    return settings;
}

void Reader::set_model(Network& network, std::size_t region, const Settings& settings) {
    const auto word = [&](const char* key) -> std::optional<std::string> {
        const auto found = settings.find(key);
        if (found == settings.end()) return std::nullopt;
        const auto& [node, place] = found->second;
        const auto text = node->value_exact<std::string>();
        if (!text) throw ConfigurationError(fmt::format("{} {}is not a text in quotes", place, shown(*node)));
        return text;
    };
    const auto name = word("model"), preset = word("preset");
    if (!name && !preset) return;
    const Entry& entry = name ? *at(settings.at("model").place, [&] { return &catalogue_->find(*name); }) : *network.region(region).model;
    const std::string& place = settings.at(preset ? "preset" : "model").place;
    network.set_model(region, at(place, [&] { return RegionModel(entry, preset.value_or("")); }));
}

void Reader::set_numbers(Network& network, std::size_t region, const Settings& settings) {
    for (const auto& entry : settings) {  // clang 16 captures no structured binding
        const auto& key = entry.first;
        const auto& setting = entry.second;
        if (key == "model" || key == "preset") continue;
        const auto number = number_in(*setting.node);
        if (!number) throw ConfigurationError(fmt::format("{} {}is not a number", setting.place, shown(*setting.node)));
        at(setting.place, [&] {
            if (key.starts_with("initial."))
                network.set_initial(region, key.substr(8), *number);
            else
                network.set_parameter(region, key, *number);
        });
    }
}

void Reader::read_noise() {
    Section section = root_.section("noise");
    for (const std::string& key : section.keys()) {
        Section each = section.section(key);
        if (key == "stimulus") {
            const auto tau = each.number("tau"), sd = each.number("sd");
            if (!tau || !sd) each.fail("", "needs tau = ... [ms] and sd = ...");
            if (!(*sd >= 0) || !std::isfinite(*sd)) each.fail("sd", fmt::format("= {} is outside [0, inf)", shortest(*sd)));
            settings_.noise.stimulus = StimulusNoise{*tau, *sd};
        } else {
            const auto D = each.number("D"), tau = each.number("tau");
            if (!D) each.fail("", "needs D = ...");
            if (!(*D >= 0) || !std::isfinite(*D)) each.fail("D", fmt::format("= {} is outside [0, inf)", shortest(*D)));
            settings_.noise.variables.push_back({key, *D, tau});
        }
        if (const auto tau = each.number("tau"); tau && (!(*tau > 0) || !std::isfinite(*tau)))
            each.fail("tau", fmt::format("= {} ms is outside (0, inf)", shortest(*tau)));
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
            const auto series = file(section, "file");
            if (!series) section.fail("", "needs file = \"...\" with two columns, time [ms] and value");
            read_series_file(*series, stimulus.times, stimulus.values);
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
        if (const std::string problem = stimulus.problem(); !problem.empty())
            throw ConfigurationError(fmt::format("{}: {}", section.place(), problem));
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
        monitor.name = section.text("name").value_or(monitor.label());
        if (monitor.name.empty() || monitor.name.find('/') != std::string::npos || monitor.name == ".")
            section.fail("name", fmt::format("= \"{}\" is not a name for a group of the result: one without '/' is", monitor.name));
        if (monitor.kind != Kind::raw) {
            monitor.period = section.number("period", std::max(1.0, std::nearbyint(1.0 / dt)) * dt);
            if (!(monitor.period > 0)) section.fail("period", fmt::format("= {} ms is not above 0", shortest(monitor.period)));
            static_cast<void>(whole_steps(section.place("period"), monitor.period, dt));
        } else if (section.has("period")) {
            section.fail("period", "is not for a raw monitor, which keeps every step");
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
    at("the control", [&] { control.check(); });
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
        for (const std::size_t region : labelled(section, "zone", network.connectivity())) run.zone[region] = true;
    } else {
        section.leave("zone");
        for (std::size_t region = 0; region < network.regions(); ++region)
            run.zone[region] =
                network.region(region).model != everywhere.model || network.region(region).parameters != everywhere.parameters;
    }
    const bool any = std::ranges::find(run.zone, true) != run.zone.end();
    if (section.truth("control", true) && any) {
        run.control = control_of(network, everywhere, run.zone);
        if (past_) run.control_past = past_->past_of(*run.control);
    }
    section.finish();
}

void Reader::read_output(RunConfiguration& run) {
    Section section = root_.section("output");
    const std::string stem = document_->file().empty() ? "result" : document_->file().stem().string();
    run.output = section.text("file", stem + ".h5");
    if (!run.output.has_filename()) section.fail("file", fmt::format("= \"{}\" is not the name of a file", run.output.string()));
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
    const std::vector<Settings> regions = read_regions(network.connectivity());
    for (std::size_t region = 0; region < network.regions(); ++region) set_model(network, region, regions[region]);
    for (const auto& [name, value] : options_) network.set_option(name, value);
    read_start(network);
    for (std::size_t region = 0; region < network.regions(); ++region) set_numbers(network, region, regions[region]);
    if (past_) settings_.past = past_->past_of(network);
    read_noise();
    read_stimuli(network.connectivity());
    read_monitors();
    network.check();
    RunConfiguration run{network, std::nullopt, settings_, {}, duration_, {}, {}, true, false, {}};
    read_recruitment(network, everywhere, run);
    read_output(run);
    root_.finish();
    std::ostringstream text;
    text << used_;
    run.effective = text.str();
    return run;
}

}  // namespace

SimulatorSettings RunConfiguration::control_settings() const {
    SimulatorSettings kept = settings;
    kept.past = control_past;
    const auto unknown = [&](const auto& each) {
        return std::ranges::none_of(control->models(),
                                    [&](const Entry* model) { return std::ranges::count(names_of(model->state), each.variable) > 0; });
    };
    std::erase_if(kept.noise.variables, unknown);
    std::erase_if(kept.integrator.limits, unknown);
    return kept;
}

RunConfiguration read_configuration(const Document& document, const Catalogue& catalogue) { return Reader(document, catalogue).read(); }

}  // namespace kation
