#include "formats/evm/calldata.h"

#include "core/base/document.h"
#include "core/crypto/keccak.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::evm {
namespace {

using coffer::test::Vector;

constexpr std::string_view transfer_signature = "transfer(address,uint256)";

std::string shown(const Argument& argument)
{
    if (argument.type == "address")
        return format_address(Address::from(ByteView{argument.word}.last(20)));
    if (argument.type == "bool")
        return argument.word.back() != 0 ? "true" : "false";
    if (argument.type == "bytes32")
        return Document::hex(argument.word).text();
    return Uint256::from_big_endian(argument.word).decimal();
}

std::string expected(const Vector& vector, std::size_t i)
{
    const auto text = vector.text("args." + std::to_string(i));
    return vector.text("types." + std::to_string(i)) == "bytes32" ? text.substr(2) : text;
}

TEST(Calldata, AgreesWithEthersOnTokenMethods)
{
    std::size_t known = 0;
    for (const auto& vector : coffer::test::load_vectors("eth_abi.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("signature"));
        const auto calldata = vector.bytes("calldata");
        if (vector.is_invalid()) {
            if (vector.text("signature") == transfer_signature) {
                EXPECT_ERROR(decode_transfer(calldata), vector.error_code());
            } else {
                EXPECT_EQ(find_method(calldata), nullptr); // Safe: not understood, so refused whole
            }
            continue;
        }
        const auto* method = find_method(calldata);
        if (method == nullptr) {
            EXPECT_NE(vector.kind(), "erc20");
            continue;
        }
        ++known;
        EXPECT_EQ(method->signature, vector.text("signature"));
        EXPECT_EQ(to_bytes(method->selector), vector.bytes("selector"));
        const auto arguments = decode_arguments(*method, calldata);
        ASSERT_EQ(arguments.size(), vector.count("args"));
        for (std::size_t i = 0; i < arguments.size(); ++i)
            EXPECT_EQ(shown(arguments[i]), expected(vector, i));
        coffer::test::expect_refuses_cut_and_trailing(
            calldata, [&](ByteView bytes) { return decode_arguments(*method, bytes); });
        if (method->signature != transfer_signature)
            continue;
        const auto transfer = decode_transfer(calldata);
        EXPECT_EQ(format_address(transfer.recipient), vector.text("args.0"));
        EXPECT_EQ(transfer.amount.decimal(), vector.text("args.1"));
        EXPECT_EQ(encode_transfer(transfer), calldata);
        coffer::test::expect_refuses_cut_and_trailing(calldata, decode_transfer);
    }
    EXPECT_EQ(known, 8U);
}

TEST(Calldata, NamesMethodsByTheHashOfTheirSignatures)
{
    for (const auto& method : known_methods()) {
        SCOPED_TRACE(method.signature);
        const auto hash = crypto::keccak256(bytes_of(method.signature));
        EXPECT_TRUE(equal(method.selector, ByteView{hash}.first(4)));
        const Bytes calldata{method.selector.begin(), method.selector.end()};
        EXPECT_EQ(find_method(calldata), &method);
        EXPECT_EQ(find_method(ByteView{calldata}.first(3)), nullptr);
    }
}

TEST(Calldata, RefusesDirtyBytesAboveAnAddress)
{
    const auto clean = encode_transfer({Address{}, Uint256{5}});
    EXPECT_NO_THROW(decode_transfer(clean));
    for (std::size_t i = 4; i < 16; ++i) {
        auto dirty = clean;
        dirty[i] = 0x01;
        EXPECT_ERROR(decode_transfer(dirty), ErrorCode::calldata);
        EXPECT_ERROR(decode_arguments(*find_method(dirty), dirty), ErrorCode::calldata);
    }
}

TEST(Calldata, SaysHowLongATransferIs)
{
    auto calldata = encode_transfer({Address{}, Uint256{5}});
    calldata.push_back(0x00);
    try {
        decode_transfer(calldata);
        FAIL() << "decoded";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::calldata);
        EXPECT_EQ(error.offset(), 68U);
        EXPECT_NE(error.message().find("69 bytes, not 68"), std::string::npos);
    }
}

TEST(Calldata, RefusesAnotherSelectorForATransfer)
{
    auto calldata = encode_transfer({Address{}, Uint256{5}});
    calldata[3] ^= 0x01;
    EXPECT_ERROR(decode_transfer(calldata), ErrorCode::calldata);
}

TEST(Calldata, RefusesArgumentsThatDoNotFitTheirType)
{
    const auto arguments = [](std::string_view signature, std::size_t word, std::size_t byte, std::uint8_t value) {
        for (const auto& method : known_methods())
            if (method.signature == signature) {
                Bytes calldata{method.selector.begin(), method.selector.end()};
                calldata.resize(4 + 32 * 7, 0x00);
                if (signature != "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)")
                    calldata.resize(4 + 32 * 2);
                calldata[4 + 32 * word + byte] = value;
                return decode_arguments(method, calldata);
            }
        return std::vector<Argument>{};
    };
    constexpr std::string_view permit = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)";
    constexpr std::string_view approval = "setApprovalForAll(address,bool)";
    EXPECT_NO_THROW(arguments(permit, 4, 31, 0xff));
    EXPECT_ERROR(arguments(permit, 4, 30, 0x01), ErrorCode::calldata);
    EXPECT_NO_THROW(arguments(permit, 5, 0, 0xff));
    EXPECT_NO_THROW(arguments(approval, 1, 31, 0x01));
    EXPECT_ERROR(arguments(approval, 1, 31, 0x02), ErrorCode::calldata);
    EXPECT_ERROR(arguments(approval, 1, 0, 0x01), ErrorCode::calldata);
}

} // namespace
} // namespace coffer::evm
