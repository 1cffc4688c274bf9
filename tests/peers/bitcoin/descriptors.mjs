// The output scripts that a descriptor stands for (BIP-380 to 386, without private keys), each
// with the descriptor that Bitcoin Core would print for it.

import { BIP32Factory } from "bip32";
import { initEccLib, payments } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { descriptor_checksum, with_checksum } from "./descriptor_checksum.mjs";
import { RpcError, error_codes } from "./json.mjs";
import { require_type } from "./parameters.mjs";
import { describe_script, network, script_of_address, script_of_hex } from "./scripts.mjs";

initEccLib(ecc);
const bip32 = BIP32Factory(ecc);
const default_range_end = 1000;
const max_range = 1_000_000;
const hardened = 0x80000000;

function invalid(message) {
    return new RpcError(error_codes.invalid_address_or_key, message);
}

function hex(bytes) {
    return Buffer.from(bytes).toString("hex");
}

// The text inside name(…), or null when `text` is not a call of it.
function argument(text, name) {
    return text.startsWith(`${name}(`) && text.endsWith(")") ? text.slice(name.length + 1, -1) : null;
}

function parse_step(step) {
    const match = /^(\d+)(['h]?)$/.exec(step);
    const number = match ? Number(match[1]) : hardened;
    if (number >= hardened) throw invalid(`Key path value '${step}' is not a valid uint32`);
    return match[2] ? number + hardened : number;
}

function format_path(path) {
    return path.map((step) => (step >= hardened ? `/${step - hardened}h` : `/${step}`)).join("");
}

function parse_origin(text) {
    const match = /^(?:\[([0-9a-fA-F]{8})((?:\/\d+['h]?)*)\])?([^[\]]+)$/.exec(text);
    if (!match) throw invalid(`key '${text}' is not valid`);
    const [, fingerprint, path, key] = match;
    if (!fingerprint) return { key };
    return { origin: { fingerprint: fingerprint.toLowerCase(), path: path.split("/").slice(1).map(parse_step) }, key };
}

function extended_key(text) {
    try {
        const node = bip32.fromBase58(text, network);
        if (node.isNeutered()) return node;
    } catch {
        // said below
    }
    throw invalid(`key '${text}' is not valid`);
}

// A key: is it ranged, and the public key with its origin at an index.
function parse_key(text) {
    const { origin, key } = parse_origin(text);
    if (/^([0-9a-fA-F]{2})+$/.test(key)) {
        const pubkey = Buffer.from(key, "hex");
        const bytes = pubkey.length === 32 ? Buffer.concat([Buffer.from([2]), pubkey]) : pubkey;
        if (!ecc.isPoint(bytes)) throw invalid(`Pubkey '${key}' is invalid`);
        const prefix = origin ? `[${origin.fingerprint}${format_path(origin.path)}]` : "";
        return { is_ranged: false, at: () => ({ pubkey: bytes, prefix }) };
    }
    const [xpub, ...steps] = key.split("/");
    const is_ranged = steps.at(-1) === "*";
    const path = (is_ranged ? steps.slice(0, -1) : steps).map(parse_step);
    if (path.some((step) => step >= hardened)) throw invalid(`key '${key}' has hardened steps and no private key`);
    const root = extended_key(xpub);
    const parent = path.reduce((node, step) => node.derive(step), root);
    const start = origin ?? { fingerprint: hex(root.fingerprint), path: [] };
    return {
        is_ranged,
        at(index) {
            const node = is_ranged ? parent.derive(index) : parent;
            const full = [...start.path, ...path, ...(is_ranged ? [index] : [])];
            return { pubkey: Buffer.from(node.publicKey), prefix: `[${start.fingerprint}${format_path(full)}]` };
        },
    };
}

function key_script(name, text, pay) {
    const key = parse_key(text);
    return {
        is_ranged: key.is_ranged,
        at(index) {
            const { pubkey, prefix } = key.at(index);
            return { payment: pay(pubkey), text: `${name}(${prefix}${hex(pubkey)})` };
        },
    };
}

function taproot_script(text) {
    const key = parse_key(text);
    return {
        is_ranged: key.is_ranged,
        at(index) {
            const { pubkey, prefix } = key.at(index);
            const internalPubkey = pubkey.subarray(1);
            return { payment: payments.p2tr({ internalPubkey, network }), text: `tr(${prefix}${hex(internalPubkey)})` };
        },
    };
}

// Core prints the keys of sortedmulti in the order of the script, as multi.
function multisig_script(text, is_sorted) {
    const [threshold, ...parts] = text.split(",");
    const m = Number(threshold);
    const is_valid = /^\d+$/.test(threshold) && m >= 1 && m <= parts.length;
    if (!is_valid) throw invalid(`Multi threshold '${threshold}' is not valid`);
    const keys = parts.map(parse_key);
    return {
        is_ranged: keys.some(({ is_ranged }) => is_ranged),
        at(index) {
            const found = keys.map((key) => key.at(index));
            if (is_sorted) found.sort((a, b) => Buffer.compare(a.pubkey, b.pubkey));
            const pubkeys = found.map(({ pubkey }) => pubkey);
            const shown = found.map(({ pubkey, prefix }) => `${prefix}${hex(pubkey)}`).join(",");
            return { payment: payments.p2ms({ m, pubkeys, network }), text: `multi(${m},${shown})` };
        },
    };
}

function wrapped_script(name, text, pay, allowed) {
    const inner = parse_script(text, allowed);
    return {
        is_ranged: inner.is_ranged,
        at(index) {
            const { payment, text: shown } = inner.at(index);
            return { payment: pay({ redeem: payment, network }), text: `${name}(${shown})` };
        },
    };
}

const in_witness = ["pk", "pkh", "multi", "sortedmulti"];
const in_p2sh = [...in_witness, "wpkh", "wsh"];
const functions = {
    pk: (text) => key_script("pk", text, (pubkey) => payments.p2pk({ pubkey, network })),
    pkh: (text) => key_script("pkh", text, (pubkey) => payments.p2pkh({ pubkey, network })),
    wpkh: (text) => key_script("wpkh", text, (pubkey) => payments.p2wpkh({ pubkey, network })),
    multi: (text) => multisig_script(text, false),
    sortedmulti: (text) => multisig_script(text, true),
    wsh: (text) => wrapped_script("wsh", text, payments.p2wsh, in_witness),
    sh: (text) => wrapped_script("sh", text, payments.p2sh, in_p2sh),
    tr: taproot_script,
};

function parse_script(text, allowed = Object.keys(functions)) {
    for (const name of allowed) {
        const inside = argument(text, name);
        if (inside !== null) return functions[name](inside);
    }
    throw invalid(`'${text}' is not a valid descriptor function`);
}

function without_checksum(text) {
    const [body, checksum, ...more] = text.split("#");
    if (checksum === undefined) return body;
    if (more.length > 0) throw invalid("Multiple '#' symbols");
    if (checksum.length !== 8) throw invalid(`Expected 8 character checksum, not ${checksum.length} characters`);
    const computed = descriptor_checksum(body);
    if (checksum === computed) return body;
    throw invalid(`Provided checksum '${checksum}' does not match computed checksum '${computed}'`);
}

function invalid_range(message) {
    return new RpcError(error_codes.invalid_parameter, message);
}

function parse_range(range) {
    if (range === undefined) return [0, default_range_end];
    const [begin, end] = Array.isArray(range) ? range : [0, range];
    require_type(begin, "number");
    require_type(end, "number");
    if (begin < 0) throw invalid_range("Range should be greater or equal than 0");
    if (end < begin) throw invalid_range("Range specified as [begin,end] must not have begin after end");
    if (end >= begin + max_range) throw invalid_range("Range is too large");
    return [begin, end];
}

function fixed_script(text) {
    const shown = argument(text, "addr");
    if (shown !== null) return script_of_address(shown);
    const raw = argument(text, "raw");
    return raw === null ? null : script_of_hex(raw);
}

// Deriving keys is slow here, and a wallet asks for the same ones again and again.
const known = new Map();

function remembered(body) {
    if (known.has(body)) return known.get(body);
    const script = parse_script(body);
    const pairs = new Map();
    const pair = (index) => {
        if (!pairs.has(index)) {
            const { payment, text } = script.at(index);
            pairs.set(index, [hex(payment.output), with_checksum(text)]);
        }
        return pairs.get(index);
    };
    known.set(body, { body, is_ranged: script.is_ranged, pair });
    return known.get(body);
}

// The descriptor without its checksum, which is checked; is it ranged; at an index its script in
// hex and the descriptor of that.
export function parse_descriptor(descriptor) {
    const body = without_checksum(descriptor);
    const fixed = fixed_script(body);
    if (!fixed) return remembered(body);
    return { body, is_ranged: false, pair: () => [hex(fixed.toRaw()), describe_script(fixed).desc] };
}

// [[script in hex, descriptor], …] of a scan object: a descriptor, or {desc, range}.
export function expand_descriptor(scan_object) {
    const is_text = typeof scan_object === "string";
    const { desc, range } = is_text ? { desc: scan_object } : require_type(scan_object, "object");
    const script = parse_descriptor(require_type(desc, "string"));
    const [begin, end] = script.is_ranged ? parse_range(range) : [0, 0];
    return Array.from({ length: end - begin + 1 }, (_, i) => script.pair(begin + i));
}
