// compare - asks two servers the same; their stores differ only in what is hidden from the client.
// usage: compare.mjs load|ask SEED COUNT PORT_WITHOUT PORT_WITH STILL_WITHOUT STILL_WITH PKI BASE
// Prints each request whose answers are not the same bytes; ends with `asked N, kinds N, different N`.
import { extract } from "../oracle/extract.mjs";
import { Queries } from "../oracle/queries.mjs";
import { Random } from "../oracle/random.mjs";
import { PER_TYPE, Resources } from "../oracle/resources.mjs";
import { Pair, masked } from "./pair.mjs";

const [phase, seed, count, ...rest] = process.argv.slice(2);
const [portA, portB, stillA, stillB, pki, base] = rest;
const random = new Random(Number(seed));
const pair = new Pair([portA, portB], [stillA, stillB], pki, phase === "load" ? 1 : 2);

// Of what the client may (the registration in `run` says the same): all, read, create and update without reading, nothing.
const WHOLE = ["Patient", "Observation", "CarePlan", "Task", "Practitioner", "Composition"];
const READ = ["Organization", "Questionnaire"];
const BLIND = ["Procedure", "Flag"];
const HIDDEN = ["Encounter", "Condition", "ServiceRequest", "CareTeam", "Location", "RiskAssessment", "List"];
const TYPES = [...WHOLE, ...READ, ...BLIND, ...HIDDEN];
const isSeen = (type) => WHOLE.includes(type) || READ.includes(type);

const made = new Resources(random, TYPES, base);
const resources = TYPES.flatMap((type) => Array.from({ length: PER_TYPE }, (_, i) => made.make(type, `r${i}`)));
resources.forEach((r) => { if (r.resourceType === "List") r.entry = [0, 1].map(() => ({ item: made.reference(WHOLE) })); });
const records = resources.map((resource) => ({ resource, values: extract(resource) }));
for (const { values } of records) values.set("_lastUpdated", [{ type: "instant", value: new Date(Date.now() + 3600_000).toISOString() }]);
const world = {
    base, now: Date.now(), records, parents: new Map(), valueSets: new Map(), byUrl: new Map(),
    byId: new Map(records.map((r) => [`${r.resource.resourceType}/${r.resource.id}`, r])),
    ofType: (type) => records.filter((r) => r.resource.resourceType === type),
};
// Binaries whose security context hides them from the client, and one that nobody hides
const binaries = [0, 1, 2, 3].map((i) => ({ resourceType: "Binary", id: `r${i}`, contentType: "text/plain", data: "YQ==", ...(i ? { securityContext: { reference: `${HIDDEN[i]}/r1` } } : {}) }));
const queries = new Queries(random, world, TYPES);
const json = (method, path, tree, headers = {}) => ({ method, path, headers: { "Content-Type": "application/fhir+json", ...headers }, body: JSON.stringify(tree) });

async function load() {
    const isHidden = (r) => !isSeen(r.resourceType) && r.resourceType !== "Binary" || r.securityContext;
    const all = [...records.map((r) => r.resource), ...binaries];
    for (let rest = all; rest.length; rest = rest.slice(20)) { // what is hidden between what is seen
        for (const hidden of [true, false]) {
            const entry = rest.slice(0, 20).filter((r) => Boolean(isHidden(r)) === hidden).map((resource) => ({ resource, request: { method: "PUT", url: `${resource.resourceType}/${resource.id}` } }));
            const answers = entry.length ? await pair.ask("loader", json("POST", "", { resourceType: "Bundle", type: "batch", entry }), hidden ? 1 : undefined) : [];
            for (const a of answers) if (a.status !== 200 || !JSON.parse(a.text).entry.every((e) => e.response.status.startsWith("201"))) throw new Error(`${a.status} ${a.text.slice(0, 2000)}`);
        }
    }
}

