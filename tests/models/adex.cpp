// Mean fields of adaptive exponential neurons (di Volo et al. 2019) against tables of independent code.
#include <kation/model/catalogue.hpp>
#include <kation/models/adex_second_order.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/reference_table.hpp>
#include <support/refused.hpp>

#include <armadillo>

using namespace kation;
using models::Adex;

namespace {

using Numbers = Adex::Parameters<double>;
constexpr double Hz = 1e-3;  // in kHz

std::vector<ReferenceTable::Row> rows_of(const std::string& file) {
    return ReferenceTable(std::string(KATION_SOURCE_DIR "/tests/reference/adex/") + file).rows();
}

double number(const ReferenceTable::Row& row, const std::string& column) { return ReferenceTable::number(row, column); }

double uses_table1(const ReferenceTable::Row& row) { return row.at("coefs") == "table1" ? 1.0 : 0.0; }

std::array<double, 10> coefficients(const Numbers& p, bool excitatory, double use_table1) {
    return excitatory ? Adex::coefficients(p.P_e, Adex::table1_e, use_table1) : Adex::coefficients(p.P_i, Adex::table1_i, use_table1);
}

template <class S>
Adex::Membrane<S> membrane(const S& f_e, const S& f_i, double E_L, double W, const Numbers& p) {
    const auto k = Adex::constants<double>(p);
    return Adex::membrane<S, double>(Adex::synapses<S, double>(f_e, f_i, p, k), E_L, W, p, k);
}
template <class S>
S rate_of(const Adex::Membrane<S>& m, const std::array<double, 10>& P, const Numbers& p) {
    return Adex::firing_rate<S, double>(m, P, Adex::constants<double>(p));
}

/// A node of a model with the options in the order stationary_adaptation, rate_floor, table1.
struct Node {
    const Entry* model;
    std::vector<double> parameters;
    std::vector<double> options{0.0, 0.0, 0.0};

    Node(const std::string& name, std::string_view preset) : model(&kation::model(name)), parameters(model->preset(preset).parameters) {}
    void set(std::string_view name, double value) { parameters[model->parameter_index(name)] = value; }
    [[nodiscard]] arma::vec rates(const arma::vec& x) const {
        return arma::vec(model->derivative({x.begin(), x.end()}, parameters, std::vector<double>{0.0, 0.0}, options));
    }
    [[nodiscard]] arma::mat jacobian(const arma::vec& x) const {
        return model->jacobian({x.begin(), x.end()}, parameters, std::vector<double>{0.0, 0.0}, options);
    }
    [[nodiscard]] arma::vec fixed_point(arma::vec x) const {
        for (int k = 0; k < 12; ++k) x -= arma::solve(jacobian(x), rates(x));
        return x;
    }
};

/// One isolated node with a dt that is small for its T.
SimulatorSettings alone(double dt = 0.1) { return instant(Integrator::rk4(dt)); }

Network one(const std::string& name, std::string_view preset) { return Network(unconnected(1), RegionModel(model(name), preset)); }

Stimulus kick(double amplitude, double duration) {
    Stimulus stimulus;
    stimulus.regions = {0};
    stimulus.amplitude = amplitude;
    stimulus.duration = duration;
    return stimulus;
}

}  // namespace

