#include "cli/chains/bitcoin/core_value.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <charconv>

namespace coffer::cli {

namespace {

constexpr unsigned bitcoin_decimals = 8;

std::string shown(const Json& json)
{
    if (json.text() != nullptr)
        return quoted(*json.text(), 60);
    if (json.number() != nullptr)
        return quoted(*json.number(), 60);
    return json.is_null() ? "null" : "something else";
}

} // namespace

CoreValue::CoreValue(const RpcAnswer& answer) : m_json{&answer.result()}, m_place{answer.place()} {}

CoreValue CoreValue::member(std::string_view name) const
{
    auto found = find(name);
    if (!found)
        throw Error{ErrorCode::rpc, m_place + ": the node's answer has no " + std::string{name}};
    return std::move(*found);
}

std::optional<CoreValue> CoreValue::find(std::string_view name) const
{
    const auto* found = m_json->find(name);
    if (found == nullptr)
        return std::nullopt;
    return CoreValue{*found, m_place + ": " + std::string{name}};
}

std::vector<CoreValue> CoreValue::items(std::size_t most) const
{
    const auto* list = m_json->list();
    if (list == nullptr)
        throw bad("a list");
    if (list->size() > most)
        throw Error{ErrorCode::rpc_limit, m_place + ": the node lists " + std::to_string(list->size()) + ", the limit is " + std::to_string(most)};
    std::vector<CoreValue> items;
    items.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i)
        items.push_back({(*list)[i], m_place + "[" + std::to_string(i) + "]"});
    return items;
}

bool CoreValue::boolean() const
{
    const auto value = m_json->boolean();
    if (!value)
        throw bad("true or false");
    return *value;
}

std::uint64_t CoreValue::number(std::uint64_t most) const
{
    const auto expected = "a whole number up to " + std::to_string(most);
    const auto* digits = m_json->number();
    if (digits == nullptr)
        throw bad(expected);
    std::uint64_t number = 0;
    const auto* end = digits->data() + digits->size();
    const auto [stop, problem] = std::from_chars(digits->data(), end, number);
    if (problem != std::errc{} || stop != end || number > most)
        throw bad(expected);
    return number;
}

std::uint64_t CoreValue::satoshi() const
{
    constexpr std::string_view expected = "an amount of bitcoin with at most 8 decimals";
    if (m_json->number() == nullptr)
        throw bad(expected);
    try {
        const auto satoshi = parse_decimal(*m_json->number(), bitcoin_decimals).to_u64();
        if (satoshi && *satoshi <= bitcoin::most_money)
            return *satoshi;
    } catch (const Error&) {
        throw bad(expected);
    }
    throw bad("an amount of at most 21 million bitcoin");
}

Bytes CoreValue::bytes() const
{
    if (m_json->text() == nullptr)
        throw bad("bytes in hex");
    try {
        return encoding::decode_hex(*m_json->text());
    } catch (const Error&) {
        throw bad("bytes in hex");
    }
}

bitcoin::Txid CoreValue::txid() const
{
    auto bytes = this->bytes();
    if (bytes.size() != bitcoin::Txid::size)
        throw bad("a hash of 32 bytes");
    return bitcoin::Txid::from(Bytes{bytes.rbegin(), bytes.rend()});
}

std::string CoreValue::block_hash() const
{
    return bitcoin::format_txid(txid()); // shown backwards, as transaction ids are
}

Error CoreValue::bad(std::string_view expected) const
{
    return Error{ErrorCode::rpc, m_place + ": the node answers " + shown(*m_json) + ", not " + std::string{expected}};
}

} // namespace coffer::cli
