#include "tests/attacks/bitcoin_maker.h"

#include "core/crypto/hash.h"
#include "formats/bitcoin/psbt_update.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/wallet.h"
#include "tests/attacks/bitcoin_faults.h"
#include "tests/attacks/bitcoin_keys.h"
#include "tests/support/treasury.h"

#include <algorithm>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

using bitcoin::Psbt;
using bitcoin::PsbtInput;
using bitcoin::PsbtOutput;
using bitcoin::Transaction;

/// In the order of their names, each as often as it says.
std::vector<Json> listed(const Json& items, bool is_reversed)
{
    std::vector<Json> list;
    for (const auto& [name, item] : items.items()) {
        if (item.is_null())
            continue;
        const auto copies = get<std::size_t>(item, "count", 1);
        for (std::size_t i = 0; i < copies; ++i) {
            list.push_back(item);
            if (copies > 1 && item.contains("coin"))
                list.back()["coin"] = item.at("coin").get<std::string>() + std::to_string(i);
        }
    }
    if (is_reversed)
        std::ranges::reverse(list);
    return list;
}

Transaction previous_transaction(const std::string& coin, std::uint64_t amount, const Bytes& script)
{
    Transaction previous;
    previous.inputs.push_back({{bitcoin::Txid{crypto::sha256(bytes_of("coin " + coin))}, 0}, {}, 0xffffffff, {}});
    previous.outputs = {{54'321, bitcoin::p2wpkh_script(to_array<20>(address_named("somebody"), "key hash"))},
                        {amount, script}};
    return previous;
}

class Maker {
public:
    Maker(const charter::Charter& charter, const charter::Wallet& wallet) : m_charter{charter}, m_wallet{wallet} {}

    PsbtInput input(const Json& json) const
    {
        require_known(json, {"coin", "amount", "at", "descriptor", "wallet", "sequence", "count", "hints"}, "input");
        const auto place = find_place(json, m_charter, m_wallet);
        const auto script = place.descriptor.derive(place.branch, place.index).script_pubkey;
        const auto previous =
            previous_transaction(json.at("coin").get<std::string>(), json.at("amount").get<std::uint64_t>(), script);
        PsbtInput input;
        input.previous = {bitcoin::txid_of(previous), 1};
        input.sequence = get<std::uint32_t>(json, "sequence", 0xfffffffd);
        if (const auto hinted = hints(json, true))
            bitcoin::update_input(input, hinted->descriptor, hinted->branch, hinted->index);
        bitcoin::update_spent(input, previous);
        return input;
    }

    PsbtOutput output(const Json& json) const
    {
        require_known(json, {"to", "amount", "at", "descriptor", "wallet", "script", "hints", "count"}, "output");
        PsbtOutput output;
        output.output.amount = json.at("amount").get<std::uint64_t>();
        const bool has_place = json.contains("at");
        if (json.contains("script"))
            output.output.script_pubkey = hex_bytes(json.at("script").get<std::string>());
        else if (has_place)
            output.output.script_pubkey = script_at(find_place(json, m_charter, m_wallet));
        else
            output.output.script_pubkey = bitcoin_script(m_charter, json.at("to").get<std::string>());
        if (const auto hinted = hints(json, has_place))
            bitcoin::update_output(output, hinted->descriptor, hinted->branch, hinted->index);
        return output;
    }

private:
    static Bytes script_at(const DescriptorPlace& place)
    {
        return place.descriptor.derive(place.branch, place.index).script_pubkey;
    }

    std::optional<DescriptorPlace> hints(const Json& json, bool has_place) const
    {
        if (!json.contains("hints"))
            return has_place ? std::optional{find_place(json, m_charter, m_wallet)} : std::nullopt;
        if (json.at("hints") == "none")
            return std::nullopt;
        require_known(json.at("hints"), {"at", "descriptor", "wallet"}, "hints");
        return find_place(json.at("hints"), m_charter, m_wallet);
    }

    const charter::Charter& m_charter;
    const charter::Wallet& m_wallet;
};

} // namespace

DescriptorPlace find_place(const Json& place, const charter::Charter& charter, const charter::Wallet& wallet)
{
    const auto at = keys::DerivationPath::parse(get<std::string>(place, "at", "0/0")).steps();
    if (at.size() != 2)
        throw std::runtime_error{"a place is a branch and an index: " + place.dump()};
    const auto& holder = place.contains("wallet") ? charter.wallet(place.at("wallet").get<std::string>()) : wallet;
    const auto network = bitcoin::network_of(charter.chain(holder.chain)).coin_type == 0 ? keys::KeyNetwork::main
                                                                                         : keys::KeyNetwork::test;
    return {place.contains("descriptor") ? descriptor_of(place.at("descriptor").get<std::string>(), network)
                                         : bitcoin::Descriptor::parse(holder.descriptor),
            at[0], at[1]};
}

Bytes bitcoin_script(const charter::Charter& charter, const std::string& name)
{
    const auto colon = name.find(':');
    const auto form = colon == std::string::npos ? "p2wpkh" : name.substr(0, colon);
    const auto rest = colon == std::string::npos ? name : name.substr(colon + 1);
    const auto hash = crypto::sha256(bytes_of(rest));
    const auto short_hash = to_array<20>(address_named(rest), "hash");
    if (form == "wallet") {
        const auto& wallet = charter.wallet(rest);
        return bitcoin::Descriptor::parse(wallet.descriptor).derive(0, 0).script_pubkey;
    }
    if (form == "p2pkh")
        return bitcoin::p2pkh_script(short_hash);
    if (form == "p2sh")
        return bitcoin::p2sh_script(short_hash);
    if (form == "p2wpkh")
        return bitcoin::p2wpkh_script(short_hash);
    if (form == "p2wsh")
        return bitcoin::p2wsh_script(hash);
    if (form == "p2tr")
        return bitcoin::p2tr_script(hash);
    throw std::runtime_error{"no script has the form " + form};
}

Bytes make_psbt(const Json& payload, const charter::Charter& charter, const charter::Wallet& wallet)
{
    require_known(payload,
                  {"inputs", "outputs", "lock_time", "transaction_version", "version", "reverse", "faults", "edit"},
                  "PSBT");
    const Maker maker{charter, wallet};
    const auto reversed = get<std::string>(payload, "reverse", "");
    Psbt psbt;
    psbt.transaction_version = get<std::uint32_t>(payload, "transaction_version", 2);
    psbt.fallback_lock_time = get<std::uint32_t>(payload, "lock_time", 0);
    for (const auto& input : listed(payload.at("inputs"), reversed == "inputs"))
        psbt.inputs.push_back(maker.input(input));
    for (const auto& output : listed(payload.at("outputs"), reversed == "outputs"))
        psbt.outputs.push_back(maker.output(output));
    if (get(payload, "version", 0) == 2)
        psbt = bitcoin::to_version_2(psbt);
    for (const auto& fault : member(payload, "faults"))
        commit(psbt, fault, charter);
    return edited(bitcoin::encode_psbt(psbt), member(payload, "edit"));
}

} // namespace coffer::test::attacks
