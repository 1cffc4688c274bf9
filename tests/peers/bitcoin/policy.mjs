// What Bitcoin Core 27 relays: the checks of a transaction by itself and against its coins, in
// its words. bcoin judges the scripts, except for taproot.

import bcoin from "bcoin";
import policy from "bcoin/lib/protocol/policy.js";
import { script_error_message } from "./script_errors.mjs";
import { script_type } from "./scripts.mjs";
import { taproot_error } from "./taproot.mjs";

const { Script } = bcoin;
const { STANDARD_VERIFY_FLAGS } = Script.flags;

const max_script_sig_size = 1650;
const min_transaction_size = 65;
export const min_relay_fee = 1000;   // sat/kvB
export const incremental_relay_fee = 1000;   // sat/kvB

// Why a transaction is not taken. `missing_inputs` when its coins are unknown or spent.
export class Refusal extends Error {
    constructor(reason, { debug = "", missing_inputs = false } = {}) {
        super(debug ? `${reason}, ${debug}` : reason);
        this.reason = reason;
        this.missing_inputs = missing_inputs;
    }
}

export function fee_at(rate, vsize) {
    return Math.ceil((rate * vsize) / 1000);
}

export function require_sanity(tx) {
    const [valid, reason] = tx.checkSanity();
    if (!valid) throw new Refusal(reason);
    if (tx.isCoinbase()) throw new Refusal("coinbase");
}

function require_standard_output(output) {
    const type = script_type(output.script);
    if (!type.startsWith("witness_") && !output.script.isStandard()) throw new Refusal("scriptpubkey");
    if (type !== "nulldata" && output.isDust(policy.MIN_RELAY)) throw new Refusal("dust");
}

export function require_standard_form(tx) {
    if (tx.version < 1 || tx.version > policy.MAX_TX_VERSION) throw new Refusal("version");
    if (tx.getWeight() > policy.MAX_TX_WEIGHT) throw new Refusal("tx-size");
    for (const { script } of tx.inputs) {
        if (script.getSize() > max_script_sig_size) throw new Refusal("scriptsig-size");
        if (!script.isPushOnly()) throw new Refusal("scriptsig-not-pushonly");
    }
    tx.outputs.forEach(require_standard_output);
    if (tx.outputs.filter(({ script }) => script.isNulldata()).length > 1) throw new Refusal("multi-op-return");
    if (tx.getBaseSize() < min_transaction_size) throw new Refusal("tx-size-small");
}

// The fee and the virtual size of `tx`, whose inputs `view` holds, in a block of `height`.
export function require_inputs(tx, view, height) {
    const [fee, reason] = tx.checkInputs(view, height);
    if (fee === -1) throw new Refusal(reason);
    require_standard_inputs(tx, view);
    const sigops = tx.getSigopsCost(view, STANDARD_VERIFY_FLAGS);
    if (sigops > policy.MAX_TX_SIGOPS_COST) throw new Refusal("bad-txns-too-many-sigops");
    const vsize = tx.getSigopsSize(sigops);
    const minimum = fee_at(min_relay_fee, vsize);
    if (fee < minimum) throw new Refusal("min relay fee not met", { debug: `${fee} < ${minimum}` });
    return { fee, vsize };
}

function require_standard_inputs(tx, view) {
    for (const input of tx.inputs) {
        const { script } = view.getOutputFor(input);
        if (script_type(script).startsWith("witness_")) continue;
        const redeem = script.isScripthash() ? input.script.getRedeem() : script;
        const sigops_bounded = !script.isScripthash() || redeem?.getSigops(true) <= policy.MAX_P2SH_SIGOPS;
        if (script_type(script) === "nonstandard" || !sigops_bounded) throw new Refusal("bad-txns-nonstandard-inputs");
    }
    if (!tx.hasStandardWitness(view)) throw new Refusal("bad-witness-nonstandard");
}

// The rules of blocks themselves, as opposed to what nodes only do not relay.
function mandatory_flags() {
    const { flags } = Script;
    return flags.VERIFY_P2SH | flags.VERIFY_DERSIG | flags.VERIFY_NULLDUMMY | flags.VERIFY_WITNESS |
        flags.VERIFY_CHECKLOCKTIMEVERIFY | flags.VERIFY_CHECKSEQUENCEVERIFY;
}

function script_error(tx, index, coins, flags) {
    if (script_type(coins[index].script) === "witness_v1_taproot") return taproot_error(tx, index, coins);
    try {
        tx.checkInput(index, coins[index], flags);
        return null;
    } catch (error) {
        if (error.type !== "ScriptError") throw error;
        return error.code;
    }
}

export function require_scripts(tx, view) {
    const coins = tx.inputs.map((input) => view.getOutputFor(input));
    tx.inputs.forEach((_, index) => {
        const error = script_error(tx, index, coins, STANDARD_VERIFY_FLAGS);
        if (!error) return;
        const words = `(${script_error_message(error)})`;
        const is_mandatory = script_error(tx, index, coins, mandatory_flags());
        if (is_mandatory) throw new Refusal(`mandatory-script-verify-flag-failed ${words}`);
        throw new Refusal(`non-mandatory-script-verify-flag ${words}`);
    });
}
