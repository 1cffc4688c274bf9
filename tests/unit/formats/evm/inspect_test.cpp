#include "formats/evm/inspect.h"

#include "core/encoding/hex.h"
#include "formats/evm/calldata.h"
#include "formats/evm/encode.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

std::string hex(ByteView bytes)
{
    return encoding::encode_hex(bytes);
}

std::optional<Document> inspect_text(std::string_view text, std::string_view kind = {})
{
    return inspect(bytes_of(text), text, kind);
}

/// A member as text, `a.b` one deeper; "none" when there is none.
std::string member(const std::optional<Document>& document, std::string_view name)
{
    if (!document)
        return "nothing";
    const auto* found = &*document;
    for (auto end = name.find('.'); found != nullptr; end = name.find('.')) {
        found = found->find(name.substr(0, end));
        if (end == std::string_view::npos)
            break;
        name.remove_prefix(end + 1);
    }
    return found == nullptr ? "none" : found->is_null() ? "null" : found->text();
}

bool warns(const std::optional<Document>& document, std::string_view word)
{
    const auto* warnings = document->find("warnings");
    for (const auto& warning : warnings->items())
        if (warning.text().find(word) != std::string::npos)
            return true;
    return false;
}

TEST(EvmInspect, SaysWhatAnAddressIs)
{
    const auto document = inspect_text(test::address_0);
    EXPECT_EQ(member(document, "kind"), "address");
    EXPECT_EQ(member(document, "type"), "evm");
    EXPECT_EQ(member(document, "normalized"), test::address_0);
    EXPECT_EQ(document->find("warnings"), nullptr);
    EXPECT_EQ(inspect_text(std::string{test::address_0} + "\n", "address")->to_json(), document->to_json());
}

TEST(EvmInspect, TakesAnAddressWithoutAChecksumWithAWarning)
{
    const auto document = inspect_text("0x9858effd232b4033e47d90003d41ec34ecaeda94");
    EXPECT_EQ(member(document, "normalized"), test::address_0);
    EXPECT_TRUE(warns(document, "checksum"));
    EXPECT_ERROR(inspect_text("0x9858EffD232B4033E47d90003D41EC34EcaEda94"), ErrorCode::addr_checksum);
}

