#include "core/base/error.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/inspect_parts.h"
#include "formats/bitcoin/script.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

template <typename Holds>
std::vector<const Network*> networks_where(Holds holds)
{
    std::vector<const Network*> found;
    for (const auto& network : networks())
        if (holds(network))
            found.push_back(&network);
    return found;
}

} // namespace

void set_networks(Document& document, std::span<const Network* const> networks)
{
    document.set("network", networks.empty() ? Document{} : Document{networks.front()->name});
    if (networks.size() < 2)
        return;
    auto names = Document::list();
    for (const auto* network : networks)
        names.add(network->name);
    document.set("networks", std::move(names));
}

std::vector<const Network*> networks_of_version(std::uint32_t extended_public_version)
{
    return networks_where([&](const Network& network) { return network.extended_public_version == extended_public_version; });
}

std::vector<const Network*> networks_of_coin_type(std::uint32_t coin_type)
{
    return networks_where([&](const Network& network) { return network.coin_type == coin_type; });
}

const Network& network_shown(std::span<const Network* const> networks)
{
    return networks.empty() ? bitcoin::networks().front() : *networks.front();
}

void add_network_warning(Document& warnings, std::span<const Network* const> networks)
{
    if (networks.empty())
        warnings.add("nothing says which network it is of: addresses are shown as of " + std::string{network_shown(networks).name});
}

std::string_view type_name(ByteView script_pubkey)
{
    switch (script_type(script_pubkey)) {
    case ScriptType::p2pkh: return "p2pkh";
    case ScriptType::p2sh: return "p2sh";
    case ScriptType::p2wpkh: return "p2wpkh";
    case ScriptType::p2wsh: return "p2wsh";
    case ScriptType::p2tr: return "p2tr";
    case ScriptType::witness_unknown: return "witness_unknown";
    case ScriptType::null_data: return "null_data";
    case ScriptType::other: break;
    }
    return "other";
}

Document address_of(ByteView script_pubkey, const Network& network)
{
    const auto address = format_address(script_pubkey, network);
    return address ? Document{*address} : Document{};
}

Document inspect_address(std::string_view text)
{
    const auto found = networks_of_address(text);
    const auto& network = network_shown(found);
    const auto script = parse_address(text, network); // throws what is wrong with it where there is no network
    auto document = Document::object();
    document.set("kind", "address").set("chain", "bitcoin");
    set_networks(document, found);
    document.set("type", type_name(script))
        .set("script_pubkey", Document::hex(script))
        .set("normalized", address_of(script, network));
    if (script_type(script) == ScriptType::witness_unknown)
        document.set("warnings", Document::list().add("no rule protects this witness version yet: anyone can spend what is sent there (BIP-141)"));
    return document;
}

} // namespace coffer::bitcoin
