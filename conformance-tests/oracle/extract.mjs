// extract - the values that a search parameter's expression finds in a resource, by the npm package fhirpath.
import { createRequire } from "node:module";
import { parameterByUrl, parametersOf } from "./definitions.mjs";

const require = createRequire(import.meta.url);
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");
const compiled = new Map();
const PRIMITIVES = { DateTime: "dateTime", String: "string", Boolean: "boolean", Integer: "integer", Decimal: "decimal", Date: "date" };

/** An expression of a whole resource, or of what stands at `base`. */
function compile(expression, base) {
    const key = `${base ?? ""} ${expression}`;
    if (!compiled.has(key)) compiled.set(key, fhirpath.compile(base ? { base, expression } : expression, r4));
    return compiled.get(key);
}

/** Cuts `a | b` outside of brackets. */
function union(expression) {
    const parts = [""];
    let depth = 0;
    for (const c of expression) {
        depth += c === "(" ? 1 : c === ")" ? -1 : 0;
        if (c === "|" && depth === 0) parts.push("");
        else parts[parts.length - 1] += c;
    }
    return parts.map((p) => p.trim());
}

// In search expressions `as` picks the items of a type (as in R4's own list), and `where(resolve() is T)` those references
// that name a T; the latter is asked of the reference's text.
const REWRITE = [
    [/\bas\((\w+)\)/g, (_, t) => `ofType(${PRIMITIVES[t] ?? t})`],
    [/\(([^()]+?) as (\w+)\)/g, (_, e, t) => `${e}.ofType(${PRIMITIVES[t] ?? t})`],
    [/^(.+?) as (\w+)$/g, (_, e, t) => `${e}.ofType(${PRIMITIVES[t] ?? t})`],
];

function prepare(expression, type) {
    return union(expression)
        .filter((p) => !type || new RegExp(`^\\(?(${type}|Resource|DomainResource)\\b`).test(p))
        .map((p) => {
            const target = /\.where\(resolve\(\) is (\w+)\)/.exec(p)?.[1];
            let text = p.replace(/\.where\(resolve\(\) is \w+\)/, "");
            for (const [pattern, by] of REWRITE) text = text.replace(pattern, by);
            return { text, target };
        });
}

const names = (reference, type) => new RegExp(`(^|/)${type}/[^/]+(/_history/[^/]+)?$`).test(reference.reference ?? "") || reference.type === type;

/** [{type, value}], the type as FHIR calls it. */
function run(expression, item, { resource, type, base }) {
    const found = [];
    for (const { text, target } of prepare(expression, type)) {
        const values = compile(text, base)(item, { resource });
        const types = values.length ? compile(`(${text}).select(type().name)`, base)(item, { resource }) : [];
        if (values.length !== types.length) throw new Error(`${text}: ${values.length} values of ${types.length} types`);
        values.forEach((value, i) => {
            if (!target || names(value, target)) found.push({ type: PRIMITIVES[types[i]] ?? types[i], value });
        });
    }
    return found;
}

// Which data types a parameter of each type looks at (R4 search.html#table); what else an expression finds is no value of it.
const QUANTITIES = ["Quantity", "SimpleQuantity", "Age", "Duration", "Count", "Distance", "Money"];
const URIS = ["uri", "url", "canonical", "oid", "uuid"];
const TEXTS = ["string", "markdown", "code", "id"];
const APPLIES = {
    number: ["integer", "decimal", "positiveInt", "unsignedInt"],
    date: ["date", "dateTime", "instant", "Period", "Timing"],
    string: [...TEXTS, "HumanName", "Address"],
    token: [...TEXTS, ...URIS, "boolean", "Coding", "CodeableConcept", "Identifier", "ContactPoint"],
    reference: ["Reference", "canonical", "uri"],
    quantity: [...QUANTITIES, "Range"],
    uri: URIS,
    special: [],
};

/** The values of every parameter of a resource: a map of code to [{type, value}]; of a composite, to [[values of a part], ...]. */
export function extract(resource) {
    const all = new Map();
    const type = resource.resourceType;
    for (const [code, p] of parametersOf(type)) {
        if (p.type !== "composite") {
            all.set(code, run(p.expression, resource, { resource, type }).filter((i) => APPLIES[p.type].includes(i.type)));
            continue;
        }
        const elements = prepare(p.expression, type).flatMap(({ text }) => {
            if (text === type) return [[resource, undefined]];
            return compile(text)(resource, {}).map((value) => [value, text]);
        });
        all.set(code, elements.map(([item, base]) => p.component.map((c, i) => run(c.expression, item, { resource, base }).filter((v) => APPLIES[componentTypes(p)[i]].includes(v.type)))));
    }
    return all;
}

export const componentTypes = (p) => p.component.map((c) => parameterByUrl(c.definition).type);
