#include <kation/monitors/monitor.hpp>
#include <kation/support/error.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kation {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{4} << 20;  // of each variable, at most

}  // namespace

Monitor::Monitor(const MonitorSettings& settings, const Blocks& blocks, double dt)
    : kind_(settings.kind), name_(settings.label()), dt_(dt), period_(1), nodes_(blocks.nodes()) {
    if (kind_ != MonitorSettings::Kind::raw) {
        if (!(settings.period > 0))
            throw ConfigurationError(fmt::format("monitor {}: period = {} ms is not above 0", name_, shortest(settings.period)));
        period_ = whole_steps(fmt::format("monitor {}: period", name_), settings.period, dt);
    }
    std::vector<std::string> wanted = settings.variables, known;
    for (const Group& group : blocks.groups())
        for (const auto fields : {group.model->state, group.model->observed})
            for (const std::string& name : names_of(fields))
                if (std::ranges::find(known, name) == known.end()) known.push_back(name);
    if (wanted.empty())
        for (const Group& group : blocks.groups())
            for (const std::string& name : names_of(group.model->state))
                if (std::ranges::find(wanted, name) == wanted.end()) wanted.push_back(name);

    origins_.assign(blocks.groups().size(), std::vector<Origin>(wanted.size()));
    needs_observed_.assign(blocks.groups().size(), false);
    for (std::size_t v = 0; v < wanted.size(); ++v) {
        if (std::ranges::find(known, wanted[v]) == known.end())
            throw ConfigurationError(
                fmt::format("monitor {}: no model of this network has a variable '{}'{}", name_, wanted[v], suggestion(wanted[v], known)));
        if (std::ranges::count(wanted, wanted[v]) > 1)
            throw ConfigurationError(fmt::format("monitor {}: variable '{}' is named twice", name_, wanted[v]));
        std::string unit;
        for (std::size_t g = 0; g < blocks.groups().size(); ++g) {
            const Entry& model = *blocks.groups()[g].model;
            const auto find = [&](std::span<const Field> fields, Origin::Kind kind) {
                for (std::size_t k = 0; k < fields.size(); ++k)
                    if (fields[k].name.view() == wanted[v]) {
                        origins_[g][v] = {kind, k};
                        unit = fields[k].unit.view();
                    }
            };
            find(model.observed, Origin::Kind::observed);
            find(model.state, Origin::Kind::state);
            if (origins_[g][v].kind == Origin::Kind::observed) needs_observed_[g] = true;
        }
        variables_.push_back({wanted[v], unit});
    }
    for (const Group& group : blocks.groups()) {
        observed_.emplace_back(group.model->observed.size(), group.slots());
        sums_.emplace_back(wanted.size(), group.slots());
    }
    rows_ = std::max<std::int64_t>(1024, static_cast<std::int64_t>(std::min<std::size_t>(buffer_bytes / sizeof(double) / nodes_, 8192)));
    buffer_.assign(wanted.size(), std::vector<double>(static_cast<std::size_t>(rows_) * nodes_, std::numeric_limits<double>::quiet_NaN()));
}

/// The first row that is not complete after so many steps.
std::int64_t Monitor::row_after(std::int64_t step) const {
    return kind_ == MonitorSettings::Kind::average ? step / period_ : step / period_ + 1;
}

ConstColumns Monitor::derived(const Group& group, const Piece& piece, std::size_t g) {
    if (!needs_observed_[g]) return {};
    group.model->kernels.observe[instruction_set()](group.columns(), observed_[g].view(), piece.begin, piece.end);
    return observed_[g].view();
}

const double* Monitor::column(const Group& group, std::size_t g, std::size_t variable, ConstColumns observed) const {
    const Origin& origin = origins_[g][variable];
    if (origin.kind == Origin::Kind::missing) return nullptr;
    return origin.kind == Origin::Kind::state ? group.state[origin.index] : observed[origin.index];
}

void Monitor::add_to_sums(const Part& part, const Blocks& blocks) {
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks.groups()[piece.group];
        const ConstColumns observed = derived(group, piece, piece.group);
        for (std::size_t v = 0; v < variables_.size(); ++v) {
            const double* values = column(group, piece.group, v, observed);
            if (values == nullptr) continue;
            double* sums = sums_[piece.group][v];
            for (std::size_t node = piece.begin; node < piece.end; ++node) sums[node] += values[node];
        }
    }
}

void Monitor::write_row(const Part& part, const Blocks& blocks, std::int64_t row) {
    const bool average = kind_ == MonitorSettings::Kind::average;
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks.groups()[piece.group];
        const ConstColumns observed = average ? ConstColumns{} : derived(group, piece, piece.group);
        for (std::size_t v = 0; v < variables_.size(); ++v) {
            if (origins_[piece.group][v].kind == Origin::Kind::missing) continue;
            double* sums = sums_[piece.group][v];
            const double* values = average ? sums : column(group, piece.group, v, observed);
            const double scale = average ? 1.0 / static_cast<double>(period_) : 1.0;
            double* cells = buffer_[v].data() + static_cast<std::size_t>(row - first_row_) * nodes_;
            for (std::size_t place = piece.begin; place < std::min(piece.end, group.nodes.size()); ++place)
                cells[group.nodes[place]] = scale * values[place];
            if (average) std::fill(sums + piece.begin, sums + piece.end, 0.0);
        }
    }
}

void Monitor::sample(const Part& part, const Blocks& blocks, std::int64_t step) {
    if (kind_ == MonitorSettings::Kind::average) {
        if (step == 0) return;
        add_to_sums(part, blocks);
        if (step % period_ == 0) write_row(part, blocks, step / period_ - 1);
    } else if (step % period_ == 0) {
        write_row(part, blocks, step / period_);
    }
}

bool Monitor::full(std::int64_t step, std::int64_t steps) const { return row_after(step + steps) - first_row_ > rows_; }

void Monitor::flush(std::size_t place, std::int64_t step, std::span<const Recipient> recipients) {
    const std::int64_t rows = row_after(step) - first_row_;
    if (rows <= 0) return;
    std::vector<double> times;
    times.reserve(static_cast<std::size_t>(rows));
    for (std::int64_t row = first_row_; row < first_row_ + rows; ++row) {
        const bool middle = kind_ == MonitorSettings::Kind::average;
        times.push_back(middle ? time_of((2 * row + 1) * period_, 0.5 * dt_) : time_of(row * period_, dt_));
    }
    const std::size_t members = recipients.size(), regions = nodes_ / members;
    std::vector<std::vector<double>> own(members > 1 ? buffer_.size() : 0);
    for (std::size_t member = 0; member < members; ++member) {
        const std::int64_t wanted = std::min(rows, row_after(recipients[member].until) - first_row_);
        if (recipients[member].sink == nullptr || wanted <= 0) continue;
        const auto count = static_cast<std::size_t>(wanted);
        Chunk chunk{place, std::span(times).first(count), {}};
        for (std::size_t v = 0; v < buffer_.size(); ++v) {
            const double* values = buffer_[v].data();
            if (members > 1) {
                own[v].resize(count * regions);
                for (std::size_t row = 0; row < count; ++row)
                    std::copy_n(values + row * nodes_ + member * regions, regions, own[v].data() + row * regions);
                values = own[v].data();
            }
            chunk.values.emplace_back(values, count * regions);
        }
        recipients[member].sink->write(chunk);
    }
    first_row_ += rows;
}

}  // namespace kation