TEST_CASE("the transfer functions are those of the table, far into the tail") {
    double worst = 0, worst_tail = 0;
    for (const auto& row : rows_of("tf.csv")) {
        Numbers p;
        p.Q_e = number(row, "Qe_nS");
        const double f_e = p.K_e * number(row, "nu_e_Hz") * Hz, f_i = p.K_i * number(row, "nu_i_Hz") * Hz, W = number(row, "W_pA");
        CAPTURE(row.at("nu_e_Hz"));
        CAPTURE(row.at("nu_i_Hz"));
        CAPTURE(row.at("W_pA"));
        const auto e = membrane(f_e, f_i, p.E_L_e, W, p), i = membrane(f_e, f_i, p.E_L_i, 0.0, p);
        constexpr Tolerance printed{.abs = 0, .rel = 1e-11, .why = "12 digits in the table"};
        CHECK_CLOSE(e.mu_V, number(row, "muV_mV"), printed);
        CHECK_CLOSE(std::sqrt(0.5 * e.twice_variance), number(row, "sV_mV"), printed);
        CHECK_CLOSE(e.tau_V, number(row, "tauV_ms"), printed);
        CHECK_CLOSE(i.mu_V, number(row, "muV0_mV"), printed);
        for (const bool excitatory : {true, false}) {
            const double rate = rate_of(excitatory ? e : i, coefficients(p, excitatory, uses_table1(row)), p) / Hz;
            const double exact = number(row, excitatory ? "F_RS_Hz" : "F_FS_Hz");
            const bool tail = exact <= 1e-100;
            CHECK_CLOSE(rate, exact, .abs = 1e-304, .rel = tail ? 1e-9 : 1e-11,
                        .why = "the page of the model says so; errors of the threshold grow in the tail, and erfc ends at 1e-307");
            if (exact > 1e-290) (tail ? worst_tail : worst) = std::max(tail ? worst_tail : worst, std::abs(rate / exact - 1.0));
        }
    }
    MESSAGE("transfer functions: relative error " << worst << ", " << worst_tail << " below 1e-100 Hz");
}

TEST_CASE("without any event the rate is 0 below threshold and 1/tau above") {
    Numbers p;
    const auto silent = membrane(0.0, 0.0, p.E_L_e, 0.0, p);
    CHECK(silent.mu_V == -65.0);
    CHECK(rate_of(silent, p.P_e, p) == 0.0);
    const auto depolarised = membrane(0.0, 0.0, 20.0, 0.0, p);
    CHECK_CLOSE(rate_of(depolarised, {}, p), 1.0 / 25.0, .rel = 1e-15, .why = "T_m is 20 ms, tau_e 5 ms");
}

TEST_CASE("first and second derivatives of the transfer functions are exact") {
    double worst = 0;
    for (const auto& row : rows_of("jets.csv")) {
        using J = Jet<double>;
        const bool excitatory = row.at("pop") == "e";
        const Numbers p;
        const J f_e(p.K_e * number(row, "nu_e_Hz") * Hz, p.K_e, 0, 0, 0, 0), f_i(p.K_i * number(row, "nu_i_Hz") * Hz, 0, p.K_i, 0, 0, 0);
        const auto m = membrane(f_e, f_i, -65.0, excitatory ? number(row, "W_pA") : 0.0, p);
        const J F = rate_of(m, coefficients(p, excitatory, uses_table1(row)), p);
        CAPTURE(row.at("pop"));
        CAPTURE(row.at("nu_e_Hz"));
        const std::pair<double, const char*> parts[] = {{F.value, "F_kHz"}, {F.x, "Fx"},   {F.y, "Fy"},
                                                        {F.xx, "Fxx"},      {F.xy, "Fxy"}, {F.yy, "Fyy"}};
        for (const auto& part : parts) {
            const double exact = number(row, part.second);
            CHECK_CLOSE(part.first, exact, .rel = 1e-10, .why = "the page of the model says so; terms of second derivatives cancel");
            worst = std::max(worst, std::abs(part.first / exact - 1.0));
        }
    }
    MESSAGE("derivatives: relative error " << worst);
}

TEST_CASE("fixed points of both orders are those of the table, and stable") {
    double worst = 0, worst_second = 0;
    for (const auto& row : rows_of("fp.csv")) {
        for (const std::string order : {"adex", "adex_second_order"}) {
            Node node(order, "fig2");
            for (const auto& setting : {std::pair{"Q_e", "Qe_nS"}, {"a", "a_nS"}, {"b", "b_pA"}, {"T", "T_ms"}})
                node.set(setting.first, number(row, setting.second));
            node.set("nu_drive", number(row, "drive_Hz") * Hz);
            node.options[2] = uses_table1(row);
            const bool second = order != "adex";
            const arma::vec exact =
                second ? arma::vec{number(row, "nu_e2_Hz") * Hz,   number(row, "nu_i2_Hz") * Hz,   number(row, "c_ee_Hz2") * 1e-6,
                                   number(row, "c_ei_Hz2") * 1e-6, number(row, "c_ii_Hz2") * 1e-6, number(row, "W2_pA")}
                       : arma::vec{number(row, "nu_e1_Hz") * Hz, number(row, "nu_i1_Hz") * Hz, number(row, "W1_pA")};
            const arma::vec found = node.fixed_point(exact);
            CAPTURE(order);
            CAPTURE(row.at("coefs"));
            CAPTURE(row.at("b_pA"));
            for (arma::uword k = 0; k < exact.n_elem; ++k) {
                CHECK_CLOSE(found(k), exact(k), .abs = 1e-12, .rel = second ? 1e-6 : 1e-7,
                            .why = "the page of the model says so; 9 digits in the table");
                double& largest = second ? worst_second : worst;
                if (exact(k) != 0) largest = std::max(largest, std::abs(found(k) / exact(k) - 1.0));
            }
            CHECK(arma::real(arma::eig_gen(node.jacobian(found))).max() < 0.0);
        }
    }
    MESSAGE("fixed points: relative error " << worst << ", second order " << worst_second);
}

