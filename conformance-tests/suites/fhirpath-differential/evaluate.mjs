// evaluate - FHIRPath by the npm package fhirpath: lines {file, expression} in, lines {result} or {error} out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");
const resources = new Map();
// trace() and warnings have no place in the answers.
console.warn = console.info = console.error = () => {};

function read(file) {
    if (!resources.has(file)) resources.set(file, JSON.parse(readFileSync(file, "utf8")));
    return resources.get(file);
}

const plain = (key, value) => (typeof value === "bigint" ? value.toString() : value);

for await (const line of createInterface({ input: process.stdin })) {
    const { file, expression } = JSON.parse(line);
    let answer;
    try {
        answer = { result: await fhirpath.evaluate(read(file), expression, {}, r4, { traceFn() {} }) };
    } catch (error) {
        answer = { error: String(error?.message ?? error).split("\n")[0] };
    }
    process.stdout.write(JSON.stringify(answer, plain) + "\n");
}
