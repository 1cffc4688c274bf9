#include "tests/support/vectors.h"

#include "core/encoding/hex.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace coffer::test {

namespace {

using Json = nlohmann::json;

/// `a.0.b`: members and positions on the way down; null when there is none.
const Json* find(const Json& json, std::string_view field)
{
    const auto* here = &json;
    while (true) {
        const auto end = field.find('.');
        const std::string step{field.substr(0, end)};
        if (here->is_object()) {
            const auto member = here->find(step);
            if (member == here->end())
                return nullptr;
            here = &*member;
        } else {
            if (!here->is_array() || step.empty() || step.find_first_not_of("0123456789") != std::string::npos ||
                std::stoul(step) >= here->size())
                return nullptr;
            here = &(*here)[std::stoul(step)];
        }
        if (end == std::string_view::npos)
            return here;
        field.remove_prefix(end + 1);
    }
}

/// A field that a test asks for and a vector lacks is a mistake in one of them.
Json at(const std::string& name, const std::string& json, std::string_view field)
{
    const auto parsed = Json::parse(json);
    if (const auto* found = find(parsed, field))
        return *found;
    throw std::runtime_error{name + " has no field " + std::string{field}};
}

} // namespace

Vector::Vector(std::string name, std::string json) : m_name{std::move(name)}, m_json{std::move(json)} {}

bool Vector::is_invalid() const
{
    return has("valid") && text("valid") == "false";
}

ErrorCode Vector::error_code() const
{
    if (!has("error"))
        return ErrorCode::malformed;
    const auto code = find_error_code(text("error"));
    if (!code)
        throw std::runtime_error{m_name + " expects an unknown error " + text("error")};
    return *code;
}

bool Vector::has(std::string_view field) const
{
    return find(Json::parse(m_json), field) != nullptr;
}

std::string Vector::text(std::string_view field) const
{
    const auto value = at(m_name, m_json, field);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Bytes Vector::bytes(std::string_view field) const
{
    const auto hex = text(field);
    return encoding::decode_hex(std::string_view{hex}.substr(hex.starts_with("0x") ? 2 : 0));
}

std::uint64_t Vector::number(std::string_view field) const
{
    const auto value = at(m_name, m_json, field);
    return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

std::size_t Vector::count(std::string_view field) const
{
    return at(m_name, m_json, field).size();
}

std::string Vector::json(std::string_view field) const
{
    return at(m_name, m_json, field).dump();
}

std::vector<Vector> load_vectors(std::string_view file)
{
    std::ifstream stream{COFFER_SOURCE_DIR "/tests/vectors/" + std::string{file}};
    const auto parsed = Json::parse(stream, nullptr, false);
    std::vector<Vector> vectors;
    if (!parsed.is_discarded() && parsed.contains("vectors"))
        for (const auto& entry : parsed["vectors"])
            vectors.emplace_back(std::string{file} + " " + std::to_string(vectors.size()) + " " +
                                     entry.value("kind", std::string{}),
                                 entry.dump());
    if (vectors.empty())
        ADD_FAILURE() << "tests/vectors/" << file << " holds no vectors";
    return vectors;
}

} // namespace coffer::test
