#pragma once

#include "core/charter/charter.h"
#include "core/keys/derivation.h"
#include "core/payments/payload.h"
#include "formats/bitcoin/descriptor.h"

#include <string>
#include <string_view>
#include <vector>

/// Keys of Bitcoin wallets whose holders are known by name: `HOLDER@PATH` in a descriptor stands for the extended key
/// of that holder at that path, with its origin and both branches.
namespace coffer::test::attacks {

/// The vault under test is `vault-a`; anybody else has the seed SHA-256 of the name.
const keys::ExtendedPrivateKey& bitcoin_master(std::string_view holder);
keys::Fingerprint fingerprint_of(std::string_view holder);
/// Compressed, at a whole path.
Bytes public_key_of(std::string_view holder, std::string_view path);

/// `wsh(sortedmulti(2,vault-a@48h/1h/0h/2h,vault-b@48h/1h/0h/2h,safe@48h/1h/0h/2h))`
/// With its checksum, whether or not it is a descriptor.
std::string descriptor_text(const std::string& text, keys::KeyNetwork network);
bitcoin::Descriptor descriptor_of(const std::string& text, keys::KeyNetwork network);

struct HeldKey {
    std::string holder;
    std::string path;
};
/// In the order in which the text names them.
std::vector<HeldKey> held_keys(const std::string& text);

/// Who is an appliance of the charter signs what the payload asks of it.
std::vector<payments::TaskSignature> sign_as(std::string_view appliance, const payments::Payload& payload,
                                             const charter::Charter& charter);

} // namespace coffer::test::attacks
