#pragma once

#include "tests/attacks/json.h"
#include "tests/attacks/vault_state.h"
#include "tests/support/vault/test_vault.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// A scenario is a JSON object that tells what a vault has been through and what it is given now:
///
///     charter     changes of the example treasury (charter_patch.h)
///     pin         how it is sealed, when the pin itself is judged
///     earlier     {"1": step, …}: what happened before, in order
///     …           everything else is the judged step itself
///
/// `requests`: {"main": {"payloads": {"1": {payload_maker.h, "repeat": 500}}}}. `person`: "type_ahead" lines before
/// anything is asked, "paste": {"part of a prompt": lines that follow its answer}, and what person.h knows.
///
/// A step: `do` (sign, verify, clock_set, backup, selftest, keep_image, put_back_image, or pin with `second_charter`:
/// changes of the first), `at` (since the vault's start, or RFC 3339), `chain` ("founding" begins the policy chain
/// anew), `entries`, `requests`, `bundle`, `person`, `confirm`, `faults` (of the signer, a self-test, or a seed for
/// `random`), `tamper`, `args`.
namespace coffer::test::attacks {

struct PlayedRequest {
    std::string name;
    artefacts::Artefact artefact;
    bundle::CarriedRequest carried;
    std::string wallet;
};

/// What the judged step left.
struct Played {
    Run run;
    std::vector<PlayedRequest> requests; ///< in the order of the bundle
    std::optional<bundle::Receipt> receipt;
    Bytes receipt_bytes;
    /// What the log gained; none when it cannot be read.
    std::optional<std::vector<requests::vault::Record>> gained;
    Files before;
    Files after;
    int signer_was_asked = 0;
};

class Player {
public:
    /// Throws what is wrong with the scenario itself.
    explicit Player(const Json& scenario);

    Played play();
    /// Decodes, verifies and finalizes what the receipt carries for this request.
    void expect_signatures_verify(const Played& played, const PlayedRequest& request,
                                  const bundle::Result& result) const;
    /// The receipts of the earlier sign steps, in order.
    const std::vector<Bytes>& earlier_receipts() const { return m_receipts; }

private:
    Run pin();
    void play_earlier(const Json& step);
    std::vector<PlayedRequest> build(const Json& step);
    void build_entry(const Json& entry);
    PlayedRequest build_request(const std::string& name, const Json& request);
    void carry_predecessors(PlayedRequest& request, const Json& json) const;
    void add_signatures(PlayedRequest& request, const Json& signatures) const;
    void add_votes(PlayedRequest& request, const Json& votes) const;
    RequestDraft draft_request(const Json& request) const;
    Bytes build_bundle(const Json& bundle, const std::vector<PlayedRequest>& requests) const;
    std::vector<Bytes> heads(const Json& list) const;
    artefacts::BodyHeader header(const Json& header) const;
    charter::Position position(const Json& value) const;
    void prepare(const Json& step, const std::vector<PlayedRequest>& requests);
    std::vector<std::string> arguments(const Json& step, const std::vector<PlayedRequest>& requests) const;
    void set_time(const Json& step);
    Run run(const Json& step, const std::vector<PlayedRequest>& requests);
    const charter::PolicyChain& chain() const { return m_states.back(); }

    Json m_scenario;
    std::unique_ptr<TestVault> m_vault;
    UtcTime m_start;
    std::vector<charter::PolicyChain> m_states; ///< the officers' chain after each of its links
    std::vector<charter::Link> m_links;         ///< what bundles carry, valid or not
    std::set<std::size_t> m_withheld;
    std::map<std::string, PlayedRequest> m_known; ///< requests by name, also of earlier steps
    std::vector<Bytes> m_receipts;
    std::shared_ptr<int> m_signer_was_asked = std::make_shared<int>(0);
};

} // namespace coffer::test::attacks
