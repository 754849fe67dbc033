#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// A configuration as it was written: a TOML file and the settings of the command line on top of it.
class Document {
  public:
    /// ConfigurationError with file and line if it is missing or no TOML.
    static Document from_file(const std::filesystem::path& file);
    static Document from_text(std::string_view text, std::string_view name);

    /// "coupling.G=48", 'regions."lCN.MD".K_bath=15.5', 'stimulus[0].amplitude=3'. A value that is no TOML is a string.
    void set(std::string_view key_equals_value);

    [[nodiscard]] const toml::table& table() const { return table_; }
    /// What paths in the configuration are relative to.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  private:
    toml::table table_;
    std::filesystem::path file_, folder_;
};

/// A table of a configuration that is read key by key. A key that nobody reads is an error of the user: misspelt, most likely. All that is
/// read goes, with the defaults of what is not there, into the table of what was used.
class Section {
  public:
    /// @param path  name of the table for messages, empty for the whole document
    Section(const toml::table& table, toml::table& used, std::string path) : table_(&table), used_(&used), path_(std::move(path)) {}

    [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }
    [[nodiscard]] std::vector<std::string> keys() const;

    // Each throws ConfigurationError with the place if the value is of another kind.
    std::optional<double> number(std::string_view key);
    double number(std::string_view key, double otherwise);
    std::int64_t integer(std::string_view key, std::int64_t otherwise);
    bool truth(std::string_view key, bool otherwise);
    std::optional<std::string> text(std::string_view key);
    std::string text(std::string_view key, std::string_view otherwise);
    std::vector<std::string> texts(std::string_view key);
    std::vector<double> numbers(std::string_view key);

    /// A table in this one; an empty one if there is none.
    Section section(std::string_view key);
    /// An array of tables.
    std::vector<Section> sections(std::string_view key);
    /// A value as it stands, for whoever reads it further; recorded as it is.
    [[nodiscard]] const toml::node* node(std::string_view key);
    /// Leaves a key to somebody else.
    void leave(std::string_view key) { read_.insert(std::string(key)); }

    /// "seizure.toml:12: coupling.G", "--set coupling.G"
    [[nodiscard]] std::string place(std::string_view key = {}) const;
    [[noreturn]] void fail(std::string_view key, std::string_view sentence) const;

    /// ConfigurationError for the first key that was not read. @param also  names that would have been allowed besides those read
    void finish(const std::vector<std::string>& also = {}) const;

  private:
    [[nodiscard]] const toml::node* find(std::string_view key);
    [[nodiscard]] double number_of(std::string_view key, const toml::node& node) const;
    [[nodiscard]] std::string name_of(std::string_view key) const;

    const toml::table* table_;
    toml::table* used_;
    std::string path_;
    std::set<std::string> read_;  ///< keys that were asked for, there or not
};

}  // namespace kation
