// exercise - clients from npm, as they come, against a server. usage: exercise.mjs BASE; ends with 'N passed, N failed, N skipped'.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const KitClient = require("fhir-kit-client");
const { FhirClient } = require("fhirclient");
const SmartClient = require("fhirclient/lib/Client").default;
const base = process.argv[2];
let [passed, failed] = [0, 0];

function check(isGood, claim, got) {
    isGood ? passed++ : failed++;
    if (!isGood) console.log(`FAILED ${claim}: ${JSON.stringify(got)?.slice(0, 500)}`);
}
async function step(claim, work) {
    try {
        await work((isGood, got) => check(isGood, claim, got));
    } catch (error) {
        check(false, claim, String(error?.message ?? error) + JSON.stringify(error?.response?.data ?? ""));
    }
}
const patient = (family, more) => ({ resourceType: "Patient", name: [{ family, given: ["Ann"] }], ...more });
const bundle = (type, entry) => ({ resourceType: "Bundle", type, entry });
const ids = (found) => (found.entry ?? []).map((e) => e.resource.id);

async function kit() {
    const client = new KitClient({ baseUrl: base });
    const name = (text) => `fhir-kit-client: ${text}`;
    let made, changed;
    await step(name("capabilities"), async (is) => {
        const told = await client.capabilityStatement();
        const { CapabilityTool } = KitClient;
        const tool = CapabilityTool ? new CapabilityTool(told) : undefined;
        is(told.fhirVersion === "4.0.1" && (!tool || tool.resourceCan("Patient", "read") !== false), told.fhirVersion);
    });
    await step(name("SMART's well-known address, which is not there"), async (is) => is(await client.smartAuthMetadata().then(() => true, () => true)));
    await step(name("create"), async (is) => { made = await client.create({ resourceType: "Patient", body: patient("Kit") }); is(made.id && made.meta.versionId === "1", made); });
    await step(name("read"), async (is) => { const got = await client.read({ resourceType: "Patient", id: made.id }); is(got.name[0].family === "Kit", got); });
    await step(name("update"), async (is) => { changed = await client.update({ resourceType: "Patient", id: made.id, body: { ...made, gender: "female" } }); is(changed.meta.versionId === "2", changed); });
    await step(name("conditional update"), async (is) => { const got = await client.update({ resourceType: "Patient", searchParams: { _id: made.id }, body: { ...made, gender: "male" } }); is(got.meta.versionId === "3", got); });
    await step(name("vread"), async (is) => { const got = await client.vread({ resourceType: "Patient", id: made.id, version: "2" }); is(got.gender === "female", got); });
    await step(name("patch"), async (is) => { const got = await client.patch({ resourceType: "Patient", id: made.id, JSONPatch: [{ op: "replace", path: "/gender", value: "other" }] }); is(got.gender === "other" && got.meta.versionId === "4", got); });
    await step(name("history of a record"), async (is) => { const got = await client.history({ resourceType: "Patient", id: made.id }); is(got.type === "history" && got.entry.length === 4, got); });
    await step(name("history of a type"), async (is) => { const got = await client.history({ resourceType: "Patient" }); is(got.entry.length >= 4, got); });
    await step(name("history of all"), async (is) => { const got = await client.history(); is(got.type === "history", got); });
    await step(name("transaction"), async (is) => {
        const got = await client.transaction({ body: bundle("transaction", Array.from({ length: 7 }, (_, i) => ({ resource: patient("Paged", { birthDate: `200${i}-01-01` }), request: { method: "POST", url: "Patient" } }))) });
        is(got.type === "transaction-response" && got.entry.every((e) => e.response.status.startsWith("201")), got);
    });
    await step(name("batch"), async (is) => {
        const got = await client.batch({ body: bundle("batch", [{ request: { method: "GET", url: `Patient/${made.id}` } }, { request: { method: "GET", url: "Patient/nobody" } }]) });
        is(got.entry[0].response.status.startsWith("200") && got.entry[1].response.status.startsWith("404"), got);
    });
    await step(name("search, page by page and back"), async (is) => {
        let page = await client.search({ resourceType: "Patient", searchParams: { family: "Paged", _count: 3, _sort: "birthdate" } });
        const found = [...ids(page)];
        for (page = await client.nextPage({ bundle: page }); page; page = await client.nextPage({ bundle: page })) found.push(...ids(page));
        is(found.length === 7 && new Set(found).size === 7, found);
    });
    await step(name("search by POST"), async (is) => { const got = await client.search({ resourceType: "Patient", searchParams: { family: "Paged" }, options: { postSearch: true } }); is(got.total === 7, got); });
    await step(name("search of several values"), async (is) => { const got = await client.search({ resourceType: "Patient", searchParams: { birthdate: ["ge2001", "lt2003"], family: "Paged" } }); is(got.total === 2, got); });
    await step(name("search of the system"), async (is) => { const got = await client.search({ searchParams: { _type: "Patient", _id: made.id } }); is(got.total === 1, got); });
    await step(name("search of a compartment"), async (is) => {
        await client.create({ resourceType: "Observation", body: { resourceType: "Observation", status: "final", code: { text: "x" }, subject: { reference: `Patient/${made.id}` } } });
        const got = await client.search({ resourceType: "Observation", compartment: { resourceType: "Patient", id: made.id } });
        is(got.total === 1, got);
    });
    await step(name("a reference followed"), async (is) => { const got = await client.resolve({ reference: `Patient/${made.id}` }); is(got.id === made.id, got); });
    await step(name("operation"), async (is) => { const got = await client.operation({ name: "$validate", resourceType: "Patient", input: { resourceType: "Parameters", parameter: [{ name: "resource", resource: patient("Valid") }] } }); is(got.resourceType === "OperationOutcome", got); });
    await step(name("a condition that matches creates nothing"), async (is) => { const got = await client.create({ resourceType: "Patient", body: patient("Kit"), options: { headers: { "If-None-Exist": `_id=${made.id}` } } }); is(got.id === made.id, got); });
    await step(name("delete"), async (is) => { await client.delete({ resourceType: "Patient", id: (await client.create({ resourceType: "Patient", body: patient("Gone") })).id }); is(true); });
    await step(name("what is not there is said as an outcome"), async (is) => {
        const error = await client.read({ resourceType: "Patient", id: "nobody" }).then(() => undefined, (e) => e);
        is(error?.response?.status === 404 && error.response.data.resourceType === "OperationOutcome", error?.response);
    });
}

