#include <kation/connectome/flags.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

namespace kation {

std::vector<std::uint8_t> flags_from(const arma::mat& numbers, const std::string& place) {
    std::vector<std::uint8_t> flags;
    for (const double number : numbers) {
        if (number != 0 && number != 1) {
            throw InputError(fmt::format("{}: holds {} for region {}; allowed are 0 and 1", place, shortest(number), flags.size() + 1));
        }
        flags.push_back(number == 1);
    }
    return flags;
}

}  // namespace kation
