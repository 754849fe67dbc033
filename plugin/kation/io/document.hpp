#pragma once

#include <kation/io/connectome_shelf.hpp>

#include <toml++/toml.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// A configuration as it was written: a TOML file and the settings of the command line on top of it. Every value knows where it was said.
class Document {
  public:
    /// ConfigurationError with file and line if it is missing or no TOML.
    static Document from_file(const std::filesystem::path& file);
    static Document from_text(std::string text, std::string name);

    /// Reads the text again, since a table that is copied forgets where its values were said.
    Document(const Document& other);
    Document(Document&&) noexcept = default;
    Document& operator=(Document&&) noexcept = default;
    ~Document() = default;

    /// "coupling.G=48", 'regions."lCN.MD".K_bath=15.5', 'stimulus[0].amplitude=3'. A bare word that is no TOML value is a string.
    void set(std::string_view key_equals_value);

    [[nodiscard]] const toml::table& table() const { return table_; }
    /// What paths in the configuration are relative to.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// What was read for this configuration and its copies.
    [[nodiscard]] ConnectomeShelf& connectomes() const { return *connectomes_; }

  private:
    Document(std::string text, std::string name);

    std::string text_, name_;
    std::vector<std::string> settings_;
    toml::table table_;
    std::filesystem::path file_, folder_;
    std::shared_ptr<ConnectomeShelf> connectomes_ = std::make_shared<ConnectomeShelf>();
};

/// A name in a dotted key, in quotes where it needs them.
std::string key_text(std::string_view name);

/// A value as a number; integers and "inf" are numbers, truth values are not.
std::optional<double> number_in(const toml::node& node);

/// "= 3 " for a message, empty for arrays and tables.
std::string shown(const toml::node& node);

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
    /// Notes what was used in place of what was written.
    void use(std::string_view key, const std::string& text) { used_->insert_or_assign(key, text); }
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
    template <class Value>
    [[nodiscard]] std::optional<Value> exactly(std::string_view key, std::string_view otherwise);
    [[nodiscard]] std::string name_of(std::string_view key) const;

    const toml::table* table_;
    toml::table* used_;
    std::string path_;
    std::set<std::string> read_;  ///< keys that were asked for, there or not
};

}  // namespace kation
