// resources - random resources of any type, from the definitions: those elements that search parameters look at, filled from
// small pools so that queries meet them.
import { range } from "./match.mjs";
import { children, parametersOf, structures } from "./definitions.mjs";

export const PER_TYPE = 12;
export const TREE = "http://example.org/oracle/tree";
/** The code system of TREE, a code under its parent. */
export const PARENTS = new Map([["a", undefined], ["a1", "a"], ["a2", "a"], ["a11", "a1"], ["b", undefined], ["b1", "b"]]);
export const VALUE_SETS = new Map([
    ["http://example.org/oracle/some", [["a", TREE], ["a11", TREE], ["male", "http://hl7.org/fhir/administrative-gender"]].map(([code, system]) => ({ system, code }))],
    ["http://example.org/oracle/one", [{ system: TREE, code: "b1" }]],
]);
const SYSTEMS = [TREE, TREE, "http://example.org/oracle/other", "urn:oid:1.2.3", undefined];
const CODES = ["a", "a1", "a2", "a11", "b", "b1", "c,d", "e$f", "g|h", "1"];
const WORDS = ["Ann", "anna", "Ánna", "Müller", "Muller", "van der Berg", "Smith, John", "Zoë", "Żuk", "Main Street 1", "x", "Springfield", "a\\b", "Jürgen  Otto"];
const URIS = ["http://example.org/a", "http://example.org/a/b", "http://example.org/ab", "http://example.org/a/b/c", "urn:oid:1.2.3.4", "urn:uuid:6d4b1c9e-0b38-4b3b-9d0a-3f9c5e0b1a22"];
const ZONES = ["Z", "Z", "+05:00", "-08:00", "+05:30", "-03:30", "+14:00", "-12:00", "+00:00"];
const NUMBERS = [0, 1, 2, 5.4, 5.40, 5.45, 5.35, 100, 99.5, 100.5, 0.001, 0.0015, -1, -5.4, 12345.678, 0.5, 0.54, 54, 2.5, 5400, 1e-6];
// Places that are kilometres, tens and hundreds of kilometres apart.
export const LATITUDES = [40, 40.02, 40.3, 43];
export const LONGITUDES = [-74, -74.02, -71];
const two = (n) => String(n).padStart(2, "0");

export class Resources {
    constructor(random, types, base) {
        Object.assign(this, { random, types, base });
    }

