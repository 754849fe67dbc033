#include <kation/cli/commands.hpp>
#include <kation/connectome/audit.hpp>
#include <kation/connectome/builtin.hpp>
#include <kation/connectome/graph.hpp>
#include <kation/connectome/read.hpp>
#include <kation/connectome/synthetic.hpp>
#include <kation/connectome/write.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <numeric>

using namespace kation;

namespace {

using nlohmann::ordered_json;

/// A connectome as the command line names it.
struct Input {
    std::string file;
    ReadOptions options;

    void add_to(CLI::App& command) {
        command.add_option("connectome", file, "TVB zip or folder, .h5, weights as .csv/.tsv/.txt, or the name of a builtin one")
            ->required();
        command.add_option("--tract-lengths", options.tract_lengths, "Table of lengths (mm) that goes with a table of weights");
        command.add_option("--labels", options.labels, "Regions, one per line (label, or label x y z), that go with a table of weights");
    }

    [[nodiscard]] Connectivity read() const {
        const std::vector<std::string> builtin = builtin_names();
        const bool exists = std::filesystem::exists(file);
        if (!exists && std::ranges::find(builtin, file) != builtin.end()) return builtin_connectome(file);
        if (!exists)
            throw InputError(fmt::format("{}: there is no such file, folder or builtin connectome{}", file, suggestion(file, builtin)));
        return read_connectome(file, options);
    }
};

void print(const ordered_json& object) { std::cout << object.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n'; }

/// A line of a summary: what, and how much.
void print(std::string_view what, const std::string& value) { std::cout << fmt::format("{:<16}{}\n", what, value); }

ordered_json numbers_of(const Audit& audit) {
    return {{"regions", audit.regions},
            {"connections", audit.connections},
            {"density", audit.density},
            {"symmetric", audit.one_way_pairs + audit.asymmetric_pairs == 0},
            {"one_way_pairs", audit.one_way_pairs},
            {"asymmetric_pairs", audit.asymmetric_pairs},
            {"self_connections", audit.self_connections},
            {"negative_weights", audit.negative_weights},
            {"weights", {{"smallest", audit.smallest_weight}, {"largest", audit.largest_weight}}},
            {"tract_lengths_mm", {{"shortest", audit.shortest_length}, {"longest", audit.longest_length}}},
            {"components", audit.components},
            {"isolated", audit.isolated}};
}

std::size_t marked(const std::vector<std::uint8_t>& flags) { return std::accumulate(flags.begin(), flags.end(), std::size_t{0}); }

ordered_json counted(const std::vector<std::uint8_t>& flags, const char* one, const char* zero) {
    if (flags.empty()) return nullptr;
    return {{one, marked(flags)}, {zero, flags.size() - marked(flags)}};
}

/// Hops and path lengths from a region; null where there is no path.
ordered_json distances(const Connectivity& connectome, std::size_t origin) {
    const arma::vec hops = hops_from(connectome, origin), lengths = path_lengths_from(connectome, origin);
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i < connectome.regions(); ++i) {
        const bool reached = std::isfinite(hops[i]);
        rows.push_back({{"label", connectome.label(i)},
                        {"hops", reached ? ordered_json(static_cast<int>(hops[i])) : ordered_json(nullptr)},
                        {"path_mm", reached ? ordered_json(lengths[i]) : ordered_json(nullptr)}});
    }
    return rows;
}

void print_distances(const Connectivity& connectome, std::size_t origin) {
    const arma::vec hops = hops_from(connectome, origin), lengths = path_lengths_from(connectome, origin);
    std::vector<std::size_t> order(connectome.regions());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::pair(hops[i], lengths[i]); });
    std::cout << fmt::format("\n{:<24}{:>6}{:>12}\n", "from " + connectome.label(origin), "hops", "path (mm)");
    for (const std::size_t i : order) std::cout << fmt::format("{:<24}{:>6}{:>12.1f}\n", connectome.label(i), hops[i], lengths[i]);
}

