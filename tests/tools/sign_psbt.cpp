// Usage: sign_psbt addresses NETWORK DESCRIPTOR COUNT
//        sign_psbt sign NETWORK DESCRIPTOR WORDS... < PSBT
//
// The first prints "receive INDEX ADDRESS" and "change INDEX ADDRESS". The second reads a PSBT as others write it, signs with
// the keys of the mnemonics as an appliance does, and prints "digest INPUT HEX", "signature INPUT KEY HEX" and
// "transaction HEX". For tests: the words are no secrets.

#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/format.h"
#include "formats/bitcoin/payload.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <iostream>
#include <iterator>

namespace coffer::bitcoin {
namespace {

void print_addresses(const std::string& network, const std::string& text, std::uint32_t count)
{
    const auto descriptor = Descriptor::parse(text);
    const auto* found = find_network(network);
    if (found == nullptr)
        throw Error{ErrorCode::usage, "no network " + network};
    for (const std::size_t branch : {0U, 1U})
        for (std::uint32_t index = 0; index < count; ++index)
            std::cout << (branch == 0 ? "receive " : "change ") << index << ' '
                      << format_address(descriptor.derive(branch, index).script_pubkey, *found).value() << '\n';
}

void sign(const std::string& network, const std::string& descriptor, const std::vector<std::string>& mnemonics)
{
    const std::string input{std::istreambuf_iterator<char>{std::cin}, {}};
    const BitcoinFormat format;
    const auto charter = test::charter_of(descriptor, network);
    const auto decoded = format.decode(format.adopt(to_bytes(bytes_of(input))), test::context_of(charter));
    const auto& payload = dynamic_cast<const BitcoinPayload&>(*decoded);
    for (std::size_t i = 0; i < payload.input_digests().size(); ++i)
        std::cout << "digest " << i << ' ' << encoding::encode_hex(payload.input_digests()[i].digest) << '\n';
    std::vector<payments::TaskSignature> signatures;
    for (const auto& mnemonic : mnemonics)
        for (auto& signature : test::sign_with(mnemonic, payload, charter)) {
            payload.verify(signature);
            std::cout << "signature " << signature.input << ' ' << encoding::encode_hex(signature.public_key) << ' '
                      << encoding::encode_hex(signature.signature) << '\n';
            signatures.push_back(std::move(signature));
        }
    std::cout << "transaction " << encoding::encode_hex(payload.finalize(signatures).bytes) << '\n';
}

void run(const std::vector<std::string>& arguments)
{
    if (arguments.size() == 4 && arguments[0] == "addresses")
        return print_addresses(arguments[1], arguments[2], static_cast<std::uint32_t>(std::stoul(arguments[3])));
    if (arguments.size() < 4 || arguments[0] != "sign")
        throw Error{ErrorCode::usage, "usage: sign_psbt addresses NETWORK DESCRIPTOR COUNT | sign NETWORK DESCRIPTOR WORDS... < PSBT"};
    sign(arguments[1], arguments[2], {arguments.begin() + 3, arguments.end()});
}

} // namespace
} // namespace coffer::bitcoin

int main(int argc, char** argv)
{
    try {
        coffer::bitcoin::run({argv + 1, argv + argc});
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "sign_psbt: " << error.what() << '\n';
        return 1;
    }
}
