// Replacement by fee (BIP-125), in the order and the words of Bitcoin Core's src/policy/rbf.cpp.

import { Amount } from "./json.mjs";
import { Refusal, fee_at, incremental_relay_fee } from "./policy.mjs";

const max_evictions = 100;

function feerate({ fee, vsize }) {
    return Math.trunc((fee * 1000) / vsize);
}

function require_disjoint(mempool, tx, conflicts) {
    for (const ancestor of mempool.ancestors(tx)) {
        if (!conflicts.has(ancestor)) continue;
        const debug = `${tx.txid()} spends conflicting transaction ${ancestor.tx.txid()}`;
        throw new Refusal("bad-txns-spends-conflicting-tx", { debug });
    }
}

function require_better_feerate(entry, conflicts) {
    for (const conflict of conflicts) {
        if (feerate(entry) > feerate(conflict)) continue;
        const [ours, theirs] = [entry, conflict].map((one) => `${new Amount(feerate(one))} BTC/kvB`);
        const debug = `rejecting replacement ${entry.tx.txid()}; new feerate ${ours} <= old feerate ${theirs}`;
        throw new Refusal("insufficient fee", { debug });
    }
}

function require_no_new_unconfirmed(mempool, { tx }, conflicts) {
    const known = new Set([...conflicts].flatMap((conflict) => [...mempool.parents(conflict.tx)]));
    tx.inputs.forEach(({ prevout }, index) => {
        const parent = mempool.get(prevout.hash);
        if (!parent || known.has(parent)) return;
        const debug = `replacement ${tx.txid()} adds unconfirmed input, idx ${index}`;
        throw new Refusal("replacement-adds-unconfirmed", { debug });
    });
}

function require_more_fees(entry, evicted) {
    const txid = entry.tx.txid();
    const before = [...evicted].reduce((sum, { fee }) => sum + fee, 0);
    if (entry.fee < before) {
        const amounts = `${new Amount(entry.fee)} < ${new Amount(before)}`;
        const debug = `rejecting replacement ${txid}, less fees than conflicting txs; ${amounts}`;
        throw new Refusal("insufficient fee", { debug });
    }
    const relay = fee_at(incremental_relay_fee, entry.vsize);
    if (entry.fee - before < relay) {
        const amounts = `${new Amount(entry.fee - before)} < ${new Amount(relay)}`;
        const debug = `rejecting replacement ${txid}, not enough additional fees to relay; ${amounts}`;
        throw new Refusal("insufficient fee", { debug });
    }
}

// What `entry` evicts: the conflicts, which signal replacement, and their descendants.
export function require_replacement(mempool, entry, conflicts) {
    if (conflicts.size === 0) return conflicts;
    require_disjoint(mempool, entry.tx, conflicts);
    require_better_feerate(entry, conflicts);
    const evicted = new Set([...conflicts].flatMap((conflict) => [conflict, ...mempool.descendants(conflict)]));
    if (evicted.size > max_evictions) throw new Refusal("too many potential replacements");
    require_no_new_unconfirmed(mempool, entry, conflicts);
    require_more_fees(entry, evicted);
    return evicted;
}
