#include <kation/io/document.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kation {
namespace {

/// One step of a dotted key: a name, or a place in an array.
struct KeyPart {
    std::string name;
    std::optional<std::size_t> index;
};

[[noreturn]] void bad_setting(std::string_view setting, std::string_view why) {
    throw ConfigurationError(fmt::format("--set '{}': {}; write KEY=VALUE, for example --set coupling.G=48", setting, why));
}

/// Splits `a."b.c"[0].d` into its parts.
std::vector<KeyPart> parts_of(std::string_view key, std::string_view setting) {
    std::vector<KeyPart> parts;
    std::size_t at = 0;
    while (at < key.size()) {
        if (key[at] == '"' || key[at] == '\'') {
            const std::size_t end = key.find(key[at], at + 1);
            if (end == std::string_view::npos) bad_setting(setting, "a quote is not closed");
            parts.push_back({std::string(key.substr(at + 1, end - at - 1)), {}});
            at = end + 1;
        } else if (key[at] == '[') {
            const std::size_t end = key.find(']', at);
            const auto number = end == std::string_view::npos ? std::nullopt : number_from(key.substr(at + 1, end - at - 1));
            if (!number || *number < 0 || *number != static_cast<double>(static_cast<std::size_t>(*number)))
                bad_setting(setting, "an index is not a whole number in [ ]");
            parts.push_back({{}, static_cast<std::size_t>(*number)});
            at = end + 1;
        } else {
            const std::size_t end = std::min(key.find_first_of(".[", at), key.size());
            const auto name = trimmed(key.substr(at, end - at));
            if (name.empty()) bad_setting(setting, "a part of the key is empty");
            parts.push_back({std::string(name), {}});
            at = end;
        }
        if (at < key.size() && key[at] == '.') ++at;
    }
    if (parts.empty()) bad_setting(setting, "the key is empty");
    return parts;
}

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
    bad_setting(setting, "there is no '='");
}

toml::table parsed_value(std::string_view value) {
    try {
        return toml::parse(fmt::format("value = {}", value), std::string_view("--set"));
    } catch (const toml::parse_error&) {
        toml::table table;
        table.insert("value", std::string(value));
        return table;
    }
}

}  // namespace

Document Document::from_text(std::string_view text, std::string_view name) {
    Document document;
    try {
        document.table_ = toml::parse(text, name);
    } catch (const toml::parse_error& problem) {
        throw ConfigurationError(fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
    }
    return document;
}

Document Document::from_file(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        throw ConfigurationError(fmt::format("{} is a folder, not a configuration", file.string()));
    if (!std::filesystem::exists(file, ignored)) throw ConfigurationError(fmt::format("there is no configuration {}", file.string()));
    Document document;
    try {
        document.table_ = toml::parse_file(file.string());
    } catch (const toml::parse_error& problem) {
        throw ConfigurationError(fmt::format("{}:{}: {}", file.string(), problem.source().begin.line, problem.description()));
    }
    document.file_ = file;
    document.folder_ = file.parent_path();
    return document;
}

void Document::set(std::string_view setting) {
    const std::size_t equals = end_of_key(setting);
    const auto parts = parts_of(trimmed(setting.substr(0, equals)), setting);
    const toml::table value = parsed_value(trimmed(setting.substr(equals + 1)));
    toml::node* at = &table_;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const bool last = k + 1 == parts.size();
        if (parts[k].index) {
            toml::array* array = at->as_array();
            if (array == nullptr || *parts[k].index >= array->size())
                bad_setting(setting,
                            array == nullptr ? "what is before [ ] is no array" : fmt::format("the array has {} elements", array->size()));
            if (last) {
                auto place = array->begin() + static_cast<std::ptrdiff_t>(*parts[k].index);
                place = array->erase(place);
                array->insert(place, *value.get("value"));
            } else {
                at = array->get(*parts[k].index);
            }
        } else {
            toml::table* table = at->as_table();
            if (table == nullptr) bad_setting(setting, fmt::format("what '{}' stands in is no table", parts[k].name));
            if (last) {
                table->insert_or_assign(parts[k].name, *value.get("value"));
            } else {
                if (!table->contains(parts[k].name)) table->insert(parts[k].name, toml::table{});
                at = table->get(parts[k].name);
            }
        }
    }
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
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
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
    if (const auto number = node.value_exact<double>()) return *number;
    if (const auto number = node.value_exact<std::int64_t>()) return static_cast<double>(*number);
    if (const auto text = node.value_exact<std::string>(); text && (*text == "inf" || *text == "-inf"))
        return *text == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    if (const auto text = node.value_exact<std::string>()) fail(key, fmt::format("= \"{}\" is not a number", *text));
    fail(key, "is not a number");
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

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise) {
    const toml::node* node = find(key);
    const auto whole = node == nullptr ? std::optional(otherwise) : node->value_exact<std::int64_t>();
    if (!whole) fail(key, "is not a whole number");
    used_->insert_or_assign(key, *whole);
    return *whole;
}

bool Section::truth(std::string_view key, bool otherwise) {
    const toml::node* node = find(key);
    const auto truth = node == nullptr ? std::optional(otherwise) : node->value_exact<bool>();
    if (!truth) fail(key, "is neither true nor false");
    used_->insert_or_assign(key, *truth);
    return *truth;
}

std::optional<std::string> Section::text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    auto text = node->value_exact<std::string>();
    if (!text) fail(key, "is not a text in quotes");
    used_->insert_or_assign(key, *text);
    return text;
}

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
        std::vector<std::string> known(read_.begin(), read_.end());
        known.insert(known.end(), also.begin(), also.end());
        fail(key.str(), fmt::format("is not a key of a configuration{}", suggestion(key.str(), known)));
    }
}

}  // namespace kation
