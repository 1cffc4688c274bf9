#include "formats/bitcoin/ownership.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/script.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

/// Where a key says that it comes from.
struct Claim {
    Bytes public_key; ///< 33 or 65 bytes, or 32 of taproot
    const KeySource* source;
};

template <typename Map>
std::vector<Claim> claims_of(const Map& map)
{
    std::vector<Claim> claims;
    for (const auto& [key, source] : map.derivations)
        claims.push_back({key, &source});
    for (const auto& [key, source] : map.tap_derivations)
        claims.push_back({key, &source.source});
    return claims;
}

keys::Fingerprint master_of(const KeyExpression& expression)
{
    return expression.origin ? expression.origin->fingerprint : std::get<keys::ExtendedPublicKey>(expression.key).fingerprint();
}

/// What follows the origin of the key expression; none when the source is not below it.
std::optional<std::vector<std::uint32_t>> steps_below(const KeyExpression& expression, const KeySource& source)
{
    static const std::vector<std::uint32_t> none;
    const auto& origin = expression.origin ? expression.origin->path.steps() : none;
    if (master_of(expression) != source.fingerprint || source.path.size() < origin.size() || !std::equal(origin.begin(), origin.end(), source.path.begin()))
        return std::nullopt;
    return std::vector<std::uint32_t>{source.path.begin() + static_cast<std::ptrdiff_t>(origin.size()), source.path.end()};
}

/// The place that the steps behind an extended key mean; none for any other depth or branch.
std::optional<Place> place_at(const KeyExpression& expression, const std::vector<std::uint32_t>& steps)
{
    if (steps.empty() || steps.back() >= keys::hardened)
        return std::nullopt;
    for (const auto branch : {Branch::receive, Branch::change})
        if (expression.steps(static_cast<std::size_t>(branch), steps.back()) == steps)
            return Place{branch, steps.back()};
    return std::nullopt;
}

Bytes without_parity(ByteView key, std::size_t size)
{
    return to_bytes(key.size() > size ? key.last(size) : key);
}

/// The key that is derived there must be the one that the claim names.
bool is_key_at(const DescriptorWallet& wallet, const Place& place, std::size_t expression, const Claim& claim)
{
    return std::ranges::any_of(wallet.derive(place).keys, [&](const DerivedScripts::Key& key) {
        return key.expression == expression && equal(without_parity(key.public_key, claim.public_key.size()), claim.public_key);
    });
}

bool is_other_coin(const KeySource& source, const Network& network)
{
    // BIP-44 and its kin: purpose, coin type, account.
    static constexpr std::uint32_t purposes[] = {44, 48, 49, 84, 86};
    if (source.path.size() < 3 || (source.path[0] & source.path[1] & keys::hardened) == 0)
        return false;
    const auto is_purpose = std::ranges::find(purposes, source.path[0] ^ keys::hardened) != std::end(purposes);
    const auto coin = source.path[1] ^ keys::hardened;
    return is_purpose && coin <= 1 && coin != network.coin_type;
}

bool is_of_our_masters(const DescriptorWallet& wallet, const KeySource& source)
{
    return std::ranges::any_of(wallet.descriptor().keys(), [&](const KeyExpression& expression) { return master_of(expression) == source.fingerprint; });
}

void require_extended_keys_of(const Psbt& psbt, const Network& network)
{
    for (const auto& [key, source] : psbt.extended_keys) {
        const auto version = ByteReader{key}.read_u32_be();
        if (version != network.extended_public_version)
            throw Error{ErrorCode::network, "the PSBT names an extended key of another network than " + std::string{network.name}};
    }
}

std::string name_of_input(std::size_t number)
{
    return "input " + std::to_string(number) + ": ";
}

class InputFinder {
public:
    InputFinder(const DescriptorWallet& wallet, const TxOutput& spent, std::size_t number) : m_wallet{wallet}, m_spent{spent}, m_number{number} {}

    Place find(const PsbtInput& input)
    {
        const auto& expressions = m_wallet.descriptor().keys();
        const auto claims = claims_of(input);
        for (const auto& claim : claims)
            if (is_of_our_masters(m_wallet, *claim.source) && is_other_coin(*claim.source, m_wallet.network()))
                throw Error{ErrorCode::network, name_of_input(m_number) + "its key is of another network than " + std::string{m_wallet.network().name}};
        for (const auto& claim : claims)
            for (std::size_t i = 0; i < expressions.size(); ++i)
                look_at(claim, i);
        if (!m_found)
            throw Error{ErrorCode::input_owner, name_of_input(m_number) + "nothing that came along shows that wallet " + m_wallet.id() + " owns it",
                        "only inputs of the paying wallet are signed; the origin of at least one of its keys must be there"};
        if (m_wallet.script_pubkey(*m_found) != m_spent.script_pubkey)
            throw Error{ErrorCode::input_owner, name_of_input(m_number) + "expected the script of " + m_wallet.id() + " at " + in_words(*m_found) + ", " +
                                                    encoding::encode_hex(m_wallet.script_pubkey(*m_found)) + ", it spends " +
                                                    encoding::encode_hex(m_spent.script_pubkey)};
        return *m_found;
    }

private:
    static std::string in_words(const Place& place)
    {
        return (place.branch == Branch::receive ? "receive index " : "change index ") + std::to_string(place.index);
    }

