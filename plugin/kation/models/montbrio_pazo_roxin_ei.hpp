#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

#include <numbers>

namespace kation::models {

/// An excitatory and an inhibitory population of quadratic integrate-and-fire neurons.
struct MontbrioPazoRoxinEi {
    static constexpr Info info{
        .name = "montbrio_pazo_roxin_ei",
        .title = "Exact mean field of an excitatory and an inhibitory population",
        .equations =
            "tau re' = Delta_e/(pi tau) + 2 re ve\n"
            "tau ve' = ve^2 + eta_e + tau (J_ee re - J_ie ri) + c + I - (pi tau re)^2\n"
            "tau ri' = Delta_i/(pi tau) + 2 ri vi\n"
            "tau vi' = vi^2 + eta_i + tau (J_ei re - J_ii ri) - (pi tau ri)^2",
        .source = "Montbrio, Pazo, Roxin 2015, Physical Review X 5, 021028, doi:10.1103/PhysRevX.5.021028, Eq. E2",
        .corrections = "",
    };

    template <class T>
    struct State {
        T re = Field{"re", 0.1, "1/ms", valid{0.0, inf}, explore{0.0, 2.0}, "firing rate of the excitatory population"};
        T ve = Field{"ve", -1.0, "1", explore{-2.0, 1.5}, "mean membrane potential of the excitatory population"};
        T ri = Field{"ri", 0.1, "1/ms", valid{0.0, inf}, explore{0.0, 2.0}, "firing rate of the inhibitory population"};
        T vi = Field{"vi", -1.0, "1", explore{-2.0, 1.5}, "mean membrane potential of the inhibitory population"};
    };
    template <class T>
    struct Parameters {
        T tau = Field{"tau", 1.0, "ms", valid{0.0, inf, open}, explore{1.0, 15.0}, "membrane time constant of both populations"};
        T Delta_e = Field{"Delta_e", 1.0, "1", valid{0.0, inf, open}, explore{0.1, 2.0}, "half width of the excitatory currents"};
        T Delta_i = Field{"Delta_i", 1.0, "1", valid{0.0, inf, open}, explore{0.1, 2.0}, "half width of the inhibitory currents"};
        T eta_e = Field{"eta_e", -5.0, "1", explore{-10.0, 5.0}, "centre of the excitatory currents"};
        T eta_i = Field{"eta_i", -5.0, "1", explore{-10.0, 5.0}, "centre of the inhibitory currents"};
        T J_ee = Field{"J_ee", 20.0, "1", explore{0.0, 30.0}, "weight of the excitatory population onto itself"};
        T J_ie = Field{"J_ie", 8.0, "1", explore{0.0, 30.0}, "weight of the inhibitory onto the excitatory population"};
        T J_ei = Field{"J_ei", 15.0, "1", explore{0.0, 30.0}, "weight of the excitatory onto the inhibitory population"};
        T J_ii = Field{"J_ii", 5.0, "1", explore{0.0, 30.0}, "weight of the inhibitory population onto itself"};
    };
    template <class T>
    struct Output {
        T re = Field{"re", 0.0, "1/ms", "firing rate of the excitatory population"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling, added to the excitatory current"};
        T I = Field{"I", 0.0, "1", "stimulus: a current like eta_e, on the excitatory population"};
    };

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        constexpr double pi = std::numbers::pi;
        const T recurrent_e = p.tau * (p.J_ee * x.re - p.J_ie * x.ri), recurrent_i = p.tau * (p.J_ei * x.re - p.J_ii * x.ri);
        return {
            .re = (p.Delta_e / (pi * p.tau) + 2.0 * x.re * x.ve) / p.tau,
            .ve = (square(x.ve) + p.eta_e + recurrent_e + in.c + in.I - square(pi * p.tau * x.re)) / p.tau,
            .ri = (p.Delta_i / (pi * p.tau) + 2.0 * x.ri * x.vi) / p.tau,
            .vi = (square(x.vi) + p.eta_i + recurrent_i - square(pi * p.tau * x.ri)) / p.tau,
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.re = x.re};
    }

    static constexpr EventRule event_rule{"tau re", "1", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>& p) {
        return p.tau * x.re;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<MontbrioPazoRoxinEi>{
                "quiet", "settles at low rates (re 0.0785, ri 0.0771)", {}, {.re = 0.1, .ve = -1.0, .ri = 0.1, .vi = -1.0}},
        };
    }
};

}  // namespace kation::models
