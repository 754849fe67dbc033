#include <kation/simulator/gains.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace kation {

Gains::Gains(const Coupling& coupling) : gains_(coupling.gains), difference_(coupling.kind == Coupling::Kind::difference) {
    for (std::size_t k = 0; k < gains_.size(); ++k) {
        const Gain& gain = gains_[k];
        if (!std::isfinite(gain.value))
            throw ConfigurationError(
                fmt::format("coupling: the gain {} -> {} = {} is not a finite number", gain.from, gain.to, shortest(gain.value)));
        const auto same = [&](const Gain& other) { return other.from == gain.from && other.to == gain.to; };
        if (std::any_of(gains_.begin(), gains_.begin() + static_cast<std::ptrdiff_t>(k), same))
            throw ConfigurationError(fmt::format("coupling: the gain {} -> {} is given twice", gain.from, gain.to));
    }
}

const Gain* Gains::find(const Entry& from, const Entry& to) const {
    const auto found =
        std::ranges::find_if(gains_, [&](const Gain& gain) { return gain.from == from.info.name && gain.to == to.info.name; });
    return found == gains_.end() ? nullptr : &*found;
}

Gains::Factor Gains::between(const Network& network, std::size_t to, std::size_t from) const {
    const Entry &sender = *network.region(from).model, &receiver = *network.region(to).model;
    const Gain* gain = find(sender, receiver);
    const double by = gain != nullptr ? gain->value : 1.0;
    if (&sender == &receiver) return {by, by};
    std::optional<double> common;
    for (std::size_t c = 0; c < std::min(sender.outputs.size(), receiver.outputs.size()); ++c) {
        if (!receiver.listens(c, network.region(to).parameters)) continue;
        const Field &sent = sender.outputs[c], &heard = receiver.inputs[c];
        const auto converted = conversion(sent.unit.view(), heard.unit.view());
        const auto pair = [&] {
            return fmt::format("{} ({}) hears {} ({})", network.label(to), receiver.info.name, network.label(from), sender.info.name);
        };
        if (!converted && gain == nullptr)
            throw ConfigurationError(fmt::format(
                "coupling: {}, which sends {} [{}], and there is no conversion into {} [{}]. Say what it is worth by coupling.gains \"{} "
                "-> {}\", "
                "or set the weights between these models to 0",
                pair(), sent.name.view(), sent.unit.view(), heard.name.view(), heard.unit.view(), sender.info.name, receiver.info.name));
        if (!converted && difference_)
            throw ConfigurationError(fmt::format("coupling: {}, and difference coupling cannot take {} [{}] from {} [{}]", pair(),
                                                 receiver.outputs[c].name.view(), receiver.outputs[c].unit.view(), sent.name.view(),
                                                 sent.unit.view()));
        if (common && *common != converted.value_or(1.0))
            throw ConfigurationError(fmt::format("coupling: {}, whose outputs would need different conversions", pair()));
        common = converted.value_or(1.0);
    }
    return {by * common.value_or(1.0), by};
}

std::vector<std::string> Gains::unused(const Network& network) const {
    std::vector<std::string> sentences;
    const auto models = network.models();
    for (const Gain& gain : gains_)
        for (const std::string& name : {gain.from, gain.to})
            if (std::ranges::none_of(models, [&](const Entry* model) { return model->info.name == name; }))
                sentences.push_back(
                    fmt::format("the coupling gain {} -> {} counts for nothing: no region is a {}", gain.from, gain.to, name));
    return sentences;
}

}  // namespace kation
