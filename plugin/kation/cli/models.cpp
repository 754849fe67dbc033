#include <kation/cli/commands.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/scan/measures.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace {

using namespace kation;
using nlohmann::ordered_json;

struct ModelsOptions {
    std::string name;
    std::vector<std::string> plugins;
    bool json = false, markdown = false, measures = false;
};

std::string range_or_any(const Range& range) { return range.bounded() ? text_of(range) : "any"; }

ordered_json fields_json(std::span<const Field> fields) {
    ordered_json list = ordered_json::array();
    const auto end = [](double x) { return std::abs(x) < inf ? ordered_json(x) : ordered_json(nullptr); };
    for (const Field& field : fields)
        list.push_back({{"name", field.name.view()},
                        {"default", field.value},
                        {"unit", field.unit.view()},
                        {"valid", {{"low", end(field.valid.low)}, {"high", end(field.valid.high)}, {"text", text_of(field.valid)}}},
                        {"explore", {end(field.explore.low), end(field.explore.high)}},
                        {"usual", {end(field.usual.low), end(field.usual.high)}},
                        {"doc", field.doc.view()}});
    return list;
}

ordered_json model_json(const Entry& model) {
    ordered_json presets = ordered_json::array();
    for (const PresetValues& preset : model.presets) {
        ordered_json parameters, state;
        for (std::size_t k = 0; k < model.parameters.size(); ++k)
            parameters[std::string(model.parameters[k].name.view())] = preset.parameters[k];
        for (std::size_t k = 0; k < model.state.size(); ++k) state[std::string(model.state[k].name.view())] = preset.state[k];
        presets.push_back({{"name", preset.name}, {"regime", preset.regime}, {"parameters", parameters}, {"state", state}});
    }
    return {{"name", model.info.name},
            {"title", model.info.title},
            {"equations", model.info.equations},
            {"source", model.info.source},
            {"corrections", model.info.corrections},
            {"state", fields_json(model.state)},
            {"parameters", fields_json(model.parameters)},
            {"options", fields_json(model.options)},
            {"outputs", fields_json(model.outputs)},
            {"inputs", fields_json(model.inputs)},
            {"derived", fields_json(model.observed)},
            {"event",
             {{"quantity", model.event.quantity},
              {"unit", model.event.unit},
              {"threshold", model.event.threshold},
              {"rearm", model.event.rearm}}},
            {"presets", presets}};
}

void print_table(std::string_view title, std::span<const Field> fields) {
    if (fields.empty()) return;
    fmt::print("\n## {}\n\n| name | default | unit | valid | explore | meaning |\n|---|---|---|---|---|---|\n", title);
    for (const Field& field : fields)
        fmt::print("| `{}` | {} | {} | {} | {} | {}{} |\n", field.name.view(), shortest(field.value), field.unit.view(),
                   range_or_any(field.valid), range_or_any(field.explore), field.doc.view(),
                   field.usual.bounded() ? fmt::format("; a run warns outside {}", text_of(field.usual)) : "");
}

/// Parameters in which a preset differs from the defaults.
std::string differences(const Entry& model, const PresetValues& preset) {
    std::string text;
    for (std::size_t k = 0; k < model.parameters.size(); ++k)
        if (preset.parameters[k] != model.parameters[k].value)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", model.parameters[k].name.view(), shortest(preset.parameters[k]));
    return text.empty() ? "the defaults" : text;
}

void print_page(const Entry& model) {
    fmt::print("# {}: {}\n\n```\n{}\n```\n\nSource: {}\n", model.info.name, model.info.title, model.info.equations, model.info.source);
    if (!model.info.corrections.empty()) fmt::print("\nCorrected here: {}\n", model.info.corrections);
    print_table("State", model.state);
    print_table("Parameters (one number per region)", model.parameters);
    print_table("Options (for the whole run)", model.options);
    print_table("Sent along the tracts", model.outputs);
    print_table("Heard: coupling, and the stimulus last", model.inputs);
    print_table("Derived quantities", model.observed);
    fmt::print("\n## Events\n\n{} rises to {} {} after having been below {} {}.\n", model.event.quantity, shortest(model.event.threshold),
               model.event.unit, shortest(model.event.rearm), model.event.unit);
    fmt::print("\n## Presets (the first is the default)\n\n| preset | shows | parameters |\n|---|---|---|\n");
    for (const PresetValues& preset : model.presets)
        fmt::print("| `{}` | {} | {} |\n", preset.name, preset.regime, differences(model, preset));
}

void print_measures(const Catalogue& catalogue, bool json) {
    const auto kinds = known_measures(catalogue);
    if (json) {
        ordered_json list = ordered_json::array();
        for (const MeasureKind* kind : kinds)
            list.push_back({{"name", kind->name},
                            {"form", form_of(*kind)},
                            {"unit", kind->unit},
                            {"description", kind->description},
                            {"variables", kind->variables},
                            {"of_variable", kind->of_variable()},
                            {"of_one_region", kind->of_one_region}});
        fmt::print("{}\n", list.dump(2, ' ', false, ordered_json::error_handler_t::replace));
        return;
    }
    fmt::print("| measure | unit | what it is |\n|---|---|---|\n");
    for (const MeasureKind* kind : kinds) fmt::print("| `{}` | {} | {} |\n", form_of(*kind), kind->unit, kind->description);
    fmt::print(
        "\nV stands for any state variable or derived quantity. A measure is taken over the regions outside the zone; with [label] of "
        "that\n"
        "region, with [*] of each in a column of its own. Variables are measured within scan.window, recruitment over the whole trial.\n");
}

void models(const ModelsOptions& options) {
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    if (options.measures) return print_measures(catalogue, options.json);
    std::vector<const Entry*> chosen(catalogue.entries().begin(), catalogue.entries().end());
    if (!options.name.empty()) chosen = {&catalogue.find(options.name)};
    if (options.json) {
        ordered_json list = ordered_json::array();
        for (const Entry* model : chosen) list.push_back(model_json(*model));
        fmt::print("{}\n", (options.name.empty() ? list : list.front()).dump(2, ' ', false, ordered_json::error_handler_t::replace));
    } else if (options.markdown || !options.name.empty()) {
        for (const Entry* model : chosen) print_page(*model);
    } else {
        for (const Entry* model : chosen) {
            std::string presets;
            for (const PresetValues& preset : model->presets) presets += fmt::format("{}{}", presets.empty() ? "" : ", ", preset.name);
            fmt::print("{:24} {}\n{:24} presets: {}\n", model->info.name, model->info.title, "", presets);
        }
        fmt::print("\nkation models NAME shows equations, parameters and presets of one.\n");
    }
}

}  // namespace

void add_models(CLI::App& program) {
    auto options = std::make_shared<ModelsOptions>();
    CLI::App* command = program.add_subcommand("models", "List the neural masses, or show the page of one");
    command->add_option("NAME", options->name, "model");
    command->add_option("--plugin", options->plugins, "shared library with models of one's own; may be repeated")->allow_extra_args(false);
    command->add_flag("--json", options->json, "as JSON, for programs");
    command->add_flag("--markdown", options->markdown, "as Markdown pages");
    command->add_flag("--measures", options->measures, "list what a scan can measure instead");
    command->footer("Example: kation models ion_exchange --markdown > ion_exchange.md");
    command->callback([options] { models(*options); });
}
