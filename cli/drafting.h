#pragma once

#include "core/artefacts/key_export.h"
#include "core/chains/payload_format.h"
#include "core/console/command.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

/// What an appliance exported, verified twice over: its identity key signed it, and its key is one.
/// Errors: those of Artefact and verify_key_export(), Error{chain} for a family that is not built in.
artefacts::KeyExport open_key_export(ByteView bytes);

/// The chain of a draft: `id` is what the charter calls it, which tells the network where it is a well-known name; else the usual
/// chain of the key. Throws Error{chain} for the name of another family's chain.
charter::Chain chain_of_draft(const chains::PayloadFormat& format, const std::optional<std::string>& id, const std::string& extended_public);

/// A charter of one wallet and its keys and nothing else, to derive from and to check.
class DraftCharter {
public:
    DraftCharter(const charter::Wallet& wallet, const charter::Chain& chain);

    void add_key(const std::string& appliance, const artefacts::KeyExport& key);
    const charter::Charter& charter() const { return m_charter; }
    /// Throws the first of what `charter check` would find in wallet and appliances.
    void require_sound() const;

private:
    charter::Charter m_charter;
};

/// The [[wallet]] block of a charter file.
std::vector<std::string> wallet_block(const charter::Wallet& wallet, const std::string& address);

} // namespace coffer::cli
