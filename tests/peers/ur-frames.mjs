// Usage: node ur-frames.mjs < ORDERS
//
// Orders and answers of tests/tools/ur_frames.cpp, by @ngraveio/bc-ur. An error is its message.

import { createInterface } from "node:readline";
import { UR, URDecoder, UREncoder } from "@ngraveio/bc-ur";

const LEAST_FRAGMENT = 10;

function send({ type, cbor, most, first, count }) {
    const encoder = new UREncoder(new UR(Buffer.from(cbor, "hex"), type), most, first - 1, LEAST_FRAGMENT);
    return { frames: Array.from({ length: count }, () => encoder.nextPart()) };
}

function receive({ frames }) {
    const decoder = new URDecoder();
    let used = 0;
    for (const frame of frames) {
        if (decoder.isComplete()) break;
        decoder.receivePart(frame);
        used += 1;
    }
    if (!decoder.isComplete()) return { needed: decoder.expectedPartCount() };
    if (!decoder.isSuccess()) return { error: decoder.resultError() };
    const { type, cbor } = decoder.resultUR();
    return { type, cbor: cbor.toString("hex"), used };
}

function answer(order) {
    try {
        return order.cbor === undefined ? receive(order) : send(order);
    } catch (error) {
        return { error: error.message };
    }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(answer(JSON.parse(line))));
