#pragma once

#include <string>
#include <vector>

namespace kation {

/// What one model hears of another one is multiplied by this.
struct Gain {
    std::string from, to;  ///< names of the models
    double value = 1.0;    ///< [receiver's unit per sender's, where units cannot be converted]
    bool operator==(const Gain&) const = default;
};

/// How what arrives along the tracts becomes a node's input. y: what the other nodes sent, delayed; w: weights.
struct Coupling {
    enum class Kind {
        linear,      ///< c = G sum w y
        difference,  ///< c = G sum w (y_other(t - d) - y_own(t))
        sigmoidal    ///< c = cmin + (cmax - cmin)/(1 + exp(-a (G sum w y - midpoint)/sigma))
    };
    Kind kind = Kind::linear;
    double G = 1.0;  ///< global coupling strength

    // Of the sigmoidal kind only; the defaults are those of The Virtual Brain.
    double cmin = -1.0, cmax = 1.0;
    double midpoint = 0.0;
    double a = 1.0;
    double sigma = 230.0;

    std::vector<Gain> gains{};  ///< between models; 1 where none is given

    enum class History {
        float64,
        float32  ///< what was sent in the past is rounded to 7 digits, which halves the memory that long delays need
    };
    History history = History::float64;
    enum class Order {
        target,  ///< sums are taken region by region
        source   ///< what a region sent is added to all that hear it: quicker for thousands of regions; rounding differs
    };
    Order order = Order::target;  ///< of the sums over connections longer than a block of steps
    bool operator==(const Coupling&) const = default;

    static Coupling linear(double strength) { return {.kind = Kind::linear, .G = strength}; }
    static Coupling difference(double strength) { return {.kind = Kind::difference, .G = strength}; }
};

}  // namespace kation
