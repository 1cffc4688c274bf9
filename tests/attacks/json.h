#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace coffer::test::attacks {

using Json = nlohmann::json;

/// Throws std::runtime_error for a member that is none of `known`: a typing error in a case must not make it harmless.
void require_known(const Json& object, std::initializer_list<std::string_view> known, std::string_view what);

/// A member, or its default.
template <typename Value>
Value get(const Json& object, const char* name, Value otherwise)
{
    return object.contains(name) ? object.at(name).get<Value>() : otherwise;
}
/// An object member, or an empty object.
const Json& member(const Json& object, const char* name);

/// `12h`, or `-30m` for what lies ahead.
Duration signed_duration(std::string_view text);
/// Hex with or without 0x.
Bytes hex_bytes(std::string_view text);

/// Edits of raw bytes, in order: {"at": 3, "cut": 1, "put": "ff"}; `at` may count from the end (-1 is behind the
/// last byte); {"find": hex, "put": hex} and {"find_text", "put_text"} replace the first occurrence, which must be
/// there.
Bytes edited(Bytes bytes, const Json& edits);

} // namespace coffer::test::attacks
