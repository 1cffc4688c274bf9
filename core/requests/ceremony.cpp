#include "core/requests/ceremony.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/ed25519.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"
#include "core/requests/recipient.h"

#include <algorithm>

namespace coffer::requests {

namespace {

using payments::Ceremony;
using payments::Payload;

/// What the identity key signs: apart from everything else that it signs.
Bytes ceremony_statement(const PayloadDigest& digest)
{
    return artefacts::domain_separated("ceremony-done", digest.bytes());
}

keys::Fingerprint master_of(const charter::ApplianceKey& key)
{
    return keys::KeyOrigin::parse(key.origin).fingerprint;
}

std::string shape_of(const Ceremony& ceremony)
{
    std::vector<std::string> groups;
    for (const auto& [threshold, count] : ceremony.groups)
        groups.push_back(std::to_string(threshold) + " of " + std::to_string(count));
    return groups.size() == 1 ? groups.front() : std::to_string(ceremony.group_threshold) + " of the groups " + join(groups, ", ");
}

std::string operation_in_words(const Ceremony& ceremony)
{
    switch (ceremony.operation) {
    case Ceremony::Operation::create: return "make shares of the key: " + shape_of(ceremony) + " restore it";
    case Ceremony::Operation::refresh: return "make new shares of the key: " + shape_of(ceremony) + " restore it; those in use are retired";
    case Ceremony::Operation::combine: return "put the key together again from its shares, in a home that has lost it";
    case Ceremony::Operation::words: return "show the words of the key, which are the whole key";
    }
    fatal("ceremony without words");
}

} // namespace

CeremonyPayload::CeremonyPayload(ByteView bytes, Ceremony ceremony, const artefacts::ApprovalKey& identity, const chains::PayloadContext& context)
    : Payload{to_bytes(bytes)}, m_ceremony{std::move(ceremony)}, m_digest{payments::ceremony_digest(m_ceremony)},
      m_description{.payer = context.wallet.id, .payments = {}, .change = {}, .fee = {.maximum = {context.chain().native(), 0}, .rate = 0, .priority_rate = 0}},
      m_identity{identity}
{
}

std::unique_ptr<const CeremonyPayload> CeremonyPayload::decode(ByteView bytes, const chains::PayloadContext& context)
{
    auto ceremony = payments::decode_ceremony(bytes);
    const auto* appliance = context.charter.find_appliance(ceremony.appliance);
    const auto* key = appliance == nullptr ? nullptr : appliance->find_key(ceremony.key);
    if (key == nullptr || !equal(keys::ExtendedPublicKey::parse(key->extended_public).key().compressed(), ceremony.public_key))
        throw Error{ErrorCode::fingerprint, "ceremony with key " + quoted(ceremony.key) + " of appliance " + quoted(ceremony.appliance) +
                                                ": the charter in force names no such key with this public key"};
    const auto wallets = wallets_with(context.charter, *key);
    if (std::ranges::find(wallets, &context.wallet) == wallets.end())
        throw Error{ErrorCode::policy_denied, "ceremony with key " + key->id + " of " + appliance->id + ", which wallet " + context.wallet.id + " does not have"};
    return std::unique_ptr<const CeremonyPayload>{new CeremonyPayload{bytes, std::move(ceremony), appliance->key, context}};
}

std::vector<payments::SigningTask> CeremonyPayload::signing_tasks() const
{
    return {{.input = 0,
             .algorithm = keys::SignatureAlgorithm::ed25519,
             .digest = m_digest.bytes(),
             .appliance = m_ceremony.appliance,
             .key = m_ceremony.key,
             .path = {},
             .public_key = to_bytes(m_identity.ed25519().bytes())}};
}

std::vector<Payload::Detail> CeremonyPayload::details() const
{
    std::vector<Detail> details = {{"does", operation_in_words(m_ceremony)},
                                   {"key", m_ceremony.key + " of appliance " + m_ceremony.appliance},
                                   {"pubkey", encoding::encode_hex(m_ceremony.public_key)}};
    if (!m_ceremony.groups.empty()) {
        details.push_back({"shares", std::to_string(m_ceremony.share_count()) + ", of which no fewer than " +
                                         std::to_string(m_ceremony.least_shares()) + " restore it"});
        details.push_back({"set", std::to_string(m_ceremony.share_set)});
    }
    return details;
}

void CeremonyPayload::verify(const payments::TaskSignature& signature) const
{
    if (signature.input != 0 || !equal(signature.public_key, m_identity.ed25519().bytes()) || signature.signature.size() != 64 ||
        !m_identity.verify(ceremony_statement(m_digest), signature.signature))
        throw Error{ErrorCode::sig_verify, "appliance " + m_ceremony.appliance + " did not sign that the ceremony is done"};
}

payments::SignedTransaction CeremonyPayload::finalize(std::span<const payments::TaskSignature> signatures) const
{
    if (signatures.empty())
        throw Error{ErrorCode::state, "the appliance has not said that the ceremony is done"};
    if (signatures.size() != 1)
        throw Error{ErrorCode::sig_verify, std::to_string(signatures.size()) + " signatures for one ceremony"};
    verify(signatures.front());
    return {signatures.front().signature, encoding::encode_hex(signatures.front().signature)};
}

payments::TaskSignature sign_ceremony(const payments::SigningTask& task, const crypto::Ed25519PrivateKey& identity)
{
    return {task.input, to_bytes(identity.public_key().bytes()), to_bytes(identity.sign(ceremony_statement(PayloadDigest{task.digest})))};
}

std::unique_ptr<const Payload> decode_payload(ByteView bytes, const chains::PayloadContext& context)
{
    if (payments::is_ceremony(bytes))
        return CeremonyPayload::decode(bytes, context);
    return chains::format_of(context.chain()).decode(bytes, context);
}

std::vector<const charter::Wallet*> wallets_with(const charter::Charter& charter, const charter::ApplianceKey& key)
{
    const auto master = master_of(key);
    const auto has_it = [&](const charter::WalletKey& held) {
        const auto* appliance = charter.find_appliance(held.appliance);
        const auto* named = appliance == nullptr ? nullptr : appliance->find_key(held.key);
        return named != nullptr && master_of(*named) == master;
    };
    std::vector<const charter::Wallet*> wallets;
    for (const auto& wallet : charter.wallets)
        if (std::ranges::any_of(wallet.keys, has_it))
            wallets.push_back(&wallet);
    return wallets;
}

std::vector<const charter::Wallet*> deciding_wallets(const charter::Charter& charter, const charter::Wallet& wallet, const Payload& payload)
{
    const auto* ceremony = payload.ceremony();
    if (ceremony == nullptr)
        return {&wallet};
    const auto* appliance = charter.find_appliance(ceremony->appliance);
    require(appliance != nullptr && appliance->find_key(ceremony->key) != nullptr, "a ceremony that was decoded names a key");
    return wallets_with(charter, *appliance->find_key(ceremony->key));
}

policy::Decision select_rules_of(const charter::Charter& charter, const std::vector<const charter::Wallet*>& wallets, const policy::Facts& facts)
{
    policy::Decision decision;
    for (const auto* wallet : wallets) {
        auto of_wallet = facts;
        of_wallet.wallet = wallet;
        of_wallet.words = words_of(charter, *wallet);
        auto selected = policy::select_rules(charter, of_wallet);
        std::ranges::move(selected.assets, std::back_inserter(decision.assets));
        std::ranges::move(selected.skipped, std::back_inserter(decision.skipped));
    }
    return decision;
}

void require_share_limits(const charter::Charter& charter, const Ceremony& ceremony)
{
    if (ceremony.operation == Ceremony::Operation::words && charter.shares.least_threshold > 1)
        throw Error{ErrorCode::policy_denied, "the words are one piece that is the whole key, and the charter allows no fewer than " +
                                                  std::to_string(charter.shares.least_threshold) + " that restore it",
                    "an amendment with least_threshold = 1 in [shares] allows it; shares do not need one"};
    if (ceremony.groups.empty())
        return;
    if (ceremony.least_shares() < charter.shares.least_threshold)
        throw Error{ErrorCode::policy_denied, std::to_string(ceremony.least_shares()) + " shares would restore the key, the charter allows no fewer than " +
                                                  std::to_string(charter.shares.least_threshold)};
    if (ceremony.share_count() > charter.shares.most_shares)
        throw Error{ErrorCode::policy_denied, std::to_string(ceremony.share_count()) + " shares, the charter allows no more than " +
                                                  std::to_string(charter.shares.most_shares)};
}

} // namespace coffer::requests