    date(precision) {
        const r = this.random;
        const p = precision ?? r.of([1, 2, 3, 3, 3]);
        const [y, m, d] = [r.of([2018, 2019, 2020, 2020, 2021, 1999]), 1 + r.below(12), r.of([1, 2, 15, 28, 29, 30, 31])];
        const day = Math.min(d, new Date(Date.UTC(y, m, 0)).getUTCDate());
        return [String(y), two(m), two(day)].slice(0, p).join("-");
    }
    dateTime(hasTime) {
        const r = this.random;
        if (!hasTime && r.chance(0.5)) return this.date();
        const second = r.of([":00", ":59", ":30", ":30.1", ":30.100", ":30.125", ":59.999"]);
        return `${this.date(3)}T${two(r.of([0, 0, 10, 12, 23]))}:${two(r.of([0, 30, 59]))}${second}${r.of(ZONES)}`;
    }
    number() {
        const r = this.random;
        return r.chance(0.8) ? r.of(NUMBERS) : r.below(100000) / 10 ** r.below(5);
    }
    uri() {
        return this.random.of(URIS);
    }
    canonical() {
        return this.random.of(URIS.slice(0, 4)) + this.random.of(["", "", "|1.0", "|2.0"]);
    }
    coding() {
        const r = this.random;
        if (r.chance(0.1)) return { system: "http://hl7.org/fhir/administrative-gender", code: r.of(["male", "female"]) };
        return clean({ system: r.of(SYSTEMS), code: r.chance(0.95) ? r.of(CODES) : undefined, display: r.chance(0.3) ? r.of(WORDS) : undefined });
    }
    concept() {
        const r = this.random;
        const coding = Array.from({ length: r.of([0, 1, 1, 1, 2]) }, () => this.coding());
        return clean({ coding: coding.length ? coding : undefined, text: r.chance(coding.length ? 0.3 : 1) ? r.of(WORDS) : undefined });
    }
    identifier() {
        const r = this.random;
        return clean({
            type: r.chance(0.3) ? this.concept() : undefined,
            system: r.of(["urn:ids:1", "urn:ids:2", undefined]),
            value: r.chance(0.95) ? r.of(["1", "2", "12", "x-1", "x,2", "a|b"]) : undefined,
        });
    }
    period() {
        const r = this.random;
        const ends = [this.dateTime(), this.dateTime()].sort((a, b) => range(a)[0] - range(b)[0]);
        return clean({ start: r.chance(0.85) ? ends[0] : undefined, end: r.chance(0.7) ? ends[1] : undefined });
    }
    quantity() {
        const r = this.random;
        const [system, code, unit] = r.of([
            ["http://unitsofmeasure.org", "g", "gram"], ["http://unitsofmeasure.org", "mg", "mg"], ["http://unitsofmeasure.org", "kg", "kg"],
            ["http://unitsofmeasure.org", "cm", "cm"], ["http://unitsofmeasure.org", "m", undefined], ["http://example.org/units", "stone", "st"],
            [undefined, undefined, "mg"], [undefined, undefined, undefined],
        ]);
        return clean({ value: r.chance(0.97) ? this.number() : undefined, comparator: r.chance(0.06) ? r.of(["<", "<=", ">", ">="]) : undefined, unit, system, code });
    }
    reference(targets) {
        const r = this.random;
        if (r.chance(0.06)) return { identifier: this.identifier(), display: "x" };
        if (r.chance(0.05)) return { reference: r.of(["urn:uuid:9b0c1ed2-7a7a-4d0c-8f1e-24b5a5d6f0aa", "http://other.example.org/fhir/Patient/r1", "#none"].slice(0, 2)) };
        const known = this.types.filter((t) => !targets.length || targets.includes("Resource") || targets.includes(t));
        const text = `${r.of(known.length && r.chance(0.95) ? known : targets.length ? targets : ["Patient"])}/r${r.below(PER_TYPE + 2)}`.replace("Resource/", "Patient/");
        return clean({
            reference: (r.chance(0.05) ? this.base + "/" : "") + text + (r.chance(0.05) ? "/_history/1" : ""),
            identifier: r.chance(0.1) ? this.identifier() : undefined,
        });
    }
    timing() {
        const r = this.random;
        const event = Array.from({ length: r.below(3) }, () => this.dateTime());
        return clean({ event: event.length ? event : undefined, repeat: r.chance(0.5) || !event.length ? { boundsPeriod: this.period() } : undefined });
    }
    value(type, targets) {
        const r = this.random;
        switch (type) {
            case "string": case "markdown": return r.of(WORDS);
            case "code": return r.of(["active", "draft", "male", "a", "a1", "1"]);
            case "id": return `i${r.below(5)}`;
            case "uri": case "url": return this.uri();
            case "canonical": return this.canonical();
            case "oid": return "urn:oid:1.2.3.4";
            case "uuid": return "urn:uuid:6d4b1c9e-0b38-4b3b-9d0a-3f9c5e0b1a22";
            case "boolean": return r.chance(0.5);
            case "integer": case "unsignedInt": case "positiveInt": return 1 + r.below(120);
            case "decimal": return this.number();
            case "date": return this.date();
            case "dateTime": return this.dateTime();
            case "instant": return this.dateTime(true);
            case "time": return "10:30:00";
            case "base64Binary": return "YQ==";
            case "Coding": return this.coding();
            case "CodeableConcept": return this.concept();
            case "Identifier": return this.identifier();
            case "Period": return this.period();
            case "Quantity": case "SimpleQuantity": case "Age": case "Duration": case "Count": case "Distance": return this.quantity();
            case "Range": {
                const unit = clean({ ...this.quantity(), value: undefined });
                const [low, high] = [this.number(), this.number()].sort((a, b) => a - b);
                return clean({ low: r.chance(0.85) ? { ...unit, value: low } : undefined, high: r.chance(0.7) ? { ...unit, value: high } : undefined });
            }
            case "Money": return { value: this.number(), currency: r.of(["USD", "EUR"]) };
            case "Reference": return this.reference(targets);
            case "Timing": return this.timing();
            case "ContactPoint": return clean({ system: r.of(["phone", "email", "url", undefined]), value: r.of(["555-1", "555-2", "a@example.org"]), use: r.of(["home", "work", undefined]) });
            case "HumanName": return clean({ text: r.chance(0.2) ? r.of(WORDS) : undefined, family: r.of(WORDS), given: r.chance(0.7) ? r.some(WORDS, 1 + r.below(2)) : undefined, prefix: r.chance(0.1) ? ["Dr"] : undefined });
            case "Address": return clean({ use: r.of(["home", "work", undefined]), line: r.chance(0.5) ? [r.of(WORDS)] : undefined, city: r.of(WORDS), state: r.of(["NY", "MA", undefined]), postalCode: r.of(["10001", "02139", undefined]), country: r.of(["US", undefined]) });
            default: return undefined;
        }
    }

