#include <kation/scan/search.hpp>
#include <kation/scan/stopping.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <numeric>
#include <tuple>

namespace kation {
namespace {

/// Values of measures of recruitment alone, at a time within a trial.
class ValuesNow {
  public:
    ValuesNow(const MeasuredTrial& trial, const TrialEnd& now) : trial_(trial), now_(now) {}

    double of(const Measure& measure) {
        auto found = std::ranges::find(gauges_, measure.kind->gauge, &Known::maker);
        if (found == gauges_.end()) {
            gauges_.push_back({measure.kind->gauge, measure.kind->gauge(trial_)});
            found = gauges_.end() - 1;
            found->gauge->finish(now_);
        }
        return found->gauge->value(measure.question());
    }

  private:
    struct Known {
        std::unique_ptr<Gauge> (*maker)(const MeasuredTrial&);
        std::unique_ptr<Gauge> gauge;
    };
    const MeasuredTrial& trial_;
    TrialEnd now_;
    std::vector<Known> gauges_;
};

}  // namespace

std::optional<std::pair<std::size_t, std::size_t>> Inquiry::bracket() const {
    for (auto low = answers.begin(); low != answers.end(); ++low)
        if (const auto high = std::next(low); high != answers.end() && high->second != low->second) return {{low->first, high->first}};
    return std::nullopt;
}

std::vector<std::size_t> Inquiry::wanted(const std::vector<std::size_t>& first) const {
    std::vector<std::size_t> points;
    std::ranges::copy_if(first, std::back_inserter(points), [&](std::size_t point) { return !answers.contains(point); });
    if (!points.empty()) return points;
    const auto between = bracket();
    if (between && between->second - between->first > 1) points.push_back(std::midpoint(between->first, between->second));
    return points;
}

std::vector<Search::Job> Search::round() const {
    std::map<std::tuple<std::size_t, bool, std::size_t>, std::vector<std::size_t>> wanted;
    for (std::size_t q = 0; q < questions_.size(); ++q)
        for (const std::size_t point : questions_[q].wanted(axes_[questions_[q].axis].first))
            wanted[{questions_[q].axis, questions_[q].control, point}].push_back(q);
    std::vector<Job> jobs;
    for (auto& [place, asked_by] : wanted)
        jobs.push_back({std::get<0>(place), std::get<2>(place), std::get<1>(place), std::move(asked_by)});
    return jobs;
}

void Search::run(std::size_t threads, const ThresholdWatcher& watcher, const std::function<std::string(const Search&)>& known) {
    const auto stop = [&] { return watcher.stop && watcher.stop(); };
    for (std::vector<Job> jobs = round(); !jobs.empty(); jobs = round()) {
        std::vector<std::optional<Told>> told(jobs.size());
        std::vector<std::exception_ptr> problems(jobs.size());
#pragma omp parallel for schedule(dynamic, 1) num_threads(static_cast<int>(std::min(threads, jobs.size())))
        for (std::size_t k = 0; k < jobs.size(); ++k) {
            try {
                told[k] = run_job(jobs[k], stop);
            } catch (...) {
                problems[k] = std::current_exception();
            }
        }
        for (const std::exception_ptr& problem : problems)
            if (problem) std::rethrow_exception(problem);
        for (std::size_t k = 0; k < jobs.size(); ++k) {
            if (!told[k]) throw Interrupted(fmt::format("interrupted after {} trials; so far: {}", trials_.size(), known(*this)));
            for (const auto& [question, answer] : told[k]->answers) questions_[question].answers.insert_or_assign(jobs[k].point, answer);
            trials_.push_back({jobs[k].axis, jobs[k].point, std::move(told[k]->run)});
        }
        if (watcher.tell) watcher.tell(trials_.size(), known(*this));
    }
}

const ThresholdTrial* Search::at(std::size_t axis, std::size_t point, bool control) const {
    const ThresholdTrial* furthest = nullptr;
    for (const Trial& trial : trials_)
        if (trial.axis == axis && trial.point == point && trial.run.control == control &&
            (furthest == nullptr || trial.run.simulated > furthest->simulated))
            furthest = &trial.run;
    return furthest;
}

std::optional<Search::Told> Search::run_job(const Job& job, const std::function<bool()>& stop) const {
    const Axis& axis = axes_[job.axis];
    const auto place = [&](const Error& problem) {
        return fmt::format("at {} = {}: {}", axis.name, axis.value(job.point), problem.what());
    };
    std::optional<RunConfiguration> run;
    try {
        run = read_configuration(axis.document(job.point), *catalogue_);
        return simulate(job, *run, stop);
    } catch (const InvalidState& problem) {
        throw InvalidState(job.control ? "in the control " + place(problem) : place(problem));
    } catch (const ConfigurationError& problem) {
        if (!run) throw;  // it names the key
        throw ConfigurationError(place(problem));
    }
}

Measure Search::measure_of(const Inquiry& question, const RunConfiguration& run) const {
    const std::string& name = question.condition.measure;
    std::vector<Measure> measures;
    try {
        measures = measures_from(std::span(&name, 1), run, known_measures(*catalogue_));
    } catch (const ConfigurationError& problem) {
        constexpr std::string_view prefix = "scan.measures";
        std::string sentence = problem.what();
        if (sentence.starts_with(prefix)) sentence.replace(0, prefix.size(), question.option);
        throw ConfigurationError(sentence);
    }
    if (name.ends_with("[*]"))
        throw ConfigurationError(fmt::format("{}: '{}' is a number of each region; a condition is about one", question.option, name));
    Measure measure = std::move(measures.front());
    if (question.control && !name.ends_with(']')) {  // there, no region is set apart
        measure.regions.resize(run.zone.size());
        std::iota(measure.regions.begin(), measure.regions.end(), std::size_t{0});
    }
    return measure;
}

std::optional<Search::Told> Search::simulate(const Job& job, const RunConfiguration& run, const std::function<bool()>& stop) const {
    std::vector<std::size_t> asked;
    std::vector<Measure> measures;
    for (std::size_t q = 0; q < questions_.size(); ++q) {
        if (questions_[q].axis != job.axis || questions_[q].control != job.control) continue;
        asked.push_back(q);
        measures.push_back(measure_of(questions_[q], run));
    }
    const bool is_control = job.control && run.control;  // without a zone the network is its own control
    const Network& network = is_control ? *run.control : run.network;
    SimulatorSettings settings = is_control ? run.control_settings() : run.settings;
    const double dt = settings.integrator.dt;
    TrialMeasures taken(measures, measures_, network, run.zone, dt, run.duration);
    settings.monitors = taken.monitors();
    settings.threads = 1;
    Simulator simulator(network, settings);

    const MeasuredTrial measured{network, run.zone, 0.0, run.duration, dt};
    const auto all_settled = [&] {
        const Recruitment so_far = simulator.recruitment();
        ValuesNow now(measured, {so_far, simulator.time()});
        return std::ranges::all_of(job.asked_by, [&](std::size_t question) {
            const Measure& measure = measures[static_cast<std::size_t>(std::ranges::find(asked, question) - asked.begin())];
            return measure.kind->grows && questions_[question].condition.settled(now.of(measure));
        });
    };
    const std::int64_t last = whole_steps("duration", run.duration, dt), piece = StopSettings{}.steps_between(dt);
    do {
        const std::int64_t steps = std::min(piece, last - simulator.step());
        if (!simulator.run(time_of(steps, dt), taken, {.progress = {}, .stop = stop})) return std::nullopt;
    } while (simulator.step() < last && !all_settled());

    Told told{{number_from(axes_[job.axis].value(job.point)).value(), axes_[job.axis].connection, job.control, simulator.step() == last,
               simulator.time(), simulator.evaluations(), simulator.recruitment()},
              {}};
    const std::vector<double> values = taken.values({told.run.recruitment, told.run.simulated});
    for (std::size_t k = 0; k < asked.size(); ++k) {
        const Condition& condition = questions_[asked[k]].condition;
        if (told.run.whole)
            told.answers[asked[k]] = condition.holds(values[k]);
        else if (const auto settled = condition.settled(values[k]); settled && measures[k].kind->grows)
            told.answers[asked[k]] = *settled;
    }
    return told;
}

}  // namespace kation
