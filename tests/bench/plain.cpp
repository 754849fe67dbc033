#include <bench/plain.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace plain {

constexpr double pi = std::numbers::pi;

Past::Past(const std::vector<double>& sent, std::int64_t longest)
    : nodes_(sent.size()), mask_(static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(longest + 2))) - 1) {
    for (std::int64_t row = 0; row <= mask_; ++row) rows_.insert(rows_.end(), sent.begin(), sent.end());
}

Sums::Sums(std::vector<std::vector<Connection>> connections) : connections_(std::move(connections)), heard_(connections_.size(), 0.0) {
    std::int64_t longest = 0;
    for (const auto& into : connections_)
        for (const Connection& connection : into) longest = std::max<std::int64_t>(longest, connection.delay);
    past_ = Past(std::vector<double>(connections_.size(), 0.5), longest);
}

void Sums::advance() {
    for (std::size_t i = 0; i < connections_.size(); ++i) heard_[i] = past_.sum(connections_[i], step_);
    ++step_;
    std::fill_n(past_.row(step_), heard_.size(), 0.5);
}

IonExchange::State IonExchange::start(const kation::Network& network, std::size_t region) {
    const auto& x = network.region(region).initial;
    return {.r = x[0], .V = x[1], .n = x[2], .DKi = x[3], .Kg = x[4]};
}

IonExchange::Parameters IonExchange::parameters(const kation::Network& network, std::size_t region) {
    return {.K_bath = network.parameter(region, "K_bath")};
}

IonExchange::State IonExchange::moved(const State& x, double h, const State& k) {
    return {.r = x.r + h * k.r, .V = x.V + h * k.V, .n = x.n + h * k.n, .DKi = x.DKi + h * k.DKi, .Kg = x.Kg + h * k.Kg};
}

IonExchange::State IonExchange::derivative(const State& x, const Parameters& p, double c) {
    const double beta = p.omega_i / p.omega_ext;
    const double K_int = 130.0 + x.DKi, Na_int = 16.0 - x.DKi, Na_ext = 138.0 + beta * x.DKi, K_ext = 4.8 - beta * x.DKi + x.Kg;
    const double m_inf = 1.0 / (1.0 + std::exp((p.Vm - x.V) / p.km));
    const double n_inf = 1.0 / (1.0 + std::exp((p.Vn - x.V) / p.kn));
    const double h = 1.1 - 1.0 / (1.0 + std::exp(-8.0 * (x.n - 0.4)));
    const double I_Na = (p.g_Nal + p.g_Na * m_inf * h) * (x.V - 26.64 * std::log(Na_ext / Na_int));
    const double I_K = (p.g_Kl + p.g_K * x.n) * (x.V - 26.64 * std::log(K_ext / K_int));
    const double I_Cl = p.g_Cl * (x.V + 26.64 * std::log(p.Cl_ext / p.Cl_int));
    const double I_pump = p.rho / (1.0 + std::exp(10.5 - 0.5 * Na_int)) / (1.0 + std::exp(5.5 - K_ext));
    const double R_s = x.V <= p.Vstar ? p.R_minus : p.R_plus, c_s = x.V <= p.Vstar ? p.c_minus : p.c_plus;
    const double spread = pi * x.r / p.R_minus;
    return {
        .r = p.R_minus * p.Delta / pi + 2.0 * R_s * (x.V - c_s) * x.r - p.J * x.r * x.r,
        .V = -(I_Cl + I_Na + I_K + I_pump) / p.Cm - R_s * spread * spread + (p.J * x.r + c) * (p.E - x.V) + p.eta,
        .n = (n_inf - x.n) / p.tau_n,
        .DKi = -(p.gamma / p.omega_i) * (I_K - 2.0 * I_pump),
        .Kg = p.epsilon * (p.K_bath - K_ext),
    };
}

MontbrioPazoRoxin::State MontbrioPazoRoxin::start(const kation::Network& network, std::size_t region) {
    const auto& x = network.region(region).initial;
    return {.r = x[0], .v = x[1]};
}

MontbrioPazoRoxin::Parameters MontbrioPazoRoxin::parameters(const kation::Network&, std::size_t) { return {}; }

MontbrioPazoRoxin::State MontbrioPazoRoxin::moved(const State& x, double h, const State& k) {
    return {.r = x.r + h * k.r, .v = x.v + h * k.v};
}

