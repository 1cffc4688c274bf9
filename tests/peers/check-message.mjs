// Usage: node check-message.mjs eip191 ADDRESS SIGNATURE < TEXT
//        node check-message.mjs bip322 ADDRESS SIGNATURE < TEXT
//
// Whether others take the signature of a text: ethers and viem, or for BIP-322's simple form (on
// regtest) a verification that is built of bitcoinjs-lib's transactions and hashes and of
// tiny-secp256k1. Prints {"valid": …}; exit status 1 unless it is.

import { readFileSync } from "node:fs";
import { Transaction, address as addresses, crypto, initEccLib, networks, script as scripts } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { verifyMessage } from "ethers";
import { recoverMessageAddress, toHex } from "viem";
import { fail } from "./rpc.mjs";

initEccLib(ecc);
const same = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

async function eip191(address, signature, text) {
    const by_viem = await recoverMessageAddress({ message: { raw: toHex(text) }, signature });
    return verifyMessage(text, signature) === address && by_viem === address;
}

function read_witness(signature) {
    const bytes = Buffer.from(signature.replace(/^smp/, ""), "base64");
    let at = 0;
    const size = () => (bytes[at] < 0xfd ? bytes[at++] : ((at += 3), bytes.readUInt16LE(at - 2)));
    const items = Array.from({ length: size() }, () => {
        const length = size();
        at += length;
        return bytes.subarray(at - length, at);
    });
    if (at !== bytes.length) throw new Error("bytes behind the witness");
    return items;
}

/// BIP-322, "Full": the transaction that is signed, and what it spends.
function to_sign(output, text) {
    const to_spend = new Transaction();
    to_spend.version = 0;
    const tag = crypto.sha256(Buffer.from("BIP0322-signed-message"));
    const hash = crypto.sha256(Buffer.concat([tag, tag, text]));
    to_spend.addInput(Buffer.alloc(32), 0xffffffff, 0, Buffer.concat([Buffer.from([0, 32]), hash]));
    to_spend.addOutput(output, 0n);
    const made = new Transaction();
    made.version = 0;
    made.addInput(to_spend.getHash(), 0, 0);
    made.addOutput(Buffer.from([0x6a]), 0n);
    return made;
}

function ecdsa_by(transaction, code, item, key) {
    const { signature, hashType } = scripts.signature.decode(item);
    return hashType === Transaction.SIGHASH_ALL && ecc.verify(transaction.hashForWitnessV0(0, code, 0n, hashType), key, signature, true);
}

function multisig_by(transaction, witness_script, items) {
    const [threshold, ...rest] = scripts.decompile(witness_script);
    const keys = rest.slice(0, -2);
    if (items[0].length !== 0 || items.length - 1 !== threshold - 0x50) return false;
    let next = 0; // signatures stand in the order of their keys
    for (const item of items.slice(1)) {
        while (next < keys.length && !ecdsa_by(transaction, witness_script, item, keys[next])) ++next;
        if (next++ === keys.length) return false;
    }
    return true;
}

function bip322(address, signature, text) {
    const output = addresses.toOutputScript(address, networks.regtest);
    const transaction = to_sign(output, text);
    const witness = read_witness(signature);
    const program = output.subarray(2);
    if (output[0] === 0x51) {
        const [item] = witness;
        const hash = transaction.hashForWitnessV1(0, [output], [0n], Transaction.SIGHASH_DEFAULT);
        return witness.length === 1 && item.length === 64 && ecc.verifySchnorr(hash, program, item);
    }
    const last = witness.at(-1);
    if (program.length === 32) return same(crypto.sha256(last), program) && multisig_by(transaction, last, witness.slice(0, -1));
    const code = Buffer.concat([Buffer.from("76a914", "hex"), program, Buffer.from("88ac", "hex")]);
    return witness.length === 2 && same(crypto.hash160(last), program) && ecdsa_by(transaction, code, witness[0], last);
}

const standards = { eip191, bip322 };
const [standard, address, signature] = process.argv.slice(2);
if (process.argv.length !== 5 || !standards[standard]) fail("usage: node check-message.mjs eip191|bip322 ADDRESS SIGNATURE < TEXT");
let valid = false;
try {
    valid = await standards[standard](address, signature, readFileSync(0));
} catch (error) {
    process.stderr.write(`${error.message}\n`);
}
process.stdout.write(`${JSON.stringify({ valid })}\n`);
process.exitCode = valid ? 0 : 1;
