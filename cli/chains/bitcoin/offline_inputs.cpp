#include "cli/chains/bitcoin/offline_inputs.h"

#include "cli/net/json.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <initializer_list>
#include <set>

namespace coffer::cli {

namespace {

constexpr JsonLimits limits{.bytes = 128u << 20, .depth = 3, .values = 200'000, .number_characters = 40};

/// An object, whose fields are taken by name.
class Fields {
public:
    Fields(const Json& json, std::string place, std::initializer_list<std::string_view> names) : m_json{json}, m_place{std::move(place)}
    {
        if (json.fields() == nullptr)
            throw bad("not a JSON object");
        for (const auto& [name, value] : *json.fields())
            if (std::ranges::find(names, name) == names.end())
                throw bad("unknown field " + quoted(name, 40)).with_hint("the fields are " + join({names.begin(), names.end()}, ", "));
    }

    Error bad(const std::string& what) const { return Error{ErrorCode::malformed, m_place + ": " + what}; }
    const std::string& place() const { return m_place; }

    const Json& field(std::string_view name) const
    {
        const auto* found = m_json.find(name);
        if (found == nullptr)
            throw bad(std::string{name} + " is missing");
        return *found;
    }
    const std::string& text(std::string_view name) const
    {
        const auto* text = field(name).text();
        if (text == nullptr)
            throw bad(std::string{name} + " is not text");
        return *text;
    }
    /// A number or decimal text; the result counts units of 10^-decimals.
    std::uint64_t number(std::string_view name, std::uint64_t most, unsigned decimals = 0) const
    {
        const auto& json = field(name);
        const auto* digits = json.number() != nullptr ? json.number() : json.text();
        if (digits == nullptr)
            throw bad(std::string{name} + " is not a number");
        const auto number = attempt(name, [&] { return parse_decimal(*digits, decimals); }).to_u64();
        if (!number || *number > most)
            throw bad(std::string{name} + " is over " + format_decimal(most, decimals));
        return *number;
    }
    template <typename Work>
    auto attempt(std::string_view name, Work work) const -> decltype(work())
    {
        try {
            return work();
        } catch (const Error& error) {
            throw bad(std::string{name} + ": " + error.message());
        }
    }

private:
    const Json& m_json;
    std::string m_place;
};

bitcoin::Place read_place(const Fields& fields)
{
    const auto path = fields.attempt("path", [&] { return keys::DerivationPath::parse(fields.text("path")); });
    const auto& steps = path.steps();
    if (steps.size() < 2 || steps[steps.size() - 2] > 1 || (steps.back() & keys::hardened) != 0)
        throw fields.bad("path does not end with a branch, 0 or 1, and an index");
    return {steps[steps.size() - 2] == 0 ? chains::Branch::receive : chains::Branch::change, steps.back()};
}

void require_proof(const Fields& fields, const WalletOutput& output, const bitcoin::Transaction& previous, const bitcoin::DescriptorWallet& wallet)
{
    if (const auto txid = bitcoin::txid_of(previous); txid != output.outpoint.txid)
        throw fields.bad("the previous transaction is " + bitcoin::format_txid(txid) + ", not " + bitcoin::format_txid(output.outpoint.txid));
    if (output.outpoint.index >= previous.outputs.size())
        throw fields.bad("the previous transaction has " + std::to_string(previous.outputs.size()) + " outputs only");
    const auto& spent = previous.outputs[output.outpoint.index];
    if (spent.amount != output.amount)
        throw fields.bad("amount is " + std::to_string(output.amount) + ", in the previous transaction it is " + std::to_string(spent.amount));
    if (spent.script_pubkey != wallet.script_pubkey(output.place))
        throw fields.bad("the previous transaction does not pay to that path of wallet " + wallet.id());
}

void read_utxo(const Json& json, const std::string& place, const bitcoin::DescriptorWallet& wallet, OfflineBitcoinInputs& inputs)
{
    const Fields fields{json, place, {"txid", "vout", "amount", "path", "previous_transaction"}};
    WalletOutput output;
    output.outpoint.txid = fields.attempt("txid", [&] { return bitcoin::parse_txid(fields.text("txid")); });
    output.outpoint.index = static_cast<std::uint32_t>(fields.number("vout", 0xffffffff));
    output.amount = fields.number("amount", bitcoin::most_money);
    output.place = read_place(fields);
    auto previous = fields.attempt("previous_transaction", [&] {
        return bitcoin::decode_transaction(encoding::decode_hex(fields.text("previous_transaction")));
    });
    require_proof(fields, output, previous, wallet);
    inputs.previous.insert_or_assign(output.outpoint.txid, std::move(previous));
    inputs.facts.outputs.push_back(output);
}

} // namespace

OfflineBitcoinInputs parse_offline_inputs(std::string_view json, const bitcoin::DescriptorWallet& wallet)
{
    const auto root = Json::parse(json, limits);
    const Fields fields{root, "offline inputs", {"height", "feerate", "utxos"}};
    OfflineBitcoinInputs inputs;
    inputs.facts.height = fields.number("height", 499'999'999);
    inputs.facts.feerate = fields.number("feerate", bitcoin::most_money, 3);
    const auto* utxos = fields.field("utxos").list();
    if (utxos == nullptr)
        throw fields.bad("utxos is not a list");
    std::set<bitcoin::Outpoint> seen;
    for (std::size_t i = 0; i < utxos->size(); ++i) {
        const auto place = "offline inputs: utxos[" + std::to_string(i) + "]";
        read_utxo((*utxos)[i], place, wallet, inputs);
        if (!seen.insert(inputs.facts.outputs.back().outpoint).second)
            throw Error{ErrorCode::malformed, place + ": the output stands there twice"};
    }
    return inputs;
}

} // namespace coffer::cli
