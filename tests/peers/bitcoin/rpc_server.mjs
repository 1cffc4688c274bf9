// JSON-RPC over HTTP as Bitcoin Core 27 does it: basic authentication, batches, an HTTP status
// for each kind of error.

import { timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { RpcError, encode_json, error_codes } from "./json.mjs";

const max_body = 32 * 1024 * 1024;
const challenge = { "www-authenticate": 'Basic realm="jsonrpc"' };

function is_authorised(request, credentials) {
    const [scheme, encoded] = (request.headers.authorization ?? "").split(" ");
    if (scheme !== "Basic" || !encoded) return false;
    const given = Buffer.from(encoded, "base64");
    return credentials.some((credential) => {
        const expected = Buffer.from(credential);
        return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

async function read_body(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size > max_body) throw new Error("the request is too long");
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
}

function positional(method, name, params) {
    const names = method.parameters.map((parameter) => parameter.replace("?", ""));
    const given = params ?? [];
    if (Array.isArray(given)) {
        if (given.length > names.length) throw new RpcError(error_codes.misc, `${name}: too many parameters`);
        return given;
    }
    const unknown = Object.keys(given).find((key) => !names.includes(key));
    if (unknown) throw new RpcError(error_codes.invalid_parameter, `Unknown named parameter ${unknown}`);
    return names.map((key) => given[key]);
}

function require_all(method, name, values) {
    const required = method.parameters.filter((parameter) => !parameter.endsWith("?")).length;
    if (values.slice(0, required).some((value) => value === undefined) || values.length < required) {
        throw new RpcError(error_codes.misc, `${name} ${method.parameters.join(" ")}`);
    }
}

export class RpcServer {
    // `methods`: {name: {parameters, run}}; `credentials`: ["user:password", …].
    constructor(node, methods, credentials) {
        this.node = node;
        this.methods = methods;
        this.credentials = credentials;
        this.last = Promise.resolve();
        this.http = createServer((request, response) => this.handle(request, response));
    }

    listen() {
        return new Promise((resolve, reject) => {
            this.http.once("error", reject);
            this.http.listen(0, "127.0.0.1", () => resolve(this.http.address().port));
        });
    }

    async handle(request, response) {
        const reply = (status, body, headers = {}) => {
            response.writeHead(status, { "content-type": "application/json", ...headers });
            response.end(body);
        };
        try {
            if (request.method !== "POST") return reply(405, "JSONRPC server handles only POST requests");
            if (request.url !== "/") return reply(404, "");
            if (!is_authorised(request, this.credentials)) return reply(401, "", challenge);
            const [status, answer] = await this.answer(await read_body(request));
            return reply(status, `${encode_json(answer)}\n`);
        } catch (error) {
            process.stderr.write(`${error.stack}\n`);
            return reply(500, "");
        }
    }

    async answer(body) {
        let call;
        try {
            call = JSON.parse(body);
        } catch {
            return [500, { result: null, error: { code: error_codes.parse, message: "Parse error" }, id: null }];
        }
        if (!Array.isArray(call)) {
            const answer = await this.execute(call);
            return [http_status(answer.error), answer];
        }
        const answers = [];
        for (const one of call) answers.push(await this.execute(one));
        return [200, answers];
    }

    // One call at a time: each sees the chain and the mempool whole.
    execute(call) {
        const result = this.last.then(() => this.execute_now(call));
        this.last = result;
        return result;
    }

    async execute_now(call) {
        const id = call?.id ?? null;
        try {
            return { result: await this.run(call) ?? null, error: null, id };
        } catch (error) {
            if (!(error instanceof RpcError)) process.stderr.write(`${error.stack}\n`);
            const { code = error_codes.misc, message } = error instanceof RpcError ? error : { message: error.message };
            return { result: null, error: { code, message }, id };
        }
    }

    run(call) {
        if (call === null || typeof call !== "object") {
            throw new RpcError(error_codes.invalid_request, "Invalid Request object");
        }
        const { method: name, params } = call;
        if (typeof name !== "string") throw new RpcError(error_codes.invalid_request, "Method must be a string");
        const method = Object.hasOwn(this.methods, name) ? this.methods[name] : null;
        if (!method) throw new RpcError(error_codes.method_not_found, "Method not found");
        if (params !== undefined && params !== null && typeof params !== "object") {
            throw new RpcError(error_codes.invalid_request, "Params must be an array or object");
        }
        const values = positional(method, name, params);
        require_all(method, name, values);
        return this.pretended(name, () => method.run(this.node, ...values));
    }

    // What test_pretend asked for, or the truth.
    async pretended(name, run) {
        const { pretences } = this.node;
        const pretence = name.startsWith("test_") ? {} : pretences.get(name) ?? pretences.get("*") ?? {};
        if (pretence.error) throw new RpcError(pretence.error.code, pretence.error.message);
        if (pretence.result !== undefined) return pretence.result;
        const result = await run();
        return pretence.change ? { ...result, ...pretence.change } : result;
    }
}

function http_status(error) {
    if (!error) return 200;
    if (error.code === error_codes.method_not_found) return 404;
    return error.code === error_codes.invalid_request ? 400 : 500;
}
