#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/bech32.h"

namespace coffer::encoding {

namespace {

constexpr Bech32Variant variant_for(unsigned version)
{
    return version == 0 ? Bech32Variant::bech32 : Bech32Variant::bech32m;
}

/// BIP-141, "Witness program".
bool has_valid_size(const WitnessProgram& program)
{
    const auto size = program.program.size();
    if (program.version == 0)
        return size == 20 || size == 32;
    return size >= 2 && size <= 40;
}

/// Groups of 5 bits, most significant first, the last one filled up with zeros.
void append_as_quintets(Bytes& out, ByteView bytes)
{
    unsigned pending = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        pending = (pending << 8 | byte) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            out.push_back(static_cast<std::uint8_t>(pending >> (bits - 5) & 31));
    }
    if (bits != 0)
        out.push_back(static_cast<std::uint8_t>(pending << (5 - bits) & 31));
}

Bytes bytes_of_quintets(ByteView quintets)
{
    Bytes out;
    unsigned pending = 0;
    unsigned bits = 0;
    for (const auto quintet : quintets) {
        pending = (pending << 5 | quintet) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>(pending >> bits));
        }
    }
    if (bits > 4)
        throw Error{ErrorCode::malformed, "segwit address has " + std::to_string(bits) + " bits of padding, over 4"};
    if ((pending & ((1U << bits) - 1)) != 0)
        throw Error{ErrorCode::malformed, "segwit address has padding that is not zero"};
    return out;
}

} // namespace

std::string format_segwit_address(std::string_view human_readable_part, const WitnessProgram& program)
{
    require(program.version <= 16 && has_valid_size(program), "a witness program that cannot be");
    Bech32Text text{variant_for(program.version), std::string{human_readable_part},
                    {static_cast<std::uint8_t>(program.version)}};
    append_as_quintets(text.values, program.program);
    return encode_bech32(text);
}

WitnessProgram parse_segwit_address(std::string_view human_readable_part, std::string_view address)
{
    const auto text = decode_bech32(address);
    if (text.human_readable_part != human_readable_part)
        throw Error{ErrorCode::malformed, "address is of the network " + quoted(text.human_readable_part) + ", not " +
                                              quoted(human_readable_part)};
    if (text.values.empty() || text.values[0] > 16)
        throw Error{ErrorCode::malformed, "segwit address has no witness version from 0 to 16"};
    if (text.variant != variant_for(text.values[0]))
        throw Error{ErrorCode::addr_checksum, "segwit address of version " + std::to_string(text.values[0]) +
                                                  " has the checksum of another version"};
    WitnessProgram program{text.values[0], bytes_of_quintets(ByteView{text.values}.subspan(1))};
    if (!has_valid_size(program))
        throw Error{ErrorCode::malformed, "witness program of version " + std::to_string(program.version) + " has " +
                                              std::to_string(program.program.size()) + " bytes"};
    return program;
}

} // namespace coffer::encoding
