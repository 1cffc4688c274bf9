// What a test does to the chain: Core's own calls for regtest, and a few more named test_….

import bcoin from "bcoin";
import { createHash } from "node:crypto";
import { expand_descriptor } from "./descriptors.mjs";
import { Amount, RpcError, error_codes, parse_amount } from "./json.mjs";
import { optional, require_hash, require_transaction, require_type } from "./parameters.mjs";
import { Refusal } from "./policy.mjs";
import { script_of_address, script_of_hex } from "./scripts.mjs";

const { Coin, KeyRing, MTX, Script } = bcoin;
const coinbase_maturity = 100;
const funding_feerate = 10_000;   // sat/kvB

// The node's own money: what it mines before a test begins.
const treasury = KeyRing.fromPrivate(createHash("sha256").update("regtest coins").digest(), true);
treasury.witness = true;
export const treasury_script = Script.fromProgram(0, treasury.getKeyHash());

// An address, or the hex of a script.
function require_script(text) {
    require_type(text, "string");
    return /^([0-9a-f]{2})+$/i.test(text) ? script_of_hex(text) : script_of_address(text);
}

async function mine(node, script, entries) {
    const block = await node.regtest.mine(script, entries);
    await node.mempool.follow_chain();
    return block;
}

function waiting(node) {
    return [...node.mempool.entries.values()];
}

async function mine_many(node, script, count) {
    const hashes = [];
    while (hashes.length < count) hashes.push((await mine(node, script, waiting(node))).rhash());
    return hashes;
}

async function generatetoaddress(node, nblocks, address) {
    return mine_many(node, script_of_address(require_type(address, "string")), require_type(nblocks, "number"));
}

async function require_for_block(node, item) {
    const known = item.length === 64 && node.mempool.get(require_hash(item, "txid"));
    try {
        return known || await node.mempool.judge_for_block(require_transaction(item));
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new RpcError(error_codes.transaction, `TestBlockValidity failed: ${error.message}`);
    }
}

async function select(node, items) {
    const entries = [];
    for (const item of items) {
        const entry = await require_for_block(node, require_type(item, "string"));
        entries.push(entry);
        if (!node.mempool.get(entry.tx.hash("hex"))) node.mempool.insert(entry);
    }
    return entries;
}

// A block of exactly these transactions, raw or by txid of the mempool, and in their order.
async function generateblock(node, output, transactions) {
    const script = output.includes("(")
        ? script_of_hex(expand_descriptor(output)[0][0])
        : script_of_address(require_type(output, "string"));
    const entries = await node.mempool.tentatively(() => select(node, require_type(transactions, "array")));
    return { hash: (await mine(node, script, entries)).rhash() };
}

// bcoin forgets what it invalidates: there is no reconsiderblock.
async function invalidateblock({ regtest, mempool }, blockhash) {
    const hash = require_hash(blockhash, "blockhash");
    const entry = await regtest.chain.getEntryByHash(hash);
    if (!entry) throw new RpcError(error_codes.invalid_address_or_key, "Block not found");
    if (!await regtest.chain.isMainChain(entry)) {
        throw new RpcError(error_codes.misc, "only blocks of the active chain can be invalidated here");
    }
    await regtest.invalidate(hash);
    await mempool.follow_chain();
    return null;
}

async function treasury_coins({ regtest, mempool }) {
    const script = treasury_script.toRaw();
    const coins = [];
    for (const { hash, index, entry } of await regtest.coins()) {
        const { height, coinbase, output } = entry;
        if (!output.script.toRaw().equals(script) || mempool.spender({ hash, index })) continue;
        if (coinbase && regtest.height + 1 - height < coinbase_maturity) continue;
        coins.push(new Coin({ version: 1, height, coinbase, script: output.script, value: output.value, hash, index }));
    }
    return coins;
}

async function pay(node, outputs) {
    const tx = new MTX();
    tx.version = 2;
    for (const { script, value } of outputs) tx.addOutput(script, value);
    await tx.fund(await treasury_coins(node), { rate: funding_feerate, changeAddress: treasury.getAddress() });
    tx.sign(treasury);
    const entry = await node.mempool.judge(tx.toTX());
    node.mempool.insert(entry);
    return entry.tx;
}

