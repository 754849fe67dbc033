#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

namespace kation::models {

/// The classic pair of an excitatory and an inhibitory population, as an example of a model of one's own.
struct WilsonCowan {
    static constexpr Info info{
        .name = "wilson_cowan",
        .title = "Excitatory and inhibitory population of Wilson and Cowan",
        .equations =
            "tau_e E' = -E + (1 - E) S_e(c_ee E - c_ei I + P + c + stimulus)\n"
            "tau_i I' = -I + (1 - I) S_i(c_ie E - c_ii I)\n"
            "S(x) = 1/(1 + exp(-a (x - theta))) - 1/(1 + exp(a theta))",
        .source = "Wilson and Cowan 1972, Biophysical Journal 12, 1, doi:10.1016/S0006-3495(72)86068-5, Eqs. 11, 12",
        .corrections = "",
    };

    template <class T>
    struct State {
        T E = Field{"E", 0.1, "1", valid{-0.5, 1.0}, explore{0.0, 0.5}, "fraction of excitatory cells firing"};
        T I = Field{"I", 0.05, "1", valid{-0.5, 1.0}, explore{0.0, 0.5}, "fraction of inhibitory cells firing"};
    };
    template <class T>
    struct Parameters {
        T tau_e = Field{"tau_e", 8.0, "ms", valid{0.0, inf, open}, explore{1.0, 20.0}, "time constant of the excitatory population"};
        T tau_i = Field{"tau_i", 8.0, "ms", valid{0.0, inf, open}, explore{1.0, 20.0}, "time constant of the inhibitory population"};
        T c_ee = Field{"c_ee", 16.0, "1", valid{0.0, inf}, explore{0.0, 40.0}, "weight of E onto E"};
        T c_ei = Field{"c_ei", 12.0, "1", valid{0.0, inf}, explore{0.0, 40.0}, "weight of I onto E"};
        T c_ie = Field{"c_ie", 15.0, "1", valid{0.0, inf}, explore{0.0, 40.0}, "weight of E onto I"};
        T c_ii = Field{"c_ii", 3.0, "1", valid{0.0, inf}, explore{0.0, 40.0}, "weight of I onto I"};
        T a_e = Field{"a_e", 1.3, "1", valid{0.0, inf, open}, explore{0.5, 3.0}, "slope of S_e"};
        T a_i = Field{"a_i", 2.0, "1", valid{0.0, inf, open}, explore{0.5, 3.0}, "slope of S_i"};
        T theta_e = Field{"theta_e", 4.0, "1", explore{1.0, 6.0}, "threshold of S_e"};
        T theta_i = Field{"theta_i", 3.7, "1", explore{1.0, 6.0}, "threshold of S_i"};
        T P = Field{"P", 1.25, "1", explore{0.0, 3.0}, "constant drive of E"};
    };
    template <class T>
    struct Output {
        T E = Field{"E", 0.0, "1", "fraction of excitatory cells firing"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1", "coupling, added to the drive of E"};
        T stimulus = Field{"stimulus", 0.0, "1", "added to the drive of E"};
    };

    template <class T>
    KATION_INLINE static constexpr T sigmoid(const T& x, const T& a, const T& theta) {
        return 1.0 / (1.0 + exp(-a * (x - theta))) - 1.0 / (1.0 + exp(a * theta));
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        const T drive_e = p.c_ee * x.E - p.c_ei * x.I + p.P + in.c + in.stimulus, drive_i = p.c_ie * x.E - p.c_ii * x.I;
        return {
            .E = (-x.E + (1.0 - x.E) * sigmoid(drive_e, p.a_e, p.theta_e)) / p.tau_e,
            .I = (-x.I + (1.0 - x.I) * sigmoid(drive_i, p.a_i, p.theta_i)) / p.tau_i,
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.E = x.E};
    }

    static constexpr EventRule event_rule{"E", "1", 0.2, 0.1};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.E;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<WilsonCowan>{"limit_cycle", "oscillates by itself (Fig. 11 of the paper)", {}, {.E = 0.1, .I = 0.05}},
            Preset<WilsonCowan>{"silent", "without drive: at rest at E = 0", {.P = 0.0}, {.E = 0.1, .I = 0.05}},
        };
    }
};

}  // namespace kation::models
