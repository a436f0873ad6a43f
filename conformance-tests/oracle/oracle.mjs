// oracle - fills a server with random resources, asks it random searches, and holds each answer against match.mjs.
// usage: oracle.mjs BASE SEED COUNT [QUERY]; with QUERY (type?a=b, decoded) that one alone, with what the oracle finds.
// Prints what differs, each with the fewest parameters that differ, and at the end a line `asked N, empty N, different N`.
import { extract } from "./extract.mjs";
import { parametersOf, resourceTypes } from "./definitions.mjs";
import { search, sortKeys, targets } from "./match.mjs";
import { Queries } from "./queries.mjs";
import { Random } from "./random.mjs";
import { PARENTS, PER_TYPE, Resources, VALUE_SETS } from "./resources.mjs";

const [base, seedText, countText, only] = process.argv.slice(2);
const seed = Number(seedText);
const random = new Random(seed);
const ALWAYS = ["Patient", "Practitioner", "Organization", "Observation", "Encounter", "Condition", "CarePlan", "CareTeam", "ServiceRequest", "Task", "Location", "RiskAssessment", "List"];
const NEVER = ["Bundle", "Binary", "Parameters", "StructureDefinition", "SearchParameter", "CodeSystem", "ValueSet", "ConceptMap", "AuditEvent", "Subscription", "Endpoint"];
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

async function send(method, path, body, headers = {}) {
    const answer = await fetch(path.startsWith("http") ? path : base + path, { method, headers: body && !headers["Content-Type"] ? { "Content-Type": "application/fhir+json", ...headers } : headers, body });
    const text = await answer.text();
    return { status: answer.status, text, tree: text ? JSON.parse(text) : undefined };
}

const name = (r) => `${r.resourceType}/${r.id}`;
const updated = new Map();

async function put(resources) {
    for (let at = 0; at < resources.length; at += 100) {
        const entry = resources.slice(at, at + 100).map((resource) => ({ resource, request: { method: "PUT", url: `${resource.resourceType}/${resource.id}` } }));
        const answer = await send("POST", "", JSON.stringify({ resourceType: "Bundle", type: "batch", entry }));
        const bad = answer.tree.entry?.find((e) => !/^20/.test(e.response.status));
        if (answer.status !== 200 || bad) throw new Error(`the resources were not taken: ${JSON.stringify(bad ?? answer.tree).slice(0, 2000)}`);
        answer.tree.entry.forEach((e, i) => updated.set(name(resources[at + i]), e.response.lastModified));
    }
}

function makeWorld(types) {
    const made = new Resources(random, types, base);
    const records = types.flatMap((type) => Array.from({ length: PER_TYPE }, (_, i) => made.make(type, `r${i}`))).map((resource) => ({ resource, values: extract(resource) }));
    const byType = new Map(types.map((t) => [t, records.filter((r) => r.resource.resourceType === t)]));
    return {
        base, now: Date.now(), records, parents: PARENTS, valueSets: VALUE_SETS,
        byUrl: new Map(records.map((r) => [r.resource.url, records.filter((o) => o.resource.url === r.resource.url)])),
        byId: new Map(records.map((r) => [`${r.resource.resourceType}/${r.resource.id}`, r])),
        ofType: (type) => byType.get(type) ?? [],
    };
}

