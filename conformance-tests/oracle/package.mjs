// package - writes the FHIR package with the code system and the value sets of resources.mjs into a folder. usage: package.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { PARENTS, TREE, VALUE_SETS } from "./resources.mjs";

const folder = process.argv[2];
function concepts(parent) {
    return [...PARENTS].filter(([, p]) => p === parent).map(([code]) => ({ code, display: code, ...(concepts(code).length ? { concept: concepts(code) } : {}) }));
}
const include = (codes) => [...new Set(codes.map((c) => c.system))].map((system) => ({ system, concept: codes.filter((c) => c.system === system).map(({ code }) => ({ code })) }));
const files = {
    "package.json": { name: "example.oracle", version: "1.0.0", fhirVersions: ["4.0.1"], dependencies: { "hl7.fhir.r4.core": "4.0.1" } },
    "CodeSystem-tree.json": { resourceType: "CodeSystem", id: "oracle-tree", url: TREE, status: "active", content: "complete", hierarchyMeaning: "is-a", caseSensitive: true, concept: concepts(undefined) },
};
[...VALUE_SETS].forEach(([url, codes], i) => {
    files[`ValueSet-${i}.json`] = { resourceType: "ValueSet", id: `oracle-set${i}`, url, status: "active", compose: { include: include(codes) } };
});
mkdirSync(`${folder}/package`, { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(`${folder}/package/${name}`, JSON.stringify(content));
