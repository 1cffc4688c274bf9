// JSON-RPC to a local node, without a library, and a development account to act with.

export function fail(message) {
    process.stderr.write(`${message}\n`);
    process.exit(1);
}

export async function call(url, method, ...params) {
    const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        signal: AbortSignal.timeout(20_000),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
}

// Sends from the node's own first account and returns the receipt. A node that mines only on
// demand is told to mine.
export async function send(url, transaction) {
    const [from] = await call(url, "eth_accounts");
    const hash = await call(url, "eth_sendTransaction", { from, ...transaction });
    let receipt = await call(url, "eth_getTransactionReceipt", hash);
    if (!receipt) {
        await call(url, "evm_mine");
        receipt = await call(url, "eth_getTransactionReceipt", hash);
    }
    if (receipt?.status !== "0x1") throw new Error(`transaction ${hash} was not executed`);
    return { ...receipt, from };
}
