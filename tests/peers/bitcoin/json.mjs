// Numbers, errors and JSON text as Bitcoin Core writes them.

const satoshi_per_bitcoin = 100_000_000n;

export class RpcError extends Error {
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}

export const error_codes = {
    misc: -1,
    type: -3,
    invalid_address_or_key: -5,
    invalid_parameter: -8,
    deserialization: -22,
    transaction: -25,
    transaction_rejected: -26,
    transaction_already_in_chain: -27,
    method_not_found: -32601,
    invalid_request: -32600,
    parse: -32700,
};

// An amount of satoshi, which JSON shows as a number of bitcoin with eight decimals.
export class Amount {
    constructor(satoshi) {
        this.satoshi = BigInt(satoshi);
    }

    toString() {
        const sign = this.satoshi < 0n ? "-" : "";
        const magnitude = this.satoshi < 0n ? -this.satoshi : this.satoshi;
        const fraction = (magnitude % satoshi_per_bitcoin).toString().padStart(8, "0");
        return `${sign}${magnitude / satoshi_per_bitcoin}.${fraction}`;
    }
}

// Bitcoin, as a number or as text, in satoshi.
export function parse_amount(value) {
    const text = typeof value === "number" ? value.toFixed(8) : value;
    const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(typeof text === "string" ? text : "");
    if (!match) throw new RpcError(error_codes.type, "Invalid amount");
    return Number(BigInt(match[1]) * satoshi_per_bitcoin + BigInt((match[2] ?? "").padEnd(8, "0")));
}

// JSON.stringify would print an amount as a string, or as 1e-8.
export function encode_json(value) {
    if (value instanceof Amount) return value.toString();
    if (Array.isArray(value)) return `[${value.map(encode_json).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${encode_json(member)}`).join(",")}}`;
}
