#include "core/base/error.h"
#include "core/crypto/ed25519.h"
#include "core/requests/vault_ledger.h"
#include "core/storage/file.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/integration/faults/workload.h"

namespace coffer::test {

namespace {

namespace fs = std::filesystem;
namespace vault = requests::vault;
using requests::VaultLedger;

constexpr UtcTime start{1'800'000'000};
constexpr std::uint64_t steps_of_a_session = 5;
constexpr std::size_t most_file_bytes = 1024;

void demand(bool is_so, const std::string& what)
{
    if (!is_so)
        throw Error{ErrorCode::internal, what};
}

/// A step is a request: seen, intended, signed, its receipt kept, then written out.
class Vault final : public Workload {
public:
    explicit Vault(std::uint64_t steps) : m_steps{steps} {}

    void run(const fs::path& folder, const Done& done) override
    {
        make(folder);
        done(1);
        for (std::uint64_t step = 0; step < m_steps;) {
            auto database = open(folder, storage::Create::no);
            VaultLedger ledger{*database, key()};
            for (std::uint64_t i = 0; i < steps_of_a_session && step < m_steps; ++i, ++step) {
                do_step(ledger, folder, step);
                done(step + 2);
            }
        }
    }

    std::uint64_t recover(const fs::path& folder, std::uint64_t acknowledged, const Done& done) override
    {
        if (!fs::exists(folder / "vault" / "home.key")) {
            demand(acknowledged == 0, "the home is gone");
            make(folder);
        }
        done(1);
        auto database = open(folder, storage::Create::no);
        database->verify_integrity();
        VaultLedger ledger{*database, key()};
        const auto steps = count_whole_steps(ledger);
        // A signature that left was durable before.
        if (fs::exists(folder / "receipt"))
            demand(number_in(folder / "receipt") < steps, "a receipt that the log does not know");
        else
            demand(acknowledged <= 1, "the receipt is gone");
        if (acknowledged > 1)
            demand(number_in(folder / "receipt") >= acknowledged - 2, "an older receipt than the one that was handed out");
        do_step(ledger, folder, steps);
        done(steps + 2);
        return steps + 1;
    }

private:
    static SecretBytes key() { return SecretBytes::copy_of(Bytes(32, 0x42)); }

    static std::unique_ptr<storage::SqliteDatabase> open(const fs::path& folder, storage::Create create)
    {
        return std::make_unique<storage::SqliteDatabase>(
            folder / "vault" / "ledger.db", storage::SqliteOptions{.application_id = storage::ApplicationId::vault, .create = create});
    }

    /// The steps of Session::make, without the costly sealing: what was left by a run that broke off goes first.
    static void make(const fs::path& folder)
    {
        const auto home = folder / "vault";
        if (!fs::exists(home))
            storage::create_private_directory(home);
        for (const auto* leftover : {"ledger.db", "ledger.db-wal", "ledger.db-shm", "keys"})
            fs::remove_all(home / leftover);
        storage::create_private_directory(home / "keys");
        auto database = open(folder, storage::Create::yes);
        storage::migrate(*database, storage::vault_migrations(), start, storage::EmptySchema::accept);
        const crypto::Ed25519PrivateKey identity{key()};
        const auto made = vault::HomeMade{"test", artefacts::ApprovalKey{identity.public_key()}.format()};
        VaultLedger::found(*database, key(), {encode(vault::Record{start, made})});
        storage::write_file_atomically(home / "home.key", Bytes(80, 0x17), storage::private_mode, storage::Overwrite::no);
    }

    static RequestDigest digest_of(std::uint64_t step)
    {
        ByteArray<32> digest{};
        digest[0] = static_cast<std::uint8_t>(step >> 8);
        digest[1] = static_cast<std::uint8_t>(step);
        digest[31] = 1;
        return RequestDigest{digest};
    }

    static void do_step(VaultLedger& ledger, const fs::path& folder, std::uint64_t step)
    {
        const auto digest = digest_of(step);
        if (!ledger.first_seen(digest))
            ledger.append({{start, vault::FirstSeen{digest}}});
        RequestId id{};
        ledger.append({{start, vault::Intended{digest, id, {}, {}, {}}}});
        const auto signature = payments::TaskSignature{.input = 0, .public_key = Bytes(33, 2), .signature = Bytes(64, 3)};
        if (ledger.find_signed(digest) == nullptr)
            ledger.append({{start, vault::Signed{digest, {{signature}}}}});
        const auto receipt = to_bytes(bytes_of(std::to_string(step) + " receipt " + std::string(step % 7 * 100, 'r') + " end"));
        ledger.append({{start, vault::ReceiptMade{BundleDigest{digest.bytes()}, receipt, true}}});
        storage::write_file_atomically(folder / "receipt", receipt, 0644, storage::Overwrite::yes);
    }

    /// Steps that are in the log up to their receipt; the one after them may be half there.
    static std::uint64_t count_whole_steps(const VaultLedger& ledger)
    {
        std::uint64_t steps = 0;
        while (ledger.find_complete_receipt(BundleDigest{digest_of(steps).bytes()}) != nullptr)
            demand(ledger.find_signed(digest_of(steps++)) != nullptr, "a receipt without its signature");
        return steps;
    }

    static std::uint64_t number_in(const fs::path& file)
    {
        const auto content = storage::read_file(file, most_file_bytes);
        const std::string text{text_of(content)};
        demand(text.ends_with(" end"), "half a receipt");
        return std::stoul(text);
    }

    std::uint64_t m_steps;
};

} // namespace

std::unique_ptr<Workload> vault_ledger(std::uint64_t steps)
{
    return std::make_unique<Vault>(steps);
}

} // namespace coffer::test
