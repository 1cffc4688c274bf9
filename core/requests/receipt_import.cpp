#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/requests/head.h"
#include "core/requests/request_service.h"

#include <algorithm>
#include <set>

// RequestService: what comes back from the vaults.

namespace coffer::requests {

namespace {

using artefacts::Artefact;
using artefacts::Kind;

Error rolled_back(const ReceiptFacts& receipt, const std::string& why)
{
    return Error{ErrorCode::ledger_rollback, "the log of appliance " + receipt.appliance + " (" + std::to_string(receipt.log.size) +
                                                 " records) does not continue the one that is known here: " + why,
                 "an old image or a copy of the appliance may be in use: stop, keep the file and tell compliance"};
}

/// The newest head known of the appliance, if the identity that it has now signed it. An amendment that gives it
/// another one (after `restore`, say) begins another log.
std::optional<Bytes> head_of_identity(std::optional<Bytes> known, const charter::Appliance& appliance)
{
    return known && Artefact::decode(*known, Kind::head).is_signed_by(appliance.key) ? std::move(known) : std::nullopt;
}

} // namespace

void RequestService::verify_receipt(const ReceiptFacts& receipt, const charter::Charter& charter) const
{
    artefacts::require_header(receipt.header, charter.header, "receipt");
    const auto* appliance = charter.find_appliance(receipt.appliance);
    if (appliance == nullptr)
        throw Error{ErrorCode::sig_verify, "receipt is of appliance " + quoted(receipt.appliance) + ", which the charter in force lacks"};
    if (!receipt.artefact.is_signed_by(appliance->key))
        throw Error{ErrorCode::sig_verify, "receipt is not signed by appliance " + appliance->id,
                    "nothing was taken over; the file is not what the vault wrote: keep it and tell compliance"};
    if (appliance->state != charter::Appliance::State::active)
        throw Error{ErrorCode::appliance_inactive, "appliance " + appliance->id + " is on standby by the charter in force"};
    if (receipt.head.empty())
        return;
    const auto artefact = Artefact::decode(receipt.head, Kind::head);
    const auto head = decode_head(artefact);
    artefacts::require_header(head.header, charter.header, "head");
    if (!artefact.is_signed_by(appliance->key) || head.source != appliance->id || head.size != receipt.log.size ||
        head.root != receipt.log.root)
        throw Error{ErrorCode::sig_verify, "the head in the receipt is not that of appliance " + appliance->id};
}

/// True when the receipt's log is shown to continue the newest that is known; false when it is shown to
/// continue the older one that its bundle showed. Anything else is a rollback.
bool RequestService::continues_known_log(const ReceiptFacts& receipt, const charter::Appliance& appliance) const
{
    const auto artefact = head_of_identity(receipts().head_of(receipt.appliance), appliance);
    if (!artefact)
        return true;
    const auto known = decode_head(Artefact::decode(*artefact, Kind::head));
    if (receipt.log.size == known.size) {
        if (receipt.log.root != known.root)
            throw rolled_back(receipt, "it has another head of the same size");
        return true;
    }
    if (receipt.continues == known.size) {
        try {
            audit::verify_consistency({known.size, known.root}, receipt.log, receipt.proof);
        } catch (const Error& error) {
            throw rolled_back(receipt, error.message());
        }
        return true;
    }
    if (!receipts().has_bundle(receipt.bundle))
        throw rolled_back(receipt, "it proves nothing about the " + std::to_string(known.size) + " records known");
    if (receipts().head_shown(receipt.bundle, receipt.appliance) != receipt.continues)
        throw rolled_back(receipt, "it does not continue the head that its bundle showed");
    if (receipts().head_shown(receipt.bundle, receipt.appliance) == known.size)
        throw rolled_back(receipt, "its bundle showed " + std::to_string(known.size) + " records, and it proves nothing about them");
    return false;
}

ImportedReceipt RequestService::import(const ReceiptFacts& receipt)
{
    auto transaction = m_books.database().begin_immediate();
    const auto digest = receipt.artefact.hash();
    const auto& charter = m_books.chain(transaction).charter();
    verify_receipt(receipt, charter);

    ImportedReceipt imported;
    imported.is_known = receipts().has_receipt(digest);
    imported.is_of_known_bundle = receipts().has_bundle(receipt.bundle);
    if (!imported.is_known) {
        imported.is_newest = continues_known_log(receipt, *charter.find_appliance(receipt.appliance));
        receipts().save_receipt({digest, receipt.artefact.encode()}, m_books.now());
        if (imported.is_newest) {
            receipts().set_newest(receipt.appliance, digest);
            if (!receipt.head.empty())
                receipts().save_head(receipt.appliance, receipt.log.size, receipt.head);
        }
        m_books.record(transaction, {.type = "receipt.imported",
                                     .subject = {},
                                     .actor = "appliance:" + receipt.appliance,
                                     .details = {{"receipt", Bytes{digest.begin(), digest.end()}},
                                                 {"bundle", to_bytes(receipt.bundle.bytes())},
                                                 {"log size", std::to_string(receipt.log.size)}}});
    }
    for (const auto& result : receipt.results)
        imported.results.push_back(take_over(transaction, result, Signatory::appliance, "appliance:" + receipt.appliance));
    transaction.commit();
    return imported;
}

ImportedResult RequestService::take_over(storage::Transaction& transaction, const ReturnedResult& result, Signatory by, const std::string& actor)
{
    ImportedResult imported{.request = result.request, .id = requests().find_id(result.request), .outcome = result.outcome,
                            .code = result.code};
    if (!imported.id) {
        imported.error = Error{ErrorCode::not_found, "request " + encoding::encode_hex(result.request.bytes()) +
                                                         " of the receipt is not one of this home"};
        return imported;
    }
    try {
        auto checked = load(transaction, *imported.id);
        imported.status = checked.status;
        const bool was_signed = checked.is_signed();
        store_signatures(checked, result, by);
        if (!was_signed && checked.is_signed()) {
            // An amendment may have put it back meanwhile; what the vault signed under the old charter exists.
            change_status(transaction, checked, Status::pending_signature);
            change_status(transaction, checked, Status::pending_broadcast);
            if (!checked.judgement.open.goes_to_chain())
                change_status(transaction, checked, Status::success); // there is nothing to send
        } else if (checked.is_released() && checked.stored.row.status == Status::pending_review) {
            change_status(transaction, checked, Status::pending_signature);
        } else if (result.signatures.empty() && checked.status == Status::expired) {
            change_status(transaction, checked, Status::expired); // the vault did not sign it: the slots are free
        }
        if (result.signatures.empty() && !was_signed)
            m_books.record(transaction, {.type = "request.not_signed",
                                         .subject = imported.id,
                                         .actor = actor,
                                         .details = {{"outcome", result.outcome}, {"code", result.code}}});
        imported.status = checked.status;
        imported.signatures = checked.signatures();
    } catch (const Error& error) {
        imported.error = error.in("request " + format_uuid(*imported.id));
    }
    return imported;
}

void RequestService::store_signatures(CheckedRequest& checked, const ReturnedResult& result, Signatory by)
{
    auto& payloads = checked.stored.payloads;
    const auto& open = checked.judgement.open;
    std::set<std::uint32_t> covered;
    std::vector<ReturnedSignature> fresh;
    // Everything is verified before anything is written: an item is taken over whole or not at all.
    for (const auto& returned : result.signatures) {
        if (returned.payload >= payloads.size())
            throw Error{ErrorCode::sig_verify, "signature for payload " + std::to_string(returned.payload) + " of " +
                                                   std::to_string(payloads.size())};
        open.payloads[returned.payload]->verify(returned.signature);
        covered.insert(returned.payload);
        auto& known = payloads[returned.payload].signatures;
        const auto same = std::ranges::find_if(known, [&](const payments::TaskSignature& signature) {
            return signature.input == returned.signature.input && signature.public_key == returned.signature.public_key;
        });
        if (same == known.end())
            fresh.push_back(returned);
        else if (*same != returned.signature)
            throw Error{ErrorCode::already_signed, "payload " + std::to_string(returned.payload) + " has another signature of this key already"};
    }
    // An outside signer answers for one payload at a time.
    if (by == Signatory::appliance && !result.signatures.empty() && covered.size() != payloads.size())
        throw Error{ErrorCode::sig_verify, "the vault signed " + std::to_string(covered.size()) + " of " +
                                               std::to_string(payloads.size()) + " payloads; it signs all or none"};
    if (fresh.empty())
        return;
    const auto is_missing = [&](const ReturnedSignature& returned) { return !checked.signed_transactions[returned.payload]; };
    const bool completes = checked.is_signed() && !is_final(checked.status) && std::ranges::all_of(fresh, is_missing);
    if (!is_open(checked.stored.row.status) && !completes)
        throw Error{ErrorCode::state, "it is " + std::string{name_of(checked.stored.row.status)} + " here, but the vault has signed it",
                    "the signed transaction exists in the receipt: make it unusable with `coffer void`"};
    for (const auto& [payload, signature] : fresh) {
        requests().add_signature(checked.id(), payload, signature);
        payloads[payload].signatures.push_back(signature);
    }
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        try {
            checked.signed_transactions[i] = open.payloads[i]->finalize(payloads[i].signatures);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::state)
                throw;
        }
    }
}

