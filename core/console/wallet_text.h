#pragma once

#include "core/chains/payload_format.h"

#include <string>

namespace coffer::console {

/// Who holds a key of a wallet, and where it comes from: `vault-a k1/0/0  [8b4ffd20/44h/60h/0h]`, `outside, electrum  [b8688df1/48h/…]`.
std::string format_holder(const chains::HeldKey& key);

} // namespace coffer::console
