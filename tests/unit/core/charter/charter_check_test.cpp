#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::charter {
namespace {

using Change = std::function<void(Charter&)>;

/// A fault, and the nearest charter that does not have it.
struct Case {
    std::string name;
    std::string place;
    std::string message; ///< a part of it
    Change hostile;
    Change benign;
    ErrorCode code = ErrorCode::policy_invalid;
};

void no_change(Charter& /*charter*/) {}

Rule& rule_named(Charter& charter, std::string_view id)
{
    return *std::ranges::find(charter.rules, id, &Rule::id);
}

Wallet& wallet_named(Charter& charter, std::string_view id)
{
    return *std::ranges::find(charter.wallets, id, &Wallet::id);
}

Quorum quorum(std::string_view text)
{
    return Quorum::parse(text);
}

const std::string vault_a_xpub = test::wallet_key_named("vault-a").extended_public_key().format();

/// vault-a's k1 one level down: k1 at `0/N` is this key at `N`.
std::string vault_a_child_xpub()
{
    return test::wallet_key_named("vault-a").extended_public_key().derive(0).format();
}

Limit week()
{
    return {.id = "week",
            .wallets = {},
            .assets = {{"ETH"}},
            .destinations = {},
            .requesters = {},
            .per = {},
            .span = days(7),
            .amount = test::ether(500),
            .count = 10};
}

Change with_limit(const std::function<void(Limit&)>& edit)
{
    return [edit](Charter& charter) {
        charter.limits = {week()};
        edit(charter.limits.front());
    };
}

void add_vault_key(Charter& charter, std::string id, std::string xpub)
{
    charter.appliances[0].keys.push_back({std::move(id), "[d34db33f/44h/60h/0h/0]", std::move(xpub)});
}

/// All of vault-b's k1, as a chain whose wallets are descriptors names it.
Wallet descriptor_wallet(std::string id)
{
    auto wallet = test::account(id, "polygon", Tier::cold, "0/0");
    wallet.address.clear();
    wallet.descriptor = std::move(id);
    wallet.keys = {{"vault-b", "k1", "", ""}};
    return wallet;
}

Wallet account_of_vault_b(std::string id)
{
    auto wallet = test::account(std::move(id), "ethereum", Tier::cold, "0/0");
    wallet.address = Bytes(20, 9);
    wallet.keys = {{"vault-b", "k1", "0/0", ""}};
    return wallet;
}

std::vector<Case> cases()
{
    return {
        // head
        {"no name", "charter", "the name is empty", [](auto& c) { c.name = ""; }, [](auto& c) { c.name = "x"; }},
        {"long name", "charter", "over 100 bytes", [](auto& c) { c.name = std::string(101, 'x'); },
         [](auto& c) { c.name = std::string(100, 'x'); }},
        {"no treasury", "charter", "treasury id is missing", [](auto& c) { c.header.treasury = TreasuryId{}; }, no_change},
        {"version 0", "charter", "versions begin with 1", [](auto& c) { c.version = 0; }, no_change},
        {"version 1 with a predecessor", "charter", "no predecessor", [](auto& c) { c.previous = CharterHash{}; }, no_change},
        {"version 1 that continues a link", "charter", "no predecessor", [](auto& c) { c.continues = Position{}; }, no_change},
        {"version 1 with a term", "charter", "no predecessor", [](auto& c) { c.adopt_before = test::founding_day; }, no_change},
        {"version 2 without a predecessor", "charter", "are needed",
         [](auto& c) { c.version = 2, c.adopt_before = test::founding_day; },
         [](auto& c) { c.version = 2, c.adopt_before = test::founding_day, c.previous = CharterHash{}; }},
        {"version 2 without a term", "charter", "are needed", [](auto& c) { c.version = 2, c.previous = CharterHash{}; },
         [](auto& c) { c.version = 2, c.adopt_before = test::founding_day, c.previous = CharterHash{}; }},
        {"no rule", "charter", "there is no rule", [](auto& c) { c.rules.clear(); }, [](auto& c) { c.rules.resize(1); }},

        // people
        {"role twice", "role \"finance\"", "used twice", [](auto& c) { c.roles.push_back({"finance", true}); }, no_change},
        {"role that is no id", "role \"Finance\"", "small letter",
         [](auto& c) { c.roles.push_back({"Finance", false}), c.officers[5].roles = {"operations"}, c.roles.back().id = "Finance"; },
         no_change},
        {"role of nobody", "role \"board\"", "no officer has it", [](auto& c) { c.roles.push_back({"board", false}); },
         [](auto& c) { c.roles.push_back({"board", false}), c.officers[0].roles.push_back("board"); }},
        {"officer twice", "officer \"olga\"", "used twice",
         [](auto& c) { c.officers.push_back(test::officer("olga", {"operations"})), c.officers.back().keys = {test::approval_key_named("other")}; },
         [](auto& c) { c.officers.push_back(test::officer("oleg", {"operations"})); }},
        {"appliance whose id is no id", "appliance \"Vault\"", "small letter", [](auto& c) { c.appliances[1].id = "Vault"; }, no_change},
        {"chain whose id is no id", "chain \"Amoy\"", "small letter", [](auto& c) { c.chains.push_back({"Amoy", "evm", 5, "", "POL", 18}); }, no_change},
        {"wallet whose id is no id", "wallet \"New\"", "small letter",
         [](auto& c) { c.wallets.push_back(test::account("New", "ethereum", Tier::hot, "0/9")); }, no_change},
        {"destination whose id is no id", "destination \"new one\"", "small letter",
         [](auto& c) { c.destinations.push_back({"new one", "polygon", {1}}); }, no_change},
        {"rule whose id is no id", "rule \"\"", "small letter", [](auto& c) { rule_named(c, "purse").id = ""; }, no_change},
        {"officer whose id is no id", "officer \"Olga\"", "small letter", [](auto& c) { c.officers[5].id = "Olga"; }, no_change},
        {"officer without a key", "officer \"olga\"", "has no key", [](auto& c) { c.officers[5].keys.clear(); }, no_change},
        {"role of an officer that is no id", "officer \"olga\"", "is not an id", [](auto& c) { c.officers[5].roles = {"Ops"}; }, no_change},
        {"role of an officer twice", "officer \"olga\"", "has a role twice",
         [](auto& c) { c.officers[5].roles = {"operations", "operations"}; }, no_change},
        {"E03 one key for two officers", "officer \"olga\"", "also the key of officer \"alice\"",
         [](auto& c) { c.officers[5].keys = {test::approval_key_named("alice")}; },
         [](auto& c) { c.officers[5].keys = {test::approval_key_named("olga"), test::approval_key_named("olga's second")}; },
         ErrorCode::policy_dupkey},
        {"one key twice for one officer", "officer \"olga\"", "also the key of officer \"olga\"",
         [](auto& c) { c.officers[5].keys.push_back(c.officers[5].keys[0]); }, no_change, ErrorCode::policy_dupkey},
        {"audit key of an officer", "audit", "also the key of officer \"bob\"",
         [](auto& c) { c.audit_key = test::approval_key_named("bob"); }, no_change, ErrorCode::policy_dupkey},
        {"identity key of an officer", "appliance \"vault-a\"", "also the key of officer \"bob\"",
         [](auto& c) { c.appliances[0].key = test::approval_key_named("bob"); }, no_change, ErrorCode::policy_dupkey},
        {"identity key of the online side", "appliance \"vault-b\"", "also the key of audit",
         [](auto& c) { c.appliances[1].key = test::approval_key_named("audit"); }, no_change, ErrorCode::policy_dupkey},
        {"identity key of another appliance", "appliance \"vault-b\"", "also the key of appliance \"vault-a\"",
         [](auto& c) { c.appliances[1].key = test::approval_key_named("vault-a"); }, no_change, ErrorCode::policy_dupkey},

        // appliances
        {"appliance twice", "appliance \"vault-b\"", "used twice",
         [](auto& c) { c.appliances.push_back({"vault-b", test::approval_key_named("c"), Appliance::State::active, {}}); },
         [](auto& c) { c.appliances.push_back({"vault-c", test::approval_key_named("c"), Appliance::State::active, {}}); }},
        {"appliance named online", "appliance \"online\"", "taken by the online side", [](auto& c) { c.appliances[1].id = "online"; },
         [](auto& c) { c.appliances[1].id = "on-line"; }},
        {"key twice", "appliance \"vault-b\"", "no valid id of its own",
         [](auto& c) { c.appliances[1].keys.push_back(c.appliances[1].keys[0]); },
         [](auto& c) { c.appliances[1].keys.push_back(c.appliances[1].keys[0]), c.appliances[1].keys[1].id = "k2"; }},
        {"key whose id is no id", "appliance \"vault-b\"", "no valid id of its own", [](auto& c) { c.appliances[1].keys[0].id = ""; }, no_change},
        {"key that is no extended key", "appliance \"vault-b\"", "key \"k1\":",
         [](auto& c) { c.appliances[1].keys[0].extended_public = "xpub"; }, no_change},
        {"key without a valid origin", "appliance \"vault-b\"", "key \"k1\":",
         [](auto& c) { c.appliances[1].keys[0].origin = "d34db33f/44h"; },
         [](auto& c) { c.appliances[1].keys[0].origin = "[d34db33f/44h]"; }},

        // chains and tokens
        {"chain twice", "chain \"polygon\"", "used twice", [](auto& c) { c.chains.push_back({"polygon", "evm", 5, "", "POL", 18}); },
         [](auto& c) { c.chains.push_back({"amoy", "evm", 5, "", "POL", 18}); }},
        {"one network under two ids", "chain \"again\"", "same network",
         [](auto& c) { c.chains.push_back({"again", "evm", 1, "", "ETH", 18}); },
         [](auto& c) { c.chains.push_back({"again", "evm", 10, "", "ETH", 18}); }},
        {"chain without a symbol", "chain \"x\"", "symbol", [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "", 18}); },
         [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "X", 18}); }},
        {"long symbol", "chain \"x\"", "symbol", [](auto& c) { c.chains.push_back({"x", "evm", 5, "", std::string(17, 'X'), 18}); },
         [](auto& c) { c.chains.push_back({"x", "evm", 5, "", std::string(16, 'X'), 18}); }},
        {"symbol with a blank", "chain \"x\"", "symbol", [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "E H", 18}); },
         [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "aAzZ.-09", 18}); }},
        {"37 decimals", "chain \"x\"", "over 36 decimals", [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "X", 37}); },
         [](auto& c) { c.chains.push_back({"x", "evm", 5, "", "X", 36}); }},
        {"token of an unknown chain", "token \"DAI\"", "chain \"solana\" is not in the charter",
         [](auto& c) { c.tokens.push_back({"DAI", "solana", Bytes(20, 1), 18}); },
         [](auto& c) { c.tokens.push_back({"DAI", "polygon", Bytes(20, 1), 18}); }},
        {"token whose id is no symbol", "token \"D I\"", "1 to 16 letters", [](auto& c) { c.tokens.push_back({"D I", "polygon", Bytes(20, 1), 18}); },
         no_change},
        {"token twice", "token \"USDC\"", "another asset", [](auto& c) { c.tokens.push_back({"USDC", "ethereum", Bytes(20, 1), 6}); },
         [](auto& c) { c.tokens.push_back({"USDC", "polygon", Bytes(20, 1), 6}); }},
        {"token named like the coin", "token \"POL\"", "another asset", [](auto& c) { c.tokens.push_back({"POL", "polygon", Bytes(20, 1), 6}); },
         [](auto& c) { c.tokens.push_back({"POL", "ethereum", Bytes(20, 1), 6}); }},
        {"token with 37 decimals", "token \"DAI\"", "over 36 decimals",
         [](auto& c) { c.tokens.push_back({"DAI", "polygon", Bytes(20, 1), 37}); },
         [](auto& c) { c.tokens.push_back({"DAI", "polygon", Bytes(20, 1), 36}); }},
        {"two tokens of one contract", "token \"DAI\"", "no address of its own",
         [](auto& c) { c.tokens.push_back({"DAI", "ethereum", c.tokens[0].address, 18}); },
         [](auto& c) { c.tokens.push_back({"DAI", "polygon", c.tokens[0].address, 18}); }},
        {"token without an address", "token \"DAI\"", "no address of its own", [](auto& c) { c.tokens.push_back({"DAI", "polygon", {}, 18}); },
         no_change},

        // wallets
        {"wallet twice", "wallet \"purse\"", "used twice",
         [](auto& c) { c.wallets.push_back(test::account("purse", "ethereum", Tier::hot, "0/9")); },
         [](auto& c) { c.wallets.push_back(test::account("purse-2", "ethereum", Tier::hot, "0/9")); }},
        {"wallet named like a tier", "wallet \"cold\"", "name of a tier",
         [](auto& c) { c.wallets.push_back(test::account("cold", "ethereum", Tier::hot, "0/9")); },
         [](auto& c) { c.wallets.push_back(test::account("colder", "ethereum", Tier::hot, "0/9")); }},
        {"wallet of an unknown chain", "wallet \"new\"", "chain \"solana\" is not in the charter",
         [](auto& c) { c.wallets.push_back(test::account("new", "solana", Tier::hot, "0/9")); },
         [](auto& c) { c.wallets.push_back(test::account("new", "polygon", Tier::hot, "0/9")); }},
        {"wallet without a key", "wallet \"purse\"", "names no key", [](auto& c) { wallet_named(c, "purse").keys.clear(); }, no_change},
        {"key in an appliance and outside", "wallet \"purse\"", "not both", [](auto& c) { wallet_named(c, "purse").keys[0].outside = "ledger"; },
         [](auto& c) { wallet_named(c, "purse").keys[0] = {"", "", "", "ledger"}; }},
        {"outside key with a key id", "wallet \"purse\"", "not both", [](auto& c) { wallet_named(c, "purse").keys[0] = {"", "k1", "", "ledger"}; },
         [](auto& c) { wallet_named(c, "purse").keys[0] = {"", "", "0/1", "ledger"}; }},
        {"key of an unknown appliance", "wallet \"purse\"", "appliance \"vault-x\" is not in the charter",
         [](auto& c) { wallet_named(c, "purse").keys[0].appliance = "vault-x"; }, no_change},
        {"unknown key", "wallet \"purse\"", "has no key \"k9\"", [](auto& c) { wallet_named(c, "purse").keys[0].key = "k9"; }, no_change},
        {"path that is none", "wallet \"purse\"", "path \"0//3\"", [](auto& c) { wallet_named(c, "purse").keys[0].path = "0//3"; }, no_change},
        {"hardened path", "wallet \"purse\"", "path \"0h/3\"", [](auto& c) { wallet_named(c, "purse").keys[0].path = "0h/3"; }, no_change},
        {"cold wallet without a person", "wallet \"eth-cold\"", "never signs without a person",
         [](auto& c) { wallet_named(c, "eth-cold").presence = Presence::none; },
         [](auto& c) { wallet_named(c, "eth-warm").presence = Presence::none; }},
        {"no confirmations", "wallet \"purse\"", "confirmations begin with 1", [](auto& c) { wallet_named(c, "purse").confirmations = 0; },
         [](auto& c) { wallet_named(c, "purse").confirmations = 1; }},
        {"two wallets of one address", "wallet \"new\"", "has this address",
         [](auto& c) {
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9"));
             c.wallets.back().address = wallet_named(c, "purse").address;
         },
         [](auto& c) {
             c.wallets.push_back(test::account("new", "polygon", Tier::hot, "0/9"));
             c.wallets.back().address = wallet_named(c, "purse").address;
         },
         ErrorCode::policy_sharedkey},

        // E29, shared keys; the addresses differ so that only the key tells
        {"E29 one key in two wallets of a chain", "wallet \"new\"", "also in wallet \"eth-hot\"",
         [](auto& c) {
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/2"));
             c.wallets.back().address = Bytes(20, 9);
         },
         [](auto& c) { c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9")); }, ErrorCode::policy_sharedkey},
        {"E29 one key written as two paths", "wallet \"new\"", "also in wallet \"eth-hot\"",
         [](auto& c) {
             add_vault_key(c, "k2", vault_a_child_xpub());
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9"));
             c.wallets.back().keys = {{"vault-a", "k2", "2", ""}};
         },
         [](auto& c) {
             add_vault_key(c, "k2", vault_a_child_xpub());
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9"));
             c.wallets.back().keys = {{"vault-a", "k2", "9", ""}};
         },
         ErrorCode::policy_sharedkey},
        {"E29 one extended key under two ids", "wallet \"new\"", "also in wallet \"eth-hot\"",
         [](auto& c) {
             c.appliances[1].keys.push_back({"k2", "[d34db33f/44h/60h/0h]", vault_a_xpub});
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9"));
             c.wallets.back().keys = {{"vault-b", "k2", "0/2", ""}};
         },
         [](auto& c) {
             c.appliances[1].keys.push_back({"k2", "[d34db33f/44h/60h/0h]", vault_a_xpub});
             c.wallets.push_back(test::account("new", "ethereum", Tier::hot, "0/9"));
             c.wallets.back().keys = {{"vault-b", "k2", "0/9", ""}};
         },
         ErrorCode::policy_sharedkey},
        {"E29 one key twice in a wallet", "wallet \"purse\"", "also in wallet \"purse\"",
         [](auto& c) { wallet_named(c, "purse").keys.push_back(wallet_named(c, "purse").keys[0]); },
         [](auto& c) { wallet_named(c, "purse").keys.push_back({"vault-b", "k1", "0/3", ""}); }, ErrorCode::policy_sharedkey},
        {"E29 a descriptor's branch in two wallets", "wallet \"second\"", "also in wallet \"first\"",
         [](auto& c) {
             for (const auto* id : {"first", "second"})
                 c.wallets.push_back(descriptor_wallet(id));
         },
         [](auto& c) { c.wallets.push_back(descriptor_wallet("first")); },
         ErrorCode::policy_sharedkey},
        {"E29 an account below a descriptor's branch", "wallet \"second\"", "also in wallet \"first\"",
         [](auto& c) {
             c.wallets.push_back(descriptor_wallet("first"));
             c.wallets.push_back(account_of_vault_b("second"));
         },
         [](auto& c) { c.wallets.push_back(account_of_vault_b("second")); },
         ErrorCode::policy_sharedkey},
        {"E29 one account, governed on one chain and personal on another", "wallet \"new\"", "also in wallet \"eth-hot\"",
         [](auto& c) {
             c.wallets.push_back(test::account("new", "polygon", Tier::hot, "0/2"));
             c.wallets.back().mode = Mode::personal;
         },
         [](auto& c) { c.wallets.push_back(test::account("new", "polygon", Tier::hot, "0/2")); }, ErrorCode::policy_sharedkey},
        {"E29 one key in two families", "wallet \"new\"", "also in wallet \"eth-hot\"",
         [](auto& c) {
             c.chains.push_back({"tron", "tron", 0, "mainnet", "TRX", 6});
             c.wallets.push_back(test::account("new", "tron", Tier::hot, "0/2"));
         },
         [](auto& c) {
             c.chains.push_back({"tron", "tron", 0, "mainnet", "TRX", 6});
             c.wallets.push_back(test::account("new", "tron", Tier::hot, "0/9"));
         },
         ErrorCode::policy_sharedkey},

        // destinations
        {"destination twice", "destination \"exchange\"", "used twice",
         [](auto& c) { c.destinations.push_back({"exchange", "ethereum", Bytes(20, 1)}); },
         [](auto& c) { c.destinations.push_back({"exchange-2", "ethereum", Bytes(20, 1)}); }},
        {"destination of an unknown chain", "destination \"x\"", "chain \"solana\" is not in the charter",
         [](auto& c) { c.destinations.push_back({"x", "solana", Bytes(20, 1)}); },
         [](auto& c) { c.destinations.push_back({"x", "polygon", Bytes(20, 1)}); }},
        {"two destinations of one address", "destination \"x\"", "has the address of destination \"exchange\"",
         [](auto& c) { c.destinations.push_back({"x", "ethereum", c.destinations[0].address}); },
         [](auto& c) { c.destinations.push_back({"x", "polygon", c.destinations[0].address}); }},
        {"destination without an address", "destination \"x\"", "has no address", [](auto& c) { c.destinations.push_back({"x", "polygon", {}}); },
         [](auto& c) { c.destinations.push_back({"x", "polygon", {1}}); }},

        // limits
        {"limit twice", "limit \"week\"", "used twice", [](auto& c) { c.limits = {week(), week()}; },
         [](auto& c) { c.limits = {week(), week()}, c.limits.back().id = "week-2"; }},
        {"limit of a wallet that is not there", "limit \"week\"", "wallets \"vault\" is not in the charter",
         with_limit([](auto& limit) { limit.wallets = {{"vault"}}, limit.amount.reset(), limit.assets.reset(); }), with_limit([](auto&) {})},
        {"limit of an empty list of wallets", "limit \"week\"", "wallets is an empty list",
         with_limit([](auto& limit) { limit.wallets = std::vector<std::string>{}, limit.assets.reset(), limit.amount.reset(); }),
         with_limit([](auto& limit) { limit.wallets.reset(), limit.assets.reset(), limit.amount.reset(); })},
        {"limit of an empty list of assets", "limit \"week\"", "assets is an empty list",
         with_limit([](auto& limit) { limit.assets = std::vector<std::string>{}, limit.amount.reset(); }),
         with_limit([](auto& limit) { limit.assets.reset(), limit.amount.reset(); })},
        {"limit of an asset that its wallets never have", "limit \"week\"", "asset \"POL\" is on no chain of its wallets",
         with_limit([](auto& limit) { limit.assets = {{"POL"}}, limit.wallets = {{"eth-cold"}}; }),
         with_limit([](auto& limit) { limit.assets = {{"POL"}}, limit.wallets = {{"pol-cold"}}; })},
        {"limit of a destination that is not there", "limit \"week\"", "destinations \"x\" is not in the charter",
         with_limit([](auto& limit) { limit.destinations = {{"x"}}; }), with_limit([](auto& limit) { limit.destinations = {{"supplier"}}; })},
        {"limit of a requester who is no officer", "limit \"week\"", "requesters \"x\" is not in the charter",
         with_limit([](auto& limit) { limit.requesters = {{"x"}}; }), with_limit([](auto& limit) { limit.requesters = {{"olga"}}; })},
        {"limit of an amount of several assets", "limit \"week\"", "names exactly one asset on one chain",
         with_limit([](auto& limit) { limit.assets = {{"ETH", "USDC"}}; }),
         with_limit([](auto& limit) { limit.assets = {{"ETH", "USDC"}}, limit.amount.reset(); })},
        {"limit of an amount of any asset", "limit \"week\"", "names exactly one asset on one chain",
         with_limit([](auto& limit) { limit.assets.reset(), limit.wallets = {{"pol-cold"}}; }), with_limit([](auto& limit) { limit.assets = {{"USDT"}}; })},
        {"limit of one symbol on two chains", "limit \"week\"", "names exactly one asset on one chain",
         [](auto& c) { c.tokens.push_back({"USDC", "polygon", Bytes(20, 9), 6}), with_limit([](auto& limit) { limit.assets = {{"USDC"}}; })(c); },
         [](auto& c) {
             c.tokens.push_back({"USDC", "polygon", Bytes(20, 9), 6});
             with_limit([](auto& limit) { limit.assets = {{"USDC"}}, limit.wallets = {{"eth-cold"}}; })(c);
         }},
        {"limit of nothing", "limit \"week\"", "neither an amount nor a count",
         with_limit([](auto& limit) { limit.amount.reset(), limit.count.reset(); }), with_limit([](auto& limit) { limit.amount.reset(); })},
        {"limit of an amount of 0", "limit \"week\"", "limit of nothing", with_limit([](auto& limit) { limit.amount = Uint256{}; }),
         with_limit([](auto& limit) { limit.amount = Uint256{1}; })},
        {"limit of a count of 0", "limit \"week\"", "limit of nothing", with_limit([](auto& limit) { limit.count = 0; }),
         with_limit([](auto& limit) { limit.count = 1; })},
        {"limit of an absurd amount", "limit \"week\"", "over 192 bits",
         with_limit([](auto& limit) { limit.amount = greatest_limit_amount() + Uint256{1}; }),
         with_limit([](auto& limit) { limit.amount = greatest_limit_amount(); })},
        {"limit per wallet twice", "limit \"week\"", "per names something twice",
         with_limit([](auto& limit) { limit.per = {LimitPer::wallet, LimitPer::wallet}; }),
         with_limit([](auto& limit) { limit.per = {LimitPer::wallet, LimitPer::requester}; })},
        {"limit per in another order", "limit \"week\"", "per names something twice",
         with_limit([](auto& limit) { limit.per = {LimitPer::requester, LimitPer::wallet}; }), with_limit([](auto&) {})},
        {"limit of a short span", "limit \"week\"", "span is not between", with_limit([](auto& limit) { limit.span = {59}; }),
         with_limit([](auto& limit) { limit.span = {60}; })},
        {"limit of a long span", "limit \"week\"", "span is not between", with_limit([](auto& limit) { limit.span = days(367); }),
         with_limit([](auto& limit) { limit.span = days(366); })},

        // rules
        {"rule twice", "rule \"purse\"", "used twice", [](auto& c) { c.rules.push_back(rule_named(c, "purse")); },
         [](auto& c) { c.rules.push_back(rule_named(c, "purse")), c.rules.back().id = "purse-2"; }},
        {"E27 empty list of wallets", "rule \"large\"", "wallets is an empty list",
         [](auto& c) { rule_named(c, "large").wallets = std::vector<std::string>{}; },
         [](auto& c) { rule_named(c, "large").wallets.reset(); }},
        {"E27 empty list of chains", "rule \"large\"", "chains is an empty list",
         [](auto& c) { rule_named(c, "large").chains = std::vector<std::string>{}; },
         [](auto& c) { rule_named(c, "large").chains = {{"ethereum"}}; }},
        {"E27 empty list of assets", "rule \"large\"", "assets is an empty list",
         [](auto& c) { rule_named(c, "large").assets = std::vector<std::string>{}; },
         [](auto& c) { rule_named(c, "large").assets = {{"USDC", "POL"}}; }},
        {"E27 empty list of kinds", "rule \"large\"", "kinds is an empty list", [](auto& c) { rule_named(c, "large").kinds.clear(); }, no_change},
        {"E27 empty list of destinations", "rule \"patient\"", "destinations is an empty list",
         [](auto& c) { rule_named(c, "patient").destinations.names.clear(); }, no_change},
        {"unknown wallet", "rule \"large\"", "wallets \"x\" is not in the charter", [](auto& c) { rule_named(c, "large").wallets->push_back("x"); }, no_change},
        {"unknown chain", "rule \"large\"", "chains \"x\" is not in the charter", [](auto& c) { rule_named(c, "large").chains = {{"x"}}; }, no_change},
        {"unknown asset", "rule \"large\"", "assets \"X\" is not in the charter", [](auto& c) { rule_named(c, "large").assets = {{"X"}}; }, no_change},
        {"unknown destination", "rule \"patient\"", "destination \"x\" is not in the charter",
         [](auto& c) { rule_named(c, "patient").destinations.names = {"x"}; },
         [](auto& c) { rule_named(c, "patient").destinations.names = {"supplier", "exchange"}; }},
        {"a wallet among listed destinations", "rule \"patient\"", "destination \"eth-cold\" is not in the charter",
         [](auto& c) { rule_named(c, "patient").destinations.names = {"eth-cold"}; }, no_change},
        {"a destination among internal ones", "rule \"sweep\"", "destination \"exchange\" is not in the charter",
         [](auto& c) { rule_named(c, "sweep").destinations.names = {"exchange"}; },
         [](auto& c) { rule_named(c, "sweep").destinations.names = {"eth-cold", "cold", "warm", "hot"}; }},
        {"names beside whitelist", "rule \"small\"", "entries beside a class",
         [](auto& c) { rule_named(c, "small").destinations.names = {"exchange"}; }, no_change},
        {"names beside any", "rule \"pocket\"", "entries beside a class",
         [](auto& c) { rule_named(c, "pocket").destinations.names = {"exchange"}; }, no_change},
        {"amounts the wrong way round", "rule \"small\"", "lower bound is above",
         [](auto& c) { rule_named(c, "small").amount = AmountRange{2, 1}; }, [](auto& c) { rule_named(c, "small").amount = AmountRange{2, 2}; }},
        {"amount of any asset", "rule \"small\"", "exactly one asset", [](auto& c) { rule_named(c, "small").assets.reset(); }, no_change},
        {"amount of two assets", "rule \"small\"", "exactly one asset", [](auto& c) { rule_named(c, "small").assets = {{"ETH", "USDC"}}; }, no_change},
        {"amount of two symbols, one of another chain", "rule \"small\"", "exactly one asset",
         [](auto& c) { rule_named(c, "small").assets = {{"ETH", "POL"}}; }, no_change},
        {"amount of one symbol on two chains", "rule \"small\"", "exactly one asset",
         [](auto& c) {
             c.tokens.push_back({"USDC", "polygon", Bytes(20, 1), 18});
             rule_named(c, "small").assets = {{"USDC"}}, rule_named(c, "small").wallets = {{"eth-cold", "pol-cold"}};
         },
         [](auto& c) {
             c.tokens.push_back({"USDC", "polygon", Bytes(20, 1), 18});
             rule_named(c, "small").assets = {{"USDC"}}, rule_named(c, "small").wallets = {{"eth-cold"}};
         }},
        {"amount of one symbol on two chains that the rule covers", "rule \"small\"", "exactly one asset",
         [](auto& c) {
             c.tokens.push_back({"USDC", "polygon", Bytes(20, 1), 18});
             rule_named(c, "small").assets = {{"USDC"}}, rule_named(c, "small").wallets = {{"eth-cold", "pol-cold"}};
             rule_named(c, "small").chains = {{"ethereum", "polygon"}};
         },
         [](auto& c) {
             c.tokens.push_back({"USDC", "polygon", Bytes(20, 1), 18});
             rule_named(c, "small").assets = {{"USDC"}}, rule_named(c, "small").wallets = {{"eth-cold", "pol-cold"}};
             rule_named(c, "small").chains = {{"ethereum"}};
         }},
        {"fee ceiling in two units", "rule \"large\"", "different amounts", [](auto& c) { c.chains[1].decimals = 6; },
         [](auto& c) { c.chains[1].decimals = 6, rule_named(c, "large").chains = {{"ethereum"}}; }},
        {"fee ceiling of two families", "rule \"large\"", "different amounts",
         [](auto& c) { c.chains[1].family = "other", c.wallets[3].keys[0].path = "7"; },
         [](auto& c) {
             c.chains[1].family = "other", c.wallets[3].keys[0].path = "7", rule_named(c, "large").chains = {{"ethereum"}};
         }},
        {"no approvals for a governed wallet", "rule \"large\"", "personal wallets only",
         [](auto& c) { rule_named(c, "large").approvals = quorum("none"); }, no_change},
        {"no approvals for governed and personal wallets", "rule \"purse\"", "personal wallets only",
         [](auto& c) { rule_named(c, "purse").wallets = {{"purse", "eth-hot"}}; }, no_change},
        {"no approvals for any wallet", "rule \"purse\"", "personal wallets only", [](auto& c) { rule_named(c, "purse").wallets.reset(); }, no_change},
        {"threshold beyond reach", "rule \"small\"", "needs 5 of finance, but only alice, bob, carol, erin have that role",
         [](auto& c) { rule_named(c, "small").approvals = quorum("5 of finance"), c.amendment = quorum("3 of admin and 2 of finance"); },
         [](auto& c) { rule_named(c, "small").approvals = quorum("3 of finance"); }},
        {"threshold of a role of one", "rule \"small\"", "only olga has that role",
         [](auto& c) { rule_named(c, "small").approvals = quorum("2 of operations"); },
         [](auto& c) { rule_named(c, "small").approvals = quorum("1 of operations"); }},
        {"threshold of a role of nobody", "rule \"small\"", "nobody has that role",
         [](auto& c) { rule_named(c, "small").approvals = quorum("1 of board"); }, no_change},
        {"an alternative beyond reach", "rule \"small\"", "one officer fills one place",
         [](auto& c) {
             rule_named(c, "small").approvals = quorum("1 of finance or 2 of compliance and 1 of compliance");
         },
         [](auto& c) { rule_named(c, "small").approvals = quorum("1 of finance or 2 of compliance"); }},
        {"life under a minute", "rule \"large\"", "expires is not between", [](auto& c) { rule_named(c, "large").expires = {59}; },
         [](auto& c) { rule_named(c, "large").expires = {60}; }},
        {"life over a year", "rule \"large\"", "expires is not between", [](auto& c) { rule_named(c, "large").expires = {365 * 86400 + 1}; },
         [](auto& c) { rule_named(c, "large").expires = {365 * 86400}; }},
        {"delay as long as the life", "rule \"patient\"", "not shorter than expires",
         [](auto& c) { rule_named(c, "patient").delay = rule_named(c, "patient").expires; },
         [](auto& c) { rule_named(c, "patient").delay = rule_named(c, "patient").expires - Duration{1}; }},

        // amendment
        {"amendment by nobody", "amendment", "personal wallets only", [](auto& c) { c.amendment = quorum("none"); }, no_change},
        {"amendment beyond reach", "amendment", "needs 4 of admin", [](auto& c) { c.amendment = quorum("4 of admin"); }, no_change},
        {"amendment weaker than a rule", "amendment", "weaker than the 3 that rule \"large\"",
         [](auto& c) { c.amendment = quorum("2 of admin"); }, [](auto& c) { c.amendment = quorum("2 of admin and 1 of finance"); }},
        {"amendment with one weak alternative", "amendment", "its quorum of 1 is weaker",
         [](auto& c) { c.amendment = quorum("3 of admin or 1 of compliance"); },
         [](auto& c) { c.amendment = quorum("3 of admin or 1 of compliance and 2 of finance"); }},
    };
}