async function smart() {
    const client = new FhirClient(base);
    const whole = new SmartClient({ get: () => undefined }, { serverUrl: base });
    const name = (text) => `fhirclient: ${text}`;
    let made;
    await step(name("capabilities"), async (is) => { const got = [await client.getFhirVersion(), await client.getFhirRelease()]; is(got[0] === "4.0.1" && got[1] === 4, got); });
    await step(name("create"), async (is) => { made = await client.create(patient("Smart")); is(made.id, made); });
    await step(name("read"), async (is) => { const got = await whole.request(`Patient/${made.id}`); is(got.name[0].family === "Smart", got); });
    await step(name("update"), async (is) => { const got = await client.update({ ...made, gender: "female" }); is(got.meta.versionId === "2", got); });
    await step(name("patch"), async (is) => { const got = await client.patch(`Patient/${made.id}`, [{ op: "add", path: "/active", value: true }]); is(got.active === true && got.meta.versionId === "3", got); });
    await step(name("vread"), async (is) => { const got = await whole.request(`Patient/${made.id}/_history/2`); is(got.gender === "female", got); });
    await step(name("history"), async (is) => { const got = await whole.request(`Patient/${made.id}/_history`); is(got.entry.length === 3, got); });
    await step(name("batch"), async (is) => {
        const body = JSON.stringify(bundle("batch", Array.from({ length: 8 }, () => ({ resource: { resourceType: "Observation", status: "final", code: { text: "x" }, subject: { reference: `Patient/${made.id}` } }, request: { method: "POST", url: "Observation" } }))));
        const got = await whole.request({ url: "/", method: "POST", body, headers: { "Content-Type": "application/fhir+json" } });
        is(got.type === "batch-response" && got.entry.every((e) => e.response.status.startsWith("201")), got);
    });
    await step(name("search, all pages as one list"), async (is) => { const got = await whole.request(`Observation?subject=Patient/${made.id}&_count=3`, { pageLimit: 0, flat: true }); is(got.length === 8 && new Set(got.map((o) => o.id)).size === 8, got.length); });
    await step(name("search, a function for each page"), async (is) => { let pages = 0; await whole.request(`Observation?subject=Patient/${made.id}&_count=3`, { pageLimit: 0, onPage: () => { pages++; } }); is(pages === 3, pages); });
    await step(name("references put in"), async (is) => { const got = await whole.request(`Observation?subject=Patient/${made.id}&_count=1`, { pageLimit: 1, flat: true, resolveReferences: ["subject"] }); is(got[0].subject.id === made.id || got[0].subject.resourceType === "Patient", got[0]); });
    await step(name("delete"), async (is) => { const gone = await client.create(patient("Gone")); await client.delete(`Patient/${gone.id}`); const error = await whole.request(`Patient/${gone.id}`).then(() => undefined, (e) => e); is(error?.status === 410 || error?.statusCode === 410, error); });
    await step(name("what is not there is an error with its status"), async (is) => { const error = await whole.request("Patient/nobody").then(() => undefined, (e) => e); is(error?.status === 404 || error?.statusCode === 404, error); });
}

await kit();
await smart();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
