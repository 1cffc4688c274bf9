#pragma once

#include "core/artefacts/artefact.h"

namespace coffer::artefacts {

/// The public half of a wallet key as its appliance exports it (PROTOCOL 5, bootstrap): a
/// `coffer-export`, signed by the appliance's identity key, which it names itself. So its signature
/// says that the export is whole, not whose it is: the fingerprint of the identity key is compared aloud.
///
/// Body: 2: the appliance's identity key as text, 3: id of the key, 4: origin, 5: public key,
/// 6: chain family; all texts. The treasury is zero before the appliance is pinned.
struct KeyExport {
    BodyHeader header;
    ApprovalKey appliance;
    std::string key;        ///< `k1`
    std::string origin;     ///< `[d34db33f/44h/60h/0h]`
    std::string public_key; ///< at that origin: `xpub…`, or 64 hex digits of an Ed25519 account, which has no extended one
    std::string family;     ///< `evm`, `bitcoin`, …
    bool operator==(const KeyExport&) const = default;
};

/// Unsigned; the identity key signs it.
Artefact encode(const KeyExport& key_export);
/// Without judging the signature. Errors: those of Artefact; `malformed` for fields, `pubkey` for
/// an identity key that is none.
KeyExport decode_key_export(const Artefact& artefact);
/// Throws Error{sig_verify} unless the identity key that it names has signed it.
KeyExport verify_key_export(const Artefact& artefact);

} // namespace coffer::artefacts
