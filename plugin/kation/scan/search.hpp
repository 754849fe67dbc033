#pragma once

#include <kation/scan/condition.hpp>
#include <kation/scan/measures.hpp>
#include <kation/scan/threshold.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kation {

/// A line of configurations along which answers change: the values of a key, or the factors of a connection.
struct Axis {
    std::string name;                               ///< "coupling.G"
    std::function<std::string(std::size_t)> value;  ///< of a point, as text
    std::function<Document(std::size_t)> document;  ///< configuration of a point
    std::vector<std::size_t> first;                 ///< points that are looked at before anything is halved
    std::optional<std::size_t> connection{};        ///< that is raised along it
};

/// Something that is asked of the network, or of its control, along an axis.
struct Inquiry {
    std::size_t axis;
    bool control;
    Condition condition;
    std::string option;                     ///< where it was said, for messages
    std::map<std::size_t, bool> answers{};  ///< [point]: those that are known

    /// The first neighbours among the known points whose answers differ.
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> bracket() const;
    /// Points whose answers are needed next: the first ones that are not known, then the middle of the bracket. None: it is done.
    [[nodiscard]] std::vector<std::size_t> wanted(const std::vector<std::size_t>& first) const;
};

/// Answers questions by rounds of trials. In each round every question says what it wants to know; a trial runs until it can tell all who
/// want it, and what it tells others is used as well. So what is run follows from the questions alone, not from who runs it.
class Search {
  public:
    struct Trial {
        std::size_t axis, point;
        ThresholdTrial run;
    };

    Search(std::vector<Axis> axes, std::vector<Inquiry> questions, MeasureSettings measures, const Catalogue& catalogue)
        : axes_(std::move(axes)), questions_(std::move(questions)), measures_(std::move(measures)), catalogue_(&catalogue) {}

    /// Runs trials, so many at a time, until all is answered. @param known  describes what is known, for the watcher
    void run(std::size_t threads, const ThresholdWatcher& watcher, const std::function<std::string(const Search&)>& known);

    [[nodiscard]] const std::vector<Inquiry>& questions() const { return questions_; }
    [[nodiscard]] const std::vector<Trial>& trials() const { return trials_; }
    /// The trial at a point that went furthest, if there was one.
    [[nodiscard]] const ThresholdTrial* at(std::size_t axis, std::size_t point, bool control) const;

  private:
    struct Job {
        std::size_t axis, point;
        bool control;
        std::vector<std::size_t> asked_by;  ///< questions that want to know
    };
    struct Told {
        ThresholdTrial run;
        std::map<std::size_t, bool> answers;  ///< [question]
    };
    [[nodiscard]] std::vector<Job> round() const;
    [[nodiscard]] std::optional<Told> run_job(const Job& job, const std::function<bool()>& stop) const;
    [[nodiscard]] std::optional<Told> simulate(const Job& job, const RunConfiguration& run, const std::function<bool()>& stop) const;
    [[nodiscard]] Measure measure_of(const Inquiry& question, const RunConfiguration& run) const;

    std::vector<Axis> axes_;
    std::vector<Inquiry> questions_;
    MeasureSettings measures_;
    const Catalogue* catalogue_;
    std::vector<Trial> trials_;
};

}  // namespace kation
