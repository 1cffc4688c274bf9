#include "tests/attacks/entry_maker.h"

#include "core/encoding/hex.h"
#include "tests/attacks/bitcoin_maker.h"
#include "tests/attacks/charter_patch.h"
#include "tests/support/treasury.h"

namespace coffer::test::attacks {

namespace {

using charter::Entry;

const std::vector<std::string> admins{"alice", "bob", "dave"};
const std::vector<std::string> two{"alice", "erin"};

struct Made {
    Entry entry;
    std::vector<std::string> signers;
};

artefacts::ApprovalKey key_in(const charter::PolicyChain& chain, const Json& entry, const std::string& appliance)
{
    if (entry.contains("key"))
        return approval_key_named(entry.at("key").get<std::string>());
    return chain.charter().find_appliance(appliance)->key;
}

charter::Destination added(const charter::Charter& charter, const Json& entry)
{
    const auto id = entry.at("add").get<std::string>();
    const auto address = get(entry, "address", id);
    const auto on = get<std::string>(entry, "on", "ethereum");
    return {id, on, charter.chain(on).family == "bitcoin" ? bitcoin_script(charter, address) : address_in(charter, address)};
}

EntryHash freeze_of(const charter::PolicyChain& chain, const std::string& wallet_or_hex, UtcTime time)
{
    const auto* frozen = chain.find_freeze(wallet_or_hex, time);
    return frozen != nullptr ? frozen->entry : EntryHash::from(encoding::decode_hex(wallet_or_hex));
}

std::optional<Made> made_from(const charter::PolicyChain& chain, const Json& entry, UtcTime time)
{
    const auto& header = chain.charter().header;
    const auto& hash = chain.charter_hash();
    const auto officer = get<std::string>(entry, "officer", "carol");
    const auto text = [&](const char* name) { return entry.at(name).get<std::string>(); };
    const auto reason = get<std::string>(entry, "reason", "nobody answers");
    if (entry.contains("freeze"))
        return Made{charter::Freeze{header, entry.at("freeze").get<std::vector<std::string>>(), officer, {}, time,
                                    time + signed_duration(get<std::string>(entry, "for", "3h")), reason},
                    {officer}};
    if (entry.contains("unfreeze"))
        return Made{charter::Unfreeze{header, freeze_of(chain, text("unfreeze"), time), time, reason}, admins};
    if (entry.contains("suspend"))
        return Made{charter::Suspension{header, text("suspend"), std::nullopt, hash, time, reason}, two};
    if (entry.contains("add"))
        return Made{charter::DestinationAdded{header, added(chain.charter(), entry), hash, time, reason}, admins};
    if (entry.contains("remove"))
        return Made{charter::DestinationRemoved{header, text("remove"), officer, hash, time, reason}, {officer}};
    if (entry.contains("enrol"))
        return Made{charter::ApplianceEnrolled{header, text("enrol"), key_in(chain, entry, text("enrol")), hash, time, reason}, admins};
    if (entry.contains("retire"))
        return Made{charter::ApplianceRetired{header, text("retire"), key_in(chain, entry, text("retire")), hash, time, reason}, two};
    return std::nullopt;
}

} // namespace

std::optional<artefacts::Artefact> make_entry(const charter::PolicyChain& chain, const Json& entry, UtcTime now)
{
    const auto made = made_from(chain, entry, now - signed_duration(get<std::string>(entry, "age", "10m")));
    if (!made)
        return std::nullopt;
    return signed_by(encode(made->entry), get<std::vector<std::string>>(entry, "signers", made->signers));
}

} // namespace coffer::test::attacks
