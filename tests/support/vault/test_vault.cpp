#include "tests/support/vault/test_vault.h"

#include "appliance/home.h"
#include "appliance/session.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "core/requests/ceremony.h"
#include "formats/evm/address.h"
#include "formats/evm/encode.h"
#include "tests/support/exits.h"
#include "tests/support/described.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sys/stat.h>

namespace coffer::test {

namespace {

constexpr std::string_view passphrase = "correct horse battery staple";

/// Steps of making a home, so that later runs draw other random numbers than these.
constexpr std::uint64_t homes_take_runs = 16;

void copy_tree(const std::filesystem::path& from, const std::filesystem::path& to)
{
    std::filesystem::copy(from, to,
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
}

/// Homes that this process has made, by the hash of the charter that is pinned.
struct Homes {
    std::string identity{};
    std::string origin{};
    std::string extended_public{};

    void keep(const std::string& name, const std::filesystem::path& scratch)
    {
        m_kept.try_emplace(name);
        copy_tree(scratch, m_kept.at(name).path());
    }
    bool contains(const std::string& name) const { return m_kept.contains(name); }
    const std::filesystem::path& at(const std::string& name) const { return m_kept.at(name).path(); }

private:
    std::map<std::string, ScratchDirectory> m_kept;
};

void write_private(const std::filesystem::path& file, std::string_view content)
{
    std::ofstream{file} << content << "\n";
    chmod(file.c_str(), 0600);
}

artefacts::Artefact edited(artefacts::Artefact artefact, const std::function<Bytes(Bytes)>& edit)
{
    return edit ? artefacts::Artefact{artefact.kind(), edit(artefact.body())} : std::move(artefact);
}

} // namespace

std::string json_text(const std::string& json, const std::string& field)
{
    const std::regex member{"\"" + field + "\":\"([^\"]*)\""};
    std::smatch found;
    return std::regex_search(json, found, member) ? found[1].str() : std::string{};
}

std::string day_of(UtcTime time)
{
    return format_time(time).substr(0, 10);
}

TestVault::TestVault(const std::function<void(charter::Charter&)>& change, UtcTime now, Pin wanted)
    : m_first_charter{example_charter()}, m_now{now}
{
    static std::map<UtcTime, Homes> all_homes;
    auto& homes = all_homes[now];
    if (homes.identity.empty()) {
        make_unpinned();
        homes.identity = json_text(run({"status", "--json"}).out, "identity");
        const auto exported = run({"keys", "export-public", "k1", "--chain", "evm", "--json"}).out;
        homes.origin = json_text(exported, "origin");
        homes.extended_public = json_text(exported, "xpub");
        homes.keep("", m_scratch.path());
    }
    auto& self = m_first_charter.appliances.front();
    self.key = artefacts::ApprovalKey::parse(homes.identity);
    self.keys = {{"k1", homes.origin, homes.extended_public}};
    for (auto& wallet : m_first_charter.wallets)
        wallet.address = address_of(homes.extended_public, wallet.keys.front().path);
    if (change)
        change(m_first_charter);

    m_runs = homes_take_runs;
    if (wanted == Pin::no) {
        copy_tree(homes.at(""), m_scratch.path());
        reset_environment();
        return;
    }
    const auto sealed = signed_by(seal(m_first_charter), officer_ids(m_first_charter));
    const auto name = encoding::encode_hex(charter::hash_of(sealed).bytes());
    if (homes.contains(name)) {
        copy_tree(homes.at(name), m_scratch.path());
        reset_environment();
        m_chain = charter::PolicyChain::found(sealed.encode());
        return;
    }
    copy_tree(homes.at(""), m_scratch.path());
    reset_environment();
    const auto pinned = pin(sealed);
    EXPECT_EQ(pinned.status, 0) << pinned.err << pinned.out;
    homes.keep(name, m_scratch.path());
}

void TestVault::make_unpinned()
{
    write_private(m_scratch / "passphrase", passphrase);
    write_private(m_scratch / "words", words);
    reset_environment();
    environment->terminal.detach();
    const auto made = run({"init", "--environment", "test", "--json", "--date", day_of(m_now)});
    EXPECT_EQ(made.status, 0) << made.err << made.out;
    EXPECT_EQ(run({"keys", "import", "--id", "k1", "--mnemonic-file", (m_scratch / "words").string()}).status, 0);
}

Run TestVault::pin(const artefacts::Artefact& sealed)
{
    const auto file = m_scratch / "charter";
    storage::write_file_atomically(file, sealed.encode(), 0600, storage::Overwrite::yes);
    auto pinned =
        run({"pin", file.string(), "--hash", encoding::encode_hex(charter::hash_of(sealed).bytes()), "--json"});
    std::filesystem::remove(file);
    if (pinned.status == 0)
        m_chain = charter::PolicyChain::found(sealed.encode());
    return pinned;
}

void TestVault::keep_image(const std::string& name) const
{
    std::filesystem::remove_all(m_scratch / name);
    copy_tree(home(), m_scratch / name);
}

void TestVault::put_back_image(const std::string& name)
{
    std::filesystem::remove_all(home());
    copy_tree(m_scratch / name, home());
}

void TestVault::reset_environment()
{
    environment = std::make_unique<TestEnvironment>();
    environment->random = ScriptedRandom{++m_runs};
}

Run TestVault::run(std::vector<std::string> args)
{
    args.insert(args.end(), {"--home", home().string()});
    static const std::set<std::string> need_passphrase = {"init",    "pin",    "sign",   "verify",
                                                          "address", "backup", "restore", "freeze"};
    const bool is_open = need_passphrase.contains(args[0]) || (args[0] == "keys" && args[1] != "list") ||
                         (args[0] == "shares" && std::ranges::find(args, "--one") == args.end()) ||
                         (args[0] == "clock" && args[1] == "set") || (args[0] == "log" && args[1] != "show");
    if (is_open)
        args.insert(args.end(), {"--passphrase-file", (m_scratch / "passphrase").string()});
    return run_as_given(args);
}

Run TestVault::run_as_given(const std::vector<std::string>& args)
{
    environment->clock.set(m_now);
    auto parts_of_run = environment->environment();
    const auto status = appliance::run(parts_of_run, args, parts);
    expect_declared_exit(appliance::make_program(parts), args, status);
    Run result{status, environment->out.str(), environment->err.str(), environment->terminal.transcript(), environment->terminal.longest_wait()};
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
    return bundle::decode_receipt(
        artefacts::Artefact::decode(storage::read_file(receipt_file(), 1 << 20), artefacts::Kind::receipt));
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
    return requests::decode_payload(payload, context);
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
                              .replaces = draft.replaces,
                              .height = 100,
                              .order = draft.order,
                              .requester = draft.requester,
                              .created = m_now - draft.age,
                              .expires = m_now - draft.age + draft.life};
    if (draft.payload_digests && draft.payment) {
        request.payloads = *draft.payload_digests;
        request.payment = *draft.payment;
    } else {
        requests::Payloads payloads;
        for (const auto& payload : draft.payloads) {
            payloads.push_back(decode(payload, draft.wallet));
            request.payloads.push_back(payloads.back()->digest());
        }
        request.payment = payments::payment_digest(described(payloads));
    }
    return signed_by(edited(encode(request), draft.edit), draft.signers);
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
    return signed_by(edited(encode(vote), draft.edit),
                     draft.signers.empty() ? std::vector{draft.officer} : draft.signers);
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
    bundle::Bundle bundle{.header = example_header,
                          .links = m_chain->links(),
                          .online_head = {},
                          .heads = {},
                          .pool = {},
                          .requests = requests};
    return bundle;
}

Bytes TestVault::bundle(const std::vector<bundle::CarriedRequest>& requests) const
{
    return encode(draft_bundle(requests)).encode();
}

} // namespace coffer::test
