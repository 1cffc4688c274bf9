#pragma once

#include "core/base/document.h"
#include "core/charter/charter.h"
#include "core/payments/payload.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coffer::chains {

/// The frame in which payload bytes are read: the charter in force and the wallet that should pay.
struct PayloadContext {
    const charter::Charter& charter;
    const charter::Wallet& wallet;

    const charter::Chain& chain() const { return charter.chain(wallet.chain); }
};

/// The offline half of a chain: pure functions over bytes. One object a family, in formats/chains.cpp.
class PayloadFormat {
public:
    virtual ~PayloadFormat() = default;

    virtual std::string_view family() const = 0;

    /// Reads an unsigned transaction strictly and whole: what it cannot explain completely it
    /// refuses, with a code that says what. The description of what comes back is derived from
    /// these bytes and the charter's tokens alone.
    virtual std::unique_ptr<const payments::Payload> decode(ByteView payload, const PayloadContext& context) const = 0;

    /// Raw address bytes from text. Throws Error{addr_checksum}, Error{malformed}.
    virtual Bytes parse_address(std::string_view text, const charter::Chain& chain) const = 0;
    /// The one way in which addresses are shown.
    virtual std::string format_address(ByteView address, const charter::Chain& chain) const = 0;
    /// The receive address of a wallet at an index; account chains have index 0 only (Error{malformed}).
    virtual Bytes derive_address(const charter::Charter& charter, const charter::Wallet& wallet,
                                 std::uint32_t index) const = 0;
    /// The address of a bare extended public key at a relative path, for derivation without a charter.
    virtual Bytes derive_address(std::string_view extended_public, std::string_view path) const = 0;
    /// BIP-44 account path for new keys: `m/44h/60h/0h`.
    virtual std::string account_path(std::uint32_t account) const = 0;

    /// `50 gwei`, `100 sat/vB`. Throws Error{malformed}.
    virtual Uint256 parse_feerate(std::string_view text) const = 0;
    virtual std::string format_feerate(const Uint256& rate) const = 0;

    /// The chain's part of a charter: chain parameters, tokens, wallets that match their keys.
    virtual std::vector<charter::Problem> check_charter(const charter::Charter& charter) const = 0;
    /// What the chain has besides its own name: default symbol and decimals.
    virtual std::string_view native_symbol() const = 0;
    virtual unsigned native_decimals() const = 0;

    /// Says what an artefact of this chain is, or none when it is not one. `kind` is what the user
    /// named with --as, else empty. Bytes are raw; `text` is the same input as text where it was text.
    virtual std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind) const = 0;
};

/// Null when no format of this family is built in.
const PayloadFormat* find_format(std::string_view family);
/// Throws Error{chain}.
const PayloadFormat& format_of(const charter::Chain& chain);
std::vector<const PayloadFormat*> all_formats();

} // namespace coffer::chains
