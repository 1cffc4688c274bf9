#include "tests/support/vault/test_vault.h"

#include "appliance/home.h"
#include "appliance/session.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "formats/evm/address.h"
#include "formats/evm/encode.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sys/stat.h>

namespace coffer::test {

namespace {

constexpr std::string_view passphrase = "correct horse battery staple";
constexpr std::string_view words = "test test test test test test test test test test test junk";

void write_private(const std::filesystem::path& file, std::string_view content)
{
    std::ofstream{file} << content << "\n";
    chmod(file.c_str(), 0600);
}

} // namespace

std::string json_text(const std::string& json, const std::string& field)
{
    const std::regex member{"\"" + field + "\":\"([^\"]*)\""};
    std::smatch found;
    return std::regex_search(json, found, member) ? found[1].str() : std::string{};
}

TestVault::TestVault(const std::function<void(charter::Charter&)>& change, UtcTime now) : m_now{now}
{
    write_private(m_scratch / "passphrase", passphrase);
    write_private(m_scratch / "words", words);
    reset_environment();
    environment->terminal.detach();
    const auto made = run({"init", "--environment", "test", "--json"});
    EXPECT_EQ(made.status, 0) << made.err << made.out;
    reset_environment();
    EXPECT_EQ(run({"keys", "import", "--id", "k1", "--mnemonic-file", (m_scratch / "words").string()}).status, 0);
    const auto exported = run({"keys", "export-public", "k1", "--chain", "evm", "--json"}).out;

    auto charter = example_charter();
    auto& self = charter.appliances.front();
    self.key = artefacts::ApprovalKey::parse(json_text(made.out, "identity"));
    self.keys = {{"k1", json_text(exported, "origin"), json_text(exported, "xpub")}};
    for (auto& wallet : charter.wallets)
        wallet.address = address_of(self.keys.front().extended_public, wallet.keys.front().path);
    if (change)
        change(charter);
    const auto sealed = signed_by(seal(charter), officer_ids(charter));
    m_chain = charter::PolicyChain::found(sealed.encode());
    storage::write_file_atomically(m_scratch / "charter", sealed.encode(), 0600, storage::Overwrite::yes);
    const auto pinned =
        run({"pin", (m_scratch / "charter").string(), "--hash", encoding::encode_hex(m_chain->charter_hash().bytes()), "--json"});
    EXPECT_EQ(pinned.status, 0) << pinned.err << pinned.out;
}

void TestVault::reset_environment()
{
    environment = std::make_unique<TestEnvironment>();
    environment->random = ScriptedRandom{++m_runs};
}

Run TestVault::run(std::vector<std::string> args)
{
    environment->clock.set(m_now);
    args.insert(args.end(), {"--home", home().string()});
    static const std::set<std::string> need_passphrase = {"init", "pin", "sign", "verify", "address", "backup", "restore"};
    const bool is_open = need_passphrase.contains(args[0]) || (args[0] == "keys" && args[1] != "list") ||
                         (args[0] == "clock" && args[1] == "set") || (args[0] == "log" && args[1] != "show");
    if (is_open)
        args.insert(args.end(), {"--passphrase-file", (m_scratch / "passphrase").string()});
    auto parts_of_run = environment->environment();
    const auto status = appliance::run(parts_of_run, args, parts);
    Run result{status, environment->out.str(), environment->err.str(), environment->terminal.transcript()};
    reset_environment();
    return result;
}

void TestVault::expect_agreement(const std::vector<std::pair<std::string, std::string>>& payments)
{
    auto& terminal = environment->terminal;
    terminal.expect("is that the date?", "y");
    const auto types = log_types();
    if (std::ranges::find(types, "receipt_made") != types.end())
        terminal.expect("paper log say the same?", "y");
    for (const auto& [destination, amount] : payments)
        terminal.expect("to sign; n declines",
                        challenge_answer(evm::format_address(evm::Address::from(address_named(destination))), amount));
}

Run TestVault::sign(const Bytes& bundle, std::vector<std::string> options)
{
    storage::write_file_atomically(m_scratch / "bundle", bundle, 0600, storage::Overwrite::yes);
    std::vector<std::string> args = {"sign", (m_scratch / "bundle").string(), "--out", receipt_file().string()};
    args.insert(args.end(), options.begin(), options.end());
    return run(std::move(args));
}

bundle::Receipt TestVault::receipt() const
{
    return bundle::decode_receipt(artefacts::Artefact::decode(storage::read_file(receipt_file(), 1 << 20), artefacts::Kind::receipt));
}

std::vector<std::string> TestVault::log_types() const
{
    const appliance::LockedHome locked{appliance::Home{home()}};
    std::vector<std::string> types;
    for (const auto& record : locked.ledger().records())
        types.emplace_back(name_of(requests::vault::decode_record(record).event));
    return types;
}

Bytes TestVault::transfer(std::string_view destination, const Uint256& amount, std::uint64_t nonce,
                          const std::function<void(evm::TransferPlan&)>& change) const
{
    evm::TransferPlan plan{.chain_id = 1,
                           .nonce = nonce,
                           .gas_limit = 21'000,
                           .max_fee_per_gas = Uint256{50'000'000'000},
                           .max_priority_fee_per_gas = Uint256{1'000'000'000},
                           .recipient = evm::Address::from(address_named(destination)),
                           .amount = amount,
                           .token = std::nullopt};
    if (change)
        change(plan);
    return evm::encode_unsigned(evm::build_transfer(plan));
}

std::unique_ptr<const payments::Payload> TestVault::decode(const Bytes& payload, const std::string& wallet) const
{
    const chains::PayloadContext context{charter(), charter().wallet(wallet)};
    return chains::format_of(context.chain()).decode(payload, context);
}

artefacts::Artefact TestVault::request(const RequestDraft& draft) const
{
    requests::Request request{.header = draft.header,
                              .position = draft.position.value_or(m_chain->position()),
                              .id = draft.id,
                              .kind = draft.kind,
                              .wallet = draft.wallet,
                              .payloads = {},
                              .payment = {},
                              .replaces = std::nullopt,
                              .height = 100,
                              .requester = draft.requester,
                              .created = m_now - draft.age,
                              .expires = m_now - draft.age + draft.life};
    if (draft.payload_digests && draft.payment) {
        request.payloads = *draft.payload_digests;
        request.payment = *draft.payment;
    } else {
        std::vector<payments::Description> parts_of_it;
        for (const auto& payload : draft.payloads) {
            const auto decoded = decode(payload, draft.wallet);
            request.payloads.push_back(decoded->digest());
            parts_of_it.push_back(decoded->description());
        }
        request.payment = payments::payment_digest(payments::combine(parts_of_it));
    }
    return signed_by(encode(request), draft.signers);
}

artefacts::Artefact TestVault::vote(const artefacts::Artefact& request, const VoteDraft& draft) const
{
    const requests::Vote vote{.header = draft.header,
                              .request = draft.request.value_or(requests::digest_of(request)),
                              .decision = draft.decision,
                              .officer = draft.officer,
                              .time = m_now - draft.age,
                              .comment = std::nullopt,
                              .charter = draft.charter.value_or(m_chain->charter_hash()),
                              .position = draft.position.value_or(m_chain->position()),
                              .heads = draft.heads};
    return signed_by(encode(vote), draft.signers.empty() ? std::vector{draft.officer} : draft.signers);
}

bundle::CarriedRequest TestVault::approved(const RequestDraft& draft, const std::vector<VoteDraft>& votes) const
{
    const auto artefact = request(draft);
    bundle::CarriedRequest carried{.submission = {artefact.encode(), draft.payloads, {}}, .signatures = {}};
    for (const auto& each : votes)
        carried.submission.votes.push_back(vote(artefact, each).encode());
    return carried;
}

bundle::Bundle TestVault::draft_bundle(const std::vector<bundle::CarriedRequest>& requests) const
{
    bundle::Bundle bundle{.header = example_header, .links = m_chain->links(), .online_head = {}, .heads = {}, .pool = {}, .requests = requests};
    return bundle;
}

Bytes TestVault::bundle(const std::vector<bundle::CarriedRequest>& requests) const
{
    return encode(draft_bundle(requests)).encode();
}

} // namespace coffer::test
