#include "cli/program.h"
#include "core/audit/log.h"
#include "core/base/error.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/integration/faults/workload.h"
#include "tests/support/test_environment.h"

namespace coffer::test {

namespace {

constexpr UtcTime start{1'800'000'000};
constexpr std::uint64_t steps_of_a_connection = 7;

void demand(bool is_so, const std::string& what)
{
    if (!is_so)
        throw Error{ErrorCode::internal, what};
}

class OnlineHome final : public Workload {
public:
    explicit OnlineHome(std::uint64_t steps) : m_steps{steps} {}

    void run(const std::filesystem::path& folder, const Done& done) override
    {
        static_cast<void>(init(folder));
        done(1);
        for (std::uint64_t step = 0; step < m_steps;) {
            auto database = open(folder);
            for (std::uint64_t i = 0; i < steps_of_a_connection && step < m_steps; ++i, ++step) {
                take_back_a_step(*database);
                do_step(*database, step);
                done(step + 2);
            }
        }
    }

    std::uint64_t recover(const std::filesystem::path& folder, std::uint64_t acknowledged, const Done& done) override
    {
        const bool is_new = init(folder);
        demand(!is_new || acknowledged == 0, "the home is gone");
        done(1);
        auto database = open(folder);
        database->verify_integrity();
        const auto steps = audit::AuditLog{*database}.verify().size;
        auto rows = database->query("SELECT digest, artefact FROM receipts ORDER BY digest");
        for (std::uint64_t step = 0; step < steps; ++step)
            demand(rows.step() && rows.blob(0) == digest_of(step) && rows.blob(1) == content_of(step), "row " + std::to_string(step) + " is not there");
        demand(!rows.step(), "a row without its record");
        do_step(*database, steps);
        done(steps + 2);
        return steps + 1;
    }

private:
    /// The whole program; true when it made the home.
    static bool init(const std::filesystem::path& folder)
    {
        TestEnvironment environment;
        environment.working_directory = folder;
        environment.variables["COFFER_HOME"] = (folder / "home").string();
        auto parts = environment.environment();
        const int status = cli::run(parts, {"--json", "init", "--environment", "test"});
        const bool is_of_disk = status == 8 && environment.out.str().find("\"code\":\"disk\"") != std::string::npos;
        if (status != 0)
            throw Error{is_of_disk ? ErrorCode::disk : ErrorCode::internal, "init ends with " + std::to_string(status) + ": " + environment.out.str()};
        return environment.out.str().find("\"created\":true") != std::string::npos;
    }

    static std::unique_ptr<storage::SqliteDatabase> open(const std::filesystem::path& folder)
    {
        auto database = std::make_unique<storage::SqliteDatabase>(folder / "home" / "coffer.db",
                                                                  storage::SqliteOptions{.application_id = storage::ApplicationId::online});
        storage::migrate(*database, storage::online_migrations(), start, storage::EmptySchema::refuse);
        return database;
    }

    static Bytes digest_of(std::uint64_t step) { return {static_cast<std::uint8_t>(step >> 8), static_cast<std::uint8_t>(step)}; }
    static Bytes content_of(std::uint64_t step) { return Bytes(100 + step % 5 * 1500, static_cast<std::uint8_t>(step)); }

    static void do_step(storage::Database& database, std::uint64_t step)
    {
        auto transaction = database.begin_immediate();
        database.run("INSERT INTO receipts (digest, artefact, imported_at) VALUES ($1, $2, $3)", digest_of(step), content_of(step), start.seconds);
        audit::AuditLog{database}.append(transaction,
                                         {.type = "test.step", .subject = {}, .actor = "tester", .details = {{"number", std::to_string(step)}}},
                                         start);
        transaction.commit();
    }

    /// Begun and undone: nothing of it may ever be seen.
    static void take_back_a_step(storage::Database& database)
    {
        auto transaction = database.begin_immediate();
        database.run("INSERT INTO receipts (digest, artefact, imported_at) VALUES ($1, $2, $3)", Bytes{0xff}, Bytes(3000, 0xff), start.seconds);
    }

    std::uint64_t m_steps;
};

} // namespace

std::unique_ptr<Workload> online_home(std::uint64_t steps)
{
    return std::make_unique<OnlineHome>(steps);
}

} // namespace coffer::test