void print_summary(const Connectivity& connectome) {
    const Audit found = audit(connectome);
    const ConnectomeParts& parts = connectome.parts();
    std::string regions = std::to_string(found.regions);
    if (!parts.hemispheres.empty())
        regions += fmt::format(", {} right and {} left", marked(parts.hemispheres), found.regions - marked(parts.hemispheres));
    if (!parts.cortical.empty()) regions += fmt::format(", {} cortical", marked(parts.cortical));
    std::cout << connectome.source() << '\n';
    print("regions", regions);
    print("connections",
          fmt::format("{}, density {:.3f}, and {} self-connections", found.connections, found.density, found.self_connections));
    print("weights", fmt::format("{:.4g} to {:.4g}, {}", found.smallest_weight, found.largest_weight,
                                 found.one_way_pairs + found.asymmetric_pairs == 0 ? "symmetric" : "asymmetric (rows are targets)"));
    print("tract lengths",
          connectome.has_lengths() ? fmt::format("{:.4g} to {:.4g} mm", found.shortest_length, found.longest_length) : "unknown");
    print("centres", connectome.has_centres() ? "known" : "unknown");
    print("components", fmt::format("{}{}", found.components, found.isolated.empty() ? "" : "; isolated: " + joined(found.isolated)));
}

void add_info(CLI::App& connectome) {
    struct Settings {
        Input input;
        std::string from;
        bool json = false;
    };
    CLI::App* command = connectome.add_subcommand("info", "Summarise a connectome");
    const auto settings = std::make_shared<Settings>();
    settings->input.add_to(*command);
    command->add_option("--from", settings->from, "Also list hops and shortest paths along connections from this region");
    command->add_flag("--json", settings->json, "Print one JSON object");
    command->footer("Example:\n  kation connectome info synthetic_76 --from rT01");
    command->callback([settings] {
        const Connectivity read = settings->input.read();
        const std::size_t origin = settings->from.empty() ? read.regions() : read.index_of(settings->from);
        if (!settings->json) {
            print_summary(read);
            for (const std::string& warning : read.warnings()) print("warning", warning);
            if (origin < read.regions()) print_distances(read, origin);
            return;
        }
        ordered_json object{{"source", read.source()}};
        object.update(numbers_of(audit(read)));
        object["has_tract_lengths"] = read.has_lengths();
        object["has_centres"] = read.has_centres();
        object["hemispheres"] = counted(read.parts().hemispheres, "right", "left");
        object["cortical"] = counted(read.parts().cortical, "cortical", "subcortical");
        object["labels"] = read.labels();
        object["warnings"] = read.warnings();
        if (origin < read.regions()) object["from"] = {{"label", settings->from}, {"distances", distances(read, origin)}};
        print(object);
    });
}

std::string_view name_of(Severity severity) { return severity == Severity::warning ? "warning" : "note"; }

ordered_json object_of(const Connectivity& connectome, const Audit& found, const AuditOptions& options) {
    ordered_json object{{"source", connectome.source()},
                        {"speed_mm_per_ms", std::isfinite(options.speed) ? ordered_json(options.speed) : ordered_json("inf")},
                        {"dt_ms", options.dt}};
    object.update(numbers_of(found));
    object["longest_delay_ms"] = found.longest_delay;
    object["zero_delay_connections"] = found.zero_delay;
    object["largest_rounding_error_ms"] = found.largest_rounding_error;
    object["mean_relative_rounding_error"] = found.mean_rounding_error;
    object["implausible_lengths"] = found.implausible_lengths;
    object["memory_bytes"] = found.memory;
    object["run_time_s_per_simulated_s"] = found.run_time;
    object["findings"] = ordered_json::array();
    for (const auto& [severity, sentence] : found.findings)
        object["findings"].push_back({{"severity", name_of(severity)}, {"sentence", sentence}});
    return object;
}

