#pragma once

#include "core/console/command.h"

/// One function a command, each in the file of its name; program.cpp has the table.
namespace coffer::cli {

} // namespace coffer::cli
