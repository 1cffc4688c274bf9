// Output scripts: their types, addresses and text, as Bitcoin Core's RPC shows them on regtest.

import bcoin from "bcoin";
import common from "bcoin/lib/script/common.js";
import { address, networks } from "bitcoinjs-lib";
import { with_checksum } from "./descriptor_checksum.mjs";
import { RpcError, error_codes } from "./json.mjs";

const { Script } = bcoin;
export const network = networks.regtest;

function witness_program(raw) {
    if (raw.length < 4 || raw.length > 42 || raw[1] + 2 !== raw.length) return null;
    if (raw[0] !== 0 && (raw[0] < 0x51 || raw[0] > 0x60)) return null;
    return { version: raw[0] === 0 ? 0 : raw[0] - 0x50, program: raw.subarray(2) };
}

function witness_type({ version, program }) {
    if (version === 0 && program.length === 20) return "witness_v0_keyhash";
    if (version === 0 && program.length === 32) return "witness_v0_scripthash";
    if (version === 1 && program.length === 32) return "witness_v1_taproot";
    return version === 0 ? "nonstandard" : "witness_unknown";
}

export function script_type(script) {
    const witness = witness_program(script.toRaw());
    if (witness) return witness_type(witness);
    if (script.isPubkey()) return "pubkey";
    if (script.isPubkeyhash()) return "pubkeyhash";
    if (script.isScripthash()) return "scripthash";
    if (script.isMultisig()) return "multisig";
    return script.isNulldata() ? "nulldata" : "nonstandard";
}

export function script_address(script) {
    const raw = script.toRaw();
    const type = script_type(script);
    if (type === "pubkeyhash") return address.toBase58Check(raw.subarray(3, 23), network.pubKeyHash);
    if (type === "scripthash") return address.toBase58Check(raw.subarray(2, 22), network.scriptHash);
    if (!type.startsWith("witness_")) return undefined;
    const { version, program } = witness_program(raw);
    return address.toBech32(program, version, network.bech32);
}

function decode_bech32(text) {
    const { version, prefix, data } = address.fromBech32(text);
    if (prefix !== network.bech32) throw new Error("another network");
    return Buffer.concat([Buffer.from([version === 0 ? 0 : 0x50 + version, data.length]), data]);
}

function decode_base58(text) {
    const { version, hash } = address.fromBase58Check(text);
    const shown = Buffer.from(hash).toString("hex");
    if (version === network.pubKeyHash) return Buffer.from(`76a914${shown}88ac`, "hex");
    if (version === network.scriptHash) return Buffer.from(`a914${shown}87`, "hex");
    throw new Error("another network");
}

export function script_of_address(text) {
    for (const decode of [decode_bech32, decode_base58]) {
        try {
            return Script.fromRaw(decode(text));
        } catch {
            // not of this kind
        }
    }
    throw new RpcError(error_codes.invalid_address_or_key, "Address is not valid");
}

export function script_of_hex(text) {
    if (typeof text !== "string" || !/^([0-9a-f]{2})*$/i.test(text)) {
        throw new RpcError(error_codes.invalid_parameter, "script is not hex");
    }
    return Script.fromRaw(Buffer.from(text, "hex"));
}

function operation_text(operation, decode_sighash) {
    if (operation.value === 0) return "0";
    if (operation.value === 0x4f) return "-1";
    if (operation.value >= 0x51 && operation.value <= 0x60) return String(operation.value - 0x50);
    if (operation.data) return common.toASM(operation.data, decode_sighash);
    return operation.toASM(decode_sighash);
}

export function script_asm(script, decode_sighash = false) {
    return script.code.map((operation) => operation_text(operation, decode_sighash)).join(" ");
}

function script_descriptor(script) {
    const raw = script.toRaw();
    const type = script_type(script);
    const shown = script_address(script);
    if (type === "witness_v1_taproot") return `rawtr(${raw.subarray(2).toString("hex")})`;
    if (shown) return `addr(${shown})`;
    if (type === "pubkey") return `pk(${raw.subarray(1, -1).toString("hex")})`;
    return `raw(${raw.toString("hex")})`;
}

export function describe_script(script) {
    return {
        asm: script_asm(script),
        desc: with_checksum(script_descriptor(script)),
        hex: script.toRaw().toString("hex"),
        address: script_address(script),
        type: script_type(script),
    };
}
