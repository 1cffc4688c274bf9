#pragma once

#include "core/requests/head.h"
#include "formats/bundle/bundle.h"
#include "formats/bundle/receipt.h"
#include "tests/support/cli_fixture.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace coffer::cli {

/// A treasury whose officers trust its charter, and whose vault signs in the test itself.
class RequestCommands : public testing::Test, public coffer::test::CliTreasury {
protected:
    static constexpr std::string_view offline = R"({"nonce":7,"gas_limit":21000,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})";

    RequestCommands()
    {
        environment.terminal.detach();
        for (const auto& officer : officers())
            m_untrusting[officer] = read(officer + ".key");
        trust_all();
        write("offline.json", offline);
    }
    /// Whatever a test did, the log and the tables tell the same.
    void TearDown() override
    {
        if (!m_is_tampered)
            run_well({"audit", "verify"});
    }
    /// The test has written to the database itself.
    void expect_tampering() { m_is_tampered = true; }
    /// How many records of the log are of this type.
    std::size_t count_records(const std::string& type)
    {
        const auto log = run_well({"--json", "audit", "log"}).out;
        std::size_t count = 0;
        for (auto at = log.find("\"" + type + "\""); at != std::string::npos; at = log.find("\"" + type + "\"", at + 1))
            ++count;
        return count;
    }

    coffer::test::CliRun propose(std::vector<std::string> more = {})
    {
        std::vector<std::string> args{"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth",
                                      "--offline-inputs", "offline.json"};
        if (std::ranges::find(more, "--amount") == more.end())
            more.insert(more.end(), {"--amount", "1.5"});
        args.insert(args.end(), more.begin(), more.end());
        auto proposed = run_as("alice", args);
        if (proposed.status == 0) {
            id = proposed.field("id");
            digest = proposed.field("request_digest");
        }
        return proposed;
    }

    coffer::test::CliRun vote(const std::string& officer, const std::string& verb = "approve")
    {
        std::vector<std::string> args{"--json", verb, id, "--confirm", digest};
        if (verb == "reject")
            args.insert(args.end(), {"--reason", "no"});
        return run_as(officer, args);
    }

    void propose_and_approve()
    {
        EXPECT_EQ(propose().status, 0);
        EXPECT_EQ(vote("bob").status, 0);
        EXPECT_EQ(vote("carol").status, 0);
    }

    /// The officer's key file as it was before the officer had compared a charter.
    Bytes untrusting(const std::string& officer) const { return m_untrusting.at(officer); }

    std::string status_of_request() { return run_well({"--json", "show", id}).field("status"); }

    /// What the vault does with a bundle: signs all of it and tells where its log is.
    bundle::Receipt sign_bundle(const std::string& file)
    {
        const auto artefact = artefacts::Artefact::decode(read(file), artefacts::Kind::bundle);
        const auto carried = bundle::decode_bundle(artefact);
        bundle::Receipt receipt{.header = carried.header,
                                .bundle = BundleDigest{artefact.hash()},
                                .appliance = "vault-a",
                                .time = environment.clock.now(),
                                .results = {},
                                .position = charter::Position{0, carried.links.empty() ? LinkHash{} : carried.links.front().hash()},
                                .findings = {},
                                .log_size = 3,
                                .log_root = Hash256{},
                                .consistency = {},
                                .head = {}};
        for (const auto& link : carried.links)
            receipt.position = link.position();
        const auto& wallet = charter->wallets.front();
        const auto key = account_key().derive(keys::DerivationPath::parse("0/0")).key();
        for (const auto& request : carried.requests) {
            const auto signed_request = artefacts::Artefact::decode(request.submission.request, artefacts::Kind::request);
            bundle::Result result{.request = requests::digest_of(signed_request), .outcome = bundle::Outcome::signed_, .code = {}, .signatures = {}};
            for (std::uint32_t i = 0; i < request.submission.payloads.size(); ++i) {
                const auto payload = chains::find_format("evm")->decode(request.submission.payloads[i], {*charter, wallet});
                for (const auto& task : payload->signing_tasks())
                    result.signatures.push_back({i, {task.input, task.public_key, to_bytes(key.sign(task.digest).compact)}});
            }
            receipt.results.push_back(std::move(result));
        }
        return receipt;
    }
    void write_receipt(const std::string& file, const bundle::Receipt& receipt)
    {
        auto artefact = encode(receipt);
        artefact.sign(identity());
        write(file, artefact.encode());
    }

    void propose_and_sign()
    {
        propose_and_approve();
        run_well({"export", id, "--out", "to-vault"});
        write_receipt("from-vault", sign_bundle("to-vault"));
        run_well({"import", "from-vault"});
    }

    std::string id;
    std::string digest;

private:
    std::map<std::string, Bytes> m_untrusting;
    bool m_is_tampered = false;
};

} // namespace coffer::cli
