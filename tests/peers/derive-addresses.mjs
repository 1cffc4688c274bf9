// Usage: node derive-addresses.mjs TPUB COUNT
//
// Prints the first COUNT receive addresses of P2WPKH below TPUB on regtest, derived by bip32 over tiny-secp256k1
// (WebAssembly), a share on each processor. For scripts/bench.

import { availableParallelism } from "node:os";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { BIP32Factory } from "bip32";
import { address, crypto, networks } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";

const network = networks.regtest;

function derive({ tpub, from, to }) {
    const branch = BIP32Factory(ecc).fromBase58(tpub, network).derive(0);
    const addresses = [];
    for (let i = from; i < to; ++i) addresses.push(address.toBech32(crypto.hash160(branch.derive(i).publicKey), 0, network.bech32));
    return addresses.join("\n");
}

function start_worker(share) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: share });
        worker.on("message", resolve);
        worker.on("error", reject);
    });
}

if (isMainThread) {
    const [tpub, text] = process.argv.slice(2);
    const count = Number(text);
    const workers = availableParallelism();
    const shares = Array.from({ length: workers }, (_, i) =>
        ({ tpub, from: Math.floor((count * i) / workers), to: Math.floor((count * (i + 1)) / workers) }));
    console.log((await Promise.all(shares.map(start_worker))).join("\n"));
} else {
    parentPort.postMessage(derive(workerData));
}
