// Usage: node judge-bitcoin.mjs wallet|psbt|bitcoinjs|scure|verify KIND < JSON
//
// What bitcoinjs-lib and @scure/btc-signer say of a wallet of KIND (bitcoin-wallets.mjs), from {"words": [MNEMONIC…], …}:
//   wallet    {"descriptor", "bitcoinjs": {"receive", "change"}, "scure": …}, `count` addresses each
//   psbt      in base64, of {"coins": [{"branch", "index", "txid", "vout", "value", "hex"}], "payments":
//             [{"address", "value"}], "change": {"index", "value"}}
//   bitcoinjs, scure: the PSBT `psbt` of these coins signed by `signers`: {"digests", "signatures":
//             {"INPUT PUBKEY": SIGNATURE}, "transaction"}, signatures in 64 bytes
//   verify    the transaction that bitcoinjs-lib makes of the PSBT and `signatures`, once it has verified each

import { readFileSync } from "node:fs";
import * as scure from "@scure/btc-signer";
import { Psbt, Transaction, crypto, script } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { Wallet, kinds, network } from "./bitcoin-wallets.mjs";
import { fail } from "./rpc.mjs";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => Buffer.from(text, "hex");
const sighash_all = Transaction.SIGHASH_ALL;

function addresses(wallet, count, address_of) {
    const branch = (number) => Array.from({ length: count }, (_, index) => address_of(wallet.at(number, index)));
    return { receive: branch(0), change: branch(1) };
}

function describe_wallet(wallet, { count }) {
    return {
        descriptor: wallet.descriptor,
        bitcoinjs: addresses(wallet, count, ({ payment }) => payment.address),
        scure: addresses(wallet, count, ({ scure: made }) => made.address),
    };
}

function origin_fields({ payment, origins }) {
    if (!payment.internalPubkey) return { bip32Derivation: origins };
    const [origin] = origins;
    return {
        tapInternalKey: payment.internalPubkey,
        tapBip32Derivation: [{ ...origin, pubkey: payment.internalPubkey, leafHashes: [] }],
    };
}

function script_fields({ payment }) {
    const { redeem } = payment;
    if (!redeem) return {};
    if (payment.name.startsWith("p2wsh")) return { witnessScript: redeem.output };
    return { redeemScript: redeem.output, ...(redeem.redeem && { witnessScript: redeem.redeem.output }) };
}

function make_psbt(wallet, { coins, payments, change }) {
    const psbt = new Psbt({ network });
    for (const { branch, index, txid, vout, value, hex: previous } of coins) {
        const place = wallet.at(branch, index);
        const witnessUtxo = { script: place.payment.output, value: BigInt(value) };
        psbt.addInput({
            hash: txid,
            index: vout,
            sequence: 0xfffffffd,
            nonWitnessUtxo: bytes(previous),
            ...(wallet.is_segwit && { witnessUtxo }),
            ...script_fields(place),
            ...origin_fields(place),
        });
    }
    for (const { address, value } of payments) psbt.addOutput({ address, value: BigInt(value) });
    const place = wallet.at(1, change.index);
    psbt.addOutput({
        script: place.payment.output,
        value: BigInt(change.value),
        ...script_fields(place),
        ...origin_fields(place),
    });
    return psbt.toBase64();
}

const places_of = (wallet, { coins }) => coins.map(({ branch, index }) => wallet.at(branch, index));
const is_witness = (psbt, i) => psbt.data.inputs[i].witnessUtxo !== undefined;

function spent_of(places, coins) {
    return { scripts: places.map(({ payment }) => payment.output), values: coins.map(({ value }) => BigInt(value)) };
}

function bitcoinjs_digests(psbt, places, coins) {
    const tx = Transaction.fromBuffer(psbt.data.getTransaction());
    const { scripts, values } = spent_of(places, coins);
    return places.map(({ code }, i) => {
        if (!code) return tx.hashForWitnessV1(i, scripts, values, Transaction.SIGHASH_DEFAULT);
        if (is_witness(psbt, i)) return tx.hashForWitnessV0(i, code, values[i], sighash_all);
        return tx.hashForSignature(i, code, sighash_all);
    });
}

