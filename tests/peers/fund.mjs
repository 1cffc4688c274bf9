// Usage: node fund.mjs RPC_URL TOKEN ADDRESS ETH TOKENS
//
// Transfers ETH (in ether) and TOKENS (in the token's unit, 6 decimals) from the node's first
// development account to ADDRESS. TOKEN may be - when TOKENS is 0. Prints the balances that
// ADDRESS has then, as decimal strings in the smallest unit.

import { Interface, getAddress, parseUnits } from "ethers";
import { call, fail, send } from "./rpc.mjs";

const erc20 = new Interface([
    "function transfer(address to, uint256 value) returns (bool)",
    "function balanceOf(address owner) view returns (uint256)",
]);

if (process.argv.length !== 7) fail("usage: node fund.mjs RPC_URL TOKEN ADDRESS ETH TOKENS");
const [rpc, token, recipient, eth, tokens] = process.argv.slice(2);
try {
    const address = getAddress(recipient);
    const wei = parseUnits(eth, 18);
    const units = parseUnits(tokens, 6);
    if (wei > 0n) await send(rpc, { to: address, value: `0x${wei.toString(16)}` });
    if (units > 0n) {
        await send(rpc, { to: getAddress(token), data: erc20.encodeFunctionData("transfer", [address, units]) });
    }
    const result = { address, eth: BigInt(await call(rpc, "eth_getBalance", address, "latest")).toString() };
    if (token !== "-") {
        const data = erc20.encodeFunctionData("balanceOf", [address]);
        const balance = await call(rpc, "eth_call", { to: getAddress(token), data }, "latest");
        result.token = BigInt(balance).toString();
    }
    process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
    fail(`fund: ${error.message}`);
}
