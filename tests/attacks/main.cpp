#include "tests/attacks/runner.h"

#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <set>

namespace {

using namespace coffer::test::attacks;

class AttackTest : public testing::Test {
public:
    AttackTest(Case attack, bool is_hostile) : m_attack(std::move(attack)), m_is_hostile{is_hostile} {}

    void TestBody() override
    {
        try {
            m_is_hostile ? run_hostile(m_attack) : run_twin(m_attack);
        } catch (const std::exception& error) {
            FAIL() << error.what();
        }
    }

private:
    Case m_attack;
    bool m_is_hostile;
};

struct Count {
    int passed = 0;
    int all = 0;
};

/// "B 15/15 hostile, 15/15 twins", a line a group.
class Counts final : public testing::EmptyTestEventListener {
public:
    void OnTestEnd(const testing::TestInfo& test) override
    {
        if (std::string_view{test.test_suite_name()} == "rows")
            return;
        auto& count = m_groups[test.test_suite_name()][std::string{test.name()}.ends_with(".twin") ? 1 : 0];
        ++count.all;
        count.passed += test.result()->Passed() ? 1 : 0;
    }

    void OnTestProgramEnd(const testing::UnitTest&) override
    {
        for (const auto& [group, counts] : m_groups)
            std::cout << group << " " << counts[0].passed << "/" << counts[0].all << " hostile, " << counts[1].passed
                      << "/" << counts[1].all << " twins\n";
    }

private:
    std::map<std::string, std::array<Count, 2>> m_groups;
};

void register_case(const Case& attack, const std::string& file)
{
    for (const auto is_hostile : {true, false})
        testing::RegisterTest(attack.group.c_str(), (attack.id + (is_hostile ? ".hostile" : ".twin")).c_str(), nullptr,
                              nullptr, file.c_str(), 1, [attack, is_hostile]() -> AttackTest* {
                                  return new AttackTest{attack, is_hostile};
                              });
}

/// The rows of one group that this software must survive: each has a case, and so a twin.
class RowsTest : public testing::Test {
public:
    RowsTest(std::vector<std::string> rows, std::set<std::string> with_case)
        : m_rows(std::move(rows)), m_with_case(std::move(with_case))
    {
    }

    void TestBody() override
    {
        for (const auto& row : m_rows)
            EXPECT_TRUE(m_with_case.contains(row)) << row << " has no case";
    }

private:
    std::vector<std::string> m_rows;
    std::set<std::string> m_with_case;
};

void register_rows(const std::string& file, const std::set<std::string>& with_case)
{
    for (const auto& [group, rows] : load_rows(file))
        testing::RegisterTest("rows", group.c_str(), nullptr, nullptr, file.c_str(), 1,
                              [rows = rows, with_case]() -> RowsTest* {
                                  return new RowsTest{rows, with_case};
                              });
}

void register_all(const std::string& folder)
{
    std::set<std::string> with_case;
    for (const auto& file : case_files(folder)) {
        const auto attack = load_case(file);
        register_case(attack, file.string());
        with_case.insert(attack.row);
    }
    register_rows(folder + "/rows.json", with_case);
}

} // namespace

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new Counts);
    try {
        register_all(COFFER_SOURCE_DIR "/tests/attacks");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return RUN_ALL_TESTS();
}
