#include "cli/requests/bundling.h"

#include "core/requests/head.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using requests::CheckedRequest;
using requests::RequestService;

bundle::CarriedRequest carried(const CheckedRequest& checked)
{
    bundle::CarriedRequest request{.submission = checked.stored.submission(), .signatures = {}};
    for (std::uint32_t i = 0; i < checked.stored.payloads.size(); ++i)
        for (const auto& signature : checked.stored.payloads[i].signatures)
            request.signatures.push_back({i, signature});
    return request;
}

/// Where the appliance is in the policy chain by its newest receipt; none where it has sent none.
std::optional<charter::Position> find_position(RequestService& service, const charter::Appliance& appliance)
{
    const auto receipt = service.newest_receipt(appliance.id);
    if (!receipt)
        return std::nullopt;
    // Another identity under this name has another ledger.
    const auto artefact = artefacts::Artefact::decode(*receipt, artefacts::Kind::receipt);
    return artefact.is_signed_by(appliance.key) ? std::optional{bundle::decode_receipt(artefact).position} : std::nullopt;
}

/// The first link that some appliance may lack; those it has are no harm. One that was put out of use has to learn of it; a standby that
/// never signed anything learns all when it is enrolled.
std::uint64_t first_needed(RequestService& service, const charter::PolicyChain& chain)
{
    auto first = chain.position().number + 1;
    for (const auto& appliance : chain.charter().appliances) {
        const auto position = find_position(service, appliance);
        const bool is_standby = appliance.state == charter::Appliance::State::standby && chain.find_retirement(appliance.key) == nullptr;
        if (is_standby && !position)
            continue;
        if (!position || !chain.contains(*position))
            return 0;
        first = std::min(first, position->number + 1);
    }
    return first;
}

std::vector<Bytes> heads_of(RequestService& service)
{
    std::vector<Bytes> heads;
    for (auto& [appliance, head] : service.known_heads())
        heads.push_back(head);
    return heads;
}

} // namespace

bundle::Bundle make_bundle(Home& home, RequestService& service, const std::vector<CheckedRequest>& requests, Links links)
{
    const auto& chain = home.chain();
    bundle::Bundle made{.header = chain.charter().header,
                        .links = {},
                        .online_head = home.signed_head().encode(),
                        .heads = heads_of(service),
                        .pool = {},
                        .requests = {}};
    for (auto number = links == Links::all ? 0 : first_needed(service, chain); number < chain.links().size(); ++number)
        made.links.push_back(chain.links()[number]);
    for (const auto& request : requests)
        made.requests.push_back(carried(request));
    return made;
}

std::map<std::string, std::uint64_t> heads_shown(const bundle::Bundle& bundle)
{
    std::map<std::string, std::uint64_t> shown;
    for (const auto& bytes : bundle.heads) {
        const auto head = requests::decode_head(artefacts::Artefact::decode(bytes, artefacts::Kind::head));
        shown[head.source] = head.size;
    }
    return shown;
}

bundle::Review make_review(Home& home, RequestService& service, const CheckedRequest& request)
{
    const auto& chain = home.chain();
    return {.header = chain.charter().header, .links = chain.links(), .heads = heads_of(service), .request = carried(request)};
}

requests::ReceiptFacts facts_of(const artefacts::Artefact& artefact)
{
    const auto receipt = bundle::decode_receipt(artefact);
    requests::ReceiptFacts facts{.artefact = artefact,
                                 .header = receipt.header,
                                 .bundle = receipt.bundle,
                                 .appliance = receipt.appliance,
                                 .time = receipt.time,
                                 .results = {},
                                 .position = receipt.position,
                                 .log = {receipt.log_size, receipt.log_root},
                                 .continues = std::nullopt,
                                 .proof = {},
                                 .head = receipt.head};
    if (receipt.consistency) {
        facts.continues = receipt.consistency->from_size;
        facts.proof = receipt.consistency->path;
    }
    for (const auto& result : receipt.results) {
        facts.results.push_back({result.request, std::string{name_of(result.outcome)}, result.code, {}});
        for (const auto& [payload, signature] : result.signatures)
            facts.results.back().signatures.push_back({payload, signature});
    }
    return facts;
}

} // namespace coffer::cli
