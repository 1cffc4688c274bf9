// A regtest chain in memory: bcoin's blocks, coins and consensus rules, without its wallet,
// network, mempool or RPC. It mines on demand.

import bcoin from "bcoin";
import layout from "bcoin/lib/blockchain/layout.js";
import mining from "bcoin/lib/mining/common.js";
import networks from "bcoin/lib/protocol/networks.js";
import { network as standard } from "./scripts.mjs";

const { Chain, CoinEntry, Miner, Network, Outpoint } = bcoin;

// bcoin's regtest has addresses of its own and waits long for soft forks that are old by now.
function standardise(network) {
    Object.assign(network.keyPrefix, {
        privkey: standard.wif,
        xpubkey: standard.bip32.public,
        xprivkey: standard.bip32.private,
        xpubkey58: "tpub",
        xprivkey58: "tprv",
    });
    Object.assign(network.addressPrefix, {
        pubkeyhash: standard.pubKeyHash,
        scripthash: standard.scriptHash,
        bech32: standard.bech32,
    });
    Object.assign(network.block, { bip65height: 1, bip66height: 1 });
}

export function reversed_hex(hex) {
    return Buffer.from(hex, "hex").reverse().toString("hex");
}

// A coinbase that pays any script, not only one that bcoin has an address for.
function pay_coinbase(template, script) {
    const create_coinbase = template.createCoinbase.bind(template);
    template.createCoinbase = (commitment) => {
        const coinbase = create_coinbase(commitment);
        coinbase.outputs[0].script = script;
        coinbase.refresh();
        return coinbase;
    };
    template.refresh();
}

function solve(template) {
    const extra_nonce = Math.floor(Math.random() * 0x100000000);
    for (let nonce = 0; ; ++nonce) {
        const proof = template.getProof(extra_nonce, 0, template.time, nonce);
        if (mining.rcmp(proof.hash, template.target) <= 0) return template.commit(proof);
    }
}

export class RegtestChain {
    // Blocks that the last change took off the chain, the deepest first.
    disconnected = [];

    async open() {
        standardise(networks.regtest);
        const network = Network.get("regtest");
        this.chain = new Chain({ network, memory: true, checkpoints: false });
        this.miner = new Miner({ network, chain: this.chain });
        this.chain.on("disconnect", (entry, block) => this.disconnected.unshift(block));
        await this.chain.open();
        await this.miner.open();
    }

    get tip() {
        return this.chain.tip;
    }

    get height() {
        return this.chain.height;
    }

    // Mines one block on `parent` that pays `script` and holds `transactions` ({tx, view}).
    async mine(script, transactions = [], parent = this.tip) {
        const template = await this.miner.createBlock(parent);
        for (const { tx, view } of transactions) {
            if (!template.addTX(tx, view)) break;   // the block is full
        }
        pay_coinbase(template, script);
        const entry = await this.chain.add(solve(template));
        if (!entry) throw new Error("the block was not added");
        return entry;
    }

    // Forgets block `hash` and what was built on it.
    async invalidate(hash) {
        for (let entry = this.tip; ; entry = await this.chain.getPrevious(entry)) {
            this.disconnected.unshift(await this.chain.getBlock(entry.hash));
            if (entry.hash === hash) break;
        }
        await this.chain.invalidate(hash);
    }

    take_disconnected() {
        const blocks = this.disconnected;
        this.disconnected = [];
        return blocks;
    }

    coin(hash, index) {
        return this.chain.db.readCoin(new Outpoint(hash, index));
    }

    // Every unspent output: [{hash, index, entry}].
    coins() {
        return this.chain.db.db.range({
            gte: layout.c.min(),
            lte: layout.c.max(),
            parse: (key, value) => {
                const [hash, index] = layout.c.parse(key);
                return { hash, index, entry: CoinEntry.fromRaw(value) };
            },
        });
    }
}