/// Names of ours and hostile text are quoted differently; the table above need not know which is which.
std::string with_plain_quotes(std::string text)
{
    std::ranges::replace(text, '`', '"');
    return text;
}

std::string in_words(const std::vector<Problem>& problems)
{
    std::string words;
    for (const auto& problem : problems)
        words += problem.place + ": " + problem.message + "\n";
    return words;
}

TEST(CharterCheck, FindsNothingWrongWithTheExample)
{
    EXPECT_EQ(in_words(check(test::example_charter())), "");
    EXPECT_NO_THROW(require_valid(test::example_charter()));
}

TEST(CharterCheck, ReportsEachFaultAndSparesItsTwin) // E03, E27, E29
{
    for (const auto& test_case : cases()) {
        SCOPED_TRACE(test_case.name);
        auto charter = test::example_charter();
        test_case.benign(charter);
        EXPECT_EQ(in_words(check(charter)), "");

        charter = test::example_charter();
        test_case.hostile(charter);
        const auto problems = check(charter);
        const auto found = std::ranges::find_if(problems, [&](const Problem& problem) {
            return problem.place == test_case.place && problem.code == test_case.code &&
                   with_plain_quotes(problem.message).find(test_case.message) != std::string::npos;
        });
        EXPECT_NE(found, problems.end()) << in_words(problems);
        EXPECT_ERROR(require_valid(charter), problems.empty() ? ErrorCode::internal : problems.front().code);
        EXPECT_THROW(static_cast<void>(test::founded(charter)), Error);
    }
}