MontbrioPazoRoxin::State MontbrioPazoRoxin::derivative(const State& x, const Parameters& p, double c) {
    const double w = pi * p.tau * x.r;
    return {
        .r = (p.Delta / (pi * p.tau) + p.Gamma * x.r / pi + 2.0 * x.r * x.v) / p.tau,
        .v = (x.v * x.v + p.eta + p.J * p.tau * x.r + c - w * w) / p.tau,
    };
}

template <class Model>
Simulation<Model>::Simulation(const kation::Network& network, double G, double speed, double dt, Scheme scheme)
    : G_(G), dt_(dt), scheme_(scheme) {
    const kation::Connectivity& connectivity = network.connectivity();
    const kation::StepMatrix delays = connectivity.delays(speed, dt);
    for (std::size_t to = 0; to < network.regions(); ++to) {
        Node node{};
        node.x = Model::start(network, to);
        node.p = Model::parameters(network, to);
        for (std::size_t from = 0; from < network.regions(); ++from)
            if (connectivity.weight(to, from) != 0.0)
                (delays(to, from) > 0 ? node.delayed : node.instant)
                    .push_back(
                        {static_cast<std::uint32_t>(from), static_cast<std::int32_t>(delays(to, from)), connectivity.weight(to, from)});
        sent_.push_back(node.x.r);
        nodes_.push_back(std::move(node));
    }
    past_ = Past(sent_, delays.max());
    for (Node& node : nodes_) node.before1 = node.now = node.next = past_.sum(node.delayed, 0);
}

template <class Model>
void Simulation<Model>::run(std::int64_t steps) {
    for (const std::int64_t last = step_ + steps; step_ < last; ++step_) {
        if (scheme_ == Scheme::euler)
            step_euler();
        else if (scheme_ == Scheme::heun)
            step_heun();
        else
            step_rk4();
        double* sent = past_.row(step_ + 1);
        for (std::size_t i = 0; i < nodes_.size(); ++i) sent[i] = nodes_[i].x.r;
    }
}

template <class Model>
void Simulation<Model>::step_euler() {
    for (Node& node : nodes_) {
        const double c = G_ * (past_.sum(node.delayed, step_) + past_.sum(node.instant, step_));
        node.x = Model::moved(node.x, dt_, Model::derivative(node.x, node.p, c));
    }
}

template <class Model>
void Simulation<Model>::step_heun() {
    for (Node& node : nodes_) {
        const double c = G_ * (past_.sum(node.delayed, step_) + past_.sum(node.instant, step_));
        const auto k1 = Model::derivative(node.x, node.p, c);
        const auto k2 = Model::derivative(Model::moved(node.x, dt_, k1), node.p, c);
        node.x = Model::moved(Model::moved(node.x, 0.5 * dt_, k1), 0.5 * dt_, k2);
    }
}

// Connections without delay are evaluated at every stage. What arrives with delay is summed once in a step; in the middle of the step it
// is a cubic through the sums at four times.
template <class Model>
void Simulation<Model>::step_rk4() {
    for (Node& node : nodes_) {
        node.before2 = node.before1;
        node.before1 = node.now;
        node.now = node.next;
        node.next = past_.sum(node.delayed, step_ + 1);
        node.point = node.x;
        node.slopes = {};
    }
    stage(0.0, 1.0, 0.5);
    stage(0.5, 2.0, 0.5);
    stage(0.5, 2.0, 1.0);
    stage(1.0, 1.0, 0.0);
    for (Node& node : nodes_) node.x = Model::moved(node.x, dt_ / 6.0, node.slopes);
}

template <class Model>
void Simulation<Model>::stage(double at, double weight, double next_point) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) sent_[i] = nodes_[i].point.r;
    for (Node& node : nodes_) {
        double heard = at == 0.0   ? node.now
                       : at == 1.0 ? node.next
                                   : 0.0625 * node.before2 - 0.3125 * node.before1 + 0.9375 * node.now + 0.3125 * node.next;
        for (const Connection& connection : node.instant) heard += connection.weight * sent_[connection.from];
        const auto slope = Model::derivative(node.point, node.p, G_ * heard);
        node.slopes = Model::moved(node.slopes, weight, slope);
        node.point = Model::moved(node.x, next_point * dt_, slope);
    }
}

template class Simulation<IonExchange>;
template class Simulation<MontbrioPazoRoxin>;

}  // namespace plain