// Pays [[address or script, bitcoin], …] in one transaction out of the node's own money and,
// unless `mine` is false, mines a block that holds it.
async function test_fundmany(node, payments, mine_it) {
    const outputs = require_type(payments, "array").map(([destination, amount]) =>
        ({ script: require_script(destination), value: parse_amount(amount) }));
    const tx = await pay(node, outputs);
    const block = optional(mine_it, "bool", true) ? await mine(node, treasury_script, waiting(node)) : null;
    return {
        txid: tx.txid(),
        hex: tx.toRaw().toString("hex"),
        height: block?.height,
        blockhash: block?.rhash(),
        outputs: outputs.map(({ script, value }, vout) =>
            ({ vout, amount: new Amount(value), scriptPubKey: script.toRaw().toString("hex") })),
    };
}

async function test_fund(node, destination, amount, mine_it) {
    const { outputs: [output], ...transaction } = await test_fundmany(node, [[destination, amount]], mine_it);
    return { ...transaction, ...output };
}

async function test_mine(node, nblocks) {
    return mine_many(node, treasury_script, optional(nblocks, "number", 1));
}

// Blocks of the active chain above `fork`, the lowest first.
async function above({ chain }, fork) {
    const hashes = [];
    for (let entry = chain.tip; entry.hash !== fork.hash; entry = await chain.getPrevious(entry)) {
        hashes.unshift(entry.rhash());
    }
    return hashes;
}

// A longer branch takes the place of the last `depth` blocks. Its last block holds
// `transactions` (raw), which may spend what the lost blocks spent; what the lost blocks held
// and still can be mined waits in the mempool again.
async function test_reorg(node, depth, transactions) {
    const { regtest, mempool } = node;
    require_type(depth, "number");
    const items = optional(transactions, "array", []);
    const fork = depth >= 1 && depth < regtest.height && await regtest.chain.getEntryByHeight(regtest.height - depth);
    if (!fork) throw new RpcError(error_codes.invalid_parameter, "depth is out of range");
    const disconnected = await above(regtest, fork);
    for (let parent = fork; regtest.height <= fork.height + depth && parent.height <= fork.height + depth;) {
        parent = await regtest.mine(treasury_script, [], parent);
    }
    await mempool.follow_chain();
    if (items.length > 0) await mine(node, treasury_script, await mempool.tentatively(() => select(node, items)));
    return { fork_height: fork.height, disconnected, connected: await above(regtest, fork) };
}

// What expiry or a full mempool does to a transaction and its descendants.
function test_drop({ mempool }, txid) {
    const entry = mempool.get(require_hash(txid, "txid"));
    if (!entry) throw new RpcError(error_codes.invalid_address_or_key, "Transaction not in mempool");
    mempool.evict(entry);
    return null;
}

// The answer of estimatesmartfee, in BTC/kvB; null for none.
function test_setfeerate(node, feerate) {
    node.feerate = feerate === null ? null : parse_amount(feerate);
    return null;
}

// A node that is not ready, on another chain, or lying. `method` (or "*", every method) answers
// {"error": {"code", "message"}}, or {"result"}, or its own result with the members of {"change"}
// in it; with null it tells the truth again.
function test_pretend({ pretences }, method, answer) {
    require_type(method, "string");
    if (answer === null) pretences.delete(method);
    else pretences.set(method, require_type(answer, "object"));
    return null;
}

export const mining_methods = {
    generatetoaddress: { parameters: ["nblocks", "address", "maxtries?"], run: generatetoaddress },
    generateblock: { parameters: ["output", "transactions"], run: generateblock },
    invalidateblock: { parameters: ["blockhash"], run: invalidateblock },
    test_mine: { parameters: ["nblocks?"], run: test_mine },
    test_fund: { parameters: ["destination", "amount", "mine?"], run: test_fund },
    test_fundmany: { parameters: ["payments", "mine?"], run: test_fundmany },
    test_reorg: { parameters: ["depth", "transactions?"], run: test_reorg },
    test_drop: { parameters: ["txid"], run: test_drop },
    test_pretend: { parameters: ["method", "answer"], run: test_pretend },
    test_setfeerate: { parameters: ["feerate"], run: test_setfeerate },
};
