// expect: Input has one field for each output channel and then the stimulus
#include <kation/simulator/entry_of.hpp>

// Inputs that do not match the outputs.
struct Deaf {
    static constexpr kation::Info info{.name = "deaf", .title = "t", .equations = "e", .source = "s", .corrections = ""};
    template <class T>
    struct State {
        T x = kation::Field{"x", 1.0, "1", "first"};
        T y = kation::Field{"y", 2.0, "1", "second"};
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
#ifdef KATION_CORRECTED
        T I = kation::Field{"I", 0.0, "1", "stimulus"};
#else
        // forgotten
#endif
    };
    template <class T>
    static constexpr State<T> derivative(const State<T>& s, const Parameters<T>& p, const Input<T>& in) {
        return {.x = (in.c - s.x) / p.tau, .y = T(0.0)};
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
    static constexpr auto presets() { return std::array{kation::Preset<Deaf>{"p", "r", {}, {}}}; }
};

const kation::Entry& entry = kation::entry_of<Deaf>();