function scure_digests(tx, psbt, places, coins) {
    const { scripts, values } = spent_of(places, coins);
    return places.map(({ code }, i) => {
        if (!code) return tx.preimageWitnessV1(i, scripts, 0, values);
        if (is_witness(psbt, i)) return tx.preimageWitnessV0(i, code, sighash_all, values[i]);
        return tx.preimageLegacy(i, code, sighash_all);
    });
}

function signing_key(key, { internalPubkey }) {
    return internalPubkey ? key.tweak(crypto.taggedHash("TapTweak", internalPubkey)) : key;
}

// {"INPUT PUBKEY": SIGNATURE} of what a PSBT carries; `inputs` in the words of either library.
function signatures_in(inputs, places) {
    const found = {};
    inputs.forEach(({ partialSig = [], tapKeySig }, i) => {
        for (const { pubkey, signature } of partialSig) {
            found[`${i} ${hex(pubkey)}`] = hex(script.signature.decode(signature).signature);
        }
        if (tapKeySig) found[`${i} ${hex(places[i].payment.pubkey)}`] = hex(tapKeySig);
    });
    return found;
}

function sign_with_bitcoinjs(wallet, { psbt: text, coins, signers }) {
    const psbt = Psbt.fromBase64(text, { network });
    const places = places_of(wallet, { coins });
    places.forEach(({ keys, payment }, i) => {
        for (const signer of signers) psbt.signInput(i, signing_key(keys[signer], payment));
    });
    const signatures = signatures_in(psbt.data.inputs, places);
    return {
        digests: bitcoinjs_digests(psbt, places, coins).map(hex),
        signatures,
        transaction: psbt.finalizeAllInputs().extractTransaction(true).toHex(),
    };
}

function sign_with_scure(wallet, { psbt: text, coins, signers }) {
    const psbt = Psbt.fromBase64(text, { network });
    const tx = scure.Transaction.fromPSBT(Buffer.from(text, "base64"), { lowR: false });
    const places = places_of(wallet, { coins });
    places.forEach(({ keys }, i) => {
        for (const signer of signers) tx.signIdx(Uint8Array.from(keys[signer].privateKey), i, undefined, new Uint8Array(32));
    });
    const inputs = places.map((_, i) => tx.getInput(i)).map(({ partialSig, tapKeySig }) => ({
        partialSig: partialSig?.map(([pubkey, signature]) => ({ pubkey, signature })),
        tapKeySig,
    }));
    const digests = scure_digests(tx, psbt, places, coins).map(hex);
    tx.finalize();
    return { digests, signatures: signatures_in(inputs, places), transaction: tx.hex };
}

function is_valid(pubkey, digest, signature) {
    return pubkey.length === 32 ? ecc.verifySchnorr(digest, pubkey, signature) : ecc.verify(digest, pubkey, signature, true);
}

function verify(wallet, { psbt: text, coins, signatures }) {
    const psbt = Psbt.fromBase64(text, { network });
    for (const [name, signature] of Object.entries(signatures)) {
        const [input, pubkey] = name.split(" ");
        psbt.updateInput(Number(input), pubkey.length === 64
            ? { tapKeySig: bytes(signature) }
            : { partialSig: [{ pubkey: bytes(pubkey), signature: script.signature.encode(bytes(signature), sighash_all) }] });
    }
    coins.forEach((_, i) => {
        if (!psbt.validateSignaturesOfInput(i, is_valid)) fail(`input ${i}: a signature is not valid`);
    });
    return psbt.finalizeAllInputs().extractTransaction(true).toHex();
}

const commands = {
    wallet: describe_wallet,
    psbt: make_psbt,
    bitcoinjs: sign_with_bitcoinjs,
    scure: sign_with_scure,
    verify,
};

const [command, kind] = process.argv.slice(2);
if (!commands[command] || !kinds[kind]) fail("usage: node judge-bitcoin.mjs wallet|psbt|bitcoinjs|scure|verify KIND < JSON");
const order = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(`${JSON.stringify(commands[command](new Wallet(kind, order.words), order))}\n`);
