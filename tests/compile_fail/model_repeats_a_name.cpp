// expect: a name comes twice, or a default is outside its range
#include <kation/simulator/entry_of.hpp>

// Two variables that a file could not tell apart.
struct Repeating {
    static constexpr kation::Info info{.name = "repeating", .title = "t", .equations = "e", .source = "s", .corrections = ""};
    template <class T>
    struct State {
        T x = kation::Field{"x", 1.0, "1", "first"};
#ifdef KATION_CORRECTED
        T y = kation::Field{"y", 2.0, "1", "second"};
#else
        T y = kation::Field{"x", 2.0, "1", "second"};
#endif
    };
    template <class T>
    struct Parameters {
        T tau = kation::Field{"tau", 1.0, "ms", "time constant"};
    };
    template <class T>
    struct Output {
        T x = kation::Field{"x", 0.0, "1", "first"};
    };
    template <class T>
    struct Input {
        T c = kation::Field{"c", 0.0, "1", "coupling"};
        T I = kation::Field{"I", 0.0, "1", "stimulus"};
    };
    template <class T>
    static constexpr State<T> derivative(const State<T>& s, const Parameters<T>& p, const Input<T>& in) {
        return {.x = (in.c + in.I - s.x) / p.tau, .y = T(0.0)};
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
    static constexpr auto presets() { return std::array{kation::Preset<Repeating>{"p", "r", {}, {}}}; }
};

const kation::Entry& entry = kation::entry_of<Repeating>();
