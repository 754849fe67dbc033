// A whole model of which each case breaks one thing: what it defines before it includes this stands in place of what is right.
#include <kation/simulator/entry_of.hpp>

#ifndef SECOND_NAME
#define SECOND_NAME "y"
#endif
#ifndef SECOND_MEANING
#define SECOND_MEANING "second"
#endif
#ifndef TAU
#define TAU 1.0
#endif
#ifndef STIMULUS
#define STIMULUS T I = kation::Field{"I", 0.0, "1", "stimulus"};
#endif
#ifndef SECOND_RATE
#define SECOND_RATE rate.y = T(0.0);
#endif

struct Case {
    static constexpr kation::Info info{.name = "case", .title = "t", .equations = "e", .source = "s", .corrections = ""};
    template <class T>
    struct State {
        T x = kation::Field{"x", 1.0, "1", "first"};
        T y = kation::Field{SECOND_NAME, 2.0, "1", SECOND_MEANING};
    };
    template <class T>
    struct Parameters {
        T tau = kation::Field{"tau", TAU, "ms", kation::valid{0.0, kation::inf, kation::open}, "time constant"};
    };
    template <class T>
    struct Output {
        T x = kation::Field{"x", 0.0, "1", "first"};
    };
    template <class T>
    struct Input {
        T c = kation::Field{"c", 0.0, "1", "coupling"};
        STIMULUS
    };
    template <class T>
    static constexpr State<T> derivative(const State<T>& s, const Parameters<T>& p, const Input<T>& in) {
        State<T> rate;
        rate.x = (in.c - s.x) / p.tau;
        SECOND_RATE
        return rate;
    }
    template <class T>
    static constexpr Output<T> output(const State<T>& s, const Parameters<T>&) {
        return {.x = s.x};
    }
    static constexpr kation::EventRule event_rule{"x", "1", 1.0, 0.5};
    template <class T>
    static constexpr T event(const State<T>& s, const Parameters<T>&) {
        return s.x;
    }
    static constexpr auto presets() { return std::array{kation::Preset<Case>{"p", "r", {}, {}}}; }
};

const kation::Entry& entry = kation::entry_of<Case>();
