// What waits for a block, what would be taken, and what a fee is.

import { Amount, RpcError, error_codes, parse_amount } from "./json.mjs";
import { optional, require_hash, require_transaction, require_type } from "./parameters.mjs";
import { Refusal, fee_at, incremental_relay_fee, min_relay_fee } from "./policy.mjs";
import { mempool_entry_shape, transaction_shape, wtxid } from "./shapes.mjs";

const version = 270100;
const default_max_feerate = "0.10";

function require_max_feerate(value) {
    const rate = parse_amount(value ?? default_max_feerate);
    if (rate < parse_amount(1)) return rate;
    throw new RpcError(error_codes.invalid_parameter, "Fee rates larger than or equal to 1BTC/kvB are not accepted");
}

function is_over(entry, max_feerate) {
    return max_feerate > 0 && entry.fee > fee_at(max_feerate, entry.vsize);
}

function acceptance(entry, max_feerate) {
    const names = { txid: entry.tx.txid(), wtxid: wtxid(entry.tx) };
    if (is_over(entry, max_feerate)) return { ...names, allowed: false, "reject-reason": "max-fee-exceeded" };
    return {
        ...names,
        allowed: true,
        vsize: entry.vsize,
        fees: {
            base: new Amount(entry.fee),
            "effective-feerate": new Amount(Math.trunc((entry.fee * 1000) / entry.vsize)),
            "effective-includes": [names.wtxid],
        },
    };
}

// Several are judged as if each was sent after the one before it; none stays.
async function testmempoolaccept({ mempool }, rawtxs, maxfeerate) {
    const max_feerate = require_max_feerate(maxfeerate);
    if (require_type(rawtxs, "array").length < 1 || rawtxs.length > 25) {
        throw new RpcError(error_codes.invalid_parameter, "Array must contain between 1 and 25 transactions.");
    }
    const transactions = rawtxs.map(require_transaction);
    return mempool.tentatively(async () => {
        const results = [];
        for (const tx of transactions) {
            try {
                const entry = await mempool.judge(tx);
                results.push(acceptance(entry, max_feerate));
                if (results.at(-1).allowed) mempool.insert(entry);
            } catch (error) {
                if (!(error instanceof Refusal)) throw error;
                const reason = error.missing_inputs ? "missing-inputs" : error.reason;
                results.push({ txid: tx.txid(), wtxid: wtxid(tx), allowed: false, "reject-reason": reason });
            }
        }
        return results;
    });
}

async function judge_for_relay({ mempool }, tx) {
    try {
        return await mempool.judge(tx);
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { transaction, transaction_rejected } = error_codes;
        throw new RpcError(error.missing_inputs ? transaction : transaction_rejected, error.message);
    }
}

async function sendrawtransaction(node, hexstring, maxfeerate, maxburnamount) {
    const max_burn = parse_amount(maxburnamount ?? 0);
    const tx = require_transaction(hexstring);
    if (tx.outputs.some(({ script, value }) => script.isUnspendable() && value > max_burn)) {
        const message = "Unspendable output exceeds maximum configured by user (maxburnamount)";
        throw new RpcError(error_codes.transaction, message);
    }
    const max_feerate = require_max_feerate(maxfeerate);
    if (node.mempool.get(tx.hash("hex"))) return tx.txid();
    if (await node.regtest.chain.hasCoins(tx)) {
        throw new RpcError(error_codes.transaction_already_in_chain, "Transaction already in block chain");
    }
    const entry = await judge_for_relay(node, tx);
    if (is_over(entry, max_feerate)) {
        const message = "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)";
        throw new RpcError(error_codes.transaction, message);
    }
    node.mempool.insert(entry);
    return tx.txid();
}

function decoderawtransaction(node, hexstring) {
    return { ...transaction_shape(require_transaction(hexstring)), hex: undefined };
}

function getmempoolentry({ mempool }, txid) {
    const entry = mempool.get(require_hash(txid, "txid"));
    if (!entry) throw new RpcError(error_codes.invalid_address_or_key, "Transaction not in mempool");
    return mempool_entry_shape(mempool, entry);
}

function gettxspendingprevout({ mempool }, outputs) {
    return require_type(outputs, "array").map(({ txid, vout }) => {
        const spender = mempool.spender({ hash: require_hash(txid, "txid"), index: require_type(vout, "number") });
        return { txid, vout, spendingtxid: spender?.tx.txid() };
    });
}

function getrawmempool({ mempool }, verbose) {
    const entries = [...mempool.entries.values()];
    if (!optional(verbose, "bool", false)) return entries.map(({ tx }) => tx.txid());
    return Object.fromEntries(entries.map((entry) => [entry.tx.txid(), mempool_entry_shape(mempool, entry)]));
}

function getmempoolinfo({ mempool }) {
    const entries = [...mempool.entries.values()];
    const sum = (member) => entries.reduce((total, entry) => total + entry[member], 0);
    return {
        loaded: true,
        size: entries.length,
        bytes: sum("vsize"),
        usage: sum("vsize"),
        total_fee: new Amount(sum("fee")),
        maxmempool: 300_000_000,
        mempoolminfee: new Amount(min_relay_fee),
        minrelaytxfee: new Amount(min_relay_fee),
        incrementalrelayfee: new Amount(incremental_relay_fee),
        unbroadcastcount: entries.length,
        fullrbf: false,
    };
}

// A regtest node has seen too few transactions to estimate, until test_setfeerate.
function estimatesmartfee({ feerate }, conf_target) {
    require_type(conf_target, "number");
    if (conf_target < 1 || conf_target > 1008) {
        throw new RpcError(error_codes.invalid_parameter, "Invalid conf_target, must be between 1 and 1008");
    }
    if (feerate === null) return { errors: ["Insufficient data or no feerate found"], blocks: conf_target };
    return { feerate: new Amount(feerate), blocks: Math.max(conf_target, 2) };
}

function getnetworkinfo() {
    return {
        version,
        subversion: "/Satoshi:27.1.0(bcoin)/",
        protocolversion: 70016,
        localservices: "0000000000000409",
        localservicesnames: ["NETWORK", "WITNESS", "NETWORK_LIMITED"],
        localrelay: true,
        timeoffset: 0,
        networkactive: true,
        connections: 0,
        connections_in: 0,
        connections_out: 0,
        networks: [],
        relayfee: new Amount(min_relay_fee),
        incrementalfee: new Amount(incremental_relay_fee),
        localaddresses: [],
        warnings: "",
    };
}

export const mempool_methods = {
    testmempoolaccept: { parameters: ["rawtxs", "maxfeerate?"], run: testmempoolaccept },
    sendrawtransaction: { parameters: ["hexstring", "maxfeerate?", "maxburnamount?"], run: sendrawtransaction },
    decoderawtransaction: { parameters: ["hexstring", "iswitness?"], run: decoderawtransaction },
    getmempoolentry: { parameters: ["txid"], run: getmempoolentry },
    gettxspendingprevout: { parameters: ["outputs"], run: gettxspendingprevout },
    getrawmempool: { parameters: ["verbose?"], run: getrawmempool },
    getmempoolinfo: { parameters: [], run: getmempoolinfo },
    estimatesmartfee: { parameters: ["conf_target", "estimate_mode?"], run: estimatesmartfee },
    getnetworkinfo: { parameters: [], run: getnetworkinfo },
};
