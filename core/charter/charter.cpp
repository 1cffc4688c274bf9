#include "core/charter/charter.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::charter {

namespace {

template <typename Item>
const Item* find_by_id(const std::vector<Item>& items, std::string_view id)
{
    const auto place = std::ranges::find(items, id, &Item::id);
    return place == items.end() ? nullptr : &*place;
}

/// Items that have a chain and an address.
template <typename Item>
const Item* find_at(const std::vector<Item>& items, std::string_view chain, ByteView address)
{
    const auto place = std::ranges::find_if(items, [&](const Item& item) {
        return item.chain == chain && !item.address.empty() && equal(item.address, address);
    });
    return place == items.end() ? nullptr : &*place;
}

} // namespace

const Officer* Charter::find_officer(std::string_view id) const
{
    return find_by_id(officers, id);
}

const Officer* Charter::find_officer_of(const KeyId& key) const
{
    const auto place = std::ranges::find_if(officers, [&](const Officer& officer) {
        return std::ranges::any_of(officer.keys, [&](const auto& own) { return own.id() == key; });
    });
    return place == officers.end() ? nullptr : &*place;
}

const Role* Charter::find_role(std::string_view id) const
{
    return find_by_id(roles, id);
}

const Appliance* Charter::find_appliance(std::string_view id) const
{
    return find_by_id(appliances, id);
}

const Chain* Charter::find_chain(std::string_view id) const
{
    return find_by_id(chains, id);
}

const Token* Charter::find_token(const AssetId& asset) const
{
    const auto place = std::ranges::find(tokens, asset, &Token::asset);
    return place == tokens.end() ? nullptr : &*place;
}

const Token* Charter::find_token_at(std::string_view chain, ByteView address) const
{
    return find_at(tokens, chain, address);
}

const Wallet* Charter::find_wallet(std::string_view id) const
{
    return find_by_id(wallets, id);
}

const ApplianceKey* Appliance::find_key(std::string_view wanted) const
{
    const auto found = std::ranges::find(keys, wanted, &ApplianceKey::id);
    return found == keys.end() ? nullptr : &*found;
}

const Wallet* Charter::find_wallet_at(std::string_view chain, ByteView address) const
{
    return find_at(wallets, chain, address);
}

const Destination* Charter::find_destination_at(std::string_view chain, ByteView address) const
{
    return find_at(destinations, chain, address);
}

const Wallet& Charter::wallet(std::string_view id) const
{
    if (const auto* found = find_wallet(id))
        return *found;
    throw Error{ErrorCode::wallet_unknown, "wallet " + quoted(id) + " is not in the charter"};
}

const Chain& Charter::chain(std::string_view id) const
{
    if (const auto* found = find_chain(id))
        return *found;
    throw Error{ErrorCode::chain, "chain " + quoted(id) + " is not in the charter"};
}

unsigned Charter::decimals(const AssetId& asset) const
{
    const auto* its_chain = find_chain(asset.chain);
    if (its_chain != nullptr && its_chain->symbol == asset.symbol)
        return its_chain->decimals;
    if (const auto* token = find_token(asset))
        return token->decimals;
    throw Error{ErrorCode::token_unknown, "asset " + quoted(asset.symbol) + " on chain " + quoted(asset.chain) +
                                              " is not in the charter"};
}

CharterHash hash_of(const artefacts::Artefact& charter)
{
    return CharterHash{charter.hash()};
}

std::vector<Quorum::Voter> signers(const artefacts::Artefact& artefact, const Charter& by)
{
    std::vector<Quorum::Voter> voters;
    for (const auto& officer : by.officers)
        if (std::ranges::any_of(officer.keys, [&](const auto& key) { return artefact.is_signed_by(key); }))
            voters.push_back({officer.id, officer.roles});
    return voters;
}

void require_founding_signatures(const artefacts::Artefact& artefact, const Charter& charter)
{
    const auto present = signers(artefact, charter);
    std::vector<std::string> missing;
    for (const auto& officer : charter.officers)
        if (std::ranges::find(present, officer.id, &Quorum::Voter::officer) == present.end())
            missing.push_back(officer.id);
    if (!missing.empty())
        throw Error{ErrorCode::appr_missing,
                    "charter " + encoding::encode_hex(hash_of(artefact).bytes()) + " lacks the signature of " +
                        join(missing, ", "),
                    "the first charter carries the signatures of all its officers"};
}

} // namespace coffer::charter
