#include <kation/simulator/noise.hpp>
#include <kation/support/error.hpp>
#include <kation/support/instruction_set.hpp>
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

/// What white noise adds.
struct Scaled {
    KATION_INLINE static void run(const double* normal, double scale, double* kick, std::size_t begin, std::size_t end) {
#pragma omp simd
        for (std::size_t node = begin; node < end; ++node) kick[node] = scale * normal[node];
    }
};

}  // namespace

NoiseSource::NoiseSource(const Noise& noise, const Blocks& blocks, double dt, std::uint64_t seed) : blocks_(&blocks), dt_(dt), seed_(seed) {
    for (const Group& group : blocks.groups()) {
        kicks_.emplace_back(group.model->state.size(), group.slots());
        regions_.emplace_back();
        for (const std::size_t node : group.nodes) regions_.back().push_back(blocks.region_of(node));
        regions_.back().resize(group.slots());
    }
    for (const VariableNoise& each : noise.variables) {
        require(each.D >= 0 && std::isfinite(each.D), "D", each, each.D);
        if (each.tau) require(*each.tau > 0 && std::isfinite(*each.tau), "tau", each, *each.tau);
        // Its numbers belong to the variable: a second noise would draw the same ones.
        if (std::ranges::count(noise.variables, each.variable, &VariableNoise::variable) > 1)
            throw ConfigurationError(fmt::format("noise: variable '{}' is named twice", each.variable));
        add_streams(each);
    }
    if (!noise.stimulus) return;
    if (!(noise.stimulus->tau > 0 && noise.stimulus->tau < inf) || !(noise.stimulus->sd >= 0 && noise.stimulus->sd < inf))
        throw ConfigurationError(fmt::format("noise.stimulus needs tau > 0 ms and sd >= 0, but tau = {} and sd = {}",
                                             shortest(noise.stimulus->tau), shortest(noise.stimulus->sd)));
    stimulus_.emplace();
    for (std::size_t g = 0; g < blocks.groups().size(); ++g)
        stimulus_->push_back(coloured(g, 0, stimulus_variable, noise.stimulus->sd, noise.stimulus->tau));
}

void NoiseSource::add_streams(const VariableNoise& noise) {
    bool found = false;
    std::vector<std::string> known;
    for (std::size_t g = 0; g < blocks_->groups().size(); ++g) {
        const std::span<const Field> variables = blocks_->groups()[g].model->state;
        for (std::size_t k = 0; k < variables.size(); ++k) {
            known.emplace_back(variables[k].name.view());
            if (known.back() != noise.variable) continue;
            found = true;
            streams_.push_back(noise.tau ? coloured(g, k, static_cast<std::uint32_t>(k), std::sqrt(noise.D / *noise.tau), *noise.tau)
                                         : white(g, k, std::sqrt(2 * noise.D * dt_)));
        }
    }
    if (!found)
        throw ConfigurationError(
            fmt::format("noise: no model of this network has a state variable '{}'{}", noise.variable, suggestion(noise.variable, known)));
}

NoiseSource::Stream NoiseSource::white(std::size_t group, std::size_t variable, double scale) const {
    return {.group = group,
            .variable = variable,
            .id = static_cast<std::uint32_t>(variable),
            .scale = scale,
            .memory = 0.0,
            .xi = {},
            .normals = ColumnStore(2, regions_[group].size())};
}

NoiseSource::Stream NoiseSource::coloured(std::size_t group, std::size_t variable, std::uint32_t id, double sd, double tau) const {
    const double memory = std::exp(-dt_ / tau);
    Stream stream = white(group, variable, sd * std::sqrt(1.0 - memory * memory));
    stream.id = id;
    stream.memory = memory;
    for (const std::uint64_t region : regions_[group])
        stream.xi.push_back(sd * two_normals(seed_, {static_cast<std::uint32_t>(region), id ^ start_marker, 0})[0]);
    return stream;
}

const double* NoiseSource::normals(Stream& stream, const Piece& piece, std::int64_t step) const {
    if (step % 2 == 0)
        run_loop<NormalPairs>(seed_, stream.id, static_cast<std::uint64_t>(step / 2), regions_[stream.group].data(), stream.normals[0],
                              stream.normals[1], piece.begin, piece.end);
    return stream.normals[step % 2 == 0 ? 0 : 1];
}

std::size_t NoiseSource::end_of_nodes(const Piece& piece) const { return std::min(piece.end, blocks_->groups()[piece.group].nodes.size()); }

void NoiseSource::advance(Stream& stream, const Piece& piece, std::int64_t step) const {
    const double* normal = normals(stream, piece, step);
    for (std::size_t node = piece.begin; node < piece.end; ++node)
        stream.xi[node] = stream.memory * stream.xi[node] + stream.scale * normal[node];
}

void NoiseSource::draw(const Part& part, std::int64_t step) {
    for (const Piece& piece : part.pieces) {
        const std::size_t end = end_of_nodes(piece);
        for (Stream& stream : streams_) {
            if (stream.group != piece.group) continue;
            double* kick = kicks_[piece.group][stream.variable];
            if (!stream.xi.empty()) {
                for (std::size_t node = piece.begin; node < end; ++node) kick[node] = dt_ * stream.xi[node];
                advance(stream, piece, step);
            } else {
                const double* normal = normals(stream, piece, step);
                run_loop<Scaled>(normal, stream.scale, kick, piece.begin, end);
            }
        }
    }
}

void NoiseSource::add_to_stimulus(const Part& part, std::int64_t step, double* row) {
    for (const Piece& piece : part.pieces) {
        Stream& stream = (*stimulus_)[piece.group];
        double* heard = row + blocks_->groups()[piece.group].first_slot;
        for (std::size_t node = piece.begin; node < end_of_nodes(piece); ++node) heard[node] += stream.xi[node];
        advance(stream, piece, step);
    }
}

}  // namespace kation
