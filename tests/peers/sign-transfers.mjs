// Usage: node sign-transfers.mjs COUNT
//
// Signs COUNT EIP-1559 transfers with viem, as fast as it goes, and prints the last one. For scripts/bench.

import { privateKeyToAccount } from "viem/accounts";

const account = privateKeyToAccount(`0x${"07".repeat(32)}`);
let signed;
for (let nonce = 0; nonce < Number(process.argv[2]); ++nonce)
    signed = await account.signTransaction({
        type: "eip1559",
        chainId: 1,
        nonce,
        gas: 21_000n,
        maxFeePerGas: 50_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
        to: "0x8b3392483ba26d65e331db86d4f430e9b3814512",
        value: 1_000_000_000_000n,
    });
console.log(signed);
