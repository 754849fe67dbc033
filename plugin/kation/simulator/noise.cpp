#include <kation/simulator/noise.hpp>
#include <kation/support/error.hpp>
#include <kation/support/random.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kation {
namespace {

constexpr std::uint32_t stimulus_variable = 0xffffffff;
constexpr std::uint32_t start_marker = 0x80000000;  // the draw before the first step

void require(bool fine, const char* what, const VariableNoise& noise, double value) {
    if (!fine) throw ConfigurationError(fmt::format("noise.{}: {} = {} is outside its range", noise.variable, what, shortest(value)));
}

}  // namespace

NoiseSource::NoiseSource(const Noise& noise, const Blocks& blocks, double dt, std::uint64_t seed) : blocks_(&blocks), dt_(dt), seed_(seed) {
    for (const Group& group : blocks.groups()) kicks_.emplace_back(group.model->state.size(), group.slots());

    const auto coloured = [&](std::size_t g, std::size_t variable, double sd, double tau, std::uint32_t id) {
        const Group& group = blocks.groups()[g];
        Stream stream{g, variable, sd, std::exp(-dt / tau), true, AlignedNumbers(group.slots()), AlignedNumbers(group.slots())};
        for (std::size_t node = 0; node < group.regions.size(); ++node)
            stream.xi[node] = sd * two_normals(seed, {static_cast<std::uint32_t>(group.regions[node]), id ^ start_marker, 0})[0];
        return stream;
    };
    for (const VariableNoise& each : noise.variables) {
        require(each.D >= 0 && std::isfinite(each.D), "D", each, each.D);
        if (each.tau) require(*each.tau > 0 && std::isfinite(*each.tau), "tau", each, *each.tau);
        // Its numbers belong to the variable: a second noise would draw the same ones.
        if (std::ranges::count(noise.variables, each.variable, &VariableNoise::variable) > 1)
            throw ConfigurationError(fmt::format("noise: variable '{}' is named twice", each.variable));
        bool found = false;
        std::vector<std::string> known;
        for (std::size_t g = 0; g < blocks.groups().size(); ++g) {
            const Group& group = blocks.groups()[g];
            for (std::size_t k = 0; k < group.model->state.size(); ++k) {
                known.emplace_back(group.model->state[k].name.view());
                if (known.back() != each.variable) continue;
                found = true;
                if (each.tau)
                    streams_.push_back(coloured(g, k, std::sqrt(each.D / *each.tau), *each.tau, static_cast<std::uint32_t>(k)));
                else
                    streams_.push_back(
                        {g, k, std::sqrt(2 * each.D * dt), 0.0, false, AlignedNumbers(group.slots()), AlignedNumbers(group.slots())});
            }
        }
        if (!found)
            throw ConfigurationError(fmt::format("noise: no model of this network has a state variable '{}'{}", each.variable,
                                                 suggestion(each.variable, known)));
    }
    if (noise.stimulus) {
        if (!(noise.stimulus->tau > 0 && noise.stimulus->tau < inf) || !(noise.stimulus->sd >= 0 && noise.stimulus->sd < inf))
            throw ConfigurationError(fmt::format("noise.stimulus needs tau > 0 ms and sd >= 0, but tau = {} and sd = {}",
                                                 shortest(noise.stimulus->tau), shortest(noise.stimulus->sd)));
        stimulus_.emplace();
        for (std::size_t g = 0; g < blocks.groups().size(); ++g)
            stimulus_->push_back(coloured(g, 0, noise.stimulus->sd, noise.stimulus->tau, stimulus_variable));
    }
}

double NoiseSource::normal(Stream& stream, std::size_t node, std::size_t region, std::uint32_t variable, std::int64_t step) const {
    if (step % 2 != 0) return stream.second[node];
    const auto pair = two_normals(seed_, {static_cast<std::uint32_t>(region), variable, static_cast<std::uint64_t>(step / 2)});
    stream.second[node] = pair[1];
    return pair[0];
}

void NoiseSource::advance(Stream& stream, std::size_t node, std::size_t region, std::uint32_t variable, std::int64_t step) const {
    const double fresh = stream.scale * std::sqrt(1.0 - stream.memory * stream.memory);
    stream.xi[node] = stream.memory * stream.xi[node] + fresh * normal(stream, node, region, variable, step);
}

void NoiseSource::draw(const Part& part, std::int64_t step) {
    for (const Piece& piece : part.pieces) {
        const auto of_piece = [&](const Stream& stream) { return stream.group == piece.group; };
        ColumnStore& kicks = kicks_[piece.group];
        for (Stream& stream : streams_)
            if (of_piece(stream)) std::fill(kicks[stream.variable] + piece.begin, kicks[stream.variable] + piece.end, 0.0);
        const Group& group = blocks_->groups()[piece.group];
        const std::size_t end = std::min(piece.end, group.regions.size());
        for (Stream& stream : streams_) {
            if (!of_piece(stream)) continue;
            const auto variable = static_cast<std::uint32_t>(stream.variable);
            double* kick = kicks[stream.variable];
            for (std::size_t node = piece.begin; node < end; ++node) {
                if (stream.coloured) {
                    kick[node] += dt_ * stream.xi[node];
                    advance(stream, node, group.regions[node], variable, step);
                } else {
                    kick[node] += stream.scale * normal(stream, node, group.regions[node], variable, step);
                }
            }
        }
    }
}

void NoiseSource::add_to_stimulus(const Part& part, std::int64_t step, double* row) {
    for (const Piece& piece : part.pieces) {
        Stream& stream = (*stimulus_)[piece.group];
        const Group& group = blocks_->groups()[piece.group];
        for (std::size_t node = piece.begin; node < std::min(piece.end, group.regions.size()); ++node) {
            row[group.first_slot + node] += stream.xi[node];
            advance(stream, node, group.regions[node], stimulus_variable, step);
        }
    }
}

}  // namespace kation
