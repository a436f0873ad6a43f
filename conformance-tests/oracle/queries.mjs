// queries - random searches over a world of resources; most values are taken, or bent, from what the resources hold.
import { inPatient, parametersOf } from "./definitions.mjs";
import { componentTypes } from "./extract.mjs";
import { search } from "./match.mjs";
import { LATITUDES, LONGITUDES, PER_TYPE, VALUE_SETS } from "./resources.mjs";

// phonetic is left to the server by R4; near and the texts are not a matter of expressions.
const LEFT_OUT = new Set(["phonetic", "near"]);
const PREFIXES = ["", "", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
const escape = (text) => String(text).replace(/[\\,$|]/g, "\\$&");

export class Queries {
    constructor(random, world, types) {
        Object.assign(this, { random, world, types });
        this.known = new Map(types.map((t) => [t, [...parametersOf(t)].filter(([code]) => !LEFT_OUT.has(code))]));
    }

    /** A value that some record of the type has for the parameter, or undefined. */
    sample(type, code) {
        const all = this.world.ofType(type).flatMap((r) => r.values.get(code) ?? []);
        return all.length ? this.random.of(all) : undefined;
    }

    /** A number one digit shorter whose range ends or begins at this one. */
    beside(value) {
        const [, whole, part] = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
        if (!part || !part.endsWith("5")) return String(value);
        const [digits, shorter] = [part.length - 1, BigInt(whole + part.slice(0, -1))];
        const n = String(shorter + BigInt(this.random.below(2))).replace("-", "").padStart(digits + 1, "0");
        return (shorter < 0n ? "-" : "") + (digits ? `${n.slice(0, -digits)}.${n.slice(-digits)}` : n);
    }
    number(value) {
        const r = this.random;
        const text = r.of([String(value), String(value), Number(value).toFixed(1), Number(value).toFixed(2), Number(value).toFixed(0), String(value * 1.05), String(-value), "0", "100", "5.4", this.beside(value)]);
        return r.of(PREFIXES) + (/e/.test(text) ? "1" : text);
    }
    date({ type, value }) {
        const r = this.random;
        const found = { Period: [value.start, value.end], Timing: [...(value.event ?? []), value.repeat?.boundsPeriod?.start, value.repeat?.boundsPeriod?.end] }[type] ?? [value];
        const text = r.of(found.filter((t) => t !== undefined).concat(["2020", "2020-03-15T10:30"].slice(0, found.length ? 1 : 2)));
        const [, date, time, zone] = /^([^T]*)(?:T([\d:.]*)(.*))?$/.exec(text);
        if (r.chance(0.3)) return r.of(PREFIXES) + text; // the very value, or the year, month or day beside it: where ranges touch
        if (r.chance(0.15)) {
            const [y, m, d] = date.split("-").map(Number);
            const by = r.of([-1, 1]);
            const beside = new Date(Date.UTC(d || m ? y : y + by, m ? m - 1 + (d ? 0 : by) : 0, d ? d + by : 1)).toISOString();
            return r.of(PREFIXES) + beside.slice(0, date.length);
        }
        let bent = date.slice(0, r.of([4, 7, 10, 10, 10]));
        if (bent.length === 10 && time && r.chance(0.8)) bent += `T${time.slice(0, r.of([5, 8, 12]))}${r.chance(0.3) ? "" : r.of([zone, zone, "Z", "+02:00", "-11:00"])}`;
        if (r.chance(0.15)) bent = bent.replace(/^\d{4}/, (y) => String(+y + r.of([-1, 1])).padStart(4, "0")).replace(/02-29/, "02-28");
        return r.of(PREFIXES) + bent;
    }
    string({ type, value }, modifier) {
        const r = this.random;
        const parts = type === "HumanName" || type === "Address" ? Object.entries(value).filter(([k]) => k !== "use").flatMap(([, v]) => v) : [String(value)];
        let text = String(r.of(parts.length ? parts : ["x"]));
        if (modifier === "exact") return escape(r.chance(0.8) ? text : text.toUpperCase());
        if (r.chance(0.5)) text = [...text].slice(0, 1 + r.below(6)).join("");
        if (modifier === "contains" && r.chance(0.5)) text = [...text].slice(1).join("") || text;
        text = r.of([text, text, text.toUpperCase(), text.normalize("NFD").replace(/\p{M}/gu, "")]).trim();
        return escape(text || "a");
    }
    token({ type, value }, modifier) {
        const r = this.random;
        const all = type === "CodeableConcept" ? value.coding ?? [] : [value];
        const one = all.length ? r.of(all) : {};
        const [system, code] = type === "Identifier" ? [value.system, value.value] : type === "ContactPoint" ? [undefined, value.value] : typeof value === "object" ? [one.system, one.code] : [undefined, value];
        if (modifier === "text") {
            const text = value.text ?? one.display ?? value.type?.text ?? "Ann";
            return escape([...text].slice(0, 1 + r.below(8)).join("").trim() || "a");
        }
        if (modifier === "of-type") {
            const kind = r.of(value.type?.coding ?? [{ system: "urn:x", code: "a" }]);
            return [kind.system ?? "urn:x", kind.code ?? "a", code ?? "1"].map(escape).join("|");
        }
        if (modifier === "in" || modifier === "not-in") return escape(r.of([...VALUE_SETS.keys()]));
        if (modifier === "above" || modifier === "below") return "http://example.org/oracle/tree|" + r.of(["a", "a1", "a11", "b", "b1"]);
        const text = escape(code ?? "a");
        if (typeof value !== "object" || type === "ContactPoint") return text;
        const withSystem = system === undefined ? `|${text}` : `${escape(system)}|${code === undefined ? "" : text}`;
        return r.of([text, withSystem, withSystem, system === undefined ? `|${text}` : `${escape(system)}|`, `urn:none|${text}`]);
    }
    reference({ type, value }, modifier) {
        const r = this.random;
        if (type !== "Reference") return escape(r.of([value, value, value.split("|")[0], "http://example.org/none"]));
        if (modifier === "identifier") return value.identifier ? this.token({ type: "Identifier", value: value.identifier }) : "urn:ids:1|1";
        const text = (value.reference ?? "Patient/r1").replace(/\/_history\/.*/, "");
        const local = text.replace(this.world.base + "/", "");
        if (modifier !== undefined) return local.split("/").pop().replace(/^urn:.*/, "r1");
        return escape(r.of([local, local, local.includes("://") || local.startsWith("urn:") ? local : local.split("/").pop(), `${local.startsWith("urn") || local.includes("://") ? local : `${this.world.base}/${local}`}`]));
    }
    quantity({ type, value: given }) {
        const r = this.random;
        const value = type === "Range" ? r.of([given.low, given.high].filter(Boolean).concat(given.low || given.high ? [] : [{}])) : given;
        const number = this.number(value.value ?? 1);
        const [system, code, unit] = type === "Money" ? ["urn:iso:std:iso:4217", value.currency, undefined] : [value.system, value.code, value.unit];
        const choices = [number, number];
        if (code) choices.push(`${number}|${system ?? ""}|${code}`, `${number}||${code}`);
        if (unit) choices.push(`${number}||${unit}`);
        if (system === "http://unitsofmeasure.org") choices.push(`${number}|${system}|${r.of({ g: ["mg", "kg", "g"], m: ["cm", "m"], k: ["g"], c: ["m"] }[code[0]])}`);
        return r.of(choices);
    }
    uri({ value }, modifier) {
        const r = this.random;
        const text = String(value).split("|")[0];
        if (modifier === "below" || modifier === "above") return text.startsWith("http") ? r.of([text, text.replace(/\/[^/]*$/, ""), text + "/b"]) : "http://example.org/a";
        if (modifier === "contains") return r.of(["example", "b/c", "urn:", text.slice(3, 12)]);
        return escape(r.of([value, value, "http://example.org/none"]));
    }
    one(kind, item, modifier) {
        if (kind === "number") return this.number(item.value);
        return this[kind](item, modifier);
    }

    modifier(parameter, items) {
        const r = this.random;
        if (r.chance(0.12)) return "missing";
        if (r.chance(0.6)) return undefined;
        const is = (type) => items.some((i) => i.type === type);
        switch (parameter.type) {
            case "string": return r.of(["exact", "contains"]);
            case "uri": return r.of(["below", "above", "contains"]);
            case "token": {
                if (is("Identifier")) return r.of(["of-type", "not", "text"]);
                if (is("CodeableConcept") || is("Coding")) return r.of(["not", "text", "in", "not-in", "above", "below"]);
                return "not";
            }
            case "reference": return is("Reference") ? r.of(["identifier", ...(parameter.target ?? []).filter((t) => this.types.includes(t)), undefined]) : undefined;
            default: return undefined;
        }
    }

    /** A pair [name, value] of a parameter of the type itself. */
    plain(type, only) {
        const r = this.random;
        const usable = this.known.get(type).filter(([code]) => !only || code === only);
        for (let attempt = 0; attempt < 20; attempt++) {
            const kind = r.of([...new Set(usable.map(([, p]) => p.type))]); // as many of the rare types as of the common ones
            const [code, parameter] = r.of(usable.filter(([, p]) => p.type === kind));
            if (parameter.type === "special" || code === "_lastUpdated") continue;
            const items = this.world.ofType(type).flatMap((x) => x.values.get(code) ?? []);
            if (!items.length && r.chance(0.9)) continue;
            if (parameter.type === "composite") return [code, this.composite(type, code, parameter)]; // has no modifiers
            const modifier = items.length ? this.modifier(parameter, items) : "missing";
            if (modifier === "missing") return [`${code}:missing`, r.of(["true", "false"])];
            const many = r.of([1, 1, 1, 1, 2, 3]);
            const values = Array.from({ length: many }, () => this.one(parameter.type, r.of(items), modifier));
            return [modifier ? `${code}:${modifier}` : code, (["in", "not-in"].includes(modifier) ? values.slice(0, 1) : values).join(",")];
        }
        return ["_id", "r1"];
    }
    composite(type, code, parameter) {
        const r = this.random;
        const kinds = componentTypes(parameter);
        const elements = this.world.ofType(type).flatMap((x) => x.values.get(code)).filter((e) => e.every((part) => part.length));
        const element = elements.length ? r.of(elements) : undefined;
        return kinds.map((kind, i) => {
            const other = elements.length && r.chance(0.3) ? r.of(elements) : element;
            return other ? this.one(kind, r.of(other[i]), undefined) : { token: "a", quantity: "gt1", string: "a", date: "2020", reference: "Patient/r1", number: "1" }[kind];
        }).join("$");
    }

    references(type) {
        return (this.known.get(type) ?? []).filter(([, p]) => p.type === "reference" && (p.target ?? []).some((t) => this.types.includes(t)));
    }
    chain(type, depth = 1) {
        const r = this.random;
        const all = this.references(type);
        if (!all.length || depth > 3) return this.plain(type);
        const [code, parameter] = r.of(all);
        const targets = parameter.target.filter((t) => this.types.includes(t));
        const target = r.of(targets);
        const [name, value] = r.chance(0.25) ? this.chain(target, depth + 1) : r.chance(0.1) ? this.has(target, depth + 1) : this.plain(target);
        const needsType = parameter.target.length > 1 && (targets.length > 1 || r.chance(0.7));
        return [`${code}${needsType ? `:${target}` : ""}.${name}`, value];
    }
    has(type, depth = 1) {
        const r = this.random;
        const others = this.types.flatMap((t) => this.references(t).filter(([, p]) => p.target.includes(type)).map(([code]) => [t, code]));
        if (!others.length || depth > 3) return this.plain(type);
        const [other, code] = r.of(others);
        const [name, value] = r.chance(0.2) ? this.has(other, depth + 1) : r.chance(0.15) ? this.chain(other, depth + 1) : this.plain(other);
        return [`_has:${other}:${code}:${name}`, value];
    }

    // --- what is not one parameter of the type ---

    filter(type, depth = 0) {
        const r = this.random;
        if (depth < 2 && r.chance(0.4)) {
            const kind = r.of(["and", "or", "not"]);
            const parts = Array.from({ length: kind === "not" ? 1 : 2 }, () => this.filter(type, depth + 1));
            if (kind === "not") return [`not (${parts[0][0]})`, { not: parts[0][1] }];
            return [parts.map(([text, tree]) => (tree.and || tree.or ? `(${text})` : text)).join(` ${kind} `), { [kind]: parts.map(([, tree]) => tree) }];
        }
        for (;;) {
            const [code, parameter] = r.of(this.known.get(type));
            const item = this.sample(type, code);
            if (!item || !["string", "date", "number", "quantity", "token", "reference"].includes(parameter.type)) continue;
            if (r.chance(0.15)) { const value = r.of(["true", "false"]); return [`${code} pr ${value}`, { code, operator: "pr", value }]; }
            let operator = "eq";
            let value = this.one(parameter.type, item, undefined);
            if (["date", "number", "quantity"].includes(parameter.type)) {
                const [, prefix, rest] = /^([a-z]{2})?(.*)$/.exec(value);
                [operator, value] = [prefix && prefix !== "ap" ? prefix : "eq", rest];
            } else if (parameter.type === "string") {
                operator = r.of(["eq", "co", "sw", "ew"]);
            } else if (parameter.type === "reference") {
                operator = r.of(["eq", "re"]);
            }
            if (/[\\"$,() ]/.test(value.replace(/ /g, parameter.type === "string" ? "" : " "))) continue;
            return [`${code} ${operator} ${parameter.type === "string" ? `"${value}"` : value}`, { code, operator, value }];
        }
    }
    lastUpdated() {
        const r = this.random;
        const text = r.of(this.world.records).values.get("_lastUpdated")[0].value;
        return r.of(["", "gt", "lt", "ge", "le", "sa", "eb", "ne"]) + r.of([text.slice(0, 19) + "Z", text, text.slice(0, 16) + "Z", text.slice(0, 10)]);
    }
    near() {
        const r = this.random;
        return `${r.of(LATITUDES)}|${r.of(LONGITUDES)}|${r.of(["5|km", "50|km", "500|km", "5000|m", "700|km"])}`;
    }
    /** A pair of any kind. */
    pair(type) {
        const r = this.random;
        const kind = r.next();
        if (kind < 0.64) return this.plain(type);
        if (kind < 0.79) return this.chain(type);
        if (kind < 0.88) return this.has(type);
        if (kind < 0.94) { const [text, tree] = this.filter(type); return ["_filter", text, tree]; }
        if (kind < 0.97) return ["_lastUpdated", this.lastUpdated()];
        if (type === "Location") return ["near", this.near()];
        return this.types.includes("List") ? ["_list", `r${r.below(PER_TYPE)}`] : this.plain(type);
    }
    /** Of several types: by what all have. */
    system() {
        const r = this.random;
        const types = r.some(this.types, 2 + r.below(3));
        const codes = ["_id", "_tag", "_security", "_source", "_profile"];
        return { types, pairs: Array.from({ length: 1 + r.below(2) }, () => (r.chance(0.2) ? ["_lastUpdated", this.lastUpdated()] : this.plain(types[0], r.of(codes)))), count: r.chance(0.3) ? 1 + r.below(4) : 1000 };
    }

    /** One search; most of those that find nothing are drawn again. */
    next() {
        for (;;) {
            const query = this.draw();
            if (this.random.chance(0.3) || search(query.types ?? query.type, query.pairs, this.world, query.patient).length) return query;
        }
    }
    /** {type, pairs, patient?, sort?, count?, post, includes?} */
    draw() {
        const r = this.random;
        if (r.chance(0.04)) return this.system();
        const type = r.of(this.types);
        const pairs = Array.from({ length: r.of([1, 1, 1, 2, 2, 3]) }, () => this.pair(type));
        const query = { type, pairs, post: r.chance(0.15), count: r.chance(0.25) ? 1 + r.below(4) : 1000 };
        if (r.chance(0.08) && inPatient.has(type)) query.patient = `r${r.below(4)}`;
        if (r.chance(0.2)) {
            const sortable = this.known.get(type).filter(([code, p]) => !["composite", "special"].includes(p.type) && this.sample(type, code));
            // of no order, or of a finer one than is told: nothing is sorted behind them
            const references = sortable.filter(([code, p]) => p.type === "reference" || code === "_lastUpdated");
            const keys = r.some(sortable.filter((s) => !references.includes(s)), r.of([1, 1, 2])).concat(r.chance(0.2) ? r.some(references, 1) : []);
            if (keys.length) query.sort = keys.map(([code]) => (r.chance(0.5) ? "-" : "") + code);
        }
        if (r.chance(0.15)) {
            const first = this.include(type);
            const second = first && r.chance(0.4) ? this.include(r.of([type, first.target ?? type, first.type].filter((t) => this.types.includes(t)))) : undefined;
            query.includes = [first, second].filter(Boolean);
            query.count = 1000;
        }
        if (r.chance(0.3)) query.pairs = query.pairs.slice(0, 1);
        return query;
    }
    include(type) {
        const r = this.random;
        const iterate = r.chance(0.3) ? ":iterate" : "";
        if (r.chance(0.5)) {
            const all = this.references(type);
            if (!all.length) return undefined;
            const [code, parameter] = r.of(all);
            if (r.chance(0.15)) return { kind: "_include" + iterate, type, code: "*" };
            return { kind: "_include" + iterate, type, code, target: r.chance(0.5) ? r.of(parameter.target) : undefined };
        }
        const others = this.types.flatMap((t) => this.references(t).filter(([, p]) => p.target.includes(type)).map(([code]) => [t, code]));
        if (!others.length) return undefined;
        const [other, code] = r.of(others);
        return { kind: "_revinclude" + iterate, type: other, code: r.chance(0.15) ? "*" : code };
    }
}
