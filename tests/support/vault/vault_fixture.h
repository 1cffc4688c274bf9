#pragma once

#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "tests/support/vault/test_vault.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

/// What tests of coffer-cold as a whole program read from its runs and put into files.
namespace coffer::test {

using Json = nlohmann::json;

inline Json json_of(const Run& run)
{
    const auto json = Json::parse(run.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << "no JSON: " << run.out << run.err;
    return json.is_discarded() ? Json::object() : json;
}

/// The code of the error that a run with --json ended with.
inline std::string code_of(const Run& run)
{
    const auto json = json_of(run);
    if (json.contains("error"))
        return json["error"].at("code");
    for (const auto& request : json.value("requests", Json::array()))
        if (request.contains("error"))
            return request["error"].at("code");
    return {};
}

inline void expect_error(const Run& run, int status, const std::string& code)
{
    EXPECT_EQ(run.status, status) << run.out << run.err << run.screen;
    EXPECT_EQ(code_of(run), code) << run.out;
}

inline mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

inline Bytes read(const std::filesystem::path& path)
{
    return storage::read_file(path, 1 << 26);
}

inline void write(const std::filesystem::path& path, ByteView content, mode_t mode = 0600)
{
    storage::write_file_atomically(path, content, mode, storage::Overwrite::yes);
}

inline RequestId id_number(std::uint8_t number)
{
    return make_request_id(founding_day, {0, 0, 0, 0, 0, 0, 0, 0, 0, number});
}

inline std::size_t count(const std::vector<std::string>& types, const std::string& type)
{
    return static_cast<std::size_t>(std::ranges::count(types, type));
}

} // namespace coffer::test
