#pragma once

#include "appliance/program.h"
#include "core/requests/judgement.h"
#include "formats/bundle/receipt.h"
#include "formats/evm/builder.h"
#include "tests/support/scratch.h"
#include "tests/support/test_environment.h"
#include "tests/support/treasury.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// A vault under test: coffer-cold as a function, in a home of its own, for the treasury of
/// treasury.h with published keys.
namespace coffer::test {

/// What a run of the program gave.
struct Run {
    int status = 0;
    std::string out;
    std::string err;
    std::string screen; ///< the terminal's transcript
    std::optional<Duration> longest_wait{}; ///< for an answer, from some point on
};

/// What a request should be; every member may be set wrong on purpose.
struct RequestDraft {
    artefacts::BodyHeader header = example_header;
    RequestId id = make_request_id(founding_day, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    charter::RequestKind kind = charter::RequestKind::transfer;
    std::string wallet = "eth-cold";
    std::vector<Bytes> payloads;
    std::string requester = "carol";
    std::vector<std::string> signers = {"carol"};
    Duration age = hours(1);
    Duration life = hours(12);
    std::optional<charter::Position> position{};
    std::optional<std::vector<PayloadDigest>> payload_digests{}; ///< instead of those of `payloads`
    std::optional<PaymentDigest> payment{};
    std::optional<RequestDigest> replaces{};
    std::optional<EntryHash> order{};
    std::function<Bytes(Bytes)> edit{}; ///< of the body, before it is signed
};

struct VoteDraft {
    std::string officer;
    requests::VoteDecision decision = requests::VoteDecision::approve;
    std::vector<std::string> signers{}; ///< empty: the officer
    Duration age = minutes(30);
    std::optional<RequestDigest> request{};
    std::optional<CharterHash> charter{};
    std::optional<charter::Position> position{};
    std::vector<Bytes> heads{};
    artefacts::BodyHeader header = example_header;
    std::function<Bytes(Bytes)> edit{}; ///< of the body, before it is signed
};

class TestVault {
public:
    /// Of its wallet key.
    static constexpr std::string_view words = "test test test test test test test test test test test junk";

    enum class Pin { yes, no };
    /// Makes the home, imports the wallet key, and pins the example treasury as `change` left it.
    /// Homes are made once a process and copied, since each step costs an Argon2.
    explicit TestVault(const std::function<void(charter::Charter&)>& change = {}, UtcTime now = founding_day + hours(2),
                       Pin pin = Pin::yes);

    /// Runs coffer-cold with this home; the passphrase is given by a file.
    Run run(std::vector<std::string> args);
    /// The same, without adding --home and the passphrase's file.
    Run run_as_given(const std::vector<std::string>& args);
    /// sign BUNDLE --out RECEIPT; expect_agreement() comes first where a person is asked.
    Run sign(const Bytes& bundle, std::vector<std::string> options = {"--json"});
    /// Prepares the terminal for a person who confirms date and paper log, and answers a challenge
    /// for each of these payments, one a request: destination (a name of treasury.h) and amount in the asset's unit.
    void expect_agreement(const std::vector<std::pair<std::string, std::string>>& payments);

    /// The example treasury with this vault's keys, as `change` left it, whether or not it could be pinned.
    const charter::Charter& first_charter() const { return m_first_charter; }
    /// Pins by the whole hash; afterwards there is a chain().
    Run pin(const artefacts::Artefact& sealed);
    /// Everything that the vault keeps, into or from an image of its disk.
    void keep_image(const std::string& name) const;
    void put_back_image(const std::string& name);

    charter::PolicyChain& chain() { return *m_chain; }
    const charter::Charter& charter() const { return m_chain->charter(); }
    UtcTime now() const { return m_now; }
    void set_now(UtcTime now) { m_now = now; }
    std::filesystem::path home() const { return m_scratch / "home"; }
    std::filesystem::path passphrase_file() const { return m_scratch / "passphrase"; }
    std::filesystem::path words_file() const { return m_scratch / "words"; }
    std::filesystem::path file(const std::string& name) const { return m_scratch / name; }
    std::filesystem::path receipt_file() const { return m_scratch / "receipt"; }
    bundle::Receipt receipt() const;
    /// The type of each record of the log, in order.
    std::vector<std::string> log_types() const;

    /// Unsigned type-2 transfer from eth-cold on chain `ethereum`.
    Bytes transfer(std::string_view destination, const Uint256& amount, std::uint64_t nonce = 0,
                   const std::function<void(evm::TransferPlan&)>& change = {}) const;
    std::unique_ptr<const payments::Payload> decode(const Bytes& payload, const std::string& wallet = "eth-cold") const;

    artefacts::Artefact request(const RequestDraft& draft) const;
    artefacts::Artefact vote(const artefacts::Artefact& request, const VoteDraft& draft) const;
    /// The request with the votes of alice and bob.
    bundle::CarriedRequest approved(const RequestDraft& draft, const std::vector<VoteDraft>& votes = {
                                                                   {.officer = "alice"}, {.officer = "bob"}}) const;
    Bytes bundle(const std::vector<bundle::CarriedRequest>& requests) const;
    bundle::Bundle draft_bundle(const std::vector<bundle::CarriedRequest>& requests) const;

    /// Put a faulty one here.
    appliance::Parts parts = appliance::real_parts();
    std::unique_ptr<TestEnvironment> environment;

private:
    void reset_environment();
    void make_unpinned();

    ScratchDirectory m_scratch;
    charter::Charter m_first_charter;
    UtcTime m_now;
    std::optional<charter::PolicyChain> m_chain;
    std::uint64_t m_runs = 0;
};

/// `2026-11-21`, as `init --date` takes it.
std::string day_of(UtcTime time);

/// The value of a text field in JSON output; for fields that occur once.
std::string json_text(const std::string& json, const std::string& field);

} // namespace coffer::test
