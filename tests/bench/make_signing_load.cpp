// Usage: make_signing_load FOLDER REQUESTS PAYLOADS
//
// Makes a vault's home, pinned to the example treasury, and a bundle of approved requests of a hot wallet
// in FOLDER: home/, bundle, passphrase, and confirm with a request digest a line.

#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "tests/support/vault/test_vault.h"

#include <cstdio>
#include <fstream>

int main(int argc, char** argv)
{
    using namespace coffer;
    if (argc != 4) {
        std::fputs("usage: make_signing_load FOLDER REQUESTS PAYLOADS\n", stderr);
        return 2;
    }
    const std::filesystem::path folder{argv[1]};
    const auto requests = std::stoul(argv[2]);
    const auto payloads = std::stoul(argv[3]);
    // The shipped program goes by the machine's clock.
    const auto raise_ceilings = [](charter::Charter& charter) {
        for (auto& rule : charter.rules)
            rule.max_fee = test::ether(1000); // of all the payloads of one request
    };
    test::TestVault vault{raise_ceilings, SystemClock{}.now()};

    std::vector<bundle::CarriedRequest> carried;
    std::ofstream confirm{folder / "confirm"};
    std::uint64_t nonce = 0;
    for (std::size_t i = 0; i < requests; ++i) {
        test::RequestDraft draft{.wallet = "eth-hot", .payloads = {}};
        draft.id = make_request_id(vault.now(), {0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
        for (std::size_t p = 0; p < payloads; ++p)
            draft.payloads.push_back(vault.transfer("exchange", Uint256{1'000'000'000'000}, nonce++));
        carried.push_back(vault.approved(draft));
        const auto request = artefacts::Artefact::decode(carried.back().submission.request, artefacts::Kind::request);
        confirm << encoding::encode_hex(requests::digest_of(request).bytes()) << "\n";
    }
    const auto bundle = vault.bundle(carried);
    storage::write_file_atomically(folder / "bundle", bundle, 0600, storage::Overwrite::yes);
    std::filesystem::copy(vault.home(), folder / "home", std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(vault.file("passphrase"), folder / "passphrase", std::filesystem::copy_options::overwrite_existing);
    std::printf("%zu bytes\n", bundle.size());
    return 0;
}
