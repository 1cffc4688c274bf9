// Usage: node check-protocol-vectors.mjs DIRECTORY
//
// A second implementation of coffer-protocol(5), from its text and with nothing but node:crypto: rebuilds
// every body of tests/vectors/protocol from its fields, compares the bytes, hashes them, and makes and
// verifies the signatures. Exit status 1 when anything differs, when a set is missing or is empty.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

// Deterministic CBOR: a number, text, bytes, null, boolean, an array, or a Map with integer keys.
function head(major, value) {
    const number = BigInt(value);
    for (const [width, code, limit] of [[0, 0, 24n], [1, 24, 1n << 8n], [2, 25, 1n << 16n], [4, 26, 1n << 32n], [8, 27, 1n << 64n]])
        if (number < limit) {
            const tail = width ? Buffer.from(number.toString(16).padStart(2 * width, "0"), "hex") : Buffer.alloc(0);
            return Buffer.concat([Buffer.from([(major << 5) | (width ? code : Number(number))]), tail]);
        }
    throw new Error(`${value} does not fit`);
}
function cbor(value) {
    if (value === null) return Buffer.from([0xf6]);
    if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
    if (typeof value === "number") return head(0, value);
    if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value.normalize("NFC"))]);
    if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
    if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
    const entries = [...value].filter(([, item]) => item !== undefined).sort(([a], [b]) => a - b);
    return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

const hex = text => Buffer.from(text, "hex");
const sha256 = bytes => createHash("sha256").update(bytes).digest();
const domain = (kind, body) => Buffer.concat([Buffer.from(`coffer/v1/${kind}\0`), body]);
const optional = (value, write) => (value === null ? undefined : write(value));
const amount = text => hex(BigInt(text) === 0n ? "" : BigInt(text).toString(16).replace(/^(..)*.$/, "0$&"));
const keyed = (...items) => new Map(items.map((item, key) => [key, item]));
const body = (f, ...items) => new Map([[0, f.environment], [1, hex(f.treasury)], ...items.map((item, i) => [i + 2, item])]);
const asset = a => [a.chain, a.symbol];
const position = p => [p.number, hex(p.link)];
const task_signature = s => [s.payload, s.input, hex(s.public_key), hex(s.signature)];
const carried = r => [hex(r.request), r.payloads.map(hex), r.votes.map(hex), r.signatures.map(task_signature)];
const links = list => list.map(l => [l.number, hex(l.previous), hex(l.artefact)]);
const payments = list => list.map(p => [asset(p.asset), hex(p.destination), amount(p.amount)]);

const bodies = {
    key_id: f => [f.algorithm, hex(f.public_key)],
    payload: f => [f.family, f.chain_id, hex(f.sender), hex(f.signing_hash)],
    payment: f => [1, f.payer, payments(f.payments), payments(f.change), [asset(f.fee.asset), amount(f.fee.amount)]],
    link: f => [f.number, hex(f.previous), hex(f.entry_hash)],
    request: f => body(f, position(f.position), hex(f.id), f.kind, f.wallet, f.payload_digests.map(hex), hex(f.payment_digest),
        optional(f.replaces, hex), optional(f.height, Number), f.requester, f.created, f.expires),
    vote: f => body(f, hex(f.request_digest), f.decision, f.officer, f.time, optional(f.comment_hash, hex), hex(f.charter_hash),
        position(f.position), f.heads.map(hex)),
    head: f => body(f, f.source, f.size, hex(f.root), f.time),
    entry: f => body(f, "cancel", hex(f.request_digest), f.officer, f.time, f.reason),
    bundle: f => body(f, links(f.links), optional(f.online_head, hex), f.heads.map(hex), f.pool.map(hex), f.requests.map(carried)),
    review: f => body(f, links(f.links), f.heads.map(hex), carried(f.request)),
    receipt: f => body(f, hex(f.bundle_digest), f.appliance, f.time,
        f.results.map(r => [hex(r.request_digest), r.outcome, r.code, r.signatures.map(task_signature)]), position(f.position), f.findings,
        f.log_size, hex(f.log_root), optional(f.consistency, c => [c.from_size, c.path.map(hex)]), optional(f.head, hex)),
    charter: f => body(f, 1, f.name, f.version, optional(f.previous, hex), optional(f.adopt_before, Number), f.amendment,
        f.roles.map(r => keyed(r.id, r.veto)), f.officers.map(o => keyed(o.id, o.roles, o.keys)),
        f.appliances.map(a => keyed(a.id, a.key, ["active", "standby"].indexOf(a.state), a.keys.map(k => keyed(k.id, k.origin, k.public)),
            a.accepts_swap)),
        f.audit, f.chains.map(c => keyed(c.id, c.family, c.chain_id, c.network, c.symbol, c.decimals)),
        f.tokens.map(t => keyed(t.id, t.chain, hex(t.address), t.decimals)),
        f.wallets.map(w => keyed(w.id, w.chain, ["cold", "warm", "hot"].indexOf(w.tier), ["governed", "personal"].indexOf(w.mode),
            hex(w.address), w.descriptor, w.keys.map(k => [k.appliance, k.key, k.path, k.outside]),
            ["person", "none"].indexOf(w.presence), w.confirmations, w.first_nonce)),
        f.destinations.map(d => keyed(d.id, d.chain, hex(d.address))),
        f.rules.map(r => keyed(r.id, r.wallets, r.kinds, r.chains, r.assets, optional(r.amount, a => [amount(a.least), amount(a.most)]),
            [["any", "whitelist", "internal", "listed"].indexOf(r.destinations.class), r.destinations.names], r.approvals,
            r.requester_may_approve, r.expires_seconds, r.delay_seconds, optional(r.max_fee, amount), optional(r.max_feerate, amount),
            optional(r.max_priority_feerate, amount), optional(r.max_fee_share, Number)))),
};

