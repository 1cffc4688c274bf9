#pragma once

namespace coffer::test {

/// True with --whole: every point instead of a sample.
bool is_whole();

} // namespace coffer::test