/** What happens out of the client's sight between two requests, in one store alone. */
async function behind() {
    const type = random.of([...HIDDEN, ...BLIND]);
    const id = `r${random.below(PER_TYPE + 2)}`;
    await pair.ask("loader", random.chance(0.25) ? { method: "DELETE", path: `/${type}/${id}` } : json("PUT", `/${type}/${id}`, made.make(type, id)), 1);
}

const encode = (pairs) => pairs.map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`).join("&");
const anyType = () => (random.chance(0.6) ? random.of([...WHOLE, ...READ]) : random.of(TYPES));
const anyId = () => `r${random.below(PER_TYPE + 3)}`;
const anyPlace = () => `/${anyType()}/${anyId()}`;
const query = () => {
    const drawn = queries.draw();
    return drawn.types || (random.chance(0.7) && !isSeen(drawn.type)) ? query() : drawn; // several types are asked by "system"
};
const extras = () => {
    const r = random;
    const includes = r.chance(0.35) ? r.some(TYPES, 2).map((t) => [r.of(["_include", "_revinclude", "_include:iterate", "_revinclude:iterate"]), `${t}:${r.of(["*", ...queries.references(t).map(([c]) => c)])}`]) : [];
    return [...includes, ...(r.chance(0.2) ? [["_summary", r.of(["count", "true", "data", "text"])]] : []), ...(r.chance(0.15) ? [["_total", r.of(["none", "estimate", "accurate"])]] : []),
        ...(r.chance(0.5) ? [["_count", 1 + r.below(5)]] : []), ...(r.chance(0.2) ? [["_sort", r.of(["_id", "-_lastUpdated", "_lastUpdated", "identifier"])]] : [])];
};
// A whole resource, or one whose only reference leads somewhere: to what is there, hidden or not at all.
const linked = () => ({ resourceType: "Observation", id: anyId(), status: "final", code: { text: "x" }, ...link() });
const link = () => { const name = random.of(["subject", "encounter", "focus", "hasMember"]); const to = { reference: anyPlace().slice(1) + random.of(["", "", "/_history/1"]) }; return { [name]: ["focus", "hasMember"].includes(name) ? [to] : to }; };
const anyBody = () => (random.chance(0.5) ? linked() : made.make(random.of([...WHOLE, ...BLIND]), anyId()));
const condition = (type) => { const [name, value] = random.chance(0.4) ? queries.chain(type) : random.chance(0.3) ? queries.has(type) : queries.plain(type); return encode([[name, value]]); };
const entry = () => {
    const drawn = query();
    const body = anyBody();
    return random.of([
        () => ({ request: { method: "GET", url: `${drawn.type}?${encode([...drawn.pairs, ...extras()])}` } }),
        () => ({ request: { method: "GET", url: anyPlace().slice(1) } }),
        () => ({ resource: body, request: { method: "PUT", url: `${body.resourceType}/${body.id}` } }),
        () => ({ fullUrl: "urn:uuid:00000000-0000-4000-8000-00000000000" + random.below(9), resource: body, request: { method: "POST", url: body.resourceType, ...(random.chance(0.4) ? { ifNoneExist: condition(body.resourceType) } : {}) } }),
        () => ({ request: { method: "DELETE", url: anyPlace().slice(1) } }),
    ])();
};
const bundle = (type) => ({ resourceType: "Bundle", type, entry: Array.from({ length: 1 + random.below(4) }, entry) });
const PATCH = [{ op: "add", path: "/language", value: "en" }];

// kind: [weight, request]
const KINDS = {
    search: [30, () => { const q = query(); return { method: "GET", path: `/${q.type}?${encode([...q.pairs, ...extras()])}` }; }],
    posted: [4, () => { const q = query(); return { method: "POST", path: `/${q.type}/_search`, headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: encode([...q.pairs, ...extras()]) }; }],
    system: [4, () => ({ method: "GET", path: `/?_type=${random.some(TYPES, 2)}&${encode([["_id", `${anyId()},${anyId()}`], ...extras()])}` })],
    compartment: [5, () => { const q = query(); return { method: "GET", path: `/${random.of(["Patient", "Patient", "Encounter", "Practitioner"])}/${anyId()}/${random.of([q.type, "*"])}?${encode(extras())}` }; }],
    filter: [4, () => { const t = anyType(); return { method: "GET", path: `/${t}?_filter=${encodeURIComponent(`${random.of(queries.references(t).map(([c]) => c).concat("_id"))} ${random.of(["eq", "ne", "pr"])} ${random.of([anyPlace().slice(1), "true"])}`)}` }; }],
    list: [2, () => ({ method: "GET", path: `/${random.of(WHOLE)}?_list=${anyId()}` })],
    words: [2, () => ({ method: "GET", path: `/${anyType()}?${random.of(["_content", "_text"])}=${random.of(["ann", "smith", "main"])}` })],
    next: [12, () => undefined],
    read: [8, () => ({ method: random.of(["GET", "GET", "HEAD"]), path: anyPlace(), headers: random.chance(0.3) ? { "If-None-Match": 'W/"1"' } : {} })],
    vread: [4, () => ({ method: "GET", path: `${anyPlace()}/_history/${1 + random.below(3)}` })],
    history: [5, () => ({ method: "GET", path: random.of([`${anyPlace()}/_history`, `/${anyType()}/_history`, "/_history"]) + `?_count=${1 + random.below(20)}` })],
    create: [5, () => { const b = anyBody(); delete b.id; return json("POST", `/${b.resourceType}`, b, random.chance(0.5) ? { "If-None-Exist": condition(b.resourceType) } : {}); }],
    update: [8, () => { const b = anyBody(); return json("PUT", `/${b.resourceType}/${b.id}`, b, random.chance(0.3) ? { "If-Match": `W/"${1 + random.below(3)}"` } : random.chance(0.2) ? { "If-None-Match": "*" } : {}); }],
    updateWhere: [4, () => { const b = anyBody(); if (random.chance(0.5)) delete b.id; return json("PUT", `/${b.resourceType}?${condition(b.resourceType)}`, b); }],
    patch: [4, () => { const t = anyType(); return json("PATCH", random.chance(0.3) ? `/${t}?${condition(t)}` : `/${t}/${anyId()}`, PATCH, { "Content-Type": "application/json-patch+json" }); }],
    delete: [4, () => ({ method: "DELETE", path: random.chance(0.3) ? (() => { const t = anyType(); return `/${t}?${condition(t)}`; })() : anyPlace() })],
    batch: [4, () => json("POST", "", bundle("batch"))],
    transaction: [4, () => json("POST", "", bundle("transaction"))],
    binary: [5, () => {
        const path = `/Binary/r${random.below(6)}`;
        return random.of([
            () => ({ method: "GET", path: path + random.of(["", "/_history", "/_history/1"]) }),
            () => ({ method: "GET", path: "/Binary?_summary=count" }),
            () => json("PUT", path, { ...binaries[0], id: path.slice(8) }, random.chance(0.3) ? { "If-Match": 'W/"1"' } : {}),
            () => json("POST", "/Binary", binaries[0]),
            () => json("PATCH", path, PATCH, { "Content-Type": "application/json-patch+json" }),
            () => ({ method: "DELETE", path }),
        ])();
    }],
    operation: [12, () => {
        const t = anyType();
        return random.of([
            () => ({ method: "GET", path: `/Patient/${anyId()}/$everything?_count=${1 + random.below(20)}` }),
            () => ({ method: "GET", path: `/Encounter/${anyId()}/$everything` }),
            () => ({ method: "GET", path: `${random.of(["", `/${t}`, anyPlace()])}/$meta` }),
            () => ({ method: "GET", path: `/$graphql?query=${encodeURIComponent(`{PatientList(_count:3){id managingOrganization{resource{... on Organization{id}}} ObservationList(_reference:subject){id encounter{reference resource{... on Encounter{id}}}}}}`)}` }),
            () => ({ method: "GET", path: `/Observation/$lastn?patient=Patient/${anyId()}&code=http://example.org/oracle/tree|${random.of(["a", "a1", "b"])}` }),
            () => ({ method: "GET", path: `/${t}/$explain?_id=r1` }),
            () => ({ method: "GET", path: "/$reindex-status" }),
            () => json("POST", `/${t}/$validate`, made.make(t, anyId())),
            () => json("POST", `${anyPlace()}/$validate`, { resourceType: "Parameters", parameter: [{ name: "mode", valueCode: random.of(["delete", "profile"]) }] }),
            () => json("POST", `${anyPlace()}/$meta-add`, { resourceType: "Parameters", parameter: [{ name: "meta", valueMeta: { tag: [{ code: "t" }] } }] }),
            () => json("POST", "/Patient/$merge", { resourceType: "Parameters", parameter: [{ name: "source-patient", valueReference: { reference: `Patient/${anyId()}` } }, { name: "target-patient", valueReference: { reference: `Patient/${anyId()}` } }] }),
            () => ({ method: "GET", path: `/Composition/${anyId()}/$document` }),
        ])();
    }],
    metadata: [1, () => ({ method: "GET", path: "/metadata" })],
};
const BAG = Object.entries(KINDS).flatMap(([kind, [weight]]) => Array(weight).fill(kind));

