// Usage: node derive-accounts.mjs < {"words": MNEMONIC, "account": N}
//
// The account N of every chain and purpose: {"CHAIN PURPOSE": {"origin", "xpub", "public_key", "address"}}, an Ed25519 one without
// "xpub", a cosigner's without "address". Bitcoin by bitcoinjs-lib and @scure/btc-signer, which must agree; Ethereum by
// ethers; TRON by its hash and base58; Solana by ed25519-hd-key.

import { pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import * as scure from "@scure/btc-signer";
import { BIP32Factory } from "bip32";
import { initEccLib, networks, payments } from "bitcoinjs-lib";
import { derivePath, getPublicKey } from "ed25519-hd-key";
import { HDNodeWallet, computeAddress, encodeBase58, sha256 } from "ethers";
import * as ecc from "tiny-secp256k1";
import { fail } from "./rpc.mjs";

initEccLib(ecc);
const bip32 = BIP32Factory(ecc);
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const bitcoin_networks = {
    bitcoin: [networks.bitcoin, 0],
    testnet: [networks.testnet, 1],
    testnet4: [networks.testnet, 1],
    signet: [networks.testnet, 1],
    regtest: [networks.regtest, 1],
};
const scripts = {
    44: [(pubkey, network) => payments.p2pkh({ pubkey, network }), scure.p2pkh],
    49: [(pubkey, network) => payments.p2sh({ redeem: payments.p2wpkh({ pubkey, network }), network }),
         (pubkey, network) => scure.p2sh(scure.p2wpkh(pubkey, network), network)],
    84: [(pubkey, network) => payments.p2wpkh({ pubkey, network }), scure.p2wpkh],
    86: [(pubkey, network) => payments.p2tr({ internalPubkey: pubkey.subarray(1), network }),
         (pubkey, network) => scure.p2tr(pubkey.subarray(1), undefined, network)],
};

const origin_of = (master, path) => `[${hex(master.fingerprint)}${path.slice(1)}]`;

function bitcoin_account(seed, network, path, script) {
    const master = bip32.fromSeed(seed, network);
    const account = master.derivePath(path.replaceAll("h", "'")).neutered();
    const pubkey = account.derive(0).derive(0).publicKey;
    const found = { origin: origin_of(master, path), xpub: account.toBase58(), public_key: hex(pubkey) };
    if (!script) return found;
    const [bitcoinjs, from_scure] = script;
    const { address } = bitcoinjs(pubkey, network);
    const other = from_scure(pubkey, network).address;
    if (address !== other) fail(`${path}: bitcoinjs-lib has ${address}, @scure/btc-signer ${other}`);
    return { ...found, address };
}

function tron_address(public_key) {
    const payload = `0x41${computeAddress(public_key).slice(2)}`;
    return encodeBase58(payload + sha256(sha256(payload)).slice(2, 10));
}

function account_of_ethers(seed, path, address_of) {
    const master = HDNodeWallet.fromSeed(seed);
    const account = master.derivePath(path.replaceAll("h", "'")).neuter();
    const public_key = account.derivePath("0/0").publicKey;
    const origin = `[${master.fingerprint.slice(2)}${path.slice(1)}]`;
    return { origin, xpub: account.extendedKey, public_key: public_key.slice(2), address: address_of(public_key) };
}

function solana_account(seed, path) {
    const { key } = derivePath(path.replaceAll("h", "'"), hex(seed));
    const public_key = getPublicKey(key, false);
    return { origin: origin_of(bip32.fromSeed(seed), path), public_key: hex(public_key), address: encodeBase58(public_key) };
}

const { words, account } = JSON.parse(readFileSync(0, "utf8"));
const seed = pbkdf2Sync(words, "mnemonic", 2048, 64, "sha512");
const accounts = {
    "evm 44": account_of_ethers(seed, `m/44h/60h/${account}h`, computeAddress),
    "tron 44": account_of_ethers(seed, `m/44h/195h/${account}h`, tron_address),
    "solana 44": solana_account(seed, `m/44h/501h/${account}h/0h`),
};
for (const [name, [network, coin]] of Object.entries(bitcoin_networks)) {
    for (const [purpose, script] of Object.entries(scripts)) {
        accounts[`${name} ${purpose}`] = bitcoin_account(seed, network, `m/${purpose}h/${coin}h/${account}h`, script);
    }
    accounts[`${name} 48`] = bitcoin_account(seed, network, `m/48h/${coin}h/${account}h/2h`);
}
process.stdout.write(`${JSON.stringify(accounts)}\n`);
