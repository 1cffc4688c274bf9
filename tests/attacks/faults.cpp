#include "tests/attacks/faults.h"

#include "appliance/session.h"
#include "core/crypto/hash.h"
#include "core/crypto/secp256k1.h"
#include "core/keys/seed_signer.h"
#include "core/storage/sqlite.h"
#include "tests/support/treasury.h"
#include "tests/support/vault/test_vault.h"

#include <fstream>
#include <stdexcept>
#include <sys/stat.h>

namespace coffer::test::attacks {

namespace {

/// The other of the two values of s that verify: n - s.
Bytes with_high_s(Bytes signature)
{
    const auto order = hex_bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const auto s = Uint256::from_big_endian(ByteView{signature}.last(32));
    const auto high = (Uint256::from_big_endian(order) - s).big_endian();
    signature.resize(32);
    coffer::append(signature, high);
    return signature;
}

class MeddlingSigner final : public keys::Signer {
public:
    MeddlingSigner(std::unique_ptr<keys::Signer> honest, std::shared_ptr<int> asked, std::string fault)
        : m_honest{std::move(honest)}, m_asked{std::move(asked)}, m_fault{std::move(fault)}
    {
    }

    std::vector<keys::TaskSignature> sign(std::span<const keys::SigningTask> tasks) override
    {
        std::vector<keys::TaskSignature> answers;
        for (const auto& task : tasks) {
            ++*m_asked;
            answers.push_back(answer(task));
        }
        return answers;
    }

private:
    keys::TaskSignature answer(keys::SigningTask task)
    {
        if (m_fault == "other_key" || m_fault == "other_public_key") {
            const auto expected = task.public_key;
            const auto stranger = wallet_key_named("a stranger");
            const auto path = keys::DerivationPath::parse(task.path);
            task.public_key = to_bytes(stranger.derive(path).extended_public_key().key().compressed());
            auto answer = keys::SeedSigner{wallet_key_named("a stranger")}.sign({&task, 1}).front();
            if (m_fault == "other_key")
                answer.public_key = expected;
            return answer;
        }
        if (m_fault == "other_digest")
            task.digest[0] ^= 1;
        auto answer = m_honest->sign({&task, 1}).front();
        if (m_fault == "high_s")
            answer.signature = with_high_s(std::move(answer.signature));
        else if (m_fault == "other_s")
            answer.signature.back() ^= 1;
        else if (m_fault == "garbage")
            answer.signature.assign(64, 0x11);
        else if (m_fault == "zero")
            answer.signature.assign(64, 0);
        else if (m_fault == "short")
            answer.signature.pop_back();
        else if (!m_fault.empty() && m_fault != "other_digest")
            throw std::runtime_error{"signer fault " + m_fault};
        return answer;
    }

