#pragma once

#include <kation/simulator/entry_of.hpp>

/// A model for tests whose solutions are known: y' = rate (c + I - leak y).
///
/// Under Euler with rate = 1/dt and leak = 1 it hands on what it hears one step later, to the last bit. With leak = 0 it adds up, with a
/// leak below 0 it grows.
struct Relay {
    static constexpr kation::Info info{.name = "relay",
                                       .title = "What is heard is sent",
                                       .equations = "y' = rate (c + I - leak y)",
                                       .source = "made for tests",
                                       .corrections = ""};

    template <class T>
    struct State {
        T y = kation::Field{"y", 0.0, "1/ms", "what it sends"};
    };
    template <class T>
    struct Parameters {
        T rate = kation::Field{"rate", 1.0, "1/ms", kation::valid{0.0, kation::inf}, "how quickly it follows"};
        T leak = kation::Field{"leak", 1.0, "1", "how quickly it forgets"};
    };
    template <class T>
    struct Output {
        T y = kation::Field{"y", 0.0, "1/ms", "the state"};
    };
    template <class T>
    struct Input {
        T c = kation::Field{"c", 0.0, "1/ms", "coupling"};
        T I = kation::Field{"I", 0.0, "1/ms", "stimulus"};
    };
    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        return {.y = p.rate * (in.c + in.I - p.leak * x.y)};
    }
    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.y = x.y};
    }
    static constexpr kation::EventRule event_rule{"y", "1/ms", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.y;
    }
    static constexpr auto presets() { return std::array{kation::Preset<Relay>{"silent", "starts at 0", {}, {}}}; }
};

inline const kation::Entry& relay() { return kation::entry_of<Relay>(); }

/// A network of relays that hand on what they hear after one step of Euler with this dt.
inline kation::Network relays(kation::Connectivity connectivity, double dt) {
    kation::Network network(std::move(connectivity), relay());
    network.set_parameter("rate", 1.0 / dt);
    return network;
}
