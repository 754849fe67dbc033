#pragma once

#include <mpfr.h>

#include <cmath>
#include <limits>

/// A number of more bits than a double: 100 for what one function makes of a double, 240 where something may cancel.
class Precise {
  public:
    explicit Precise(double x, int bits = 240) {
        mpfr_init2(value_, bits);
        mpfr_set_d(value_, x, MPFR_RNDN);
    }
    ~Precise() { mpfr_clear(value_); }
    Precise(const Precise&) = delete;
    Precise& operator=(const Precise&) = delete;

    using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
    Precise& apply(Function function) {
        function(value_, value_, MPFR_RNDN);
        return *this;
    }
    Precise& divide_by(double x) {
        mpfr_div_d(value_, value_, x, MPFR_RNDN);
        return *this;
    }
    /// What makes an angle of 2 pi of each turn; whole turns are left out.
    Precise& turns_to_radians() {
        mpfr_t turns;
        mpfr_init2(turns, 240);
        mpfr_rint(turns, value_, MPFR_RNDN);
        mpfr_sub(value_, value_, turns, MPFR_RNDN);
        mpfr_const_pi(turns, MPFR_RNDN);
        mpfr_mul(value_, value_, turns, MPFR_RNDN);
        mpfr_mul_2ui(value_, value_, 1, MPFR_RNDN);
        mpfr_clear(turns);
        return *this;
    }

    /// How many units in the last place of the double next to this number lie between it and x: 0 where both are the same infinity or NaN.
    [[nodiscard]] double ulps_to(double x) {
        constexpr double inf = std::numeric_limits<double>::infinity();
        const double nearest = mpfr_get_d(value_, MPFR_RNDN);
        if (!std::isfinite(nearest) || !std::isfinite(x)) return nearest == x || (std::isnan(nearest) && std::isnan(x)) ? 0.0 : inf;
        const double unit = std::nextafter(std::abs(nearest), inf) - std::abs(nearest);
        mpfr_sub_d(value_, value_, x, MPFR_RNDN);
        mpfr_div_d(value_, value_, unit, MPFR_RNDN);
        return std::abs(mpfr_get_d(value_, MPFR_RNDN));
    }

  private:
    mpfr_t value_;
};
