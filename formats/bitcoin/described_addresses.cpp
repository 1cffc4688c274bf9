#include "formats/bitcoin/described_addresses.h"

#include "core/base/error.h"
#include "formats/bitcoin/address.h"

#include <algorithm>
#include <future>
#include <system_error>
#include <thread>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t least_share = 500; // addresses: some 20 ms

const keys::ExtendedPublicKey* first_extended_key(const Descriptor& descriptor)
{
    for (const auto& expression : descriptor.keys())
        if (const auto* extended = std::get_if<keys::ExtendedPublicKey>(&expression.key))
            return extended;
    return nullptr;
}

void require_network(const Descriptor& descriptor, const Network& network)
{
    if (descriptor.type() == DescriptorType::addr)
        static_cast<void>(parse_address(descriptor.address(), network));
    const auto expected = network.coin_type == 0 ? keys::KeyNetwork::main : keys::KeyNetwork::test;
    const auto* extended = first_extended_key(descriptor); // all are of one network
    if (extended != nullptr && extended->position().network != expected)
        throw Error{ErrorCode::network, "the keys of the descriptor are not of " + std::string{network.name}};
}

std::string path_to(const Descriptor& descriptor, std::size_t branch, std::uint32_t index)
{
    if (descriptor.keys().empty() || std::holds_alternative<Bytes>(descriptor.keys().front().key))
        return {};
    return keys::DerivationPath{descriptor.keys().front().steps(branch, index), keys::PathStart::here}.format();
}

/// Calls work(from, to) for all of 0 to count, a share on each processor where they are worth a thread and threads may be
/// had (coffer-cold has none). Throws what one of them throws.
template <typename Work>
void in_shares(std::size_t count, const Work& work)
{
    const auto threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), 1 + count / least_share);
    std::vector<std::future<void>> others;
    const auto take_share = [&](std::size_t i) { work(count * i / threads, count * (i + 1) / threads); };
    for (std::size_t i = 1; i < threads; ++i)
        try {
            others.push_back(std::async(std::launch::async, take_share, i));
        } catch (const std::system_error&) {
            take_share(i);
        }
    take_share(0);
    for (auto& other : others)
        other.get();
}

} // namespace

const Network& usual_network(const Descriptor& descriptor)
{
    if (descriptor.type() == DescriptorType::addr)
        return *networks_of_address(descriptor.address()).front();
    const auto* extended = first_extended_key(descriptor);
    const bool is_test = extended != nullptr && extended->position().network == keys::KeyNetwork::test;
    return *find_network(is_test ? "testnet" : "mainnet");
}

std::vector<chains::DescribedAddress> derive_described(const Descriptor& descriptor, const Network& network, chains::Branch branch,
                                                       std::uint32_t start, std::uint32_t count)
{
    require_network(descriptor, network);
    const std::size_t number = branch == chains::Branch::change ? 1 : 0;
    if (number >= descriptor.branches())
        throw Error{ErrorCode::usage, "the descriptor has no branch for change", "write its keys with two branches, /<0;1>/*, or give the one of change"};
    if (!descriptor.is_ranged() && start != 0)
        throw Error{ErrorCode::usage, "the descriptor has no range: index 0 is all it has"};
    const auto end = descriptor.is_ranged() ? std::uint64_t{start} + count : 1;
    if (end > keys::hardened)
        throw Error{ErrorCode::usage, "index " + std::to_string(end - 1) + " is above 2147483647"};
    std::vector<chains::DescribedAddress> addresses(static_cast<std::size_t>(end - start));
    const auto walked = descriptor.branch(number);
    in_shares(addresses.size(), [&](std::size_t from, std::size_t to) {
        for (auto i = from; i < to; ++i) {
            const auto index = start + static_cast<std::uint32_t>(i);
            addresses[i] = {path_to(descriptor, number, index), walked.derive(0, index).script_pubkey};
        }
    });
    return addresses;
}

} // namespace coffer::bitcoin
