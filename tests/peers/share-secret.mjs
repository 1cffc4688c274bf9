// Usage: node share-secret.mjs < ORDERS
//
// Orders and answers of tests/tools/share_secret.cpp, by slip39-js. It chooses the identifier itself, and an error is its message.

import { createInterface } from "node:readline";
import Slip39 from "slip39";

function split({ secret, passphrase, threshold, groups, exponent, extendable }) {
    const set = Slip39.fromArray([...Buffer.from(secret, "hex")], {
        passphrase,
        threshold,
        groups,
        iterationExponent: exponent,
        extendableBackupFlag: extendable ? 1 : 0,
    });
    return { shares: groups.map((_, i) => set.fromPath(`r/${i}`).mnemonics) };
}

function combine({ shares, passphrase }) {
    return { secret: Buffer.from(Slip39.recoverSecret(shares, passphrase)).toString("hex") };
}

function answer(order) {
    try {
        return order.secret === undefined ? combine(order) : split(order);
    } catch (error) {
        return { error: error.message };
    }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(answer(JSON.parse(line))));
