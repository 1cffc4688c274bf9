#include "formats/bitcoin/described_addresses.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/format.h"
#include "tests/support/small_child.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace coffer::bitcoin {
namespace {

using chains::Branch;

const std::string abandon_84 = "[73c5da0a/84h/0h/0h]xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V";
const std::string test_key = "tpubDC5FSnBiZDMmhiuCmWAYsLwgLYrrT9rAqvTySfuCCrgsWz8wxMXUS9Tb9iVMvcRbvFcAHGkMD5Kx8koh4GquNGNTfohfk7pgjhaPCdXpoba";

const Network& network(std::string_view name)
{
    return *find_network(name);
}

std::vector<chains::DescribedAddress> derive(const std::string& descriptor, Branch branch, std::uint32_t start, std::uint32_t count,
                                             std::string_view on = "mainnet")
{
    return derive_described(Descriptor::parse(descriptor), network(on), branch, start, count);
}

std::string function_of(const std::string& script, const std::string& key)
{
    if (script == "p2pkh")
        return "pkh(" + key + ")";
    if (script == "p2sh-p2wpkh")
        return "sh(wpkh(" + key + "))";
    return (script == "p2tr" ? "tr(" : "wpkh(") + key + ")";
}

TEST(DescribedAddresses, AreThoseOfBip44To86)
{
    std::size_t compared = 0;
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (!vector.has("addresses") || !vector.has("script") || vector.kind() == "bip48")
            continue;
        SCOPED_TRACE(vector.name());
        const auto descriptor = function_of(vector.text("script"), vector.text("xpub") + "/<0;1>/*");
        for (std::size_t i = 0; i < vector.count("addresses"); ++i) {
            const auto entry = "addresses." + std::to_string(i);
            const auto steps = keys::DerivationPath::parse(vector.text(entry + ".path")).steps();
            const auto branch = steps[3] == 0 ? Branch::receive : Branch::change;
            const auto derived = derive(descriptor, branch, steps[4], 1);
            ASSERT_EQ(derived.size(), 1u);
            EXPECT_EQ(derived[0].address, vector.bytes(entry + ".script_pubkey"));
            EXPECT_EQ(derived[0].path, std::to_string(steps[3]) + "/" + std::to_string(steps[4]));
            EXPECT_EQ(format_address(derived[0].address, network("mainnet")), vector.text(entry + ".address"));
            ++compared;
        }
    }
    EXPECT_GE(compared, 30u);
}

TEST(DescribedAddresses, AreInOrderHoweverManyDeriveThem)
{
    const auto text = "wpkh(" + abandon_84 + "/<0;1>/*)";
    const auto descriptor = Descriptor::parse(text);
    const auto derived = derive(text, Branch::change, 10, 2003);
    ASSERT_EQ(derived.size(), 2003U);
    for (const std::uint32_t i : {0U, 1U, 499U, 500U, 667U, 1000U, 1001U, 1002U, 1501U, 2001U, 2002U}) {
        EXPECT_EQ(derived[i].path, "1/" + std::to_string(10 + i));
        EXPECT_EQ(derived[i].address, descriptor.derive(1, 10 + i).script_pubkey);
    }
    EXPECT_TRUE(std::ranges::none_of(derived, [](const auto& one) { return one.address.empty(); }));
}

/// As in coffer-cold.
void forbid_threads()
{
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{std::size(filter), filter};
    ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0), 0);
}

TEST(DescribedAddresses, NeedNoThreads)
{
    const auto text = "wpkh(" + abandon_84 + "/<0;1>/*)";
    const auto expected = derive(text, Branch::receive, 1999, 1).front().address;
    test::expect_in_small_child([&] {
        forbid_threads();
        EXPECT_EQ(derive(text, Branch::receive, 0, 2000).back().address, expected);
    });
}

TEST(DescribedAddresses, AreThoseOfAMultisigWallet)
{
    std::size_t compared = 0;
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (vector.kind() != "multisig")
            continue;
        SCOPED_TRACE(vector.name());
        for (std::size_t i = 0; i < vector.count("addresses"); ++i) {
            const auto entry = "addresses." + std::to_string(i);
            const auto branch = vector.number(entry + ".change") == 0 ? Branch::receive : Branch::change;
            const auto derived = derive(vector.text("descriptor"), branch, static_cast<std::uint32_t>(vector.number(entry + ".index")), 1);
            EXPECT_EQ(derived.at(0).address, vector.bytes(entry + ".script_pubkey"));
            ++compared;
        }
    }
    EXPECT_GE(compared, 4u);
}

