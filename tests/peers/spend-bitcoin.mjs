// Usage: node spend-bitcoin.mjs addresses
//        node spend-bitcoin.mjs bitcoinjs|scure TYPE < JSON
//
// The first prints {TYPE: address} of the test's own keys on regtest. The second reads
// {"coins": [{"txid", "vout", "value", "hex"}], "outputs": [{"address", "value"}], "sequence",
// "locktime"}, values in satoshi, and prints the transaction that spends these coins of TYPE,
// signed by that library.

import { readFileSync } from "node:fs";
import * as scure from "@scure/btc-signer";
import { Psbt, crypto, initEccLib, networks, payments } from "bitcoinjs-lib";
import { ECPairFactory } from "ecpair";
import * as ecc from "tiny-secp256k1";
import { fail } from "./rpc.mjs";

initEccLib(ecc);
const network = networks.regtest;
const pairs = [1, 2, 3].map((i) => ECPairFactory(ecc).fromPrivateKey(Buffer.alloc(32, i), { network }));
const [first, second] = pairs;
const pubkey = first.publicKey;
const internalPubkey = pubkey.subarray(1);
const pubkeys = pairs.map((pair) => pair.publicKey).sort(Buffer.compare);

const nested = payments.p2wpkh({ pubkey, network });
const multisig = payments.p2ms({ m: 2, pubkeys, network });
const types = {
    p2pkh: { payment: payments.p2pkh({ pubkey, network }), signers: [first] },
    "p2sh-p2wpkh": {
        payment: payments.p2sh({ redeem: nested, network }),
        signers: [first],
        redeemScript: nested.output,
    },
    p2wpkh: { payment: nested, signers: [first] },
    p2wsh: {
        payment: payments.p2wsh({ redeem: multisig, network }),
        signers: [first, second],
        witnessScript: multisig.output,
    },
    p2tr: {
        payment: payments.p2tr({ internalPubkey, network }),
        signers: [taproot_signer()],
        tapInternalKey: internalPubkey,
    },
};

function taproot_signer() {
    return first.tweak(crypto.taggedHash("TapTweak", internalPubkey));
}

function input_fields({ payment, redeemScript, witnessScript, tapInternalKey }, coin) {
    return {
        witnessUtxo: { script: payment.output, value: BigInt(coin.value) },
        ...(tapInternalKey ? { tapInternalKey } : { nonWitnessUtxo: Buffer.from(coin.hex, "hex") }),
        ...(redeemScript && { redeemScript }),
        ...(witnessScript && { witnessScript }),
    };
}

function sign_with_bitcoinjs(type, { coins, outputs, sequence, locktime }) {
    const psbt = new Psbt({ network }).setLocktime(locktime);
    for (const coin of coins) {
        psbt.addInput({ hash: coin.txid, index: coin.vout, sequence, ...input_fields(type, coin) });
    }
    for (const { address, value } of outputs) psbt.addOutput({ address, value: BigInt(value) });
    for (const signer of type.signers) psbt.signAllInputs(signer);
    return psbt.finalizeAllInputs().extractTransaction(true).toHex();
}

function sign_with_scure(type, { coins, outputs, sequence, locktime }) {
    const tx = new scure.Transaction({ lockTime: locktime });
    for (const coin of coins) {
        const fields = input_fields(type, coin);
        const { script, value: amount } = fields.witnessUtxo;
        tx.addInput({ ...fields, txid: coin.txid, index: coin.vout, sequence, witnessUtxo: { script, amount } });
    }
    for (const { address, value } of outputs) tx.addOutputAddress(address, BigInt(value), network);
    const keys = type.tapInternalKey ? [first] : type.signers;
    for (const { privateKey } of keys) tx.sign(Uint8Array.from(privateKey));
    tx.finalize();
    return tx.hex;
}

const libraries = { bitcoinjs: sign_with_bitcoinjs, scure: sign_with_scure };

function main([library, type]) {
    if (library === "addresses") {
        const named = Object.entries(types).map(([name, { payment }]) => [name, payment.address]);
        return JSON.stringify(Object.fromEntries(named));
    }
    if (!libraries[library] || !types[type]) fail("usage: node spend-bitcoin.mjs addresses | bitcoinjs|scure TYPE");
    return libraries[library](types[type], JSON.parse(readFileSync(0, "utf8")));
}

process.stdout.write(`${main(process.argv.slice(2))}\n`);