    std::unique_ptr<keys::Signer> m_honest;
    std::shared_ptr<int> m_asked;
    std::string m_fault;
};

void edit_database(const std::filesystem::path& file, const Json& statements)
{
    storage::SqliteDatabase database{file, {.application_id = storage::ApplicationId::vault}};
    auto transaction = database.begin_immediate();
    for (const auto& statement : statements)
        database.execute(statement.get<std::string>());
    transaction.commit();
}

void flip_byte(const std::filesystem::path& file, std::streamoff at)
{
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekg(at);
    const auto byte = static_cast<char>(stream.get() ^ 0xff);
    stream.seekp(at);
    stream.put(byte);
}

/// What lies in that place of a home with the same keys that is pinned for another treasury.
void replace_by_other_treasurys(const std::filesystem::path& home, const std::string& file, const std::string& treasury)
{
    const TestVault other{
        [&](charter::Charter& charter) { charter.header.treasury = TreasuryId{crypto::sha256(bytes_of(treasury))}; }};
    std::filesystem::copy_file(other.home() / file, home / file, std::filesystem::copy_options::overwrite_existing);
}

/// A file of a home of somebody else, who used the same passphrase.
void replace_by_another_homes(const std::filesystem::path& home, const std::string& file, const std::string& its_file)
{
    const ScratchDirectory scratch;
    const appliance::Home other{scratch / "home"};
    ScriptedRandom random{7'777};
    const auto passphrase = SecretBytes::copy_of(bytes_of("correct horse battery staple"));
    // Closed at once: only then everything stands in the files.
    appliance::Session::create(other, artefacts::Environment::test, passphrase, random, founding_day)
        .add_key({.id = "k1", .source = "imported"}, SecretBytes{16}, founding_day);
    std::filesystem::copy_file(other.folder() / its_file, home / file,
                               std::filesystem::copy_options::overwrite_existing);
}

/// A record of the log, changed as somebody does who has no passphrase.
void edit_record(const std::filesystem::path& file, const Json& change)
{
    require_known(change, {"sequence", "edit"}, "record");
    const auto sequence = change.at("sequence").get<std::int64_t>();
    storage::SqliteDatabase database{file, {.application_id = storage::ApplicationId::vault}};
    auto transaction = database.begin_immediate();
    Bytes event;
    {
        auto row = database.query("SELECT event FROM log WHERE sequence = $1", sequence);
        if (!row.step())
            throw std::runtime_error{"the log has no record " + std::to_string(sequence)};
        event = row.blob(0);
    }
    database.execute("DROP TRIGGER log_refuses_update");
    database.run("UPDATE log SET event = $1 WHERE sequence = $2", ByteView{edited(std::move(event), change.at("edit"))},
                 sequence);
    transaction.commit();
}

void zero_bytes(const std::filesystem::path& file, const Json& range)
{
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(range.at(0).get<std::streamoff>());
    stream << std::string(range.at(1).get<std::size_t>(), '\0');
}

} // namespace

appliance::SignerFactory counting_signers(std::shared_ptr<int> asked, std::string fault)
{
    return [asked = std::move(asked), fault = std::move(fault)](
               const appliance::Session& session, const charter::ApplianceKey& key) -> std::unique_ptr<keys::Signer> {
        return std::make_unique<MeddlingSigner>(session.signer_for(key), asked, fault);
    };
}

void tamper(const std::filesystem::path& home, const Json& operations)
{
    for (const auto& operation : operations) {
        require_known(operation,
                      {"file", "sql", "flip", "truncate", "zero", "chmod", "remove", "empty", "replace_by", "write",
                       "of_treasury", "of_another_home", "record"},
                      "tampering");
        const auto file = home / get<std::string>(operation, "file", "ledger.db");
        if (operation.contains("sql"))
            edit_database(file, operation.at("sql"));
        else if (operation.contains("flip"))
            flip_byte(file, operation.at("flip").get<std::streamoff>());
        else if (operation.contains("truncate"))
            std::filesystem::resize_file(file, operation.at("truncate").get<std::uintmax_t>());
        else if (operation.contains("zero"))
            zero_bytes(file, operation.at("zero"));
        else if (operation.contains("chmod"))
            ::chmod(file.c_str(),
                    static_cast<mode_t>(std::stoul(operation.at("chmod").get<std::string>(), nullptr, 8)));
        else if (operation.contains("empty"))
            std::filesystem::resize_file(file, 0);
        else if (operation.contains("write"))
            std::ofstream{file} << operation.at("write").get<std::string>();
        else if (operation.contains("record"))
            edit_record(file, operation.at("record"));
        else if (operation.contains("of_another_home"))
            replace_by_another_homes(home, operation.at("file").get<std::string>(),
                                     operation.at("of_another_home").get<std::string>());
        else if (operation.contains("of_treasury"))
            replace_by_other_treasurys(home, operation.at("file").get<std::string>(),
                                       operation.at("of_treasury").get<std::string>());
        else if (operation.contains("replace_by"))
            std::filesystem::copy_file(home / operation.at("replace_by").get<std::string>(), file,
                                       std::filesystem::copy_options::overwrite_existing);
        else if (get(operation, "remove", false))
            std::filesystem::remove_all(file);
        else
            throw std::runtime_error{"tampering does nothing: " + operation.dump()};
    }
}

} // namespace coffer::test::attacks
