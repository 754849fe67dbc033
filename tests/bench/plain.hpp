#pragma once

#include <kation/network/network.hpp>

#include <cstdint>
#include <span>
#include <vector>

/// What Kation's speed is measured against: the same networks and schemes as one would write them down without a thought of vector
/// instructions. Nodes are structures in a vector, exp and log are those of the standard library, the past is a ring of rows [step][node],
/// and every step reads it connection by connection. Compiled with -O3. It knows linear coupling and what the comparison needs, no more.
namespace plain {

enum class Scheme { euler, heun, rk4 };

struct Connection {
    std::uint32_t from;
    std::int32_t delay;  // [steps]
    double weight;
};

/// What nodes sent, as far back as the longest delay.
class Past {
  public:
    Past() = default;
    /// @param sent  by each node, at all times before the first step
    Past(const std::vector<double>& sent, std::int64_t longest);
    [[nodiscard]] double sum(std::span<const Connection> connections, std::int64_t step) const {
        double sum = 0;
        for (const Connection& connection : connections) sum += connection.weight * row(step - connection.delay)[connection.from];
        return sum;
    }
    [[nodiscard]] double* row(std::int64_t step) { return rows_.data() + static_cast<std::size_t>(step & mask_) * nodes_; }
    [[nodiscard]] const double* row(std::int64_t step) const { return rows_.data() + static_cast<std::size_t>(step & mask_) * nodes_; }

  private:
    std::size_t nodes_ = 0;
    std::int64_t mask_ = 0;
    std::vector<double> rows_;
};

/// The sums alone, without a model.
class Sums {
  public:
    explicit Sums(std::vector<std::vector<Connection>> connections);
    /// All sums of one step; every node then sends 0.5.
    void advance();
    [[nodiscard]] const std::vector<double>& heard() const { return heard_; }

  private:
    std::vector<std::vector<Connection>> connections_;
    Past past_;
    std::vector<double> heard_;
    std::int64_t step_ = 0;
};

/// Rabuffo, Bandyopadhyay et al. 2026, Eqs. 2-4, 38-40, with the constants of the preset fig6.
struct IonExchange {
    struct State {
        double r, V, n, DKi, Kg;
    };
    struct Parameters {
        double K_bath;
        double J = 0.08, Delta = 1.0, eta = 0.0, E = 0.0, Cm = 1.0, tau_n = 4.0, gamma = 0.04, epsilon = 0.001, R_minus = 0.02,
               R_plus = -0.1, c_minus = -44.24, c_plus = -20.4, Vstar = -31.0, g_Cl = 7.5, g_K = 22.0, g_Na = 40.0, g_Kl = 0.12,
               g_Nal = 0.02, omega_i = 2160.0, omega_ext = 720.0, rho = 250.0, Cl_ext = 112.0, Cl_int = 5.0, Vm = -24.0, km = 12.0,
               Vn = -19.0, kn = 18.0;
    };
    static State start(const kation::Network& network, std::size_t region);
    static Parameters parameters(const kation::Network& network, std::size_t region);
    static State derivative(const State& x, const Parameters& p, double c);
    static State moved(const State& x, double h, const State& k);
};

/// Montbrio, Pazo, Roxin 2015, Eq. 12 with coupling by rates.
struct MontbrioPazoRoxin {
    struct State {
        double r, v;
    };
    struct Parameters {
        double tau = 1.0, Delta = 1.0, eta = -5.0, J = 15.0, Gamma = 0.0;
    };
    static State start(const kation::Network& network, std::size_t region);
    static Parameters parameters(const kation::Network& network, std::size_t region);
    static State derivative(const State& x, const Parameters& p, double c);
    static State moved(const State& x, double h, const State& k);
};

/// A network of one model in time.
template <class Model>
class Simulation {
  public:
    /// @param speed [mm/ms], infinity for no delays.  @param dt [ms]
    Simulation(const kation::Network& network, double G, double speed, double dt, Scheme scheme);
    void run(std::int64_t steps);
    [[nodiscard]] const typename Model::State& state(std::size_t region) const { return nodes_[region].x; }

  private:
    struct Node {
        typename Model::State x;
        typename Model::Parameters p;
        std::vector<Connection> delayed, instant;
        // Of RK4: the point and the sum of the slopes so far, and what arrived with delay two steps and one step ago, now, and in one step.
        typename Model::State point, slopes;
        double before2, before1, now, next;
    };
    void step_euler();
    void step_heun();
    void step_rk4();
    /// @param at  of the step, 0, 0.5 or 1.  @param weight  of the slope.  @param next_point  how far along the slope the next stage is
    void stage(double at, double weight, double next_point);

    std::vector<Node> nodes_;
    Past past_;
    std::vector<double> sent_;  ///< RK4: by each node at the stage's point
    double G_, dt_;
    Scheme scheme_;
    std::int64_t step_ = 0;
};

extern template class Simulation<IonExchange>;
extern template class Simulation<MontbrioPazoRoxin>;

}  // namespace plain