    /** The content of an element of one of the types that it may have. */
    ofElement(root, element, depth) {
        const type = this.random.of(element.type ?? [{ code: "BackboneElement" }]);
        const code = type.code.replace("http://hl7.org/fhirpath/System.String", "string");
        const targets = (type.targetProfile ?? []).map((t) => t.split("/").pop());
        if (element.contentReference) return depth > 2 ? [code, undefined] : [code, this.fields(root, element.contentReference.slice(1), depth + 1)];
        const value = this.value(code, targets);
        if (value !== undefined) return [code, value];
        if (depth > 3) return [code, undefined];
        if (code === "BackboneElement" || code === "Element") return [code, this.fields(root, element.path, depth + 1)];
        return [code, structures.has(code) && structures.get(code).kind === "complex-type" && code !== "Extension" ? this.fields(code, code, depth + 1) : undefined];
    }
    fields(root, path, depth) {
        const r = this.random;
        const made = {};
        for (const element of children(root, path)) {
            const name = element.path.split(".").pop();
            if (["id", "extension", "modifierExtension", "meta", "text", "contained", "implicitRules", "language"].includes(name)) continue;
            if (root === this.root && !this.words.has(name.replace("[x]", ""))) continue;
            if (!r.chance(0.65)) continue;
            if (name === "position" && root === "Location") {
                made.position = { latitude: r.of(LATITUDES), longitude: r.of(LONGITUDES) };
                continue;
            }
            const isList = element.base.max === "*" || element.max === "*";
            const [code, first] = this.ofElement(root, element, depth);
            if (first === undefined || (typeof first === "object" && !Object.keys(first).length)) continue;
            const values = [first];
            while (isList && values.length < 3 && r.chance(0.3)) {
                const [again, more] = this.ofElement(root, element, depth);
                if (again === code && more !== undefined && (typeof more !== "object" || Object.keys(more).length)) values.push(more);
            }
            made[name.replace("[x]", code[0].toUpperCase() + code.slice(1))] = isList ? values : first;
        }
        return made;
    }
    make(type, id) {
        const r = this.random;
        this.root = type;
        this.words = new Set([...parametersOf(type).values()].flatMap((p) => [p.expression, ...(p.component ?? []).map((c) => c.expression)]).join(" ").match(/\w+/g));
        const meta = clean({
            profile: r.chance(0.3) ? [this.random.of(URIS.slice(0, 4))] : undefined,
            tag: r.chance(0.4) ? [this.coding()] : undefined,
            security: r.chance(0.2) ? [this.coding()] : undefined,
            source: r.chance(0.3) ? this.uri() : undefined,
        });
        return { resourceType: type, id, ...(Object.keys(meta).length ? { meta } : {}), ...this.fields(type, type, 0) };
    }
}

export function clean(value) {
    for (const key of Object.keys(value)) if (value[key] === undefined) delete value[key];
    return value;
}
