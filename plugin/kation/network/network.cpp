#include <kation/network/network.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kation {
namespace {

/// "-4 ms", "0.5" for numbers without a unit.
std::string with_unit(double value, const Field& field) {
    const auto unit = field.unit.view();
    return unit.empty() || unit == "1" ? shortest(value) : fmt::format("{} {}", shortest(value), unit);
}

void require_valid(const Entry& model, const Field& field, double value, std::string_view label) {
    if (field.valid.contains(value)) return;
    throw ConfigurationError(fmt::format("{}: {} = {} in region {} is outside {}", model.info.name, field.name.view(),
                                         with_unit(value, field), label, text_of(field.valid)));
}

}  // namespace

RegionModel::RegionModel(const Entry& entry, std::string_view preset) : model(&entry) {
    const PresetValues& values = preset.empty() ? entry.presets.front() : entry.preset(preset);
    parameters = values.parameters;
    initial = values.state;
}

Network::Network(Connectivity connectivity, const RegionModel& everywhere)
    : connectivity_(std::move(connectivity)), regions_(connectivity_.regions(), everywhere) {}

void Network::set_model(std::size_t region, const RegionModel& model) { regions_.at(region) = model; }

void Network::set_parameter(std::size_t region, std::string_view name, double value) {
    RegionModel& node = regions_.at(region);
    const std::size_t index = node.model->parameter_index(name);
    require_valid(*node.model, node.model->parameters[index], value, label(region));
    node.parameters[index] = value;
}

void Network::set_parameter(const std::vector<std::string>& labels, std::string_view name, double value) {
    for (const std::string& each : labels) set_parameter(connectivity_.index_of(each), name, value);
}

void Network::set_parameter(std::string_view name, double value) {
    for (std::size_t region = 0; region < regions(); ++region) set_parameter(region, name, value);
}

void Network::set_initial(std::size_t region, std::string_view variable, double value) {
    RegionModel& node = regions_.at(region);
    const std::size_t index = node.model->state_index(variable);
    require_valid(*node.model, node.model->state[index], value, label(region));
    node.initial[index] = value;
}

void Network::set_option(std::string_view name, double value) {
    bool found = false;
    std::vector<std::string> known;
    for (const Entry* model : models()) {
        for (std::size_t index = 0; index < model->options.size(); ++index) {
            const Field& option = model->options[index];
            known.emplace_back(option.name.view());
            if (option.name.view() != name) continue;
            if (!option.valid.contains(value))
                throw ConfigurationError(
                    fmt::format("{}: option {} = {} is outside {}", model->info.name, name, shortest(value), text_of(option.valid)));
            std::erase_if(options_, [&](const Option& each) { return each.model == model && each.index == index; });
            options_.push_back({model, index, value});
            found = true;
        }
    }
    if (!found) throw ConfigurationError(fmt::format("no model of this network has an option '{}'{}", name, suggestion(name, known)));
}

double Network::parameter(std::size_t region, std::string_view name) const {
    const RegionModel& node = regions_.at(region);
    return node.parameters[node.model->parameter_index(name)];
}

std::vector<double> Network::options_of(const Entry& model) const {
    std::vector<double> values;
    for (const Field& option : model.options) values.push_back(option.value);
    for (const Option& option : options_)
        if (option.model == &model) values[option.index] = option.value;
    return values;
}

std::vector<const Entry*> Network::models() const {
    std::vector<const Entry*> found;
    for (const RegionModel& node : regions_)
        if (std::ranges::find(found, node.model) == found.end()) found.push_back(node.model);
    return found;
}

void Network::check() const {
    for (std::size_t region = 0; region < regions(); ++region) {
        const RegionModel& node = regions_[region];
        const Entry& model = *node.model;
        for (std::size_t k = 0; k < model.parameters.size(); ++k)
            require_valid(model, model.parameters[k], node.parameters[k], label(region));
        for (std::size_t k = 0; k < model.state.size(); ++k) require_valid(model, model.state[k], node.initial[k], label(region));
        const auto observed = model.observe(node.initial, node.parameters);
        for (std::size_t k = 0; k < model.observed.size(); ++k) {
            if (model.observed[k].valid.contains(observed[k])) continue;
            throw ConfigurationError(fmt::format("{}: the start state of region {} gives {} = {}, which is outside {}", model.info.name,
                                                 label(region), model.observed[k].name.view(), with_unit(observed[k], model.observed[k]),
                                                 text_of(model.observed[k].valid)));
        }
        const Review verdict = model.review(node.parameters);
        if (!verdict.refusals.empty())
            throw ConfigurationError(fmt::format("{}: in region {}, {}", model.info.name, label(region), verdict.refusals.front()));
    }
}

std::vector<std::string> Network::warnings(bool delays) const {
    std::map<std::string, std::vector<std::string>> regions_by_warning;
    for (std::size_t region = 0; region < regions(); ++region)
        for (const std::string& warning : regions_[region].model->review(regions_[region].parameters).warnings)
            regions_by_warning[fmt::format("{}: {}", regions_[region].model->info.name, warning)].push_back(label(region));
    std::vector<std::string> sentences;
    for (const std::string& warning : connectivity_.warnings(delays))
        sentences.push_back(fmt::format("{}: {}", connectivity_.source(), warning));
    for (const auto& [warning, labels] : regions_by_warning)
        sentences.push_back(labels.size() == regions()
                                ? warning
                                : fmt::format("{} (in {} of {} regions, first {})", warning, labels.size(), regions(), labels.front()));
    return sentences;
}

}  // namespace kation
