#include <kation/io/document.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <limits>
#include <sstream>

namespace kation {
namespace {

/// One step of a dotted key: a name, or a place in an array.
struct KeyPart {
    std::string name;
    std::optional<std::size_t> index;
};

[[noreturn]] void bad_setting(std::string_view setting, std::string_view why) {
    throw ConfigurationError(fmt::format("--set '{}': {}", setting, why));
}

[[noreturn]] void bad_form(std::string_view setting, std::string_view why) {
    bad_setting(setting, fmt::format("{}; write KEY=VALUE, for example --set coupling.G=48", why));
}

/// Splits `a."b.c"[0].d` into its parts.
class KeyReader {
  public:
    KeyReader(std::string_view key, std::string_view setting) : rest_(trimmed(key)), setting_(setting) {}

    std::vector<KeyPart> read() {
        if (rest_.empty()) bad_form(setting_, "the key is empty");
        read_name();
        while (!rest_.empty()) {
            if (rest_.front() == '[') {
                read_index();
            } else if (rest_.front() == '.') {
                take(1);
                read_name();
            } else {
                bad_form(setting_, fmt::format("a dot is missing before '{}'", rest_));
            }
        }
        return std::move(parts_);
    }

  private:
    void take(std::size_t count) { rest_ = trimmed(rest_.substr(count)); }

    void read_name() {
        if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'')) {
            const std::size_t end = rest_.find(rest_.front(), 1);  // there is one: end_of_key() went past it
            parts_.push_back({std::string(rest_.substr(1, end - 1)), {}});
            return take(end + 1);
        }
        const std::size_t end = std::min(rest_.find_first_of(".[\"'"), rest_.size());
        const auto name = trimmed(rest_.substr(0, end));
        if (name.empty()) bad_form(setting_, "a part of the key is empty");
        parts_.push_back({std::string(name), {}});
        take(end);
    }

    void read_index() {
        const std::size_t end = std::max<std::size_t>(1, std::min(rest_.find(']'), rest_.size()));
        const std::string_view inside = rest_.substr(1, end - 1);
        std::size_t index = 0;
        const auto [stop, problem] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
        if (end == rest_.size() || problem != std::errc{} || stop != inside.data() + inside.size())
            bad_form(setting_, "what stands in [ ] is not a number of a place, counted from 0");
        parts_.push_back({{}, index});
        take(end + 1);
    }

    std::string_view rest_, setting_;
    std::vector<KeyPart> parts_;
};

/// Where the '=' that ends the key stands; quotes may hold others.
std::size_t end_of_key(std::string_view setting) {
    char quote = 0;
    for (std::size_t k = 0; k < setting.size(); ++k) {
        if (quote != 0)
            quote = setting[k] == quote ? '\0' : quote;
        else if (setting[k] == '"' || setting[k] == '\'')
            quote = setting[k];
        else if (setting[k] == '=')
            return k;
    }
    bad_form(setting, quote != 0 ? "a quote in the key is not closed" : "there is no '='");
}

/// A table with the one key `value`.
toml::table parsed_value(std::string_view value, std::string_view setting) {
    const auto parsed = [](std::string_view toml) { return toml::parse(fmt::format("value = {}", toml), std::string_view("--set")); };
    try {
        toml::table table = parsed(value);
        if (table.size() != 1) bad_setting(setting, "there is more than one value");
        return table;
    } catch (const toml::parse_error& problem) {
        if (!value.empty() && std::string_view("\"'[{").find(value.front()) != std::string_view::npos)
            bad_setting(setting, problem.description());
        std::ostringstream quoted;
        quoted << toml::value(std::string(value));
        return parsed(quoted.str());
    }
}

toml::table parsed_text(std::string_view text, std::string_view name) {
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& problem) {
        throw ConfigurationError(fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
    }
}

}  // namespace

