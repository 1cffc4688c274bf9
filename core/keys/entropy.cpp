#include "core/keys/entropy.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/keys/repetition.h"

#include <algorithm>
#include <array>

namespace coffer::keys {

namespace {

constexpr crypto::HealthLimits file_health{"the entropy file", crypto::kernel_health.repetitions, crypto::kernel_health.window,
                                           crypto::kernel_health.proportion};
constexpr std::size_t file_values = 16; // H = 4
constexpr std::size_t most_file_distance = 64;

struct NamedSource {
    std::string_view name;
    ByteView bytes;
};

std::array<NamedSource, 3> in_order(const EntropySources& sources)
{
    return {{{"kernel", sources.kernel.reveal()}, {"dice", sources.dice.reveal()}, {"file", sources.file.reveal()}}};
}

SecretBytes finished(crypto::Sha256& hash)
{
    auto digest = hash.finish();
    auto secret = SecretBytes::copy_of(digest);
    wipe(digest);
    return secret;
}

} // namespace

SecretBytes mix_entropy(const EntropySources& sources)
{
    crypto::Sha256 hash;
    hash.update(bytes_of("coffer/v1/key-entropy\n"));
    bool has_source = false;
    for (const auto& [name, bytes] : in_order(sources)) {
        if (bytes.empty())
            continue;
        has_source = true;
        hash.update(bytes_of(std::string{name} + " " + std::to_string(bytes.size()) + "\n")).update(bytes);
    }
    require(has_source, "a key without a source");
    return finished(hash);
}

SecretBytes entropy_of_dice(ByteView digits)
{
    return finished(crypto::Sha256{}.update(digits));
}

std::string name_of_sources(const EntropySources& sources)
{
    std::string names;
    for (const auto& [name, bytes] : in_order(sources))
        if (!bytes.empty())
            names += (names.empty() ? "" : "+") + std::string{name};
    return names == "kernel" ? "generated" : names;
}

void require_random_file(ByteView file)
{
    if (file.size() < least_entropy_file)
        throw Error{ErrorCode::rng, "the entropy file has " + std::to_string(file.size()) + " bytes, which are too few: at least " +
                                        std::to_string(least_entropy_file) + " are needed"};
    const std::string hint = "take random bytes, raw or in hex, of another machine or device; not text, pictures or archives";
    try {
        crypto::HealthTests{file_health}.check(file);
    } catch (const Error& error) {
        throw error.with_hint(hint);
    }
    if (const auto distance = find_repetition(file, file_values, std::min(most_file_distance, file.size() / 2)))
        throw Error{ErrorCode::rng, "the entropy file repeats what came " + std::to_string(*distance) + " bytes before", hint};
}

} // namespace coffer::keys