TEST(CharterCheck, NamesARuleWithoutACeilingForItsFee) // B12, A24
{
    auto charter = test::example_charter();
    EXPECT_TRUE(find_weaknesses(charter).empty());
    rule_named(charter, "large").max_fee.reset();
    rule_named(charter, "large").max_feerate = 1;
    rule_named(charter, "large").max_fee_share = 1;
    EXPECT_TRUE(check(charter).empty());
    const auto found = find_weaknesses(charter);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].place, "rule \"large\"");
    EXPECT_NE(found[0].message.find("max_fee"), std::string::npos);
}

TEST(CharterCheck, NamesARuleThatNeverDecides)
{
    const auto weaknesses = [](const std::function<void(Rule& wide, Rule& narrow)>& change) {
        auto charter = test::example_charter();
        auto wide = rule_named(charter, "small");
        wide.id = "wide";
        wide.wallets = {{"pol-cold", "eth-hot"}};
        wide.kinds = {RequestKind::transfer, RequestKind::bump};
        wide.chains = {{"ethereum", "polygon"}};
        wide.assets = {{"ETH", "USDC"}};
        wide.amount.reset();
        auto narrow = wide;
        narrow.id = "narrow";
        narrow.kinds = {RequestKind::transfer};
        narrow.assets = {{"ETH"}};
        narrow.destinations = {DestinationClass::Kind::listed, {"exchange"}};
        change(wide, narrow);
        charter.rules = {wide, narrow};
        std::vector<std::string> lines;
        for (const auto& problem : find_weaknesses(charter))
            lines.push_back(problem.place + ": " + problem.message);
        return lines;
    };
    const std::vector<std::string> never{"rule \"narrow\": it never decides: rule \"wide\" before it covers all that it is for"};
    using Kind = DestinationClass::Kind;
    EXPECT_EQ(weaknesses([](auto&, auto&) {}), never);
    EXPECT_EQ(weaknesses([](auto& wide, auto&) { wide.wallets.reset(), wide.chains.reset(), wide.assets.reset(); }), never);
    EXPECT_EQ(weaknesses([](auto& wide, auto&) { wide.destinations.kind = Kind::any; }), never);
    EXPECT_EQ(weaknesses([](auto& wide, auto& narrow) { wide.destinations = narrow.destinations; }), never);
    EXPECT_EQ(weaknesses([](auto& wide, auto& narrow) { wide.destinations = {Kind::internal, {}}, narrow.destinations = {Kind::internal, {}}; }), never);
    EXPECT_EQ(weaknesses([](auto& wide, auto& narrow) { wide.amount = AmountRange{1, 5}, narrow.amount = AmountRange{1, 5}; }), never);

    const std::vector<std::function<void(Rule&, Rule&)>> apart{
        [](auto&, auto& narrow) { narrow.wallets.reset(); },
        [](auto&, auto& narrow) { narrow.wallets = {{"pol-cold", "eth-warm"}}; },
        [](auto&, auto& narrow) { narrow.kinds.push_back(RequestKind::void_); },
        [](auto& wide, auto&) { wide.chains = {{"polygon"}}; },
        [](auto&, auto& narrow) { narrow.assets = {{"POL"}}; },
        [](auto& wide, auto&) { wide.amount = AmountRange{0, 5}; },
        [](auto& wide, auto& narrow) { wide.amount = AmountRange{1, 5}, narrow.amount = AmountRange{0, 5}; },
        [](auto& wide, auto& narrow) { wide.amount = AmountRange{1, 5}, narrow.amount = AmountRange{1, 6}; },
        [](auto&, auto& narrow) { narrow.destinations.kind = Kind::any; },
        [](auto& wide, auto&) { wide.destinations = {Kind::listed, {"supplier"}}; },
        [](auto& wide, auto& narrow) { wide.destinations = {Kind::internal, {}}, narrow.destinations = {Kind::internal, {"hot"}}; },
    };
    for (const auto& change : apart)
        EXPECT_EQ(weaknesses(change), std::vector<std::string>{});
    EXPECT_EQ(weaknesses([](auto&, auto& narrow) { narrow.wallets = {{"eth-warm"}}, narrow.chains = {{"polygon"}}; }),
              std::vector<std::string>{"rule \"narrow\": it never decides: none of its wallets is on its chains"});
}

