// Usage: node deploy-token.mjs RPC_URL
//
// Compiles TestToken.sol and deploys both of its contracts from the node's first development
// account. Prints one line of JSON; amounts are decimal strings in the smallest unit.

import { readFileSync } from "node:fs";
import { AbiCoder, getAddress } from "ethers";
import solc from "solc";
import { fail, send } from "./rpc.mjs";

const supply = 1_000_000_000_000_000n;   // a thousand million, with 6 decimals

function compile(file) {
    const output = JSON.parse(solc.compile(JSON.stringify({
        language: "Solidity",
        sources: { [file]: { content: readFileSync(new URL(file, import.meta.url), "utf8") } },
        settings: {
            evmVersion: "paris",
            optimizer: { enabled: true, runs: 200 },
            outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
        },
    })));
    const errors = (output.errors ?? []).filter(error => error.severity === "error");
    if (errors.length) fail(errors.map(error => error.formattedMessage).join("\n"));
    return name => `0x${output.contracts[file][name].evm.bytecode.object}`;
}

if (process.argv.length !== 3) fail("usage: node deploy-token.mjs RPC_URL");
const rpc = process.argv[2];
try {
    const bytecode = compile("TestToken.sol");
    const constructor_arguments = AbiCoder.defaultAbiCoder().encode(["uint256"], [supply]).slice(2);
    const token = await send(rpc, { data: bytecode("TestToken") + constructor_arguments });
    const reverting = await send(rpc, { data: bytecode("RevertingToken") });
    process.stdout.write(`${JSON.stringify({
        address: getAddress(token.contractAddress),
        name: "Test Dollar",
        symbol: "TUSD",
        decimals: 6,
        total_supply: supply.toString(),
        holder: getAddress(token.from),
        transaction: token.transactionHash,
        block: BigInt(token.blockNumber).toString(),
        reverting: { address: getAddress(reverting.contractAddress), symbol: "RUSD", decimals: 6 },
    })}\n`);
} catch (error) {
    fail(`deploy-token: ${error.message}`);
}