    void look_at(const Claim& claim, std::size_t number)
    {
        const auto& expression = m_wallet.descriptor().keys()[number];
        const auto steps = steps_below(expression, *claim.source);
        const auto place = steps ? place_at(expression, *steps) : std::nullopt;
        if (!place)
            return;
        if (!is_key_at(m_wallet, *place, number, claim))
            throw Error{ErrorCode::pubkey, name_of_input(m_number) + "key " + encoding::encode_hex(claim.public_key) + " is not the one of " + m_wallet.id() +
                                               " at " + in_words(*place)};
        if (m_found && *m_found != *place)
            throw Error{ErrorCode::input_owner, name_of_input(m_number) + "its keys say " + in_words(*m_found) + " and " + in_words(*place)};
        m_found = place;
    }

    const DescriptorWallet& m_wallet;
    const TxOutput& m_spent;
    std::size_t m_number;
    std::optional<Place> m_found;
};

/// The keys of the multi-signature that the output pays to: scripts that came along prove it by their hash.
std::set<Bytes> keys_paid(const PsbtOutput& output)
{
    const auto& paid = output.output.script_pubkey;
    const Bytes* script = nullptr;
    if (output.witness_script) {
        const auto program = p2wsh_script_of(*output.witness_script);
        if (paid == program || paid == p2sh_script_of(program))
            script = &*output.witness_script;
    } else if (output.redeem_script && paid == p2sh_script_of(*output.redeem_script)) {
        script = &*output.redeem_script;
    }
    std::set<Bytes> keys;
    if (const auto multisig = script != nullptr ? find_multisig(*script) : std::nullopt)
        for (const auto& key : multisig->keys)
            keys.insert(to_bytes(key.compressed()));
    return keys;
}

/// Why an output that names our key at a place is not the wallet's script there.
Error not_ours(const PsbtOutput& output, std::size_t number, const DescriptorWallet& wallet, const Place& place, const Claim& claim)
{
    const auto& expected = wallet.script_pubkey(place);
    const auto& found = output.output.script_pubkey;
    const auto facts = "expected " + encoding::encode_hex(expected) + ", found " + encoding::encode_hex(found);
    const auto here = "output " + std::to_string(number) + " says that it is ours, ";
    if (script_type(expected) != script_type(found))
        return Error{ErrorCode::change_type, here + "but is of another form than the addresses of " + wallet.id() + ": " + facts};
    if (keys_paid(output).contains(claim.public_key) && wallet.descriptor().keys().size() > 1)
        return Error{ErrorCode::multisig_unknown, here + "but our key stands there among other keys, in another order or under another threshold than in " +
                                                      wallet.id() + ": " + facts};
    return Error{ErrorCode::change_fraud, here + "but its script is not one of " + wallet.id() + "'s: " + facts,
                 "the payload differs from what a wallet of ours makes; sign nothing and tell compliance"};
}

Error wrong_path(std::size_t number, const DescriptorWallet& wallet, const KeySource& source)
{
    const keys::KeyOrigin origin{source.fingerprint, keys::DerivationPath{source.path}};
    return Error{ErrorCode::change_path, "output " + std::to_string(number) + " names our key at " + origin.format() + ", which is no address of " + wallet.id()};
}

} // namespace

std::vector<Place> places_of_inputs(const Psbt& psbt, const std::vector<TxOutput>& spent, const DescriptorWallet& wallet)
{
    require_extended_keys_of(psbt, wallet.network());
    std::vector<Place> places;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        places.push_back(InputFinder{wallet, spent[i], i}.find(psbt.inputs[i]));
    return places;
}

std::optional<std::uint32_t> find_change_index(const PsbtOutput& output, std::size_t number, const DescriptorWallet& wallet)
{
    std::optional<Place> found;
    const auto& expressions = wallet.descriptor().keys();
    for (const auto& claim : claims_of(output)) {
        if (!is_of_our_masters(wallet, *claim.source))
            continue;
        bool is_below = false;
        for (std::size_t i = 0; i < expressions.size(); ++i) {
            const auto steps = steps_below(expressions[i], *claim.source);
            if (!steps)
                continue;
            is_below = true;
            const auto place = place_at(expressions[i], *steps);
            if (!place)
                throw wrong_path(number, wallet, *claim.source);
            if (wallet.script_pubkey(*place) != output.output.script_pubkey || !is_key_at(wallet, *place, i, claim))
                throw not_ours(output, number, wallet, *place, claim);
            found = place;
        }
        if (!is_below)
            throw wrong_path(number, wallet, *claim.source);
    }
    return found && found->branch == Branch::change ? std::optional{found->index} : std::nullopt;
}

} // namespace coffer::bitcoin
