// The transactions that wait for a block: what Bitcoin Core 27 takes, in the order of its checks.

import bcoin from "bcoin";
import common from "bcoin/lib/blockchain/common.js";
import { Refusal, require_inputs, require_sanity, require_scripts, require_standard_form } from "./policy.mjs";
import { require_replacement } from "./replacement.mjs";

const { CoinView } = bcoin;
const { STANDARD_LOCKTIME_FLAGS } = common.lockFlags;

const max_chain_length = 25;   // a transaction with its unconfirmed ancestors, or descendants

function outpoint_key(prevout) {
    return `${prevout.hash}:${prevout.index}`;
}

function collect(start, next) {
    const found = new Set();
    const waiting = [...next(start)];
    while (waiting.length > 0) {
        const entry = waiting.pop();
        if (found.has(entry)) continue;
        found.add(entry);
        waiting.push(...next(entry));
    }
    return found;
}

export class Mempool {
    entries = new Map();   // by the transaction's hash, parents before children
    spenders = new Map();   // the entry that spends an outpoint

    constructor(chain) {
        this.regtest = chain;
    }

    get(hash) {
        return this.entries.get(hash);
    }

    spender(prevout) {
        return this.spenders.get(outpoint_key(prevout));
    }

    parents(tx) {
        return new Set(tx.inputs.map(({ prevout }) => this.get(prevout.hash)).filter(Boolean));
    }

    children({ tx }) {
        const hash = tx.hash("hex");
        return new Set(tx.outputs.map((_, index) => this.spender({ hash, index })).filter(Boolean));
    }

    ancestors(tx) {
        return collect({ tx }, (entry) => this.parents(entry.tx));
    }

    descendants(entry) {
        return collect(entry, (one) => this.children(one));
    }

    // Judges `tx` against chain and mempool and changes neither: an entry, with the `conflicts`
    // that it would replace. Throws Refusal.
    async judge(tx) {
        require_sanity(tx);
        require_standard_form(tx);
        const { chain } = this.regtest;
        if (!await chain.verifyFinal(chain.tip, tx, STANDARD_LOCKTIME_FLAGS)) throw new Refusal("non-final");
        this.require_new(tx);
        const conflicts = this.direct_conflicts(tx);
        const view = await this.view(tx);
        const is_due = await chain.verifyLocks(chain.tip, tx, view, STANDARD_LOCKTIME_FLAGS);
        if (!is_due) throw new Refusal("non-BIP68-final");
        const entry = this.make_entry(tx, view);
        this.require_chain_length(entry);
        entry.conflicts = require_replacement(this, entry, conflicts);
        require_scripts(tx, view);
        return entry;
    }

    require_new(tx) {
        const known = this.get(tx.hash("hex"));
        if (!known) return;
        const same_witness = known.tx.witnessHash("hex") === tx.witnessHash("hex");
        throw new Refusal(same_witness ? "txn-already-in-mempool" : "txn-same-nonwitness-data-in-mempool");
    }

    direct_conflicts(tx) {
        const conflicts = new Set(tx.inputs.map(({ prevout }) => this.spender(prevout)).filter(Boolean));
        for (const { signals_replacement } of conflicts) {
            if (!signals_replacement) throw new Refusal("txn-mempool-conflict");
        }
        return conflicts;
    }

    // The coins that `tx` spends, from the mempool and the chain.
    async view(tx) {
        const view = new CoinView();
        for (const { prevout } of tx.inputs) {
            const parent = this.get(prevout.hash);
            if (parent && prevout.index < parent.tx.outputs.length) {
                view.addIndex(parent.tx, prevout.index, -1);
                continue;
            }
            const coin = await this.regtest.coin(prevout.hash, prevout.index);
            if (coin) view.addEntry(prevout, coin);
            else if (await this.regtest.chain.hasCoins(tx)) throw new Refusal("txn-already-known");
            else throw new Refusal("bad-txns-inputs-missingorspent", { missing_inputs: true });
        }
        return view;
    }

    make_entry(tx, view) {
        return {
            ...require_inputs(tx, view, this.regtest.height + 1),
            tx,
            view,
            time: Math.floor(Date.now() / 1000),
            height: this.regtest.height,
            signals_replacement: tx.inputs.some(({ sequence }) => sequence < 0xfffffffe),
        };
    }

    require_chain_length({ tx }) {
        const ancestors = this.ancestors(tx);
        if (ancestors.size + 1 > max_chain_length) {
            const debug = `too many unconfirmed ancestors [limit: ${max_chain_length}]`;
            throw new Refusal("too-long-mempool-chain", { debug });
        }
        for (const ancestor of ancestors) {
            if (this.descendants(ancestor).size + 2 <= max_chain_length) continue;
            const debug = `too many descendants for tx ${ancestor.tx.txid()} [limit: ${max_chain_length}]`;
            throw new Refusal("too-long-mempool-chain", { debug });
        }
    }

    // The same for a block, which may hold what conflicts with the mempool: its conflicts go.
    async judge_for_block(tx) {
        const known = this.get(tx.hash("hex"));
        if (known) return known;
        for (const { prevout } of tx.inputs) {
            const conflict = this.spender(prevout);
            if (conflict) this.evict(conflict);
        }
        return this.judge(tx);
    }

    // Takes what judge() returned.
    insert(entry) {
        for (const conflict of entry.conflicts) this.erase(conflict);
        this.entries.set(entry.tx.hash("hex"), entry);
        for (const { prevout } of entry.tx.inputs) this.spenders.set(outpoint_key(prevout), entry);
    }

    erase({ tx }) {
        this.entries.delete(tx.hash("hex"));
        for (const { prevout } of tx.inputs) this.spenders.delete(outpoint_key(prevout));
    }

    evict(entry) {
        for (const one of [entry, ...this.descendants(entry)]) this.erase(one);
    }

    // Runs `action` and takes back every change that it made here.
    async tentatively(action) {
        const { entries, spenders } = this;
        this.entries = new Map(entries);
        this.spenders = new Map(spenders);
        try {
            return await action();
        } finally {
            Object.assign(this, { entries, spenders });
        }
    }

    // After the chain changed: the transactions of blocks that it lost come back, what it holds
    // or what spends a spent coin goes, all by the same checks as ever.
    async follow_chain() {
        const returned = this.regtest.take_disconnected().flatMap((block) => block.txs.slice(1).map((tx) => ({ tx })));
        const waiting = [...returned, ...this.entries.values()];
        this.entries = new Map();
        this.spenders = new Map();
        for (const { tx, time, height } of waiting) {
            try {
                const entry = await this.judge(tx);
                this.insert({ ...entry, time: time ?? entry.time, height: height ?? entry.height });
            } catch (error) {
                if (!(error instanceof Refusal)) throw error;
            }
        }
    }
}
