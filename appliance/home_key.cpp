#include "appliance/home_key.h"

#include "core/base/error.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

constexpr std::string_view purpose = "appliance-home";
constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::chrono::milliseconds wanted_time{1000};
constexpr int runs_at_floor = 3;

} // namespace

keys::OpenKey open_home_key(const Home& home, const SecretBytes& passphrase)
{
    return keys::open(storage::read_file(home.home_key(), most_bytes), purpose, passphrase);
}

void make_home_key(const Home& home, std::string_view identity, const SecretBytes& home_key, const SecretBytes& passphrase,
                   crypto::Random& random, crypto::Argon2Cost cost)
{
    storage::write_file_atomically(home.home_key(), keys::seal(purpose, bytes_of(identity), passphrase, home_key, random, cost),
                                   storage::private_mode, storage::Overwrite::no);
}

void change_passphrase(const Home& home, const SecretBytes& old_passphrase, const SecretBytes& new_passphrase, crypto::Random& random,
                       crypto::Argon2Cost cost)
{
    const auto opened = open_home_key(home, old_passphrase);
    if (new_passphrase.equals(old_passphrase))
        throw Error{ErrorCode::usage, "the new passphrase is the old one"};
    const auto file = keys::seal(purpose, opened.header.public_part, new_passphrase, opened.secret, random, cost);
    require(keys::open(file, purpose, new_passphrase).secret.equals(opened.secret), "a sealed home key opens as another one");
    storage::write_file_atomically(home.home_key(), file, storage::private_mode, storage::Overwrite::yes);
}

crypto::Argon2Cost passphrase_cost(artefacts::Environment environment, const std::function<std::chrono::milliseconds()>& monotonic)
{
    if (environment == artefacts::Environment::test)
        return crypto::argon2_floor;
    auto quickest = std::chrono::milliseconds::max();
    for (int run = 0; run < runs_at_floor; ++run) {
        const auto before = monotonic();
        static_cast<void>(crypto::argon2id(SecretBytes::copy_of(bytes_of("measured")), {}, crypto::argon2_floor));
        quickest = std::min(quickest, monotonic() - before);
    }
    return crypto::argon2_cost_for(wanted_time, quickest);
}

} // namespace coffer::appliance