TEST(CharterCheck, ACharterWithoutOfficersIsRefused)
{
    auto charter = test::example_charter();
    charter.officers.clear();
    charter.roles.clear();
    const auto problems = check(charter);
    EXPECT_NE(in_words(problems).find("there is no officer"), std::string::npos);
}

TEST(CharterCheck, ADelayOfOverAYearIsRefused)
{
    auto charter = test::example_charter();
    rule_named(charter, "patient").delay = days(366);
    EXPECT_NE(in_words(check(charter)).find("delay is over 365 days"), std::string::npos);
}

TEST(CharterCheck, TheSameAccountMayStandOnSeveralChainsOfAFamily)
{
    const auto charter = test::example_charter();
    EXPECT_EQ(charter.wallet("eth-cold").address, charter.wallet("pol-cold").address);
    EXPECT_TRUE(check(charter).empty());
}

TEST(CharterCheck, RequireValidThrowsTheFirstProblemWithItsPlace)
{
    auto charter = test::example_charter();
    charter.officers[5].keys = {test::approval_key_named("alice")};
    try {
        require_valid(charter);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::policy_dupkey);
        EXPECT_EQ(error.message().rfind("officer \"olga\": ", 0), 0U) << error.message();
    }
}

} // namespace
} // namespace coffer::charter
