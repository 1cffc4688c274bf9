#include "tests/attacks/runner.h"

#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <set>
#include <utility>

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

using Groups = std::map<std::string, std::vector<Rows>>;

/// "B 20/20 rows; 96/96 hostile, 96/96 twins; evm 80, bitcoin 16", a line a group.
class Counts final : public testing::EmptyTestEventListener {
public:
    explicit Counts(Groups demanded) : m_demanded(std::move(demanded)) {}

    void OnTestEnd(const testing::TestInfo& test) override
    {
        if (std::string_view{test.test_suite_name()} == "rows")
            return;
        const std::string_view name{test.name()};
        auto& group = m_groups[test.test_suite_name()];
        const bool has_passed = test.result()->Passed();
        auto& count = name.ends_with(".twin") ? group.twins : group.hostile;
        ++count.all;
        count.passed += has_passed ? 1 : 0;
        group.cases_of_chain[test.value_param()] += has_passed && &count == &group.hostile ? 1 : 0;
        auto& row = group.rows.try_emplace(std::string{name.substr(0, name.find('-'))}, true).first->second;
        row = row && has_passed;
    }

    void OnTestProgramEnd(const testing::UnitTest&) override
    {
        for (const auto& [name, group] : m_groups) {
            const auto rows = count_rows(name, group);
            std::cout << name << " " << rows.passed << "/" << rows.all << " rows; " << group.hostile.passed << "/"
                      << group.hostile.all << " hostile, " << group.twins.passed << "/" << group.twins.all << " twins;";
            const char* separator = " ";
            for (const auto& [chain, cases] : group.cases_of_chain)
                std::cout << std::exchange(separator, ", ") << chain << " " << cases;
            std::cout << '\n';
        }
    }

private:
    struct Count {
        int passed = 0;
        int all = 0;
    };
    struct Group {
        Count hostile;
        Count twins;
        std::map<std::string, int> cases_of_chain;
        std::map<std::string, bool> rows; ///< whether all of its cases passed
    };

    Count count_rows(const std::string& name, const Group& group) const
    {
        Count count;
        const auto demanded = m_demanded.find(name);
        if (demanded == m_demanded.end())
            return count;
        for (const auto& rows : demanded->second)
            for (const auto& row : rows.rows) {
                const auto found = group.rows.find(row);
                ++count.all;
                count.passed += found != group.rows.end() && found->second ? 1 : 0;
            }
        return count;
    }

    Groups m_demanded;
    std::map<std::string, Group> m_groups;
};

void register_case(const Case& attack, const std::string& file)
{
    for (const auto is_hostile : {true, false})
        testing::RegisterTest(attack.group.c_str(), (attack.id + (is_hostile ? ".hostile" : ".twin")).c_str(), nullptr,
                              attack.chain.c_str(), file.c_str(), 1, [attack, is_hostile]() -> AttackTest* {
                                  return new AttackTest{attack, is_hostile};
                              });
}

/// The chains for which each row has a case, and so a twin.
using Covered = std::map<std::string, std::set<std::string>>;

/// The rows of one group that this software must survive: each has a case for every chain that can change it.
class RowsTest : public testing::Test {
public:
    RowsTest(std::vector<Rows> demanded, Covered covered) : m_demanded(std::move(demanded)), m_covered(std::move(covered)) {}

    void TestBody() override
    {
        for (const auto& rows : m_demanded)
            for (const auto& row : rows.rows)
                for (const auto& chain : rows.chains)
                    EXPECT_TRUE(chain == "any" ? m_covered.contains(row) : m_covered[row].contains(chain))
                        << row << " has no case for " << chain;
    }

private:
    std::vector<Rows> m_demanded;
    Covered m_covered;
};

void register_all(const std::string& folder)
{
    Covered covered;
    for (const auto& file : case_files(folder))
        for (const auto& attack : load_cases(file)) {
            register_case(attack, file.string());
            covered[attack.row].insert(attack.chain);
        }
    const auto groups = load_rows(folder + "/rows.json");
    for (const auto& [group, demanded] : groups)
        testing::RegisterTest("rows", group.c_str(), nullptr, nullptr, folder.c_str(), 1,
                              [demanded = demanded, covered]() -> RowsTest* {
                                  return new RowsTest{demanded, covered};
                              });
    testing::UnitTest::GetInstance()->listeners().Append(new Counts{groups});
}

} // namespace

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    try {
        register_all(COFFER_SOURCE_DIR "/tests/attacks");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return RUN_ALL_TESTS();
}
