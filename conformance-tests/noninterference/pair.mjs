// pair - two servers that are asked the same: the same time, the same random bytes, answers held against each other.
import { Buffer } from "node:buffer";
import { openSync, readFileSync, writeSync } from "node:fs";
import { Agent, request } from "node:https";

/** A server behind its port and the file that its time and randomness come from. */
class Side {
    constructor(name, port, still, pki) {
        Object.assign(this, { name, port, pki, still: openSync(still, "r+"), agents: new Map() });
    }
    set(now, seed) {
        const bytes = Buffer.alloc(16);
        bytes.writeBigInt64LE(now, 0);
        bytes.writeBigUInt64LE(BigInt(seed), 8);
        writeSync(this.still, bytes, 0, 16, 0);
    }
    agent(client) {
        if (!this.agents.has(client))
            this.agents.set(client, new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(`${this.pki}/ca.pem`), cert: readFileSync(`${this.pki}/${client}/client.pem`), key: readFileSync(`${this.pki}/${client}/client.key`) }));
        return this.agents.get(client);
    }
    send(client, { method, path, headers = {}, body }) {
        return new Promise((resolve, reject) => {
            const sent = request({ host: "localhost", port: this.port, agent: this.agent(client), method, path: "/fhir" + path, headers }, (answer) => {
                const parts = [];
                answer.on("data", (part) => parts.push(part));
                answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.rawHeaders, text: Buffer.concat(parts).toString("utf8") }));
            });
            sent.on("error", reject);
            sent.end(body);
        });
    }
    close() {
        for (const agent of this.agents.values()) agent.destroy();
    }
}

// What a page link seals (a commit number under a key of the store's own, with a nonce) is opaque: its length is compared.
const PAGE = /([?&](?:_page|page|_token|token)=)([A-Za-z0-9_-]+)/g;
export const masked = (text) => text.replace(PAGE, (_, name, token) => name + "x".repeat(token.length));

export class Pair {
    constructor(ports, stills, pki, hours) {
        this.sides = [0, 1].map((i) => new Side(i ? "with" : "without", ports[i], stills[i], pki));
        this.now = BigInt(Date.now() + hours * 3600_000) * 1_000_000n;
        this.step = 0;
    }
    /** The same request of both, or of one (`only`), a second later than the last one. */
    async ask(client, asked, only) {
        this.now += 1_000_000_000n;
        this.step++;
        const answers = [];
        for (const [i, side] of this.sides.entries()) {
            if (only !== undefined && i !== only) continue;
            const one = typeof asked === "function" ? asked(i) : asked;
            side.set(this.now, this.step * 1_000_000);
            answers.push(await side.send(client, { ...one, headers: { ...one.headers, "X-Request-Id": `r${this.step}` } }));
        }
        return answers;
    }
    close() {
        for (const side of this.sides) side.close();
    }
}
