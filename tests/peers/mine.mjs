// Usage: node mine.mjs RPC_URL BLOCKS
//
// Makes the node mine BLOCKS empty blocks at once. Prints the block number that it is at then.

import { call, fail } from "./rpc.mjs";

if (process.argv.length !== 4) fail("usage: node mine.mjs RPC_URL BLOCKS");
const [rpc, blocks] = process.argv.slice(2);
try {
    await call(rpc, "anvil_mine", `0x${BigInt(blocks).toString(16)}`);
    console.log(JSON.stringify({ block: Number(await call(rpc, "eth_blockNumber")) }));
} catch (error) {
    fail(error.message);
}