TEST(DescribedAddresses, SortKeysAsBip67)
{
    for (const auto& vector : test::load_vectors("bip67.json")) {
        SCOPED_TRACE(vector.name());
        std::vector<std::string> keys;
        for (std::size_t i = 0; i < vector.count("keys"); ++i)
            keys.push_back(vector.text("keys." + std::to_string(i)));
        const auto descriptor = "sh(sortedmulti(2," + join(keys, ",") + "))";
        EXPECT_EQ(Descriptor::parse(descriptor).derive(0, 0).redeem_script, vector.bytes("script"));
        EXPECT_EQ(format_address(derive(descriptor, Branch::receive, 0, 1).at(0).address, network("mainnet")), vector.text("address"));
    }
}

TEST(DescribedAddresses, RunFromStartOn)
{
    const auto descriptor = "wpkh(" + abandon_84 + "/<0;1>/*)";
    const auto some = derive(descriptor, Branch::change, 5, 3);
    ASSERT_EQ(some.size(), 3u);
    EXPECT_EQ(some[2].path, "1/7");
    EXPECT_EQ(some[2].address, derive(descriptor, Branch::change, 7, 1)[0].address);
    EXPECT_EQ(derive(descriptor, Branch::receive, 0x7fffffff, 1)[0].path, "0/2147483647");
    EXPECT_ERROR(derive(descriptor, Branch::receive, 0x7fffffff, 2), ErrorCode::usage);
}

TEST(DescribedAddresses, OfOneBranchHaveNoChange)
{
    EXPECT_EQ(derive("wpkh(" + abandon_84 + "/1/*)", Branch::receive, 0, 2).at(1).path, "1/1");
    EXPECT_ERROR(derive("wpkh(" + abandon_84 + "/0/*)", Branch::change, 0, 1), ErrorCode::usage);
}

TEST(DescribedAddresses, WithoutARangeAreOne)
{
    for (const auto& descriptor : {"addr(bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g)", "raw(0014751e76e8199196d454941c45d1b3a323f1433bd6)",
                                   "pkh(02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5)"}) {
        const auto derived = derive(descriptor, Branch::receive, 0, 20);
        ASSERT_EQ(derived.size(), 1u) << descriptor;
        EXPECT_EQ(derived[0].path, "");
        EXPECT_ERROR(derive(descriptor, Branch::receive, 1, 1), ErrorCode::usage);
        EXPECT_ERROR(derive(descriptor, Branch::change, 0, 1), ErrorCode::usage);
    }
    EXPECT_EQ(derive("wpkh(" + abandon_84 + "/0/7)", Branch::receive, 0, 2).at(0).path, "0/7");
}

TEST(DescribedAddresses, BelongToTheirNetwork)
{
    EXPECT_EQ(usual_network(Descriptor::parse("wpkh(" + test_key + "/*)")), network("testnet"));
    EXPECT_EQ(usual_network(Descriptor::parse("wpkh(" + abandon_84 + "/*)")), network("mainnet"));
    EXPECT_EQ(usual_network(Descriptor::parse("raw(51)")), network("mainnet"));
    EXPECT_EQ(usual_network(Descriptor::parse("addr(bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080)")), network("regtest"));
    EXPECT_EQ(derive("wpkh(" + test_key + "/*)", Branch::receive, 0, 1, "regtest").size(), 1u);
    EXPECT_ERROR(derive("wpkh(" + test_key + "/*)", Branch::receive, 0, 1), ErrorCode::network);
    EXPECT_ERROR(derive("wpkh(" + abandon_84 + "/*)", Branch::receive, 0, 1, "regtest"), ErrorCode::network);
    EXPECT_ERROR(derive("addr(bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g)", Branch::receive, 0, 1, "regtest"), ErrorCode::chain);
}

} // namespace
} // namespace coffer::bitcoin
