#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/inspect_parts.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t addresses_of_branch = 5;
/// A hostile descriptor has a hundred branches with paths of hundreds of steps.
constexpr std::size_t most_branches_shown = 10;

std::string function_name(const Descriptor& descriptor)
{
    const std::string multi = descriptor.is_sorted() ? "sortedmulti" : "multi";
    switch (descriptor.type()) {
    case DescriptorType::pkh: return "pkh";
    case DescriptorType::wpkh: return "wpkh";
    case DescriptorType::sh_wpkh: return "sh(wpkh)";
    case DescriptorType::sh_multi: return "sh(" + multi + ")";
    case DescriptorType::wsh_multi: return "wsh(" + multi + ")";
    case DescriptorType::sh_wsh_multi: return "sh(wsh(" + multi + "))";
    case DescriptorType::tr: return "tr";
    case DescriptorType::addr: return "addr";
    case DescriptorType::raw: break;
    }
    return "raw";
}

/// By its extended keys or its address; none where it has neither.
std::vector<const Network*> networks_of(const Descriptor& descriptor, std::string_view canonical)
{
    for (const auto& expression : descriptor.keys())
        if (const auto* key = std::get_if<keys::ExtendedPublicKey>(&expression.key))
            return networks_of_coin_type(key->position().network == keys::KeyNetwork::main ? 0 : 1);
    if (descriptor.type() != DescriptorType::addr)
        return {};
    const auto begin = canonical.find('(') + 1;
    return networks_of_address(canonical.substr(begin, canonical.rfind(')') - begin));
}

Document addresses_of(const Descriptor& descriptor, const Network& network)
{
    auto addresses = Document::list();
    const auto indices = descriptor.is_ranged() ? addresses_of_branch : 1;
    for (std::size_t branch = 0; branch < std::min(descriptor.branches(), most_branches_shown); ++branch)
        for (std::uint32_t index = 0; index < indices; ++index)
            if (const auto address = format_address(descriptor.derive(branch, index).script_pubkey, network))
                addresses.add(*address);
    return addresses;
}

Document warnings_of(const Descriptor& descriptor, std::string_view text)
{
    auto warnings = Document::list();
    if (text.find('#') == std::string_view::npos)
        warnings.add("the descriptor was written without its checksum");
    if (descriptor.branches() > most_branches_shown)
        warnings.add("addresses of the first " + std::to_string(most_branches_shown) + " of " + std::to_string(descriptor.branches()) +
                     " branches are shown");
    return warnings;
}

} // namespace

Document inspect_descriptor(std::string_view text)
{
    const auto descriptor = Descriptor::parse(text);
    const auto canonical = descriptor.canonical();
    const auto networks = networks_of(descriptor, canonical);
    auto keys = Document::list();
    for (const auto& key : descriptor.keys())
        keys.add(key.format());
    auto document = Document::object();
    document.set("kind", "descriptor").set("chain", "bitcoin");
    set_networks(document, networks);
    document.set("type", function_name(descriptor))
        .set("canonical", canonical)
        .set("checksum", canonical.substr(canonical.rfind('#') + 1))
        .set("is_range", descriptor.is_ranged())
        .set("branches", std::uint64_t{descriptor.branches()});
    if (descriptor.threshold() != 0)
        document.set("threshold", descriptor.threshold());
    if (!descriptor.is_ranged() && descriptor.branches() == 1)
        document.set("script_pubkey", Document::hex(descriptor.derive(0, 0).script_pubkey));
    return document.set("keys", std::move(keys))
        .set("addresses", addresses_of(descriptor, network_shown(networks)))
        .set("warnings", warnings_of(descriptor, text));
}

} // namespace coffer::bitcoin
