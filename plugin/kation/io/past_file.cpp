#include <kation/connectome/text_table.hpp>
#include <kation/io/past_file.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <boost/tokenizer.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>

namespace kation {
namespace {

std::ifstream opened(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) throw InputError(fmt::format("cannot read {}", file.string()));
    return stream;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (const std::string& cell : boost::tokenizer<boost::escaped_list_separator<char>>(line)) cells.emplace_back(trimmed(cell));
    return cells;
}

}  // namespace

void read_initial_file(const std::filesystem::path& file, Network& network) {
    std::ifstream stream = opened(file);
    std::vector<std::string> columns;
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (trimmed(line).empty() || trimmed(line).front() == '#') continue;
        const std::string place = fmt::format("{}:{}", file.string(), number);
        const auto cells = cells_of(line);
        if (columns.empty()) {
            columns = cells;
            if (columns.empty() || columns[0] != "label") throw InputError(fmt::format("{}: the first column must be named label", place));
            continue;
        }
        if (cells.size() != columns.size())
            throw InputError(fmt::format("{}: {} cells, but there are {} columns", place, cells.size(), columns.size()));
        try {
            const std::size_t region = network.connectivity().index_of(cells[0]);
            for (std::size_t k = 1; k < cells.size(); ++k) {
                const auto value = number_from(cells[k]);
                if (!value) throw InputError(fmt::format("{}: '{}' in column {} is not a number", place, cells[k], columns[k]));
                network.set_initial(region, columns[k], *value);
            }
        } catch (const ConfigurationError& problem) {
            throw InputError(fmt::format("{}: {}", place, problem.what()));
        }
    }
    if (columns.empty()) throw InputError(fmt::format("{} is empty", file.string()));
}

struct PastFile::Samples {
    std::vector<double> times;         // [ms], ascending, last one <= 0
    std::vector<arma::mat> variables;  ///< in the order of `names`: [T, region]
    std::vector<std::string> names;
    double on_sample;  ///< [ms] two times nearer than this are the same

    /// Cubic through the four samples around a time, fewer at the ends; exact on a sample.
    [[nodiscard]] double at(std::size_t variable, std::size_t region, double time) const {
        const arma::mat& values = variables[variable];
        const auto after = std::ranges::lower_bound(times, time - on_sample);
        if (after == times.end()) return values(times.size() - 1, region);
        const auto k = static_cast<std::size_t>(after - times.begin());
        if (std::abs(times[k] - time) <= on_sample || k == 0) return values(k, region);
        const std::size_t first = k < 2 ? 0 : k - 2, last = std::min(k + 1, times.size() - 1);
        double sum = 0;
        for (std::size_t a = first; a <= last; ++a) {
            double weight = 1;
            for (std::size_t b = first; b <= last; ++b)
                if (b != a) weight *= (time - times[b]) / (times[a] - times[b]);
            sum += weight * values(a, region);
        }
        return sum;
    }
};

PastFile::Samples PastFile::read(const std::filesystem::path& file, std::size_t regions, double dt) {
    silence_hdf5();
    if (!std::filesystem::exists(file)) throw InputError(fmt::format("cannot read {}", file.string()));
    try {
        const H5::H5File data(file.string(), H5F_ACC_RDONLY);
        Samples samples;
        samples.on_sample = 1e-6 * dt;
        samples.times = arma::conv_to<std::vector<double>>::from(arma::vectorise(read_matrix(data, "time")));
        if (samples.times.empty() || !std::ranges::is_sorted(samples.times) || samples.times.back() > samples.on_sample)
            throw InputError(fmt::format("{}: /time must be ascending and end at or before 0", file.string()));
        const H5::Group state = data.openGroup("state");
        for (hsize_t k = 0; k < state.getNumObjs(); ++k) {
            const std::string name = state.getObjnameByIdx(k);
            samples.names.push_back(name);
            samples.variables.push_back(read_matrix(state, name));
            const arma::mat& values = samples.variables.back();
            if (values.n_rows != samples.times.size() || values.n_cols != regions)
                throw InputError(fmt::format("{}: /state/{} is {} x {}, but there are {} times and {} regions", file.string(), name,
                                             values.n_rows, values.n_cols, samples.times.size(), regions));
            if (!values.is_finite())
                throw InputError(fmt::format("{}: /state/{} holds a value that is no finite number", file.string(), name));
        }
        return samples;
    } catch (const H5::Exception& problem) {
        throw InputError(fmt::format("{} is no file with /time and /state/<variable>: {}", file.string(), reason_of(problem)));
    }
}

PastFile::PastFile(const std::filesystem::path& file, const Network& network, double dt)
    : file_(file), samples_(std::make_shared<const Samples>(read(file, network.regions(), dt))) {
    std::vector<std::string> known;
    for (const Entry* model : network.models())
        for (std::string& name : names_of(model->state)) known.push_back(std::move(name));
    for (const std::string& name : samples_->names)
        if (std::ranges::find(known, name) == known.end())
            throw InputError(
                fmt::format("{}: no model of this network has a state variable '{}'{}", file.string(), name, suggestion(name, known)));
}

void PastFile::set_start(Network& network) const {
    if (std::abs(samples_->times.back()) > samples_->on_sample) return;
    for (std::size_t region = 0; region < network.regions(); ++region) {
        const auto names = names_of(network.region(region).model->state);
        for (std::size_t k = 0; k < samples_->names.size(); ++k) {
            if (std::ranges::find(names, samples_->names[k]) == names.end()) continue;
            try {
                network.set_initial(region, samples_->names[k], samples_->at(k, region, 0.0));
            } catch (const ConfigurationError& problem) {
                throw InputError(fmt::format("{}: {}", file_.string(), problem.what()));
            }
        }
    }
}

Past PastFile::past_of(const Network& network) const {
    /// A state variable of a region and the one in the file that it comes from.
    using Place = std::pair<std::size_t, std::size_t>;
    std::vector<std::vector<Place>> places(network.regions());
    std::vector<std::vector<double>> initial;
    for (std::size_t region = 0; region < network.regions(); ++region) {
        const auto names = names_of(network.region(region).model->state);
        for (std::size_t k = 0; k < samples_->names.size(); ++k)
            if (const auto found = std::ranges::find(names, samples_->names[k]); found != names.end())
                places[region].emplace_back(static_cast<std::size_t>(found - names.begin()), k);
        initial.push_back(network.region(region).initial);
    }
    return [samples = samples_, places, initial](std::size_t region, double time) {
        std::vector<double> state = initial[region];
        for (const auto& [variable, k] : places[region]) state[variable] = samples->at(k, region, time);
        return state;
    };
}

void read_series_file(const std::filesystem::path& file, std::vector<double>& times, std::vector<double>& values) {
    std::ifstream stream = opened(file);
    const TextTable table = read_text_table(stream, file.string());
    if (table.numbers.n_cols != 2)
        throw InputError(fmt::format("{} has {} columns; two are needed, time [ms] and value", file.string(), table.numbers.n_cols));
    times = arma::conv_to<std::vector<double>>::from(table.numbers.col(0));
    values = arma::conv_to<std::vector<double>>::from(table.numbers.col(1));
    if (!std::ranges::is_sorted(times)) throw InputError(fmt::format("{}: times are not ascending", file.string()));
}

}  // namespace kation
