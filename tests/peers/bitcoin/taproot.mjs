// Key path spends of taproot outputs (BIP-341), which bcoin does not know: the digest is
// bitcoinjs-lib's, the signature is verified by libsecp256k1. Script paths and annexes are refused.

import { Transaction } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";

const sighash_types = [0x01, 0x02, 0x03, 0x81, 0x82, 0x83];
const sighash_single = 0x03;

function sighash_type(signature) {
    if (signature.length === 64) return Transaction.SIGHASH_DEFAULT;
    return sighash_types.includes(signature[64]) ? signature[64] : null;
}

function digest(tx, index, coins, type) {
    const scripts = coins.map(({ script }) => script.toRaw());
    const values = coins.map(({ value }) => BigInt(value));
    return Transaction.fromBuffer(tx.toRaw()).hashForWitnessV1(index, scripts, values, type);
}

function verifies(hash, output_key, signature) {
    try {
        return ecc.verifySchnorr(hash, output_key, signature);
    } catch {
        return false;   // the output key is not on the curve
    }
}

// The code of what is wrong with input `index`, or null. `coins` are the outputs that all inputs
// of `tx` spend.
export function taproot_error(tx, index, coins) {
    const { script, witness: { items } } = tx.inputs[index];
    if (script.getSize() > 0) return "WITNESS_MALLEATED";
    if (items.length === 0) return "WITNESS_PROGRAM_WITNESS_EMPTY";
    if (items.length > 1) return "TAPROOT_NOT_JUDGED";
    const [signature] = items;
    if (signature.length !== 64 && signature.length !== 65) return "SCHNORR_SIG_SIZE";
    const type = sighash_type(signature);
    const is_single = (type & 0x1f) === sighash_single;
    if (type === null || (is_single && index >= tx.outputs.length)) return "SCHNORR_SIG_HASHTYPE";
    const output_key = coins[index].script.toRaw().subarray(2);
    return verifies(digest(tx, index, coins, type), output_key, signature.subarray(0, 64)) ? null : "SCHNORR_SIG";
}