std::string key_text(std::string_view name) {
    const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
    return !name.empty() && std::ranges::all_of(name, plain) ? std::string(name) : fmt::format("\"{}\"", name);
}

Document::Document(std::string text, std::string name)
    : text_(std::move(text)), name_(std::move(name)), table_(parsed_text(text_, name_)) {}

Document::Document(const Document& other) : Document(other.text_, other.name_) {
    file_ = other.file_;
    folder_ = other.folder_;
    connectomes_ = other.connectomes_;
    for (const std::string& setting : other.settings_) set(setting);
}

Document Document::from_text(std::string text, std::string name) { return {std::move(text), std::move(name)}; }

Document Document::from_file(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        throw ConfigurationError(fmt::format("{} is a folder, not a configuration", file.string()));
    if (!std::filesystem::exists(file, ignored)) throw ConfigurationError(fmt::format("there is no configuration {}", file.string()));
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw ConfigurationError(fmt::format("the configuration {} cannot be read", file.string()));
    Document document({std::istreambuf_iterator<char>(stream), {}}, file.string());
    document.file_ = file;
    document.folder_ = file.parent_path();
    return document;
}

void Document::set(std::string_view setting) {
    const std::size_t equals = end_of_key(setting);
    const auto parts = KeyReader(setting.substr(0, equals), setting).read();
    toml::table values = parsed_value(trimmed(setting.substr(equals + 1)), setting);
    toml::node& value = *values.get("value");  // moved, not copied: it keeps its source
    toml::node* at = &table_;
    std::string before;  // the key as far as it was followed
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const bool last = k + 1 == parts.size();
        if (const auto index = parts[k].index) {
            toml::array* array = at->as_array();
            if (array == nullptr) bad_setting(setting, fmt::format("{} is no array", before));
            if (*index >= array->size())
                bad_setting(setting, fmt::format("{} has no element {}; it has {}, numbered from 0", before, *index, array->size()));
            if (last) array->replace(array->cbegin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
            at = array->get(*index);
            before += fmt::format("[{}]", *index);
        } else {
            toml::table* table = at->as_table();
            if (table == nullptr) bad_setting(setting, fmt::format("{} is no table, it has no '{}'", before, parts[k].name));
            if (last)
                table->insert_or_assign(parts[k].name, std::move(value));
            else if (!table->contains(parts[k].name))
                table->insert(parts[k].name, std::move(*parsed_value("{}", setting).get("value")));
            at = table->get(parts[k].name);
            before += (before.empty() ? "" : ".") + key_text(parts[k].name);
        }
    }
    settings_.emplace_back(setting);
}

std::optional<double> number_in(const toml::node& node) {
    if (const auto number = node.value_exact<double>()) return number;
    if (const auto number = node.value_exact<std::int64_t>()) return static_cast<double>(*number);
    if (const auto text = node.value_exact<std::string>(); text && (*text == "inf" || *text == "-inf"))
        return *text == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

std::string shown(const toml::node& node) {
    if (const auto word = node.value_exact<std::string>()) return fmt::format("= \"{}\" ", *word);
    if (node.is_table() || node.is_array()) return {};
    std::ostringstream text;
    node.visit([&](const auto& value) { text << "= " << value << ' '; });
    return text.str();
}

std::vector<std::string> Section::keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, node] : *table_) keys.emplace_back(key.str());
    return keys;
}

const toml::node* Section::find(std::string_view key) {
    read_.insert(std::string(key));
    return table_->get(key);
}

std::string Section::name_of(std::string_view key) const {
    if (key.empty()) return path_;
    return path_.empty() ? key_text(key) : fmt::format("{}.{}", path_, key_text(key));
}

std::string Section::place(std::string_view key) const {
    const toml::node* node = key.empty() ? static_cast<const toml::node*>(table_) : table_->get(key);
    if (node == nullptr) node = table_;
    const auto& source = node->source();
    const std::string name = name_of(key);
    if (!source.path) return name;
    if (*source.path == "--set") return fmt::format("--set {}", name);
    return fmt::format("{}:{}: {}", *source.path, source.begin.line, name);
}

