#pragma once

#include "core/base/text.h"
#include "core/console/help.h"
#include "core/console/parser.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace coffer::test {

/// Whatever a test is about: a command ends with a status that its help and its manual name.
inline void expect_declared_exit(const console::Program& program, const std::vector<std::string>& args, int status)
{
    const console::Command* command = nullptr;
    try {
        command = console::find_command(program, args).command;
    } catch (const Error&) {
    }
    if (command == nullptr)
        return;
    const auto exits = console::exits_of(command->spec);
    EXPECT_NE(std::ranges::find(exits, static_cast<ExitStatus>(status)), exits.end())
        << "`" << command->spec.name << "` does not say that it may end with " << status << ": " << join(args, " ");
}

} // namespace coffer::test
