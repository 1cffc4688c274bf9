// Checks of RPC parameters, with the errors of Bitcoin Core.

import bcoin from "bcoin";
import { RpcError, error_codes } from "./json.mjs";

const { TX } = bcoin;

function json_type(value) {
    if (value === null || value === undefined) return "null";
    if (Array.isArray(value)) return "array";
    return { boolean: "bool", number: "number", string: "string", object: "object" }[typeof value];
}

export function require_type(value, type) {
    if (json_type(value) === type) return value;
    throw new RpcError(error_codes.type, `JSON value of type ${json_type(value)} is not of expected type ${type}`);
}

export function optional(value, type, fallback) {
    return value === undefined || value === null ? fallback : require_type(value, type);
}

// A hash as it is shown, in the byte order of bcoin.
export function require_hash(value, name) {
    require_type(value, "string");
    if (value.length !== 64) {
        const message = `${name} must be of length 64 (not ${value.length}, for '${value}')`;
        throw new RpcError(error_codes.invalid_parameter, message);
    }
    if (!/^[0-9a-f]+$/i.test(value)) {
        throw new RpcError(error_codes.invalid_parameter, `${name} must be hexadecimal string (not '${value}')`);
    }
    return Buffer.from(value, "hex").reverse().toString("hex");
}

export function require_transaction(value) {
    require_type(value, "string");
    try {
        if (!/^([0-9a-f]{2})+$/i.test(value)) throw new Error("not hex");
        const raw = Buffer.from(value, "hex");
        const tx = TX.fromRaw(raw);
        if (!tx.toRaw().equals(raw) || tx.inputs.length === 0) throw new Error("not the whole");
        return tx;
    } catch {
        throw new RpcError(error_codes.deserialization, "TX decode failed. Make sure the tx has at least one input.");
    }
}

// Verbosity was a boolean once.
export function verbosity(value, fallback) {
    if (typeof value === "boolean") return value ? 1 : 0;
    return optional(value, "number", fallback);
}