TEST_CASE("stationary adaptation has the same fixed points, and does not depend on W") {
    for (const char* preset : {"fig2", "fig3"}) {
        Node node("adex", preset);
        const arma::vec start(node.model->preset(preset).state);
        const arma::vec point = node.fixed_point(start);
        node.options[0] = 1.0;
        CHECK_CLOSE(arma::abs(node.rates(point)).max(), 0.0, .abs = 1e-13, .why = "rounding of rates of 0.06 pA/ms");
        arma::vec moved = point;
        moved(2) += 30.0;
        CHECK(node.rates(moved)(0) == node.rates(point)(0));
        CHECK(node.rates(moved)(2) < 0.0);
    }
}

TEST_CASE("the presets of Figs. 2 to 4 start at rest, and the state with less conductance answers more strongly") {
    for (const char* order : {"adex", "adex_second_order"})
        for (const char* preset : {"fig2", "fig3", "fig4_low", "fig4_high"}) {
            Simulator simulator(one(order, preset), alone());
            const double before = simulator.state(0, "nu_e");
            simulator.run(500.0);
            CAPTURE(order);
            CAPTURE(preset);
            CHECK_CLOSE(simulator.state(0, "nu_e"), before, .rel = 1e-7, .why = "the start has 9 digits");
        }
    const auto response = [](const char* preset) {
        SimulatorSettings settings = alone();
        Stimulus sine = kick(2.0 * Hz, 200.0);
        sine.waveform = Stimulus::Waveform::sine;
        sine.frequency = 0.005;
        settings.stimuli = {sine};
        settings.monitors = {MonitorSettings::subsample(1.0, {"nu_e"})};
        Simulator simulator(one("adex", preset), settings);
        const double before = simulator.state(0, "nu_e");
        return (simulator.run(200.0).series()["nu_e"].max() - before) / before;
    };
    CHECK(response("fig4_low") > 2.0 * response("fig4_high"));
}

TEST_CASE("a network whose excitatory cells are more excitable stays active after a kick, and another falls silent") {
    const auto rate_after_kick = [](double E_L_e) {
        Network network = one("adex", "fig5");
        network.set_parameter("E_L_e", E_L_e);
        SimulatorSettings settings = alone();
        settings.stimuli = {kick(1.0 * Hz, 100.0)};
        Simulator simulator(network, settings);
        simulator.run(5000.0);
        return simulator.state(0, "nu_e");
    };
    CHECK_CLOSE(rate_after_kick(-62.0), 5.181 * Hz, .abs = 1e-3 * Hz, .why = "the fixed point, below, to four digits");
    CHECK(rate_after_kick(-67.0) < 1e-6 * Hz);
    // The paper's -63 mV: after the kick the rates spiral away from the active state.
    CHECK(rate_after_kick(-63.0) < 1e-6 * Hz);
    Node node("adex", "fig5");
    for (const double E_L_e : {-63.0, -62.0}) {
        node.set("E_L_e", E_L_e);
        const arma::vec active = node.fixed_point({4.5 * Hz, 10.5 * Hz, 0.0});
        CHECK_CLOSE(active(0), (E_L_e == -63.0 ? 4.160 : 5.181) * Hz, .abs = 1e-3 * Hz, .why = "a bisection over nu_e, to four digits");
        CHECK((arma::real(arma::eig_gen(node.jacobian(active))).max() < 0.0) == (E_L_e == -62.0));
    }
    Simulator untouched(one("adex", "fig5"), alone());
    untouched.run(5000.0);
    CHECK(untouched.state(0, "nu_e") == 0.0);
}

