// Usage: bitcoin_signing make wpkh|wsh|tr INPUTS FOLDER
//        bitcoin_signing sign FOLDER
//        bitcoin_signing addresses DESCRIPTOR COUNT
//
// `make` writes a PSBT that spends INPUTS coins of one wallet on regtest, each of a transaction and an address of its own:
// psbt, psbt.base64, descriptor, and the extended private key of the first signer, account. `sign` does what an
// appliance does with a payload: decodes it with its previous transactions, proves that every input is the wallet's, signs with that key,
// verifies each signature, and writes the PSBT to FOLDER/signed. `addresses` prints so many.

#include "core/encoding/base64.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/described_addresses.h"
#include "formats/bitcoin/foreign_signatures.h"
#include "formats/bitcoin/format.h"
#include "formats/bitcoin/psbt_update.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace coffer::bitcoin {
namespace {

// Published words of BIP-39's test vectors; the first are those of the key that signs.
constexpr std::string_view words[] = {
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
};

struct Kind {
    std::string_view name, path, form; ///< of a descriptor; # stands for the keys
    std::size_t signers;
};
constexpr Kind kinds[] = {
    {"wpkh", "m/84h/1h/0h", "wpkh(#)", 1},
    {"wsh", "m/48h/1h/0h/2h", "wsh(sortedmulti(2,#))", 3},
    {"tr", "m/86h/1h/0h", "tr(#)", 1},
};

keys::ExtendedPrivateKey master_key(std::size_t signer)
{
    return keys::ExtendedPrivateKey::from_seed(keys::seed_from_mnemonic(SecretBytes::copy_of(bytes_of(words[signer])), SecretBytes{0}),
                                               keys::KeyNetwork::test);
}

std::string descriptor_of(const Kind& kind)
{
    const auto path = keys::DerivationPath::parse(kind.path);
    std::string keys;
    for (std::size_t i = 0; i < kind.signers; ++i) {
        const auto master = master_key(i);
        keys += (i == 0 ? "" : ",") + keys::KeyOrigin{master.fingerprint(), path}.format() + master.derive(path).extended_public_key().format() + "/<0;1>/*";
    }
    std::string text{kind.form};
    return text.replace(text.find('#'), 1, keys);
}

Transaction payment_to(const Bytes& script_pubkey, std::uint32_t number)
{
    Transaction transaction;
    transaction.inputs = {{.previous = {Txid::from(crypto::sha256(bytes_of(std::to_string(number)))), 0}, .script_sig = {}, .witness = {}}};
    transaction.outputs = {{100'000, script_pubkey}, {900'000, Bytes(22, 0x51)}};
    return transaction;
}

Psbt make_psbt(const Descriptor& descriptor, std::uint32_t inputs)
{
    Transaction transaction;
    std::vector<Transaction> previous;
    for (std::uint32_t i = 0; i < inputs; ++i) {
        previous.push_back(payment_to(descriptor.derive(0, i).script_pubkey, i));
        transaction.inputs.push_back({.previous = {txid_of(previous.back()), 0}, .script_sig = {}, .sequence = 0xfffffffd, .witness = {}});
    }
    transaction.outputs = {{60'000 * std::uint64_t{inputs}, descriptor.derive(0, inputs).script_pubkey},
                           {30'000 * std::uint64_t{inputs}, descriptor.derive(1, 0).script_pubkey}};
    auto psbt = create_psbt(transaction);
    for (std::uint32_t i = 0; i < inputs; ++i) {
        update_spent(psbt.inputs[i], previous[i]);
        update_input(psbt.inputs[i], descriptor, 0, i);
    }
    update_output(psbt.outputs[1], descriptor, 1, 0);
    return psbt;
}

void write(const std::filesystem::path& file, ByteView bytes)
{
    std::ofstream{file, std::ios::binary} << text_of(bytes);
}

std::string read(const std::filesystem::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

void make(std::string_view name, std::uint32_t inputs, const std::filesystem::path& folder)
{
    const auto& kind = *std::ranges::find(kinds, name, &Kind::name);
    const auto descriptor = descriptor_of(kind);
    const auto psbt = encode_psbt(make_psbt(Descriptor::parse(descriptor), inputs));
    write(folder / "psbt", psbt);
    write(folder / "psbt.base64", bytes_of(encoding::encode_base64(psbt)));
    write(folder / "descriptor", bytes_of(descriptor));
    write(folder / "account", master_key(0).derive(keys::DerivationPath::parse(kind.path)).format().reveal());
}

void sign(const std::filesystem::path& folder)
{
    const auto psbt = read(folder / "psbt");
    const auto charter = test::charter_of(read(folder / "descriptor"), "regtest");
    keys::SeedSigner signer{keys::ExtendedPrivateKey::parse(SecretBytes::copy_of(bytes_of(read(folder / "account"))))};
    const auto payload = BitcoinFormat{}.decode(bytes_of(psbt), test::context_of(charter));
    auto tasks = payload->signing_tasks();
    std::erase_if(tasks, [](const payments::SigningTask& task) { return task.appliance != "vault-0"; });
    const auto signatures = signer.sign(tasks);
    write(folder / "signed", encode_psbt(with_signatures(dynamic_cast<const BitcoinPayload&>(*payload), signatures)));
}

void print_addresses(const std::string& text, std::uint32_t count)
{
    const auto& network = *find_network("regtest");
    for (const auto& derived : derive_described(Descriptor::parse(text), network, Branch::receive, 0, count))
        std::puts(format_address(derived.address, network).value().c_str());
}

bool run(const std::vector<std::string>& arguments)
{
    const auto is = [&](std::string_view command, std::size_t size) { return arguments.size() == size && arguments[0] == command; };
    if (is("make", 4))
        make(arguments[1], static_cast<std::uint32_t>(std::stoul(arguments[2])), arguments[3]);
    else if (is("sign", 2))
        sign(arguments[1]);
    else if (is("addresses", 3))
        print_addresses(arguments[1], static_cast<std::uint32_t>(std::stoul(arguments[2])));
    else
        return false;
    return true;
}

} // namespace
} // namespace coffer::bitcoin

int main(int argc, char** argv)
{
    if (coffer::bitcoin::run({argv + 1, argv + argc}))
        return 0;
    std::fputs("usage: bitcoin_signing make wpkh|wsh|tr INPUTS FOLDER | sign FOLDER | addresses DESCRIPTOR COUNT\n", stderr);
    return 2;
}
