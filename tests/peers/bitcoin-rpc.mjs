// Usage: node bitcoin-rpc.mjs FILE METHOD [PARAMETER]...
//
// Calls METHOD of the node whose description ../peers/bitcoin-node wrote to FILE and prints the
// result: text as it is, all else as JSON. A parameter that looks like JSON is taken as JSON.

import { readFileSync } from "node:fs";
import { fail } from "./rpc.mjs";

const looks_like_json = /^(-?\d{1,15}(\.\d{1,8})?|true|false|null|[[{"].*)$/s;

if (process.argv.length < 4) fail("usage: node bitcoin-rpc.mjs FILE METHOD [PARAMETER]...");
const [file, method, ...texts] = process.argv.slice(2);
try {
    const { url, cookie_file } = JSON.parse(readFileSync(file, "utf8"));
    const params = texts.map((text) => (looks_like_json.test(text) ? JSON.parse(text) : text));
    const authorization = `Basic ${readFileSync(cookie_file).toString("base64")}`;
    const response = await fetch(url, {
        method: "POST",
        headers: { authorization },
        body: JSON.stringify({ id: 1, method, params }),
        signal: AbortSignal.timeout(60_000),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${error.code}: ${error.message}`);
    process.stdout.write(`${typeof result === "string" ? result : JSON.stringify(result)}\n`);
} catch (error) {
    fail(`${method}: ${error.message}`);
}
