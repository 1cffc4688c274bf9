// Transactions, headers and blocks in the JSON of Bitcoin Core's RPC.

import { createHash } from "node:crypto";
import { reversed_hex } from "./chain.mjs";
import { Amount } from "./json.mjs";
import { describe_script, script_asm } from "./scripts.mjs";

function sha256(data) {
    return createHash("sha256").update(data).digest();
}

function input_shape(tx, input) {
    const { sequence } = input;
    const { items } = input.witness;
    const txinwitness = items.length > 0 ? items.map((item) => item.toString("hex")) : undefined;
    const hex = input.script.toRaw().toString("hex");
    if (tx.isCoinbase()) return { coinbase: hex, txinwitness, sequence };
    const scriptSig = { asm: script_asm(input.script, true), hex };
    return { txid: reversed_hex(input.prevout.hash), vout: input.prevout.index, scriptSig, txinwitness, sequence };
}

function output_shape({ value, script }, n) {
    return { value: new Amount(value), n, scriptPubKey: describe_script(script) };
}

export function wtxid(tx) {
    return sha256(sha256(tx.toRaw())).reverse().toString("hex");
}

export function transaction_shape(tx, { fee } = {}) {
    return {
        txid: tx.txid(),
        hash: wtxid(tx),
        version: tx.version,
        size: tx.getSize(),
        vsize: tx.getVirtualSize(),
        weight: tx.getWeight(),
        locktime: tx.locktime,
        vin: tx.inputs.map((input) => input_shape(tx, input)),
        vout: tx.outputs.map(output_shape),
        fee: fee === undefined ? undefined : new Amount(fee),
        hex: tx.toRaw().toString("hex"),
    };
}

function hex32(value) {
    return (value >>> 0).toString(16).padStart(8, "0");
}

export function difficulty(bits) {
    const exponent = bits >>> 24;
    return (0xffff / (bits & 0xffffff)) * 256 ** (29 - exponent);
}

export async function header_shape({ chain }, entry, transaction_count) {
    const is_main = await chain.isMainChain(entry);
    const next = is_main && entry.height < chain.height ? await chain.getHash(entry.height + 1) : null;
    return {
        hash: entry.rhash(),
        confirmations: is_main ? chain.height - entry.height + 1 : -1,
        height: entry.height,
        version: entry.version,
        versionHex: hex32(entry.version),
        merkleroot: reversed_hex(entry.merkleRoot),
        time: entry.time,
        mediantime: await chain.getMedianTime(entry),
        nonce: entry.nonce,
        bits: hex32(entry.bits),
        difficulty: difficulty(entry.bits),
        chainwork: entry.chainwork.toString("hex", 64),
        nTx: transaction_count,
        previousblockhash: entry.height > 0 ? reversed_hex(entry.prevBlock) : undefined,
        nextblockhash: next ? reversed_hex(next) : undefined,
    };
}

async function block_transactions({ chain }, block, verbosity, is_main) {
    if (verbosity === 1) return block.txs.map((tx) => tx.txid());
    const view = is_main ? await chain.db.getBlockView(block) : null;
    return block.txs.map((tx) => transaction_shape(tx, view && !tx.isCoinbase() ? { fee: tx.getFee(view) } : {}));
}

export async function block_shape(regtest, entry, block, verbosity) {
    const header = await header_shape(regtest, entry, block.txs.length);
    return {
        ...header,
        strippedsize: block.getBaseSize(),
        size: block.getSize(),
        weight: block.getWeight(),
        tx: await block_transactions(regtest, block, verbosity, header.confirmations > 0),
    };
}

export function mempool_entry_shape(mempool, entry) {
    const ancestors = [entry, ...mempool.ancestors(entry.tx)];
    const descendants = [entry, ...mempool.descendants(entry)];
    const sum = (entries, member) => entries.reduce((total, one) => total + one[member], 0);
    return {
        vsize: entry.vsize,
        weight: entry.tx.getWeight(),
        time: entry.time,
        height: entry.height,
        descendantcount: descendants.length,
        descendantsize: sum(descendants, "vsize"),
        ancestorcount: ancestors.length,
        ancestorsize: sum(ancestors, "vsize"),
        wtxid: wtxid(entry.tx),
        fees: {
            base: new Amount(entry.fee),
            modified: new Amount(entry.fee),
            ancestor: new Amount(sum(ancestors, "fee")),
            descendant: new Amount(sum(descendants, "fee")),
        },
        depends: [...mempool.parents(entry.tx)].map(({ tx }) => tx.txid()),
        spentby: [...mempool.children(entry)].map(({ tx }) => tx.txid()),
        "bip125-replaceable": ancestors.some(({ signals_replacement }) => signals_replacement),
        unbroadcast: true,
    };
}
