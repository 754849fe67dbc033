#include <kation/connectome/flags.hpp>
#include <kation/connectome/read_hdf5.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>

#include <fmt/format.h>

#include <initializer_list>

namespace kation {
namespace {

/// The groups of a file that may hold parts of a connectome, best first.
class Groups {
  public:
    explicit Groups(const H5::H5File& file) : groups_{file.openGroup("/")} {
        for (const char* name : {"connectivity", "regions"}) {
            if (file.nameExists(name)) groups_.push_back(file.openGroup(name));
        }
    }

    [[nodiscard]] arma::mat numbers(std::initializer_list<const char*> names) const {
        const auto [group, name] = find(names);
        return group == nullptr ? arma::mat{} : read_matrix(*group, name);
    }

    [[nodiscard]] std::vector<std::string> texts(std::initializer_list<const char*> names) const {
        const auto [group, name] = find(names);
        return group == nullptr ? std::vector<std::string>{} : read_strings(*group, name);
    }

    [[nodiscard]] std::vector<std::uint8_t> flags(std::initializer_list<const char*> names) const {
        return flags_from(numbers(names), fmt::format("{}/{}", groups_.front().getFileName(), *names.begin()));
    }

  private:
    struct Found {
        const H5::Group* group = nullptr;
        std::string name;
    };

    /// The first data set of one of these names, of a size that a connectome may have.
    [[nodiscard]] Found find(std::initializer_list<const char*> names) const {
        for (const H5::Group& group : groups_) {
            for (const char* name : names) {
                if (!group.nameExists(name) || group.childObjType(name) != H5O_TYPE_DATASET) continue;
                for (const std::size_t size : extent_of(group.openDataSet(name))) {
                    if (size > most_regions) {
                        throw InputError(fmt::format("{}: {} is {} long; at most {} regions are allowed", group.getFileName(), name, size,
                                                     most_regions));
                    }
                }
                return {&group, name};
            }
        }
        return {};
    }

    std::vector<H5::Group> groups_;
};

}  // namespace

ConnectomeParts read_hdf5(const std::filesystem::path& file) {
    silence_hdf5();
    try {
        const Groups groups(H5::H5File(file.string(), H5F_ACC_RDONLY));
        ConnectomeParts parts;
        parts.source = file.string();
        parts.weights = groups.numbers({"weights"});
        parts.tract_lengths = groups.numbers({"tract_lengths"});
        parts.labels = groups.texts({"region_labels", "labels", "label"});
        parts.centres = groups.numbers({"centres", "centers", "centre"});
        parts.hemispheres = groups.flags({"hemispheres", "hemisphere"});
        parts.cortical = groups.flags({"cortical"});
        parts.areas = arma::vectorise(groups.numbers({"areas", "area"}));
        parts.orientations = groups.numbers({"orientations", "average_orientations", "orientation"});
        if (parts.weights.empty()) throw InputError(file.string() + ": holds no weights, neither at its root nor in /connectivity");
        return parts;
    } catch (const H5::Exception& problem) {
        throw InputError(fmt::format("{}: is no HDF5 file, or a truncated or damaged one ({})", file.string(), reason_of(problem)));
    }
}

}  // namespace kation
