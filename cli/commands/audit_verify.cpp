#include "cli/commands/commands.h"
namespace coffer::cli {
console::Command audit_verify_command()
{
    return {{.name = "audit verify", .summary = "x"}, nullptr};
}
}
