#pragma once

#include "core/base/secret.h"

#include <string>
#include <vector>

namespace coffer::test {

/// A secret to look for, kept masked so that the search does not find itself.
class MaskedMarker {
public:
    /// At least 8 bytes.
    MaskedMarker(std::string name, ByteView secret);

    const std::string& name() const { return m_name; }
    /// Whether `memory` holds the secret.
    bool is_in(ByteView memory) const;

private:
    std::string m_name;
    Bytes m_masked;
};

/// The names of the markers that stand anywhere in this process's writable memory: heap, globals
/// and stacks, with the dead frames below.
std::vector<std::string> find_in_memory(const std::vector<MaskedMarker>& markers);

} // namespace coffer::test
