#include "cli/commands/commands.h"

#include "cli/home.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"

namespace coffer::cli {

namespace {

constexpr std::uint64_t most_addresses = 100'000;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet addresses",
        .summary = "addresses of a wallet, or of a bare key or descriptor without a home",
        .description = "Of a wallet, derived from the charter in force. With --xpub or --descriptor it needs no home.",
        .arguments = {{.name = "W", .help = "id of the wallet", .presence = console::Presence::optional}},
        .options = {{.name = "count", .metavar = "N", .help = "how many", .default_value = "1"},
                    {.name = "start", .metavar = "I", .help = "the first index", .default_value = "0"},
                    {.name = "change", .metavar = {}, .help = "the change branch"},
                    {.name = "xpub", .metavar = "X", .help = "an extended public key"},
                    {.name = "chain", .metavar = "C", .help = "of the key: bitcoin, testnet, …, evm; of a descriptor by default the one of its keys"},
                    {.name = "descriptor", .metavar = "DESC", .help = "an output descriptor"}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer wallet addresses eth-cold", ""},
                     {"coffer wallet addresses --xpub xpub6… --chain evm --count 5", "for scripts"},
                     {"coffer wallet addresses --descriptor 'wpkh(xpub6…/<0;1>/*)' --count 5", "for scripts"}},
    };
    return value;
}

class Addresses {
public:
    void add(std::uint64_t index, const std::string& path, const std::string& address)
    {
        m_list.add(Document::object().set("index", index).set("path", path).set("address", address));
        m_text.push_back(std::to_string(index) + "  " + address);
    }
    console::CommandResult result(Document document) &&
    {
        console::CommandResult made;
        made.document = std::move(document);
        made.document.set("addresses", std::move(m_list));
        made.text = std::move(m_text);
        return made;
    }

private:
    Document m_list = Document::list();
    std::vector<std::string> m_text;
};

struct Range {
    std::uint64_t start;
    std::uint64_t count;
    bool change;
};

Range range_of(const console::Invocation& invocation)
{
    const Range range{invocation.number("start", 0, 0x7fffffff), invocation.number("count", 1, most_addresses), invocation.has("change")};
    if (range.start + range.count > 0x80000000)
        throw Error{ErrorCode::usage, "--start and --count go beyond index 2147483647"};
    return range;
}

console::CommandResult of_extended_key(const console::Invocation& invocation, const Range& range)
{
    if (!invocation.has("chain"))
        throw Error{ErrorCode::usage, "--xpub needs --chain"};
    const auto xpub = invocation.text("xpub");
    const auto [format, chain] = chains::chain_named(invocation.text("chain"));
    Addresses addresses;
    for (std::uint64_t index = range.start; index < range.start + range.count; ++index) {
        const auto path = std::string{range.change ? "1/" : "0/"} + std::to_string(index);
        addresses.add(index, path, format.format_address(format.derive_address(chain, xpub, path), chain));
    }
    return std::move(addresses).result(Document::object().set("xpub", xpub).set("chain", invocation.text("chain")));
}

chains::NamedChain chain_of_descriptor(const console::Invocation& invocation, const std::string& descriptor)
{
    if (const auto name = invocation.find("chain"))
        return chains::chain_named(*name);
    for (const auto* format : chains::all_formats())
        if (auto chain = format->chain_of_descriptor(descriptor))
            return {*format, std::move(*chain)};
    throw Error{ErrorCode::usage, "--descriptor: no chain with descriptors is built in"};
}

console::CommandResult of_descriptor(const console::Invocation& invocation, const Range& range)
{
    const auto descriptor = invocation.text("descriptor");
    const auto [format, chain] = chain_of_descriptor(invocation, descriptor);
    Addresses addresses;
    auto index = range.start;
    for (const auto& [path, address] : format.derive_described(chain, descriptor, range.change ? chains::Branch::change : chains::Branch::receive,
                                                               static_cast<std::uint32_t>(range.start), static_cast<std::uint32_t>(range.count)))
        addresses.add(index++, path, format.format_address(address, chain));
    return std::move(addresses).result(Document::object().set("descriptor", descriptor).set("chain", chain.id));
}

console::CommandResult of_wallet(console::Invocation& invocation, const Range& range)
{
    if (!invocation.has("W"))
        throw Error{ErrorCode::usage, "name a wallet, or --xpub X --chain C, or --descriptor DESC"};
    if (invocation.has("chain"))
        throw Error{ErrorCode::usage, "--chain goes with --xpub and --descriptor; the charter knows the chain of a wallet"};
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    const auto& chain = charter.chain(wallet.chain);
    if (range.change && wallet.descriptor.empty())
        throw Error{ErrorCode::usage, "wallet " + wallet.id + " is one account and has no change addresses"};
    const auto& format = chains::format_of(chain);
    const auto branch = range.change ? chains::Branch::change : chains::Branch::receive;
    Addresses addresses;
    for (std::uint64_t index = range.start; index < range.start + range.count; ++index) {
        const auto address = format.derive_address(charter, wallet, branch, static_cast<std::uint32_t>(index));
        addresses.add(index, wallet.descriptor.empty() ? wallet.keys.front().path : std::string{range.change ? "1/" : "0/"} + std::to_string(index),
                      format.format_address(address, chain));
    }
    return std::move(addresses).result(Document::object().set("wallet", wallet.id).set("chain", wallet.chain));
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto range = range_of(invocation);
    const int sources = invocation.has("W") + invocation.has("xpub") + invocation.has("descriptor");
    if (sources > 1)
        throw Error{ErrorCode::usage, "a wallet, --xpub and --descriptor exclude each other"};
    if (invocation.has("descriptor"))
        return of_descriptor(invocation, range);
    return invocation.has("xpub") ? of_extended_key(invocation, range) : of_wallet(invocation, range);
}

} // namespace

console::Command wallet_addresses_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
