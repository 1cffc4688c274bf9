// Usage: node sign-psbt.mjs bitcoinjs|scure FOLDER
//
// Signs FOLDER/psbt.base64 with the keys below the extended private key FOLDER/account, as fast as the library goes,
// and prints the PSBT in base64. bitcoinjs-lib also verifies each signature. For scripts/bench.

import { readFileSync } from "node:fs";
import * as scure from "@scure/btc-signer";
import { BIP32Factory } from "bip32";
import { Psbt, crypto, initEccLib, networks } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { fail } from "./rpc.mjs";

initEccLib(ecc);
const network = networks.regtest;
const [library, folder] = process.argv.slice(2);
const text = readFileSync(`${folder}/psbt.base64`, "utf8");
const account = BIP32Factory(ecc).fromBase58(readFileSync(`${folder}/account`, "utf8"), network);
const branch = account.derive(0);

// All inputs are on the receive branch, in order.
const key_of = (input) => branch.derive(input);

function is_valid(pubkey, digest, signature) {
    return pubkey.length === 32 ? ecc.verifySchnorr(digest, pubkey, signature) : ecc.verify(digest, pubkey, signature, true);
}

function sign_with_bitcoinjs() {
    const psbt = Psbt.fromBase64(text, { network });
    psbt.data.inputs.forEach(({ tapInternalKey }, i) => {
        const key = key_of(i);
        psbt.signInput(i, tapInternalKey ? key.tweak(crypto.taggedHash("TapTweak", tapInternalKey)) : key);
        if (!psbt.validateSignaturesOfInput(i, is_valid)) fail(`input ${i}: the signature is not valid`);
    });
    return psbt.toBase64();
}

function sign_with_scure() {
    const tx = scure.Transaction.fromPSBT(Buffer.from(text, "base64"), { lowR: false });
    for (let i = 0; i < tx.inputsLength; ++i) tx.signIdx(key_of(i).privateKey, i, undefined, new Uint8Array(32));
    return Buffer.from(tx.toPSBT(0)).toString("base64");
}

const libraries = { bitcoinjs: sign_with_bitcoinjs, scure: sign_with_scure };
if (!libraries[library] || !folder) fail("usage: node sign-psbt.mjs bitcoinjs|scure FOLDER");
console.log(libraries[library]());
