#include "tests/attacks/elsewhere.h"

#include "core/storage/file.h"
#include "tests/support/scratch.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <stdexcept>
#include <sys/wait.h>

namespace coffer::test::attacks {

namespace {

const std::filesystem::path integration{COFFER_SOURCE_DIR "/tests/integration"};
const std::string with_network = COFFER_SOURCE_DIR "/scripts/with-network";
constexpr int status_of_skipped = 77;

struct Ended {
    int status = 0;
    std::string output;
};

/// One word of a command line for sh: a folder's name may have a space.
std::string word(const std::string& text)
{
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return word + "'";
}

Ended run(const std::string& command)
{
    const ScratchDirectory scratch;
    const auto file = (scratch / "output").string();
    const auto status = std::system((command + " > " + word(file) + " 2>&1").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::string{text_of(storage::read_file(file, 1 << 24))}};
}

std::filesystem::path script_file(const std::string& script)
{
    return integration / (script + ".py");
}

std::filesystem::path binary_of(const std::string& folder)
{
    auto name = "test_" + folder;
    std::ranges::replace(name, '/', '_');
    const auto tests = std::filesystem::path{COFFER_BUILD_DIR} / "tests";
    return (folder.starts_with("integration/") ? tests : tests / "unit") / folder / name;
}

void run_binary(const Elsewhere& elsewhere, const std::string& name)
{
    const auto binary = binary_of(elsewhere.folder);
    ASSERT_TRUE(std::filesystem::exists(binary)) << binary << " is not built";
    const auto wrapper = elsewhere.wrapper.empty() ? "" : word((integration / elsewhere.wrapper).string()) + " ";
    const auto ended = run(word(with_network) + " " + wrapper + word(binary.string()) + " " + word("--gtest_filter=" + name));
    if (ended.status == status_of_skipped)
        GTEST_SKIP() << ended.output;
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_NE(ended.output.find("[  PASSED  ]"), std::string::npos) << ended.output;
    EXPECT_EQ(ended.output.find("[  PASSED  ] 0 tests"), std::string::npos)
        << "there is no test " << name << " in " << elsewhere.folder << '\n'
        << ended.output;
    EXPECT_EQ(ended.output.find("[  SKIPPED ]"), std::string::npos) << ended.output;
}

/// By script: a treasury takes seconds to make, so one run serves every case that names the script.
std::map<std::string, std::set<std::string>> cases_of_script;

const Ended& run_of(const std::string& script)
{
    static std::map<std::string, Ended> runs;
    if (const auto known = runs.find(script); known != runs.end())
        return known->second;
    auto command = word(with_network) + " /usr/bin/python3 " + word(script_file(script).string()) + " " + word(COFFER_BUILD_DIR);
    for (const auto& name : cases_of_script[script])
        command += " " + word(name);
    return runs.emplace(script, run(command)).first->second;
}

/// As tests/integration/cases.py prints it.
std::string words_of(std::string name)
{
    if (name.starts_with("case_"))
        name.erase(0, 5);
    std::ranges::replace(name, '_', ' ');
    return name;
}

void run_script(const Elsewhere& elsewhere, const std::string& name)
{
    const auto& ended = run_of(elsewhere.script);
    if (ended.status == status_of_skipped)
        GTEST_SKIP() << ended.output;
    EXPECT_NE(("\n" + ended.output).find("\nok   " + words_of(name) + " ("), std::string::npos)
        << elsewhere.script << " does not pass " << name << '\n'
        << ended.output;
}

} // namespace

Elsewhere parse_elsewhere(const Json& test)
{
    require_known(test, {"folder", "with", "script", "hostile", "twin"}, "test");
    Elsewhere elsewhere{get<std::string>(test, "folder", ""), get<std::string>(test, "with", ""),
                        get<std::string>(test, "script", ""), test.at("hostile").get<std::string>(),
                        test.at("twin").get<std::string>()};
    if (elsewhere.folder.empty() == elsewhere.script.empty())
        throw std::runtime_error{"a test stands in a folder or in a script"};
    if (elsewhere.hostile.empty() || elsewhere.twin.empty() || elsewhere.hostile == elsewhere.twin)
        throw std::runtime_error{"the hostile test and its twin are two"};
    if (elsewhere.script.empty())
        return elsewhere;
    if (!std::filesystem::exists(script_file(elsewhere.script)))
        throw std::runtime_error{script_file(elsewhere.script).string() + " does not exist"};
    cases_of_script[elsewhere.script].insert({elsewhere.hostile, elsewhere.twin});
    return elsewhere;
}

void run_elsewhere(const Elsewhere& elsewhere, const std::string& name)
{
    elsewhere.script.empty() ? run_binary(elsewhere, name) : run_script(elsewhere, name);
}

} // namespace coffer::test::attacks