ImportedResult RequestService::import_signatures(const RequestId& id, std::span<const ReturnedSignature> signatures)
{
    auto transaction = m_books.database().begin_immediate();
    const auto before = load(transaction, id);
    ReturnedResult result{.request = before.stored.row.digest, .outcome = "signed", .code = {}, .signatures = {signatures.begin(), signatures.end()}};
    auto imported = take_over(transaction, result, Signatory::outside, "outside");
    if (imported.error)
        throw *imported.error;
    m_books.record(transaction, {.type = "signatures.imported",
                                 .subject = id,
                                 .actor = {},
                                 .details = {{"signatures", std::to_string(signatures.size())}}});
    transaction.commit();
    return imported;
}

std::optional<Bytes> RequestService::newest_receipt(const std::string& appliance)
{
    auto transaction = m_books.database().begin_read();
    auto known = receipts().newest_of(appliance);
    return known ? std::optional{std::move(known->artefact)} : std::nullopt;
}

std::map<std::string, Bytes> RequestService::known_heads()
{
    auto transaction = m_books.database().begin_read();
    std::map<std::string, Bytes> heads;
    for (const auto& appliance : m_books.chain(transaction).charter().appliances)
        if (auto head = head_of_identity(receipts().head_of(appliance.id), appliance))
            heads.emplace(appliance.id, std::move(*head));
    return heads;
}

} // namespace coffer::requests