// RFC 8410: an Ed25519 seed as a PKCS #8 key.
const private_key = seed => createPrivateKey({ key: Buffer.concat([hex("302e020100300506032b657004220420"), seed]), format: "der", type: "pkcs8" });
const public_bytes = key => createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
const key_id = bytes => sha256(domain("key", cbor(["ed25519", bytes]))).subarray(0, 16);

const failures = [];
let checked = 0;
function same(where, what, found, expected) {
    if (expected === undefined || found.toString("hex") !== expected) failures.push(`${where}: ${what} differs\n  ours    ${found.toString("hex")}\n  vector  ${expected}`);
}

for (const set of ["key_id", "payload_digest", "payment_digest", "charter", "request", "vote", "head", "cancel", "link", "bundle", "review", "receipt"]) {
    const { vectors } = JSON.parse(readFileSync(`${process.argv[2]}/${set}.json`, "utf8"));
    if (!vectors.length) failures.push(`${set}: no vector`);
    for (const vector of vectors) {
        const where = `${set}, ${vector.name ?? vector.key_id}`;
        const bytes = cbor(bodies[vector.kind](vector.fields));
        const message = domain(vector.kind === "key_id" ? "key" : vector.kind, bytes);
        same(where, "body", bytes, vector.body);
        same(where, "hash", sha256(message), vector.hash);
        if (vector.kind === "key_id") {
            same(where, "public key", public_bytes(private_key(hex(vector.seed))), vector.fields.public_key);
            same(where, "key id", key_id(hex(vector.fields.public_key)), vector.key_id);
        }
        if (vector.seeds) {
            const signatures = vector.seeds.map(seed => {
                const key = private_key(hex(seed));
                return { id: key_id(public_bytes(key)), key, signature: sign(null, message, key) };
            }).sort((a, b) => Buffer.compare(a.id, b.id));
            signatures.forEach(({ id, key, signature }, i) => {
                same(where, `key id ${i}`, id, vector.signatures[i].key_id);
                same(where, `signature ${i}`, signature, vector.signatures[i].signature);
                if (!verify(null, message, createPublicKey(key), hex(vector.signatures[i].signature))) failures.push(`${where}: signature ${i} does not verify`);
            });
            const envelope = keyed(`coffer-${vector.kind}`, 1, bytes, signatures.map(({ id, signature }) => [id, signature]));
            same(where, "artefact", cbor(envelope), vector.artefact);
        }
        checked += 1;
    }
}

for (const failure of failures) console.error(failure);
console.log(`${checked} vectors checked, ${failures.length} differences`);
process.exit(failures.length ? 1 : 0);
