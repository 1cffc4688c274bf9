#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::test {

/// One entry of a file in tests/vectors: `{"vectors": [{"kind": …, "valid": …, …}]}`.
class Vector {
public:
    Vector(std::string name, std::string json);

    /// File, index and kind, for SCOPED_TRACE.
    const std::string& name() const { return m_name; }
    std::string kind() const { return text("kind"); }
    bool is_invalid() const;
    /// The code that an invalid case must be refused with (`error`), else `malformed`.
    ErrorCode error_code() const;
    bool has(std::string_view field) const;
    /// A string, number or boolean as text. `a.b.c` and `a.0` reach into objects and arrays.
    std::string text(std::string_view field) const;
    /// Hex, with or without 0x.
    Bytes bytes(std::string_view field) const;
    std::uint64_t number(std::string_view field) const;
    std::size_t count(std::string_view field) const;
    /// The raw JSON of a field, for tests that need more.
    std::string json(std::string_view field) const;

private:
    std::string m_name;
    std::string m_json;
};

/// Reads tests/vectors/`file`; a missing or empty file fails the test run.
std::vector<Vector> load_vectors(std::string_view file);

} // namespace coffer::test

/// The expression throws Error with exactly this code.
#define EXPECT_ERROR(expression, expected_code)                                                                        \
    do {                                                                                                               \
        try {                                                                                                          \
            static_cast<void>(expression);                                                                             \
            ADD_FAILURE() << "no error, but expected " << ::coffer::name_of(expected_code);                            \
        } catch (const ::coffer::Error& error) {                                                                       \
            EXPECT_EQ(::coffer::name_of(error.code()), ::coffer::name_of(expected_code)) << error.message();           \
        }                                                                                                              \
    } while (false)