let links = [];
/** A page link that is open in both: each side's own. */
function next() {
    return links.length ? links.splice(random.below(links.length), 1)[0] : undefined;
}
function collect(answers) {
    const found = answers.map((a) => /"relation":\s*"next",\s*"url":\s*"([^"]*)"/.exec(a.text)?.[1]?.slice(base.length));
    if (found.every(Boolean)) links = [...links, (i) => ({ method: "GET", path: found[i] })].slice(-30);
}

function difference([a, b]) {
    if (a.status !== b.status) return `${a.status} and ${b.status}\n  ${a.text.slice(0, 700)}\n  ${b.text.slice(0, 700)}`;
    const [bodyA, bodyB] = [a, b].map((x) => masked(x.text));
    if (bodyA !== bodyB) {
        let at = 0;
        while (bodyA[at] === bodyB[at]) at++;
        return `bodies from byte ${at}\n  ...${bodyA.slice(Math.max(0, at - 200), at + 300)}\n  ...${bodyB.slice(Math.max(0, at - 200), at + 300)}`;
    }
    const [headA, headB] = [a, b].map((x) => masked(x.headers.join("\n")));
    return headA === headB ? undefined : `headers\n  ${headA.replaceAll("\n", " ")}\n  ${headB.replaceAll("\n", " ")}`;
}

if (phase === "load") {
    await load();
    pair.close();
    process.exit(0);
}
let different = 0;
const statuses = new Map();
for (let i = 0; i < Number(count); i++) {
    if (random.chance(0.15)) await behind();
    const kind = random.of(BAG);
    const asked = kind === "next" ? next() ?? KINDS.search[1]() : KINDS[kind][1]();
    const answers = await pair.ask("client", asked);
    collect(answers);
    const name = /\$[a-z-]+/.exec(asked.path ?? "")?.[0] ?? kind;
    const key = `${name} ${answers[0].status}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
    const note = difference(answers);
    if (!note) continue;
    different++;
    const one = typeof asked === "function" ? asked(1) : asked;
    console.log(`DIFFERENT ${i} (${kind}) ${one.method} ${decodeURIComponent(one.path)} ${JSON.stringify(one.headers ?? {})} ${one.body ?? ""}`.slice(0, 1500) + `\n  ${note}`);
}
pair.close();
console.log([...statuses].sort().map(([k, n]) => `${k}: ${n}`).join(", "));
console.log(`asked ${count}, different ${different}`);