const encode = (query) => [...(query.types ? [["_type", query.types.join(",")]] : []), ...query.pairs, ["_count", query.count], ...(query.sort ? [["_sort", query.sort.join(",")]] : []), ...(query.includes ?? []).map(({ kind, type, code, target }) => [kind, [type, code, target].filter(Boolean).join(":")])]
    .map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`).join("&");
const show = (query) => `${query.patient ? `Patient/${query.patient}/` : ""}${query.types ? "" : query.type}?` + decodeURIComponent(encode(query)) + (query.post ? " (POST)" : "");

/** All pages: {matches, included, total} or {error}. */
async function ask(query) {
    const path = query.types ? "/" : `/${query.patient ? `Patient/${query.patient}/` : ""}${query.type}`;
    let answer = query.post && !query.patient ? await send("POST", path + "/_search", encode(query), FORM) : await send("GET", `${path}?${encode(query)}`);
    const found = { matches: [], included: [] };
    for (;;) {
        if (answer.status !== 200) return { error: `${answer.status} ${answer.tree?.issue?.map((i) => i.diagnostics ?? i.details?.text).join("; ")}` };
        found.total ??= answer.tree.total;
        for (const entry of answer.tree.entry ?? []) (entry.search.mode === "match" ? found.matches : found.included).push(name(entry.resource));
        const next = answer.tree.link.find((l) => l.relation === "next");
        if (!next) return found;
        if ((answer.tree.entry ?? []).filter((e) => e.search.mode === "match").length !== query.count) return { error: "a page before the last is not full" };
        answer = await send("GET", next.url);
    }
}

// of a range where it begins
const first = (key) => (Array.isArray(key) ? key[0] : key);
const compare = (a, b) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0);
/** What is wrong with the order, if anything: ascending by the least value, descending by the greatest; without one last. */
function misordered(matches, sort, world) {
    for (let i = 1; i < matches.length; i++) {
        for (const key of sort) {
            const [sign, code] = key[0] === "-" ? [-1, key.slice(1)] : [1, key];
            const [a, b] = [matches[i - 1], matches[i]].map((m) => sortKeys(world.byId.get(m), code).sort(compare).at(sign < 0 ? -1 : 0));
            if (a === undefined && b === undefined) continue;
            if (a === undefined) return `${matches[i]} has a ${code}, ${matches[i - 1]} before it has none`;
            if (b === undefined) break;
            const order = sign * compare(a, b);
            if (order > 0) return `${matches[i - 1]} (${a}) before ${matches[i]} (${b}) by ${key}`;
            if (order < 0) break;
        }
    }
    return undefined;
}

async function difference(query, world) {
    const got = await ask(query);
    if (got.error) return got.error;
    const wanted = search(query.types ?? query.type, query.pairs, world, query.patient).map((r) => name(r.resource));
    const missing = wanted.filter((w) => !got.matches.includes(w));
    const extra = got.matches.filter((g) => !wanted.includes(g));
    const notes = [];
    if (missing.length) notes.push(`not found: ${missing.slice(0, 4)}`);
    if (extra.length) notes.push(`found: ${extra.slice(0, 4)}`);
    if (new Set(got.matches).size !== got.matches.length) notes.push("a match twice");
    if (got.total !== wanted.length && !missing.length && !extra.length) notes.push(`total ${got.total}, ${wanted.length} matches`);
    if (query.sort && !notes.length) notes.push(misordered(got.matches, query.sort, world));
    if (query.includes && !notes.length) notes.push(included(query, got, wanted, world));
    return notes.filter(Boolean).join("; ") || undefined;
}

/** What an include adds to records: forwards, what they refer to by its parameters; backwards, what refers to them. */
function reached({ kind, type, code, target }, records, world) {
    const codes = (of) => (code === "*" ? [...parametersOf(of)].filter(([, p]) => p.type === "reference").map(([c]) => c) : [code]);
    if (kind.startsWith("_include")) return records.filter((r) => r.resource.resourceType === type).flatMap((r) => codes(type).flatMap((c) => targets(r, c, world, target)));
    return world.ofType(type).filter((r) => codes(type).some((c) => targets(r, c, world, target).some((t) => records.includes(t))));
}

function included(query, got, matches, world) {
    const all = new Set(matches.map((m) => world.byId.get(m)));
    for (let fresh = [...all], round = 0; fresh.length; round++) {
        const found = query.includes.filter((i) => round === 0 || i.kind.endsWith(":iterate")).flatMap((i) => reached(i, fresh, world));
        fresh = [...new Set(found)].filter((r) => !all.has(r));
        fresh.forEach((r) => all.add(r));
    }
    const expected = [...all].map((r) => name(r.resource)).filter((n) => !matches.includes(n)).sort();
    const found = [...got.included].sort();
    return expected.join() === found.join() ? undefined : `included but not to be: ${found.filter((f) => !expected.includes(f))}; not included: ${expected.filter((e) => !found.includes(e))}`;
}

/** The same difference with as little as possible. */
async function shrink(query, world) {
    let best = query;
    for (const without of ["includes", "sort", "patient", "post"]) {
        const less = { ...best, [without]: undefined };
        if (best[without] && (await difference(less, world))) best = less;
    }
    for (let i = best.pairs.length - 1; i >= 0; i--) {
        const less = { ...best, pairs: best.pairs.filter((_, j) => j !== i) };
        if (less.pairs.length && (await difference(less, world))) best = less;
    }
    for (let i = 0; i < best.pairs.length; i++) {
        for (const part of best.pairs[i][1].split(/(?<!\\),/)) {
            const less = { ...best, pairs: best.pairs.map((p, j) => (j === i && !p[2] ? [p[0], part] : p)) };
            if (part !== best.pairs[i][1] && (await difference(less, world))) {
                best = less;
                break;
            }
        }
    }
    return best;
}

function values(query, note, world) {
    const id = /(?:found: |not found: )([A-Z]\w+\/\w+)/.exec(note)?.[1];
    const record = id && world.byId.get(id);
    if (!record) return "";
    return query.pairs.map(([n]) => n.split(/[:.]/)[0]).filter((c) => record.values.has(c)).map((c) => `\n    ${id} ${c} = ${JSON.stringify(record.values.get(c))}`).join("").slice(0, 1200);
}

// What a server knows from its packages is found beside what is stored; such types are left alone.
const loaded = new Set();
for (const type of resourceTypes.filter((t) => !NEVER.includes(t))) if ((await send("GET", `/${type}?_summary=count`)).tree.total !== 0) loaded.add(type);
const types = [...ALWAYS, ...random.some(resourceTypes.filter((t) => ![...ALWAYS, ...NEVER].includes(t) && !loaded.has(t)), 8)];
const world = makeWorld(types);
await put(world.records.map((r) => r.resource));
for (const record of world.records) record.values.set("_lastUpdated", [{ type: "instant", value: updated.get(name(record.resource)) }]);
const queries = new Queries(random, world, types);
let [asked, empty, different] = [0, 0, 0];
if (only) {
    const [path, text] = only.split(/\?(.*)/s);
    const query = { type: path, count: 1000, pairs: text.split("&").map((p) => p.split(/=(.*)/s).slice(0, 2)) };
    console.log(`wanted ${search(query.type, query.pairs, world).map((r) => name(r.resource))}\ngot ${JSON.stringify(await ask(query))}`);
}
for (; asked < Number(countText); asked++) {
    const query = queries.next();
    if (!search(query.types ?? query.type, query.pairs, world, query.patient).length) empty++;
    const note = await difference(query, world);
    if (!note) continue;
    different++;
    const least = await shrink(query, world);
    const leastNote = await difference(least, world) ?? note;
    console.log(`DIFFERENT ${show(least)}\n  ${leastNote}${values(least, leastNote, world)}`);
}
console.log(`asked ${asked}, empty ${empty}, different ${different}`);
