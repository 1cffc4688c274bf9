#include "tests/support/scratch.h"

#include "core/base/error.h"

#include <cstdlib>
#include <system_error>

namespace coffer::test {

ScratchDirectory::ScratchDirectory()
{
    auto form = (std::filesystem::temp_directory_path() / "coffer-test-XXXXXX").string();
    require(::mkdtemp(form.data()) != nullptr, "no scratch directory");
    m_path = std::filesystem::canonical(form);
}

ScratchDirectory::~ScratchDirectory()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

} // namespace coffer::test
