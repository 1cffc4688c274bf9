#include "appliance/commands/commands.h"

namespace coffer::appliance {

namespace {

console::CommandResult selftest(console::Invocation&, const Parts& parts)
{
    require_self_tests(parts.self_tests);
    console::CommandResult result;
    auto passed = Document::list();
    for (const auto& test : parts.self_tests) {
        passed.add(std::string{test.algorithm});
        result.text.push_back("passed  " + std::string{test.algorithm});
    }
    result.document.set("passed", std::move(passed));
    return result;
}

} // namespace

console::Command selftest_command(const Parts& parts)
{
    return {{.name = "selftest",
             .summary = "check every algorithm against known answers",
             .exits = {ExitStatus::integrity}},
            [parts](console::Invocation& invocation) { return selftest(invocation, parts); }};
}

} // namespace coffer::appliance
