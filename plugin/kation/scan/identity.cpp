#include <kation/scan/identity.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <toml++/toml.h>
#include <boost/crc.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace kation {
namespace {
namespace fs = std::filesystem;

/// "a file of 293 bytes (checksum 0f3a99c1)"; of a folder, all that is in it, by name.
std::string content_of(const fs::path& path) {
    std::set<fs::path> files;
    const bool folder = fs::is_directory(path);
    if (!folder) files.insert(path);
    if (folder)
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file()) files.insert(entry.path());
    boost::crc_32_type checksum;
    std::uintmax_t bytes = 0;
    for (const fs::path& file : files) {
        const std::string name = folder ? file.lexically_relative(path).string() : "";
        checksum.process_bytes(name.data(), name.size());
        std::ifstream stream(file, std::ios::binary);
        std::vector<char> buffer(1 << 16);
        while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0) {
            checksum.process_bytes(buffer.data(), static_cast<std::size_t>(stream.gcount()));
            bytes += static_cast<std::uintmax_t>(stream.gcount());
        }
        if (!stream.eof()) throw InputError(fmt::format("{}: cannot be read", file.string()));
    }
    return fmt::format("a {} of {} bytes (checksum {:08x})", folder ? "folder" : "file", bytes, checksum.checksum());
}

/// Keys under which a configuration, or the values that a scan gives them, names files.
bool names_files(const std::string& key) {
    return key.find("file") != std::string::npos || key.find("tract_lengths") != std::string::npos ||
           key.starts_with("connectome.labels") || key.find("connectome.labels\"") != std::string::npos;
}

/// Adds the values of a table under their dotted keys.
class Flattener {
  public:
    Flattener(fs::path folder, std::map<std::string, std::string>& settings) : folder_(std::move(folder)), settings_(&settings) {}

    void add(const std::string& key, const toml::node& node) {  // NOLINT(misc-no-recursion): as deep as the configuration
        if (const toml::table* table = node.as_table()) {
            for (const auto& [name, value] : *table) add(key.empty() ? key_text(name.str()) : key + '.' + key_text(name.str()), value);
        } else if (const toml::array* array = node.as_array()) {
            for (std::size_t k = 0; k < array->size(); ++k) add(fmt::format("{}[{}]", key, k), *array->get(k));
        } else {
            settings_->insert_or_assign(key, text_of_value(key, node));
        }
    }

  private:
    [[nodiscard]] std::string text_of_value(const std::string& key, const toml::node& node) const {
        if (const auto word = node.value_exact<std::string>(); word && names_files(key)) {
            std::error_code problem;
            const fs::path path = folder_ / *word;
            if (fs::is_regular_file(path, problem) || fs::is_directory(path, problem)) return content_of(path);
        }
        std::ostringstream text;
        node.visit([&](const auto& value) { text << value; });
        return text.str();
    }

    fs::path folder_;
    std::map<std::string, std::string>* settings_;
};

}  // namespace

CampaignIdentity identity_of(const Document& base, const ScanSettings& settings, const TrialForm& form,
                             const std::vector<fs::path>& plugins) {
    CampaignIdentity identity;
    identity.trials = settings.plan.trials();
    identity.seed = form.seed;
    identity.measures = form.columns;
    identity.configuration = form.effective;
    for (const SweptKey& key : settings.plan.keys()) identity.keys.push_back(key.key);
    identity.columns = {"trial"};
    identity.columns.insert(identity.columns.end(), identity.keys.begin(), identity.keys.end());
    identity.columns.insert(identity.columns.end(), form.notes.begin(), form.notes.end());

    Flattener flattener(base.folder(), identity.settings);
    flattener.add("", toml::parse(form.effective));
    std::erase_if(identity.settings, [](const auto& setting) { return setting.first.starts_with("output."); });  // changes no trial
    flattener.add("scan", *base.table().get("scan"));
    for (const fs::path& plugin : plugins) identity.settings["--plugin " + plugin.filename().string()] = content_of(plugin);
    identity.settings["the version of Kation"] = KATION_VERSION;
    return identity;
}

std::string difference(const CampaignIdentity& before, const CampaignIdentity& now) {
    std::set<std::string> keys;
    for (const auto* settings : {&before.settings, &now.settings})
        for (const auto& setting : *settings) keys.insert(setting.first);
    const auto said = [](const CampaignIdentity& identity, const std::string& key) {
        const auto found = identity.settings.find(key);
        return found == identity.settings.end() ? std::string("not set") : found->second;
    };
    std::string first;
    std::size_t others = 0;
    for (const std::string& key : keys) {
        const std::string was = said(before, key), is = said(now, key);
        if (was == is) continue;
        if (first.empty())
            first = fmt::format("{} was {} and is {} now", key, was, is);
        else
            ++others;
    }
    return others == 0 ? first : fmt::format("{} (and {} other key{} changed)", first, others, others == 1 ? "" : "s");
}

std::string text_of(const CampaignIdentity& identity) {
    const nlohmann::ordered_json json{{"trials", identity.trials},     {"seed", identity.seed},
                                      {"keys", identity.keys},         {"columns", identity.columns},
                                      {"measures", identity.measures}, {"configuration", identity.configuration},
                                      {"settings", identity.settings}};
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

CampaignIdentity identity_from(const std::string& text) {
    try {
        const auto json = nlohmann::json::parse(text);
        CampaignIdentity identity;
        json.at("trials").get_to(identity.trials);
        json.at("seed").get_to(identity.seed);
        json.at("keys").get_to(identity.keys);
        json.at("columns").get_to(identity.columns);
        json.at("measures").get_to(identity.measures);
        json.at("configuration").get_to(identity.configuration);
        json.at("settings").get_to(identity.settings);
        return identity;
    } catch (const nlohmann::json::exception&) {
        throw InputError("it does not describe a campaign");
    }
}

}  // namespace kation
