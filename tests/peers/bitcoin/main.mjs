// Usage: node main.mjs FILE [--owner PID] [--user NAME --password TEXT]
//
// What ../bitcoin-node starts. It writes FILE when it answers and runs until a signal, or until
// process PID is gone.

import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { chain_methods } from "./chain_methods.mjs";
import { RegtestChain } from "./chain.mjs";
import { Mempool } from "./mempool.mjs";
import { mempool_methods } from "./mempool_methods.mjs";
import { mining_methods, treasury_script } from "./mining_methods.mjs";
import { RpcServer } from "./rpc_server.mjs";

const first_blocks = 550;   // segwit is active from 432 on; 450 coinbases are mature
const owner_check_milliseconds = 500;

function end_with_owner(pid) {
    setInterval(() => {
        try {
            process.kill(pid, 0);
        } catch (error) {
            if (error.code === "ESRCH") process.exit(0);
        }
    }, owner_check_milliseconds).unref();
}

async function make_node() {
    const regtest = new RegtestChain();
    await regtest.open();
    while (regtest.height < first_blocks) await regtest.mine(treasury_script);
    return { regtest, mempool: new Mempool(regtest), feerate: null, pretences: new Map() };
}

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { owner: { type: "string" }, user: { type: "string" }, password: { type: "string" } },
});
const file = resolve(positionals[0]);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
if (values.owner) end_with_owner(Number(values.owner));

const node = await make_node();
const cookie = `__cookie__:${randomBytes(32).toString("hex")}`;
const cookie_file = `${file}.cookie`;
const user = values.user ?? "coffer";
const password = values.password ?? randomBytes(16).toString("hex");
const methods = { ...chain_methods, ...mempool_methods, ...mining_methods };
const server = new RpcServer(node, methods, [cookie, `${user}:${password}`]);
const port = await server.listen();
writeFileSync(cookie_file, cookie, { mode: 0o600 });
process.on("exit", () => rmSync(cookie_file, { force: true }));
const description = {
    pid: process.pid,
    port,
    url: `http://127.0.0.1:${port}`,
    chain: "regtest",
    height: node.regtest.height,
    genesis: (await node.regtest.chain.getEntryByHeight(0)).rhash(),
    cookie_file,
    user,
    password,
    log: `${file}.log`,
};
writeFileSync(`${file}.part`, `${JSON.stringify(description)}\n`, { mode: 0o600 });
renameSync(`${file}.part`, file);
