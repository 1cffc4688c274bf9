#pragma once

#include "tests/attacks/case_file.h"

namespace coffer::test::attacks {

/// Plays the hostile side and fails the running test unless it ends exactly as the case says.
void run_hostile(const Case& attack);
/// Plays the twin, which must be signed.
void run_twin(const Case& attack);

} // namespace coffer::test::attacks
