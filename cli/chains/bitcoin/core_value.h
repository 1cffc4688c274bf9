#pragma once

#include "cli/net/json_rpc.h"
#include "formats/bitcoin/transaction.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// A value in an answer of Bitcoin Core, read strictly: what is not of the kind that is asked for, be it
/// negative, an amount with more than 8 decimals or a hash of another length, is Error{rpc} that names the place.
class CoreValue {
public:
    /// The answer's result. Throws Error{rpc} with the node's words when it refused. `answer` must live as long.
    explicit CoreValue(const RpcAnswer& answer);
    CoreValue(const RpcAnswer&&) = delete;

    const std::string& place() const { return m_place; }
    bool is_null() const { return m_json->is_null(); }

    CoreValue member(std::string_view name) const;
    std::optional<CoreValue> find(std::string_view name) const;
    /// Throws Error{rpc_limit} for more than `most`.
    std::vector<CoreValue> items(std::size_t most) const;

    bool boolean() const;
    /// A whole number of at most `most`.
    std::uint64_t number(std::uint64_t most) const;
    /// A block's height; they end below the lock times that are dates (BIP-65).
    std::uint64_t height() const { return number(499'999'999); }
    /// Bitcoin with at most 8 decimals, in satoshi; at most 21 million.
    std::uint64_t satoshi() const;
    /// Whole bytes in hex.
    Bytes bytes() const;
    bitcoin::Txid txid() const;
    /// In lower case.
    std::string block_hash() const;

    Error bad(std::string_view expected) const;

private:
    CoreValue(const Json& json, std::string place) : m_json{&json}, m_place{std::move(place)} {}

    const Json* m_json;
    std::string m_place;
};

} // namespace coffer::cli
