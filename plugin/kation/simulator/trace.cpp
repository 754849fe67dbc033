#include <kation/simulator/trace.hpp>

#include <algorithm>
#include <cassert>

namespace kation {

void Trace::add(double begin, double length, std::span<const double> samples) {
    const std::size_t values = channels_ * nodes_;
    if (values == 0) return;  // nobody listens
    const std::size_t count = samples.size() / values;
    assert(count >= 1 && count <= most_samples);
    Piece piece{begin, count > 1 ? static_cast<double>(count - 1) / length : 0.0, std::vector<double>(values * most_samples, 0.0)};
    for (std::size_t value = 0; value < values; ++value) {
        double* differences = &piece.differences[value * most_samples];
        for (std::size_t k = 0; k < count; ++k) differences[k] = samples[k * values + value];
        for (std::size_t order = 1; order < count; ++order)
            for (std::size_t k = count - 1; k >= order; --k) differences[k] -= differences[k - 1];
    }
    pieces_.push_back(std::move(piece));
}

double Trace::at(std::size_t channel, std::size_t node, double time, std::int64_t& place) const {
    const std::int64_t last = first_ + static_cast<std::int64_t>(pieces_.size()) - 1;
    const auto piece_at = [&](std::int64_t number) -> const Piece& { return pieces_[static_cast<std::size_t>(number - first_)]; };
    place = std::clamp(place, first_, last);
    while (place > first_ && time < piece_at(place).begin) --place;
    while (place < last && time >= piece_at(place + 1).begin) ++place;
    const Piece& piece = piece_at(place);
    const double* d = &piece.differences[(channel * nodes_ + node) * most_samples];
    const double s = (time - piece.begin) * piece.per_ms;
    constexpr double part[most_samples] = {1.0, 1.0, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7};
    double value = d[most_samples - 1];
    for (std::size_t order = most_samples - 1; order > 0; --order)
        value = d[order - 1] + (s - static_cast<double>(order - 1)) * part[order] * value;
    return value;
}

void Trace::forget_before(double time) {
    while (pieces_.size() > 1 && pieces_[1].begin <= time) {
        pieces_.pop_front();
        ++first_;
    }
}

}  // namespace kation
