#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/model/model.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// A model and its numbers for one region.
struct RegionModel {
    const Entry* model;
    std::vector<double> parameters;  ///< in the order of the model's table
    std::vector<double> initial;     ///< state at t = 0, in the order of the model's table

    /// The numbers of a preset, the first one if none is named. ConfigurationError if the model has no such preset.
    explicit RegionModel(const Entry& entry, std::string_view preset = {});
};

/// A connectome with a model, parameters and a start state for every region. Always valid: each change is checked when it is made.
class Network {
  public:
    /// The same model everywhere.
    Network(Connectivity connectivity, const RegionModel& everywhere);
    Network(Connectivity connectivity, const Entry& model, std::string_view preset = {})
        : Network(std::move(connectivity), RegionModel(model, preset)) {}

    /// Another model, with its preset's numbers, in one region.
    void set_model(std::size_t region, const RegionModel& model);

    /// A parameter of one region, of the labelled regions, or of all. ConfigurationError for an unknown name or a value outside its range.
    void set_parameter(std::size_t region, std::string_view name, double value);
    void set_parameter(const std::vector<std::string>& labels, std::string_view name, double value);
    void set_parameter(std::string_view name, double value);

    /// A state variable at t = 0.
    void set_initial(std::size_t region, std::string_view variable, double value);

    /// A switch of a model, the same in all regions that have this model. ConfigurationError if no model of the network has it.
    void set_option(std::string_view name, double value);

    [[nodiscard]] const Connectivity& connectivity() const { return connectivity_; }
    [[nodiscard]] std::size_t regions() const { return regions_.size(); }
    [[nodiscard]] const RegionModel& region(std::size_t region) const { return regions_[region]; }
    [[nodiscard]] const std::string& label(std::size_t region) const { return connectivity_.label(region); }
    [[nodiscard]] double parameter(std::size_t region, std::string_view name) const;
    /// The switches of a model in this network, in the order of its table.
    [[nodiscard]] std::vector<double> options_of(const Entry& model) const;
    /// The models that occur, in the order in which regions first have them.
    [[nodiscard]] std::vector<const Entry*> models() const;

    /// Start states in their ranges and parameters that go together; ConfigurationError with model, variable, value and region otherwise.
    void check() const;

    /// What reading the connectome met, and advice of the models about the parameters, one sentence each.
    /// @param delays  false: what is only about delays is left out
    [[nodiscard]] std::vector<std::string> warnings(bool delays = true) const;

  private:
    struct Option {
        const Entry* model;
        std::size_t index;
        double value;
    };

    Connectivity connectivity_;
    std::vector<RegionModel> regions_;
    std::vector<Option> options_;
};

}  // namespace kation