void Section::fail(std::string_view key, std::string_view sentence) const {
    throw ConfigurationError(fmt::format("{} {}", place(key), sentence));
}

double Section::number_of(std::string_view key, const toml::node& node) const {
    if (const auto number = number_in(node)) return *number;
    fail(key, fmt::format("{}is not a number", shown(node)));
}

std::optional<double> Section::number(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const double value = number_of(key, *node);
    used_->insert_or_assign(key, value);
    return value;
}

double Section::number(std::string_view key, double otherwise) {
    const double value = number(key).value_or(otherwise);
    used_->insert_or_assign(key, value);
    return value;
}

/// The value of a key if it is there; an error if it is of another kind.
template <class Value>
std::optional<Value> Section::exactly(std::string_view key, std::string_view otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<Value>();
    if (!value) fail(key, fmt::format("{}is {}", shown(*node), otherwise));
    used_->insert_or_assign(key, *value);
    return value;
}

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise) {
    const std::int64_t whole = exactly<std::int64_t>(key, "not a whole number").value_or(otherwise);
    used_->insert_or_assign(key, whole);
    return whole;
}

bool Section::truth(std::string_view key, bool otherwise) {
    const bool truth = exactly<bool>(key, "neither true nor false").value_or(otherwise);
    used_->insert_or_assign(key, truth);
    return truth;
}

std::optional<std::string> Section::text(std::string_view key) { return exactly<std::string>(key, "not a text in quotes"); }

std::string Section::text(std::string_view key, std::string_view otherwise) {
    std::string value = text(key).value_or(std::string(otherwise));
    used_->insert_or_assign(key, value);
    return value;
}

std::vector<std::string> Section::texts(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr) fail(key, "is not a list of texts: [\"a\", \"b\"]");
    std::vector<std::string> texts;
    for (const toml::node& each : *array) {
        const auto text = each.value_exact<std::string>();
        if (!text) fail(key, "holds something that is not a text in quotes");
        texts.push_back(*text);
    }
    used_->insert_or_assign(key, *array);
    return texts;
}

std::vector<double> Section::numbers(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr) fail(key, "is not a list of numbers: [0, 1]");
    std::vector<double> numbers;
    for (const toml::node& each : *array) numbers.push_back(number_of(key, each));
    used_->insert_or_assign(key, *array);
    return numbers;
}

const toml::node* Section::node(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr) used_->insert_or_assign(key, *node);
    return node;
}

Section Section::section(std::string_view key) {
    static const toml::table nothing;
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) fail(key, "is not a table");
    used_->insert_or_assign(key, toml::table{});
    return {node == nullptr ? nothing : *node->as_table(), *used_->get(key)->as_table(), name_of(key)};
}

std::vector<Section> Section::sections(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr) fail(key, fmt::format("is not a list of tables: write [[{}]]", name_of(key)));
    used_->insert_or_assign(key, toml::array{});
    toml::array& used = *used_->get(key)->as_array();
    std::vector<Section> sections;
    for (std::size_t k = 0; k < array->size(); ++k) {
        const toml::table* table = array->get(k)->as_table();
        if (table == nullptr) fail(key, "holds something that is not a table");
        used.push_back(toml::table{});
        sections.emplace_back(*table, *used.get(k)->as_table(), fmt::format("{}[{}]", name_of(key), k));
    }
    return sections;
}

void Section::finish(const std::vector<std::string>& also) const {
    for (const auto& [key, node] : *table_) {
        if (read_.contains(std::string(key.str()))) continue;
        std::set<std::string> known = read_;
        known.insert(also.begin(), also.end());
        fail(key.str(),
             fmt::format("is not a known key here{}", suggestion(key.str(), std::vector<std::string>(known.begin(), known.end()))));
    }
}

}  // namespace kation