TEST(EvmInspect, LeavesTheAddressesOfOthersAlone)
{
    EXPECT_EQ(inspect_text("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "address"), std::nullopt);
    EXPECT_EQ(inspect_text("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), std::nullopt);
    EXPECT_ERROR(inspect_text("0x9858", "address"), ErrorCode::malformed);
}

void expect_fields(const std::optional<Document>& document, const coffer::test::Vector& vector)
{
    EXPECT_EQ(member(document, "kind"), "evm_transaction");
    EXPECT_EQ(member(document, "type"), vector.text("fields.type"));
    const auto chain_id = vector.text("fields.chainId");
    EXPECT_EQ(member(document, "chain_id"), chain_id == "0" ? "null" : chain_id);
    EXPECT_EQ(member(document, "nonce"), vector.text("fields.nonce"));
    EXPECT_EQ(member(document, "to"), vector.text("fields.to"));
    EXPECT_EQ(member(document, "value"), vector.text("fields.value"));
    EXPECT_EQ(member(document, "data"), vector.text("fields.data").substr(2));
    EXPECT_EQ(member(document, "gas_limit"), vector.text("fields.gasLimit"));
    if (vector.text("fields.gasPrice") != "null") {
        EXPECT_EQ(member(document, "gas_price"), vector.text("fields.gasPrice"));
        EXPECT_EQ(member(document, "max_fee_per_gas"), "none");
    } else {
        EXPECT_EQ(member(document, "gas_price"), "none");
        EXPECT_EQ(member(document, "max_fee_per_gas"), vector.text("fields.maxFeePerGas"));
        EXPECT_EQ(member(document, "max_priority_fee_per_gas"), vector.text("fields.maxPriorityFeePerGas"));
    }
    EXPECT_EQ(member(document, "signing_hash"), vector.text("signing_hash"));
}

TEST(EvmInspect, SaysEveryFieldOfEveryType)
{
    for (const auto& vector : coffer::test::load_vectors("eth_tx_generated.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid()) {
            EXPECT_ERROR(inspect_text(vector.text("signed"), "evm_transaction"), vector.error_code());
            continue;
        }
        const auto unsigned_one = inspect_text(vector.text("unsigned"), "evm_transaction");
        expect_fields(unsigned_one, vector);
        EXPECT_EQ(member(unsigned_one, "hash"), "none");
        EXPECT_EQ(member(unsigned_one, "from"), "none");
        const auto signed_one = inspect_text(vector.text("signed"), "evm_transaction");
        expect_fields(signed_one, vector);
        EXPECT_EQ(member(signed_one, "hash"), vector.text("tx_hash"));
        EXPECT_EQ(member(signed_one, "from"), vector.text("from"));
        const auto type = vector.number("fields.type");
        EXPECT_EQ(warns(signed_one, "coffer"), type == 1 || type == 4);

        // Found out without being told, as hex, as hex with 0x, and as raw bytes.
        EXPECT_EQ(inspect_text(vector.text("signed"))->to_json(), signed_one->to_json());
        EXPECT_EQ(inspect_text("0x" + vector.text("unsigned") + "\n")->to_json(), unsigned_one->to_json());
        EXPECT_EQ(inspect(vector.bytes("signed"), {}, {})->to_json(), signed_one->to_json());
    }
}

TEST(EvmInspect, ExplainsCallsThatItUnderstands)
{
    auto transaction = build_transfer(test::token_plan());
    const auto document = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(member(document, "call.method"), "transfer");
    EXPECT_EQ(member(document, "call.signature"), "transfer(address,uint256)");
    EXPECT_EQ(member(document, "call.arguments.to"), format_address(test::stranger));
    EXPECT_EQ(member(document, "call.arguments.amount"), "1000000");
    EXPECT_TRUE(document->find("warnings")->items().empty());

    std::ranges::copy(Bytes{0x09, 0x5e, 0xa7, 0xb3}, transaction.data.begin());
    const auto approval = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(member(approval, "call.method"), "approve");
    EXPECT_EQ(member(approval, "call.arguments.spender"), format_address(test::stranger));
    EXPECT_TRUE(warns(approval, "spend"));

    transaction.data.push_back(0x00);
    const auto inexact = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(member(inexact, "call"), "none");
    EXPECT_TRUE(warns(inexact, "not encoded exactly"));

    transaction.data = {0x01, 0x02, 0x03, 0x04};
    const auto unknown = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(member(unknown, "call"), "none");
    EXPECT_TRUE(warns(unknown, "not understood"));
}

TEST(EvmInspect, WarnsOfWhatIsNeverSigned)
{
    auto transaction = build_transfer(test::native_plan());
    EXPECT_TRUE(inspect(encode_unsigned(transaction), {}, {})->find("warnings")->items().empty());
    transaction.type = TransactionType::blob;
    transaction.blob_versioned_hashes.resize(1);
    const auto blob = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(member(blob, "type"), "3");
    EXPECT_EQ(member(blob, "type_name"), "blob (EIP-4844)");
    EXPECT_EQ(blob->find("blob_versioned_hashes")->items().size(), 1U);
    EXPECT_TRUE(warns(blob, "types 0 and 2 only"));
    transaction.type = TransactionType::set_code;
    transaction.authorization_list.resize(1);
    const auto set_code = inspect(encode_unsigned(transaction), {}, {});
    EXPECT_EQ(set_code->find("authorization_list")->items().size(), 1U);
    EXPECT_TRUE(warns(set_code, "EIP-7702"));
}

TEST(EvmInspect, SaysWhereATransactionBreaks)
{
    auto text = "0x" + hex(encode_unsigned(build_transfer(test::native_plan())));
    EXPECT_NO_THROW(inspect_text(text));
    text.resize(text.size() - 10);
    try {
        static_cast<void>(inspect_text(text));
        FAIL() << "inspected";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::rlp);
        EXPECT_TRUE(error.offset().has_value());
    }
    EXPECT_ERROR(inspect_text("0x02zz", "evm_transaction"), ErrorCode::malformed);
    EXPECT_ERROR(inspect_text("", "evm_transaction"), ErrorCode::rlp);
}

TEST(EvmInspect, LeavesOtherThingsAlone)
{
    EXPECT_EQ(inspect_text(""), std::nullopt);
    EXPECT_EQ(inspect_text("hello"), std::nullopt);
    EXPECT_EQ(inspect_text("70736274ff01"), std::nullopt); // a PSBT
    EXPECT_EQ(inspect_text("0200000001aa"), std::nullopt); // a Bitcoin transaction
    EXPECT_EQ(inspect_text("a401"), std::nullopt);         // CBOR
    EXPECT_EQ(inspect(Bytes{0x01, 0xf8, 0x00, 0x00}, {}, {}), std::nullopt);
    EXPECT_EQ(inspect_text(hex(encode_unsigned(build_transfer(test::native_plan()))), "psbt"), std::nullopt);
}

} // namespace
} // namespace coffer::evm