TEST_CASE("noise of the drive carries the network up, and adaptation brings it down") {
    SimulatorSettings settings = instant(Integrator::heun(0.1));
    settings.monitors = {MonitorSettings::subsample(5.0, {"nu_e"})};
    Simulator quiet(one("adex", "fig6"), settings);
    CHECK(quiet.run(10000.0).series()["nu_e"].max() < 0.5 * Hz);

    settings.noise.stimulus = StimulusNoise{.tau = 5.0, .sd = 0.525 * Hz};
    settings.integrator.seed = 1;
    Simulator noisy(one("adex", "fig6"), settings);
    const arma::vec nu_e = noisy.run(20000.0).series()["nu_e"].col(0);
    int ups = 0;
    bool up = false;
    for (const double rate : nu_e) {
        if (!up && rate > 8.0 * Hz) up = true, ++ups;
        if (up && rate < 1.0 * Hz) up = false;
    }
    MESSAGE(ups << " UP states in 20 s, down for " << arma::accu(nu_e < 1.0 * Hz) * 5 << " ms");
    CHECK(ups >= 5);
    CHECK(arma::accu(nu_e < 1.0 * Hz) * 5 > 2000);
}

TEST_CASE("a drive below 0 counts as none, and so does a negative sum of rates") {
    const Node node("adex", "fig2");
    const std::vector<double> x = node.model->preset("fig2").state;
    const auto rates = [&](double c, double drive) {
        return node.model->derivative(x, node.parameters, std::vector<double>{c, drive}, node.options);
    };
    const double own = node.parameters[node.model->parameter_index("nu_drive")];
    CHECK(rates(0.0, -own) == rates(0.0, -10.0));
    CHECK(rates(-1.0, 0.0) == rates(-2.0, 0.0));
    CHECK_CLOSE(rates(0.001, 0.0)[0], rates(0.0, 0.001)[0], .rel = 1e-12, .why = "the sum in another order");
}

TEST_CASE("the saturated state near 193 Hz and potentials below -75 mV bring a warning, once") {
    Network network = one("adex", "fig3");
    network.set_parameter("b", 0.0);
    network.set_initial(0, "nu_e", 0.19);
    network.set_initial(0, "nu_i", 0.19);
    Simulator simulator(network, alone());
    const std::size_t before = simulator.warnings().size();
    simulator.run(500.0);
    CHECK_CLOSE(simulator.state(0, "nu_e"), 0.193, .abs = 1e-3, .why = "three digits are given");
    REQUIRE(simulator.warnings().size() == before + 1);
    CHECK(simulator.warnings().back().find("adex: nu_e = 0.19") == 0);
    CHECK(simulator.warnings().back().find("usual range [0, 0.1]") != std::string::npos);

    Network weighed_down = one("adex", "fig2");
    weighed_down.set_initial(0, "W", 1500.0);
    Simulator low(weighed_down, alone());
    low.run(100.0);
    REQUIRE(low.warnings().size() == before + 1);
    CHECK(low.warnings().back().find("mu_V = -") != std::string::npos);
    CHECK(low.warnings().back().find("[-75, inf)") != std::string::npos);
}

TEST_CASE("the second order stops where it diverges, and says where") {
    const auto run_from = [](const char* variable, double value) {
        Network network = one("adex_second_order", "fig2");
        network.set_initial(0, variable, value);
        Simulator(network, alone()).run(100.0);
    };
    CHECK_REFUSED(ConfigurationError, "gives determinant = -", run_from("c_ei", 1e-4));
    CHECK_REFUSED(ConfigurationError, "gives c_ee_share = ", run_from("c_ee", 0.05));
    CHECK_REFUSED(ConfigurationError, "c_ee = -", run_from("c_ee", -1e-9));

    // A strong jump of the drive: the covariances run away.
    SimulatorSettings settings = alone(0.05);
    settings.stimuli = {kick(20.0 * Hz, 1000.0)};
    Simulator simulator(one("adex_second_order", "fig4_low"), settings);
    CHECK_REFUSED(InvalidState, "The second order diverges in strong transients", simulator.run(1000.0));
}
