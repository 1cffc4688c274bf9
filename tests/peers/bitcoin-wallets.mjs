// Descriptor wallets on regtest as bitcoinjs-lib and @scure/btc-signer each make them, from the words of
// BIP-39 mnemonics.

import { pbkdf2Sync } from "node:crypto";
import * as scure from "@scure/btc-signer";
import { BIP32Factory } from "bip32";
import { initEccLib, networks, payments } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";

initEccLib(ecc);
const bip32 = BIP32Factory(ecc);
export const network = networks.regtest;

const threshold = 2;
const sorted = (pubkeys) => [...pubkeys].sort(Buffer.compare);
const as_given = (pubkeys) => pubkeys;
const p2ms = (order) => (pubkeys) => payments.p2ms({ m: threshold, pubkeys: order(pubkeys), network });
const scure_ms = (order) => (pubkeys) => scure.p2ms(threshold, order(pubkeys));
const in_p2sh = (redeem) => payments.p2sh({ redeem, network });
const in_p2wsh = (redeem) => payments.p2wsh({ redeem, network });
const one = (make) => ([pubkey]) => make(pubkey);
const x_only = (pubkey) => pubkey.subarray(1);

function multisig(path, order, descriptor, bitcoinjs, from_scure) {
    return {
        path,
        signers: 3,
        descriptor: (keys) => descriptor(keys.join(",")),
        bitcoinjs: (pubkeys) => bitcoinjs(p2ms(order)(pubkeys)),
        scure: (pubkeys) => from_scure(scure_ms(order)(pubkeys)),
    };
}

function single(path, descriptor, bitcoinjs, from_scure) {
    return { path, signers: 1, descriptor: ([key]) => descriptor(key), bitcoinjs: one(bitcoinjs), scure: one(from_scure) };
}

export const kinds = {
    pkh: single(
        "m/44h/1h/0h",
        (key) => `pkh(${key})`,
        (pubkey) => payments.p2pkh({ pubkey, network }),
        (pubkey) => scure.p2pkh(pubkey, network),
    ),
    wpkh: single(
        "m/84h/1h/0h",
        (key) => `wpkh(${key})`,
        (pubkey) => payments.p2wpkh({ pubkey, network }),
        (pubkey) => scure.p2wpkh(pubkey, network),
    ),
    "sh(wpkh)": single(
        "m/49h/1h/0h",
        (key) => `sh(wpkh(${key}))`,
        (pubkey) => in_p2sh(payments.p2wpkh({ pubkey, network })),
        (pubkey) => scure.p2sh(scure.p2wpkh(pubkey, network), network),
    ),
    tr: single(
        "m/86h/1h/0h",
        (key) => `tr(${key})`,
        (pubkey) => payments.p2tr({ internalPubkey: x_only(pubkey), network }),
        (pubkey) => scure.p2tr(x_only(pubkey), undefined, network),
    ),
    "sh(multi)": multisig(
        "m/45h",
        as_given,
        (keys) => `sh(multi(2,${keys}))`,
        in_p2sh,
        (ms) => scure.p2sh(ms, network),
    ),
    "wsh(multi)": multisig(
        "m/48h/1h/0h/2h",
        as_given,
        (keys) => `wsh(multi(2,${keys}))`,
        in_p2wsh,
        (ms) => scure.p2wsh(ms, network),
    ),
    "wsh(sortedmulti)": multisig(
        "m/48h/1h/0h/2h",
        sorted,
        (keys) => `wsh(sortedmulti(2,${keys}))`,
        in_p2wsh,
        (ms) => scure.p2wsh(ms, network),
    ),
    "sh(wsh(sortedmulti))": multisig(
        "m/48h/1h/0h/1h",
        sorted,
        (keys) => `sh(wsh(sortedmulti(2,${keys})))`,
        (ms) => in_p2sh(in_p2wsh(ms)),
        (ms) => scure.p2sh(scure.p2wsh(ms, network), network),
    ),
};

// What the signature hash takes as script code (BIP-143), null for taproot.
function script_code({ name, output, redeem }) {
    if (name.startsWith("p2tr")) return null;
    if (redeem) return script_code(redeem);
    return name === "p2wpkh" ? payments.p2pkh({ hash: output.subarray(2), network }).output : output;
}

export class Wallet {
    constructor(kind, words) {
        this.kind = kinds[kind];
        this.is_segwit = /wpkh|wsh|tr/.test(kind);
        this.masters = words.slice(0, this.kind.signers).map((text) =>
            bip32.fromSeed(pbkdf2Sync(text, "mnemonic", 2048, 64, "sha512"), network));
        this.accounts = this.masters.map((master) => master.derivePath(this.kind.path.replaceAll("h", "'")));
    }

    get descriptor() {
        const keys = this.accounts.map((account, i) => {
            const fingerprint = Buffer.from(this.masters[i].fingerprint).toString("hex");
            return `[${fingerprint}${this.kind.path.slice(1)}]${account.neutered().toBase58()}/<0;1>/*`;
        });
        return this.kind.descriptor(keys);
    }

    // What either library makes of a branch at an index, and the keys that are in it.
    at(branch, index) {
        const keys = this.accounts.map((account) => account.derive(branch).derive(index));
        const pubkeys = keys.map(({ publicKey }) => publicKey);
        const payment = this.kind.bitcoinjs(pubkeys);
        const origins = keys.map(({ publicKey }, i) => ({
            masterFingerprint: this.masters[i].fingerprint,
            path: `${this.kind.path.replaceAll("h", "'")}/${branch}/${index}`,
            pubkey: publicKey,
        }));
        return { payment, scure: this.kind.scure(pubkeys), keys, origins, code: script_code(payment) };
    }
}
