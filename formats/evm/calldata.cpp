#include "formats/evm/calldata.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace coffer::evm {

namespace {

constexpr std::size_t selector_size = 4;
constexpr std::size_t word_size = 32;
constexpr std::size_t address_padding = word_size - Address::size;

constexpr std::array methods{
    Method{{0xa9, 0x05, 0x9c, 0xbb}, "transfer(address,uint256)", "to,amount", MethodPurpose::transfer},
    Method{{0x23, 0xb8, 0x72, 0xdd}, "transferFrom(address,address,uint256)", "from,to,amount",
           MethodPurpose::transfer_from},
    Method{{0x09, 0x5e, 0xa7, 0xb3}, "approve(address,uint256)", "spender,amount", MethodPurpose::approval},
    Method{{0x39, 0x50, 0x93, 0x51}, "increaseAllowance(address,uint256)", "spender,amount", MethodPurpose::approval},
    Method{{0xa4, 0x57, 0xc2, 0xd7}, "decreaseAllowance(address,uint256)", "spender,amount", MethodPurpose::approval},
    Method{{0xd7, 0x3d, 0xd6, 0x23}, "increaseApproval(address,uint256)", "spender,amount", MethodPurpose::approval},
    Method{{0x66, 0x18, 0x84, 0x63}, "decreaseApproval(address,uint256)", "spender,amount", MethodPurpose::approval},
    Method{{0xa2, 0x2c, 0xb4, 0x65}, "setApprovalForAll(address,bool)", "operator,approved", MethodPurpose::approval},
    Method{{0xd5, 0x05, 0xac, 0xcf}, "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
           "owner,spender,amount,deadline,v,r,s", MethodPurpose::approval},
    Method{{0x87, 0x51, 0x7c, 0x45}, "approve(address,address,uint160,uint48)", "token,spender,amount,expiration",
           MethodPurpose::approval}, // Permit2
};

const Method& transfer_method = methods[0];

Error bad(const Method& method, const std::string& message, std::size_t offset)
{
    return Error{ErrorCode::calldata, std::string{method.signature} + ": " + message}.at_offset(offset);
}

std::vector<std::string> types_of(const Method& method)
{
    const auto open = method.signature.find('(');
    return split(method.signature.substr(open + 1, method.signature.size() - open - 2), ',');
}

/// Bytes of a word that hold a value of this type; those before them are zero.
std::size_t width_of(std::string_view type)
{
    if (type == "address")
        return Address::size;
    if (type == "bool")
        return 1;
    if (type.starts_with("uint"))
        return std::stoul(std::string{type.substr(4)}) / 8;
    require(type == "bytes32", "type of a known method");
    return word_size;
}

bool is_clean(std::string_view type, const ByteArray<word_size>& word)
{
    const auto padding = word_size - width_of(type);
    return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(padding), [](auto byte) { return byte == 0; }) &&
           (type != "bool" || word.back() <= 1);
}

} // namespace

std::span<const Method> known_methods()
{
    return methods;
}

const Method* find_method(ByteView calldata)
{
    if (calldata.size() < selector_size)
        return nullptr;
    const auto found = std::ranges::find_if(
        methods, [&](const Method& method) { return equal(method.selector, calldata.first(selector_size)); });
    return found == methods.end() ? nullptr : &*found;
}

std::vector<Argument> decode_arguments(const Method& method, ByteView calldata)
{
    const auto types = types_of(method);
    const auto names = split(method.parameters, ',');
    const auto expected = selector_size + word_size * types.size();
    if (calldata.size() != expected)
        throw bad(method, "calldata has " + std::to_string(calldata.size()) + " bytes, not " + std::to_string(expected),
                  std::min(calldata.size(), expected));
    ByteReader reader{calldata};
    reader.read(selector_size);
    std::vector<Argument> arguments;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto offset = reader.offset();
        const auto word = reader.read_array<word_size>();
        if (!is_clean(types[i], word))
            throw bad(method, names[i] + " does not fit its type " + types[i], offset);
        arguments.push_back({names[i], types[i], word});
    }
    return arguments;
}

TokenTransfer decode_transfer(ByteView calldata)
{
    constexpr auto expected = selector_size + 2 * word_size;
    if (calldata.size() != expected)
        throw bad(transfer_method, "calldata has " + std::to_string(calldata.size()) + " bytes, not " +
                                       std::to_string(expected), std::min(calldata.size(), expected));
    ByteReader reader{calldata};
    reader.read(selector_size + address_padding);
    TokenTransfer transfer;
    transfer.recipient = Address{reader.read_array<Address::size>()};
    transfer.amount = Uint256::from_big_endian(reader.read(word_size));
    if (!equal(encode_transfer(transfer), calldata))
        throw bad(transfer_method, "calldata is not what its content encodes to", 0);
    return transfer;
}

Bytes encode_transfer(const TokenTransfer& transfer)
{
    ByteWriter writer;
    writer.write(transfer_method.selector)
        .write(ByteArray<address_padding>{})
        .write(transfer.recipient.bytes())
        .write(transfer.amount.big_endian());
    return std::move(writer).bytes();
}

} // namespace coffer::evm
