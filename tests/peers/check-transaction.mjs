// Usage: node check-transaction.mjs RPC_URL|- RAW_TRANSACTION|@FILE
//
// What two other implementations, ethers and viem, read out of a signed EVM transaction given
// as hex. Prints one line of JSON: integers as decimal strings, bytes and hashes as lower-case
// hex, addresses with their checksum. With an RPC_URL also what that node says about it.
//
// Exit status 1, with the reason in `error` or `differences`: not a signed transaction, not in
// its one canonical encoding, ethers and viem do not agree, or it is for another chain than
// the node's.

import { readFileSync } from "node:fs";
import { Interface, Transaction } from "ethers";
import {
    decodeFunctionData, erc20Abi, getAddress, keccak256, parseTransaction, recoverTransactionAddress,
    serializeTransaction,
} from "viem";
import { call, fail } from "./rpc.mjs";

const types = { legacy: 0, eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4 };
const text = value => (value === null || value === undefined ? null : BigInt(value).toString());

function by_ethers(raw) {
    const transaction = Transaction.from(raw);
    if (!transaction.isSigned()) throw new Error("the transaction is not signed");
    if (transaction.serialized !== raw) throw new Error("the encoding is not canonical");
    const { signature } = transaction;
    const erc20 = new Interface(["function transfer(address to, uint256 value) returns (bool)"]);
    let call = null;
    if (transaction.data.startsWith("0xa9059cbb")) {
        const { to, value } = erc20.decodeFunctionData("transfer", transaction.data);
        if (erc20.encodeFunctionData("transfer", [to, value]) !== transaction.data)
            throw new Error("the encoding of transfer is not canonical");
        call = { function: "transfer", token: transaction.to, to, amount: text(value) };
    }
    return {
        type: text(transaction.type),
        chain_id: text(transaction.chainId),
        from: transaction.from,
        hash: transaction.hash,
        signing_hash: transaction.unsignedHash,
        nonce: text(transaction.nonce),
        to: transaction.to,
        value: text(transaction.value),
        data: transaction.data,
        gas_limit: text(transaction.gasLimit),
        gas_price: transaction.type < 2 ? text(transaction.gasPrice) : null,
        max_fee_per_gas: text(transaction.maxFeePerGas),
        max_priority_fee_per_gas: text(transaction.maxPriorityFeePerGas),
        access_list: (transaction.accessList ?? []).map(
            ({ address, storageKeys }) => ({ address, storage_keys: storageKeys })),
        signature: { r: signature.r, s: signature.s, y_parity: text(signature.yParity) },
        call,
    };
}

async function by_viem(raw) {
    const { r, s, v, yParity, ...unsigned } = parseTransaction(raw);
    if (r === undefined) throw new Error("the transaction is not signed");
    let data = unsigned.data ?? "0x";
    let call = null;
    if (data.startsWith("0xa9059cbb")) {
        const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data });
        call = { function: functionName, token: getAddress(unsigned.to), to: args[0], amount: text(args[1]) };
    }
    return {
        type: text(types[unsigned.type]),
        chain_id: text(unsigned.chainId ?? 0),
        from: await recoverTransactionAddress({ serializedTransaction: raw }),
        hash: keccak256(raw),
        signing_hash: keccak256(serializeTransaction(unsigned)),
        nonce: text(unsigned.nonce ?? 0),
        to: unsigned.to ? getAddress(unsigned.to) : null,
        value: text(unsigned.value ?? 0),
        data,
        gas_limit: text(unsigned.gas ?? 0),
        gas_price: types[unsigned.type] < 2 ? text(unsigned.gasPrice ?? 0) : null,
        max_fee_per_gas: types[unsigned.type] < 2 ? null : text(unsigned.maxFeePerGas ?? 0),
        max_priority_fee_per_gas: types[unsigned.type] < 2 ? null : text(unsigned.maxPriorityFeePerGas ?? 0),
        access_list: (unsigned.accessList ?? []).map(
            ({ address, storageKeys }) => ({ address: getAddress(address), storage_keys: storageKeys })),
        signature: { r: word(r), s: word(s), y_parity: text(yParity ?? (v === 27n || v === 35n ? 0n : (v + 1n) % 2n)) },
        call,
    };
}

function word(hex) {
    return `0x${BigInt(hex).toString(16).padStart(64, "0")}`;
}

async function by_node(rpc, hash) {
    const chain_id = text(await call(rpc, "eth_chainId"));
    const transaction = await call(rpc, "eth_getTransactionByHash", hash);
    const receipt = await call(rpc, "eth_getTransactionReceipt", hash);
    return {
        chain_id,
        known: transaction !== null,
        from: transaction ? getAddress(transaction.from) : null,
        block: text(receipt?.blockNumber),
        status: text(receipt?.status),
        gas_used: text(receipt?.gasUsed),
    };
}

if (process.argv.length !== 4) fail("usage: node check-transaction.mjs RPC_URL|- RAW_TRANSACTION|@FILE");
const [rpc, argument] = process.argv.slice(2);
const result = {};
try {
    const hex = argument.startsWith("@") ? readFileSync(argument.slice(1), "utf8").trim() : argument;
    const raw = `0x${hex.replace(/^0x/, "").toLowerCase()}`;
    Object.assign(result, by_ethers(raw));
    result.viem = await by_viem(raw);
    const differences = Object.keys(result.viem).filter(
        key => JSON.stringify(result[key]) !== JSON.stringify(result.viem[key]));
    if (rpc !== "-") {
        result.node = await by_node(rpc, result.hash);
        if (result.node.chain_id !== result.chain_id) differences.push("node.chain_id");
        if (result.node.known && result.node.from !== result.from) differences.push("node.from");
    }
    result.agree = differences.length === 0;
    if (!result.agree) result.differences = differences;
} catch (error) {
    result.agree = false;
    result.error = error.shortMessage ?? error.message;
}
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.agree ? 0 : 1;
