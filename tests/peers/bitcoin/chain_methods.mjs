// What a node tells of its chain: blocks, transactions in them, unspent outputs.

import { reversed_hex } from "./chain.mjs";
import { descriptor_checksum, with_checksum } from "./descriptor_checksum.mjs";
import { expand_descriptor, parse_descriptor } from "./descriptors.mjs";
import { Amount, RpcError, error_codes } from "./json.mjs";
import { optional, require_hash, require_type, verbosity } from "./parameters.mjs";
import { block_shape, difficulty, header_shape, transaction_shape } from "./shapes.mjs";
import { describe_script, script_address, script_of_hex } from "./scripts.mjs";

async function require_block(node, hash) {
    const entry = await node.regtest.chain.getEntryByHash(hash);
    const block = entry && await node.regtest.chain.getBlock(hash);
    if (!block) throw new RpcError(error_codes.invalid_address_or_key, "Block not found");
    return { entry, block };
}

async function getblockchaininfo({ regtest }) {
    const { tip, chain } = regtest;
    return {
        chain: "regtest",
        blocks: tip.height,
        headers: tip.height,
        bestblockhash: tip.rhash(),
        difficulty: difficulty(tip.bits),
        time: tip.time,
        mediantime: await chain.getMedianTime(tip),
        verificationprogress: 1,
        initialblockdownload: false,
        chainwork: tip.chainwork.toString("hex", 64),
        size_on_disk: 0,
        pruned: false,
        warnings: "",
    };
}

async function getblockhash({ regtest }, height) {
    require_type(height, "number");
    const is_height = Number.isInteger(height) && height >= 0 && height <= regtest.height;
    const hash = is_height && await regtest.chain.getHash(height);
    if (!hash) throw new RpcError(error_codes.invalid_parameter, "Block height out of range");
    return reversed_hex(hash);
}

async function getblockheader(node, blockhash, verbose) {
    const { entry, block } = await require_block(node, require_hash(blockhash, "hash"));
    if (!optional(verbose, "bool", true)) return entry.toRaw().subarray(0, 80).toString("hex");
    return header_shape(node.regtest, entry, block.txs.length);
}

async function getblock(node, blockhash, verbosity_) {
    const { entry, block } = await require_block(node, require_hash(blockhash, "blockhash"));
    const level = verbosity(verbosity_, 1);
    if (level <= 0) return block.toRaw().toString("hex");
    return block_shape(node.regtest, entry, block, level);
}

async function block_transaction(node, hash, block_hash, level) {
    const { chain } = node.regtest;
    const entry = await chain.getEntryByHash(block_hash);
    if (!entry) throw new RpcError(error_codes.invalid_address_or_key, "Block hash not found");
    const block = await chain.getBlock(block_hash);
    const tx = block.txs.find((one) => one.hash("hex") === hash);
    if (!tx) {
        throw new RpcError(error_codes.invalid_address_or_key,
            "No such transaction found in the provided block. Use gettransaction for wallet transactions.");
    }
    if (level <= 0) return tx.toRaw().toString("hex");
    const in_active_chain = await chain.isMainChain(entry);
    return {
        in_active_chain,
        ...transaction_shape(tx),
        blockhash: entry.rhash(),
        confirmations: in_active_chain ? chain.height - entry.height + 1 : 0,
        time: in_active_chain ? entry.time : undefined,
        blocktime: in_active_chain ? entry.time : undefined,
    };
}

// Without an index a node finds a transaction in the mempool, or in the block that it is told.
async function getrawtransaction(node, txid, verbosity_, blockhash) {
    const hash = require_hash(txid, "parameter 1");
    const level = verbosity(verbosity_, 0);
    if (blockhash !== undefined && blockhash !== null) {
        return block_transaction(node, hash, require_hash(blockhash, "parameter 3"), level);
    }
    const entry = node.mempool.get(hash);
    if (!entry) {
        throw new RpcError(error_codes.invalid_address_or_key,
            "No such mempool transaction. Use -txindex or provide a block hash to enable blockchain transaction " +
            "queries. Use gettransaction for wallet transactions.");
    }
    if (level <= 0) return entry.tx.toRaw().toString("hex");
    return transaction_shape(entry.tx, level >= 2 ? { fee: entry.fee } : {});
}

function output_shape({ regtest }, { value, script }, { height, coinbase }) {
    return {
        bestblock: regtest.tip.rhash(),
        confirmations: height < 0 ? 0 : regtest.height - height + 1,
        value: new Amount(value),
        scriptPubKey: describe_script(script),
        coinbase,
    };
}

