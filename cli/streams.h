#pragma once

#include "core/console/streams.h"

namespace coffer::cli {

using console::force_option;
using console::most_artefact_bytes;
using console::most_large_artefact_bytes;
using console::out_option;
using console::path_of;
using console::read_input;
using console::write_output;

} // namespace coffer::cli
