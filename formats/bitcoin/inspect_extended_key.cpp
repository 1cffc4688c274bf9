#include "core/keys/derivation.h"
#include "formats/bitcoin/inspect_parts.h"

namespace coffer::bitcoin {

namespace {

Document script_name(Slip132Script script)
{
    switch (script) {
    case Slip132Script::any: break;
    case Slip132Script::p2wpkh: return "p2wpkh";
    case Slip132Script::p2sh_p2wpkh: return "p2sh-p2wpkh";
    case Slip132Script::p2wsh: return "p2wsh";
    case Slip132Script::p2sh_p2wsh: return "p2sh-p2wsh";
    }
    return {};
}

/// The public half; whether the text held the private one is all that is said of that.
Document key_document(const keys::ExtendedPublicKey& key, bool is_private, std::string_view prefix, Slip132Script script)
{
    const auto& position = key.position();
    const auto is_main = position.network == keys::KeyNetwork::main;
    auto document = Document::object();
    document.set("kind", "extended_key");
    set_networks(document, networks_of_coin_type(is_main ? 0 : 1));
    return document.set("depth", unsigned{position.depth})
        .set("fingerprint", Document::hex(position.parent_fingerprint.bytes()))
        .set("child", std::uint64_t{position.child_number})
        .set("chain_code", Document::hex(key.chain_code()))
        .set("public_key", Document::hex(key.key().compressed()))
        .set("own_fingerprint", Document::hex(key.fingerprint().bytes()))
        .set("private", is_private)
        .set("prefix", prefix)
        .set("script", script_name(script))
        .set("public", key.format());
}

} // namespace

Document inspect_extended_key(std::string_view text)
{
    const auto prefix = text.substr(0, 4);
    if (prefix.size() == 4 && prefix.substr(1) == "prv") {
        const auto read = read_slip132_private(SecretBytes::copy_of(bytes_of(text)));
        const auto key = keys::ExtendedPrivateKey::parse(read.plain).extended_public_key();
        auto document = key_document(key, true, prefix, read.script);
        return document.set("warnings", Document::list().add("whoever sees this text can spend: treat the key as lost"));
    }
    const auto read = read_slip132(text);
    return key_document(keys::ExtendedPublicKey::parse(read.plain), false, prefix, read.script);
}

} // namespace coffer::bitcoin
