// Usage: node bitcoin-rpc.mjs FILE METHOD [PARAMETER]...
//
// Calls METHOD of the node whose description ../peers/bitcoin-node wrote to FILE and prints the
// result: text as it is, all else as JSON. A parameter that looks like JSON is taken as JSON; -
// stands for what stdin has.

import { readFileSync } from "node:fs";
import { fail } from "./rpc.mjs";

const looks_like_json = /^(-?\d{1,15}(\.\d{1,8})?|true|false|null|[[{"].*)$/s;

function parse_parameter(text) {
    return looks_like_json.test(text) ? JSON.parse(text) : text;
}

// As the node wrote it: JSON.stringify would print an amount of one satoshi as 1e-8.
function result_text(text) {
    return /^\{"result":(.*),"error":null,"id":1\}\s*$/s.exec(text)[1];
}

if (process.argv.length < 4) fail("usage: node bitcoin-rpc.mjs FILE METHOD [PARAMETER]...");
const [file, method, ...texts] = process.argv.slice(2);
try {
    const { url, cookie_file } = JSON.parse(readFileSync(file, "utf8"));
    const params = texts.map((text) => parse_parameter(text === "-" ? readFileSync(0, "utf8").trim() : text));
    const authorization = `Basic ${readFileSync(cookie_file).toString("base64")}`;
    const response = await fetch(url, {
        method: "POST",
        headers: { authorization },
        body: JSON.stringify({ id: 1, method, params }),
        signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const { result, error } = JSON.parse(text);
    if (error) throw new Error(`${error.code}: ${error.message}`);
    process.stdout.write(`${typeof result === "string" ? result : result_text(text)}\n`);
} catch (error) {
    fail(`${method}: ${error.message}`);
}