void add_audit(CLI::App& connectome) {
    struct Settings {
        Input input;
        AuditOptions options;
        bool json = false;
    };
    CLI::App* command = connectome.add_subcommand("audit", "Name what in a connectome may surprise in a run");
    const auto settings = std::make_shared<Settings>();
    settings->input.add_to(*command);
    command->add_option("--speed", settings->options.speed, "Conduction speed (mm/ms), inf for no delays")->capture_default_str();
    command->add_option("--dt", settings->options.dt, "Step of the integration (ms)")->capture_default_str();
    command->add_flag("--json", settings->json, "Print one JSON object");
    command->footer("Example:\n  kation connectome audit connectivity_76.zip --speed 4 --dt 0.1");
    command->callback([settings] {
        const Connectivity read = settings->input.read();
        const Audit found = audit(read, settings->options);
        if (settings->json) return print(object_of(read, found, settings->options));
        print_summary(read);
        std::cout << '\n';
        for (const auto& [severity, sentence] : found.findings) std::cout << fmt::format("{}: {}\n", name_of(severity), sentence);
    });
}

void print_written(const std::vector<std::filesystem::path>& files) {
    for (const auto& file : files) std::cout << "wrote " << file.string() << '\n';
}

void add_convert(CLI::App& connectome) {
    struct Settings {
        Input input;
        std::filesystem::path output;
    };
    CLI::App* command = connectome.add_subcommand("convert", "Write a connectome in another format");
    const auto settings = std::make_shared<Settings>();
    settings->input.add_to(*command);
    command->add_option("output", settings->output, "File ending in .zip, .h5, .csv, .tsv or .txt, or a folder")->required();
    command->footer("Example:\n  kation connectome convert six_node six_node.zip");
    command->callback([settings] { print_written(write_connectome(settings->input.read(), settings->output)); });
}

void add_generate(CLI::App& connectome) {
    struct Settings {
        SyntheticOptions options;
        std::filesystem::path output;
    };
    CLI::App* command = connectome.add_subcommand("generate", "Make a synthetic, human-like connectome from a seed");
    const auto settings = std::make_shared<Settings>();
    SyntheticOptions& options = settings->options;
    const auto add = [&](const char* name, auto& value, const char* what) {
        command->add_option(name, value, what)->capture_default_str();
    };
    add("--regions", options.regions, "Number of regions, even");
    add("--seed", options.seed, "Same seed, same connectome");
    add("--density", options.density, "Connections per ordered pair of regions");
    add("--probability-decay", options.probability_decay, "Decay of the connection probability with distance (1/mm)");
    add("--weight-decay", options.weight_decay, "Decay of the median weight with distance (1/mm)");
    add("--weight-spread", options.weight_spread, "Standard deviation of ln(weight)");
    add("--asymmetry", options.asymmetry, "Standard deviation of ln(weight) between directions");
    add("--homotopic-factor", options.homotopic_factor, "How much stronger mirror images are connected");
    add("--exceptions", options.exceptions, "Share of strong long-range connections");
    add("--length-factor", options.length_factor, "Tract length per distance");
    command->add_option("-o,--output", settings->output, "File ending in .zip, .h5, .csv, .tsv or .txt, or a folder")->required();
    command->footer("Example:\n  kation connectome generate --regions 76 --seed 1 -o synthetic_76.zip");
    command->callback([settings] { print_written(write_connectome(synthetic_connectome(settings->options), settings->output)); });
}

}  // namespace

void add_connectome(CLI::App& program) {
    CLI::App* connectome = program.add_subcommand("connectome", "Look at, check, convert and make connectomes");
    connectome->require_subcommand(1);
    connectome->footer("Example:\n  kation connectome info connectivity_76.zip\nEach of the commands above has its own --help.");
    add_info(*connectome);
    add_audit(*connectome);
    add_convert(*connectome);
    add_generate(*connectome);
}