async function gettxout(node, txid, n, include_mempool) {
    const hash = require_hash(txid, "txid");
    require_type(n, "number");
    if (optional(include_mempool, "bool", true)) {
        if (node.mempool.spender({ hash, index: n })) return null;
        const output = node.mempool.get(hash)?.tx.outputs[n];
        if (output) return output_shape(node, output, { height: -1, coinbase: false });
    }
    const coin = await node.regtest.coin(hash, n);
    return coin ? output_shape(node, coin.output, coin) : null;
}

function by_height_then_txid(a, b) {
    return a.height - b.height || (a.txid < b.txid ? -1 : Number(a.txid > b.txid)) || a.vout - b.vout;
}

async function start_scan({ regtest }, scanobjects) {
    const wanted = new Map(require_type(scanobjects, "array").flatMap(expand_descriptor));
    const coins = await regtest.coins();
    let total = 0;
    const unspents = [];
    for (const { hash, index, entry } of coins) {
        const scriptPubKey = entry.output.script.toRaw().toString("hex");
        const desc = wanted.get(scriptPubKey);
        if (desc === undefined) continue;
        total += entry.output.value;
        const { coinbase, height } = entry;
        const amount = new Amount(entry.output.value);
        unspents.push({ txid: reversed_hex(hash), vout: index, scriptPubKey, desc, amount, coinbase, height });
    }
    return {
        success: true,
        txouts: coins.length,
        height: regtest.height,
        bestblock: regtest.tip.rhash(),
        unspents: unspents.sort(by_height_then_txid),
        total_amount: new Amount(total),
    };
}

async function scantxoutset(node, action, scanobjects) {
    require_type(action, "string");
    if (action === "status") return null;
    if (action === "abort") return false;
    if (action !== "start") throw new RpcError(error_codes.invalid_parameter, `Invalid action '${action}'`);
    if (scanobjects === undefined) {
        throw new RpcError(error_codes.misc, "scanobjects argument is required for the start action");
    }
    return start_scan(node, scanobjects);
}

function getdescriptorinfo(node, descriptor) {
    const { body, is_ranged } = parse_descriptor(require_type(descriptor, "string"));
    return {
        descriptor: with_checksum(body),
        checksum: descriptor_checksum(body),
        isrange: is_ranged,
        issolvable: !/^(addr|raw)\(/.test(body),
        hasprivatekeys: false,
    };
}

// Core wants the checksum here, and a range for a ranged descriptor only.
function deriveaddresses(node, descriptor, range) {
    if (!require_type(descriptor, "string").includes("#")) {
        throw new RpcError(error_codes.invalid_address_or_key, "Missing checksum");
    }
    const { is_ranged } = parse_descriptor(descriptor);
    if (is_ranged && range === undefined) {
        throw new RpcError(error_codes.invalid_parameter, "Range must be specified for a ranged descriptor");
    }
    if (!is_ranged && range !== undefined) {
        throw new RpcError(error_codes.invalid_parameter, "Range should not be specified for an un-ranged descriptor");
    }
    return expand_descriptor({ desc: descriptor, range }).map(([script]) => {
        const shown = script_address(script_of_hex(script));
        if (shown) return shown;
        throw new RpcError(error_codes.invalid_address_or_key, "Descriptor does not have a corresponding address");
    });
}

export const chain_methods = {
    getblockchaininfo: { parameters: [], run: getblockchaininfo },
    getblockcount: { parameters: [], run: ({ regtest }) => regtest.height },
    getbestblockhash: { parameters: [], run: ({ regtest }) => regtest.tip.rhash() },
    getblockhash: { parameters: ["height"], run: getblockhash },
    getblockheader: { parameters: ["blockhash", "verbose?"], run: getblockheader },
    getblock: { parameters: ["blockhash", "verbosity?"], run: getblock },
    getrawtransaction: { parameters: ["txid", "verbosity?", "blockhash?"], run: getrawtransaction },
    gettxout: { parameters: ["txid", "n", "include_mempool?"], run: gettxout },
    getdescriptorinfo: { parameters: ["descriptor"], run: getdescriptorinfo },
    deriveaddresses: { parameters: ["descriptor", "range?"], run: deriveaddresses },
    scantxoutset: { parameters: ["action", "scanobjects?"], run: scantxoutset },
};
