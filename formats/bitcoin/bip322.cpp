#include "formats/bitcoin/bip322.h"

#include "core/crypto/schnorr.h"
#include "core/encoding/base64.h"
#include "formats/bitcoin/script.h"

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t no_output = 0xffffffff;
constexpr std::uint8_t op_0 = 0x00;
constexpr std::uint8_t op_return = 0x6a;
constexpr std::string_view simple_prefix = "smp";

} // namespace

ByteArray<32> bip322_hash(ByteView text)
{
    return crypto::tagged_hash("BIP0322-signed-message").update(text).finish();
}

Transaction bip322_to_spend(ByteView script_pubkey, ByteView text)
{
    TxInput input{.previous = {Txid{}, no_output}, .script_sig = {op_0}, .sequence = 0, .witness = {}};
    append_push(input.script_sig, bip322_hash(text));
    return {.version = 0, .inputs = {std::move(input)}, .outputs = {{0, to_bytes(script_pubkey)}}, .lock_time = 0};
}

Transaction bip322_to_sign(const Transaction& to_spend)
{
    return {.version = 0,
            .inputs = {{.previous = {txid_of(to_spend), 0}, .script_sig = {}, .sequence = 0, .witness = {}}},
            .outputs = {{0, {op_return}}},
            .lock_time = 0};
}

std::string format_simple_signature(ByteView witness)
{
    return std::string{simple_prefix} + encoding::encode_base64(witness);
}

} // namespace coffer::bitcoin
