// match - does a resource match a search? Read from R4's search.html, as plainly as it goes: no index, no plan, no database.
import { inPatient, parametersOf } from "./definitions.mjs";
import { componentTypes } from "./extract.mjs";

// --- values of a query: `\,` `\$` `\|` `\\` stand for themselves (search.html#escaping) ---

/** Cuts at a separator that is not escaped; what is escaped stays so. */
export function cut(text, separator) {
    const parts = [""];
    for (let i = 0; i < text.length; i++) {
        if (text[i] === "\\" && i + 1 < text.length) parts[parts.length - 1] += text[i] + text[++i];
        else if (text[i] === separator) parts.push("");
        else parts[parts.length - 1] += text[i];
    }
    return parts;
}
const plain = (text) => text.replace(/\\([,$|\\])/g, "$1");

function prefixed(text) {
    const found = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+.\d])/.exec(text);
    return [found ? found[1] : "eq", found ? text.slice(2) : text];
}

// --- numbers, exactly: a BigInt of 10^-24 ---

const SCALE = 24;
export function decimal(text) {
    const [, sign, whole, part = "", exponent = "0"] = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(String(text));
    const shift = SCALE - part.length + Number(exponent);
    return (sign === "-" ? -1n : 1n) * BigInt(whole + part) * 10n ** BigInt(shift);
}
/** Half a unit of the last digit that was written. */
function halfOf(text) {
    const [, , part = "", exponent = "0"] = /^[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text);
    return 5n * 10n ** BigInt(SCALE - 1 - part.length + Number(exponent));
}

/** Against the range from low to high, which for a single number are the same. `of` turns the value into the unit of comparison. */
function numberMatches(prefix, text, low, high, of = (n) => n) {
    const value = decimal(text);
    const half = halfOf(text);
    const inside = low >= of(value - half) && (high < of(value + half));
    switch (prefix) {
        case "eq": return inside;
        case "ne": return !inside;
        case "gt": return high > of(value);
        case "lt": return low < of(value);
        case "ge": return high >= of(value);
        case "le": return low <= of(value);
        case "sa": return low > of(value);
        case "eb": return high < of(value);
        default: { // ap: within a tenth of the value
            const tenth = (value < 0n ? -value : value) / 10n;
            return high >= of(value - tenth) && low <= of(value + tenth);
        }
    }
}

// --- dates: everything is a range of milliseconds in UTC ---

export function range(text) {
    const [, y, mo, d, h, mi, s, fraction, zone] =
        /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[-+]\d\d:\d\d)?)?)?)?$/.exec(text);
    const at = (yy, mm, dd, ...rest) => Date.UTC(yy, mm, dd, ...rest);
    if (!mo) return [at(+y, 0, 1), at(+y + 1, 0, 1)];
    if (!d) return [at(+y, mo - 1, 1), at(+y, +mo, 1)];
    if (!h) return [at(+y, mo - 1, +d), at(+y, mo - 1, +d + 1)];
    const offset = zone && zone !== "Z" ? (zone[0] === "-" ? -1 : 1) * (zone.slice(1, 3) * 60 + +zone.slice(4)) * 60000 : 0;
    const begin = at(+y, mo - 1, +d, +h, +mi, +(s ?? 0), +`0.${fraction ?? 0}` * 1000) - offset;
    return [begin, begin + (s === undefined ? 60000 : fraction === undefined ? 1000 : 1000 / 10 ** fraction.length)];
}

const hull = (ranges) => (ranges.length ? [[Math.min(...ranges.map((r) => r[0])), Math.max(...ranges.map((r) => r[1]))]] : []);
function period(p) {
    if (p.start === undefined && p.end === undefined) return [];
    return [[p.start === undefined ? -Infinity : range(p.start)[0], p.end === undefined ? Infinity : range(p.end)[1]]];
}
const DATES = {
    date: (v) => [range(v)],
    dateTime: (v) => [range(v)],
    instant: (v) => [range(v)],
    Period: period,
    // "only the outer limits matter"
    Timing: (v) => hull([...(v.event ?? []).map(range), ...(v.repeat?.boundsPeriod ? period(v.repeat.boundsPeriod) : [])]),
};

function dateMatches(prefix, text, [low, high], now) {
    let [a, b] = range(text);
    const contains = a <= low && high <= b;
    switch (prefix) {
        case "eq": return contains;
        case "ne": return !contains;
        case "gt": return high > b;
        case "lt": return low < a;
        case "ge": return high > b || contains;
        case "le": return low < a || contains;
        case "sa": return low >= b;
        case "eb": return high <= a;
        default: { // ap: the ranges overlap, the value's a tenth of its distance from now wider
            const gap = Math.abs(now - a) / 10;
            return low < b + gap && high > a - gap;
        }
    }
}

// --- strings: without case and accents ---

export const fold = (s) => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
const STRINGS = {
    HumanName: (v) => [v.family, ...(v.given ?? []), ...(v.prefix ?? []), ...(v.suffix ?? []), v.text],
    Address: (v) => [...(v.line ?? []), v.city, v.district, v.state, v.postalCode, v.country, v.text],
};
const strings = ({ type, value }) => (STRINGS[type] ? STRINGS[type](value).filter((s) => s !== undefined) : [String(value)]);

function stringMatches(modifier, text, stored) {
    if (modifier === "exact") return stored === text;
    return modifier === "contains" ? fold(stored).includes(fold(text)) : fold(stored).startsWith(fold(text));
}

// --- tokens ---

const coding = (c) => ({ system: c.system, code: c.code, text: [c.display] });
const TOKENS = {
    Coding: (v) => [coding(v)],
    CodeableConcept: (v) => [...(v.coding ?? []).map(coding), { text: [v.text] }],
    Identifier: (v) => [{ system: v.system, code: v.value, text: [v.type?.text], types: v.type?.coding ?? [] }],
    // the use is no system (search.html: the namespace of a ContactPoint is its use: not asked for here)
    ContactPoint: (v) => [{ code: v.value, text: [] }],
};
const tokens = ({ type, value }) => (TOKENS[type] ? TOKENS[type](value) : [{ code: String(value), text: [], isBare: true }]);

function tokenMatches(text, token) {
    const parts = cut(text, "|").map(plain);
    if (parts.length === 1) return token.code === parts[0];
    const [system, code] = parts;
    if (system !== "" && token.system !== system) return false;
    if (system === "" && token.system !== undefined) return false;
    return code === "" ? true : token.code === code;
}
function ofTypeMatches(text, token) {
    const [system, code, value] = cut(text, "|").map(plain);
    return token.code === value && (token.types ?? []).some((t) => t.system === system && t.code === code);
}

// --- references ---

export function target(reference, base) {
    let text = reference ?? "";
    if (text.startsWith(base + "/")) text = text.slice(base.length + 1);
    const found = /^([A-Z]\w+)\/([A-Za-z0-9.-]+)(?:\/_history\/[A-Za-z0-9.-]+)?$/.exec(text);
    return found ? { type: found[1], id: found[2] } : { url: text };
}

function canonicalMatches(text, stored) {
    return stored === text || (!text.includes("|") && stored.split("|")[0] === text);
}

function referenceMatches(modifier, text, { type, value }, base) {
    if (modifier === "identifier")
        return type === "Reference" && value.identifier !== undefined && tokenMatches(text, { system: value.identifier.system, code: value.identifier.value });
    if (type !== "Reference") return canonicalMatches(plain(text), value);
    const stored = target(value.reference, base);
    const wanted = target(plain(text), base);
    if (modifier !== undefined) return stored.type === modifier && stored.id === (wanted.id ?? plain(text)) && (!wanted.type || wanted.type === modifier);
    if (wanted.type) return stored.type === wanted.type && stored.id === wanted.id;
    return stored.url !== undefined ? stored.url === wanted.url && wanted.url !== "" : stored.id === wanted.url;
}

// --- quantities: UCUM's grams, metres and litres by powers of ten; others by their code or unit as written ---

const UCUM = "http://unitsofmeasure.org";
const UNITS = { g: ["g", 0], mg: ["g", -3], kg: ["g", 3], ug: ["g", -6], m: ["m", 0], cm: ["m", -2], mm: ["m", -3], km: ["m", 3] };
const shift = (n, power) => (power >= 0 ? n * 10n ** BigInt(power) : n / 10n ** BigInt(-power));

/** {low, high, system, code, unit}: an end that is not there is far away. A comparator leaves one side open. */
function ends({ type, value }) {
    if (type === "Money") return { low: value.value, high: value.value, system: "urn:iso:std:iso:4217", code: value.currency };
    if (type !== "Range") return { ...value, low: /</.test(value.comparator) ? undefined : value.value, high: />/.test(value.comparator) ? undefined : value.value };
    return { ...(value.low ?? value.high), low: value.low?.value, high: value.high?.value };
}
const FAR = 10n ** 60n;

function quantityMatches(text, item) {
    const parts = cut(text, "|").map(plain);
    const [prefix, number] = prefixed(parts[0]);
    const [, system = "", code = ""] = parts;
    const stored = ends(item);
    if (stored.low === undefined && stored.high === undefined) return false;
    const low = stored.low === undefined ? -FAR : decimal(stored.low);
    const high = stored.high === undefined ? FAR : decimal(stored.high);
    if (system === UCUM && stored.system === UCUM && UNITS[code] && UNITS[stored.code] && code !== stored.code) {
        const [base, power] = UNITS[code];
        const [storedBase, storedPower] = UNITS[stored.code];
        return base === storedBase && numberMatches(prefix, number, shift(low, storedPower), shift(high, storedPower), (n) => shift(n, power));
    }
    if (system !== "" && stored.system !== system) return false;
    if (code !== "" && stored.code !== code && !(system === "" && stored.unit === code)) return false;
    return numberMatches(prefix, number, low, high);
}

// --- uris ---

// :below is every uri "that starts with" the value; :above every one on the value's own path
const isOnPath = (below, above) => below === above || below.startsWith(above.endsWith("/") ? above : above + "/");
function uriMatches(modifier, text, stored) {
    if (modifier === "below") return stored.startsWith(text);
    if (modifier === "above") return isOnPath(text, stored);
    return modifier === "contains" ? stored.toLowerCase().includes(text.toLowerCase()) : stored === text;
}

// --- one value of a query against one value of a resource ---

function valueMatches(kind, modifier, text, item, world) {
    switch (kind) {
        case "number": { const [prefix, number] = prefixed(text); return numberMatches(prefix, number, decimal(item.value), decimal(item.value)); }
        case "date": { const [prefix, date] = prefixed(text); return (DATES[item.type]?.(item.value) ?? []).some((r) => dateMatches(prefix, date, r, world.now)); }
        case "string": return strings(item).some((s) => stringMatches(modifier, plain(text), s));
        case "token":
            if (modifier === "text") return tokens(item).some((t) => t.text.some((s) => s !== undefined && stringMatches(undefined, plain(text), s)));
            if (modifier === "of-type") return tokens(item).some((t) => ofTypeMatches(text, t));
            if (["in", "not-in"].includes(modifier)) return tokens(item).some((t) => world.valueSets.get(plain(text)).some((c) => c.system === t.system && c.code === t.code));
            if (modifier === "below" || modifier === "above") return tokens(item).some((t) => subsumes(modifier, text, t, world));
            return tokens(item).some((t) => tokenMatches(text, t));
        case "reference": return referenceMatches(modifier, text, item, world.base);
        case "quantity": return quantityMatches(text, item);
        case "uri": return uriMatches(modifier, plain(text), item.value);
        default: throw new Error(`no such kind: ${kind}`);
    }
}

function subsumes(modifier, text, token, world) {
    const [system, code] = cut(text, "|").map(plain);
    if (token.system !== system || token.code === undefined) return false;
    const [low, high] = modifier === "below" ? [token.code, code] : [code, token.code];
    for (let at = low; at !== undefined; at = world.parents.get(at)) if (at === high) return true;
    return false;
}

function compositeMatches(parameter, text, elements, world) {
    const parts = cut(text, "$");
    const kinds = componentTypes(parameter);
    return elements.some((element) => element.every((items, i) => items.some((item) => valueMatches(kinds[i], undefined, parts[i], item, world))));
}

// --- one parameter of a query ---

/** The records that a reference value leads to: by type and id, or, when it is a canonical, by their url (of any version). */
function follow(item, world) {
    const at = item.type === "Reference" ? target(item.value.reference, world.base) : target(item.value, world.base);
    if (at.type) return [world.byId.get(`${at.type}/${at.id}`)].filter(Boolean);
    return item.type === "Reference" ? [] : world.byUrl.get(item.value.split("|")[0]) ?? [];
}

function chainMatches(record, head, rest, value, world) {
    const [code, type] = head.split(":");
    const targets = parametersOf(record.resource.resourceType).get(code).target ?? [];
    const next = rest.split(/[.:]/)[0];
    return (record.values.get(code) ?? []).flatMap((item) => follow(item, world)).some((found) => {
        const its = found.resource.resourceType;
        if (type ? its !== type : targets.length && !targets.includes(its)) return false;
        return (next === "_has" || parametersOf(its).has(next)) && parameterMatches(found, rest, value, world);
    });
}

function hasMatches(record, name, value, world) {
    const [, type, code] = name.split(":");
    const rest = name.split(":").slice(3).join(":");
    return world.ofType(type).some((other) =>
        (other.values.get(code) ?? []).some((item) => follow(item, world).includes(record)) && parameterMatches(other, rest, value, world));
}

export function parameterMatches(record, name, value, world, tree) {
    if (name === "_filter") return filterMatches(record, tree, world);
    if (name === "near") return isNear(record, value);
    if (name === "_list") return listed(value, world).includes(record);
    if (name.startsWith("_has:")) return hasMatches(record, name, value, world);
    const dot = name.indexOf(".");
    if (dot >= 0) return chainMatches(record, name.slice(0, dot), name.slice(dot + 1), value, world);
    const [code, modifier] = name.split(":");
    const parameter = parametersOf(record.resource.resourceType).get(code);
    const items = record.values.get(code);
    if (modifier === "missing") return (items.length === 0) === (value === "true");
    const matches = (text) =>
        parameter.type === "composite"
            ? compositeMatches(parameter, text, items, world)
            : items.some((item) => valueMatches(parameter.type, modifier, text, item, world));
    const any = cut(value, ",").some(matches);
    return modifier === "not" || modifier === "not-in" ? !any : any;
}

// --- _filter (filter.html), as a tree: {and|or: [trees]}, {not: tree}, {code, operator, value} ---

function filterMatches(record, tree, world) {
    if (tree.and) return tree.and.every((t) => filterMatches(record, t, world));
    if (tree.or) return tree.or.some((t) => filterMatches(record, t, world));
    if (tree.not) return !filterMatches(record, tree.not, world);
    const { code, operator, value } = tree;
    const items = record.values.get(code);
    const kind = parametersOf(record.resource.resourceType).get(code).type;
    if (operator === "pr") return (items.length > 0) === (value === "true");
    if (kind !== "string") return parameterMatches(record, code, (["eq", "re"].includes(operator) ? "" : operator) + value, world);
    const tests = { eq: (s, v) => s === v, co: (s, v) => s.includes(v), sw: (s, v) => s.startsWith(v), ew: (s, v) => s.endsWith(v) };
    return items.some((item) => strings(item).some((s) => tests[operator](fold(s), fold(value))));
}

// --- near: latitude|longitude|distance|unit, on a sphere ---

function isNear(record, value) {
    const { latitude, longitude } = record.resource.position ?? {};
    if (latitude === undefined || longitude === undefined) return false;
    const [lat, lon, distance, unit] = value.split("|");
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const half = Math.sin(rad(latitude - lat) / 2) ** 2 + Math.cos(rad(latitude)) * Math.cos(rad(lat)) * Math.sin(rad(longitude - lon) / 2) ** 2;
    return 2 * 6371008.8 * Math.asin(Math.sqrt(half)) <= distance * (unit === "m" ? 1 : 1000);
}

/** _list: what List/id holds. */
const listed = (id, world) => {
    const list = world.byId.get(`List/${id}`);
    return list ? (list.values.get("item") ?? []).flatMap((item) => follow(item, world)) : [];
};

// --- whole searches ---

/** The records of a type or several (or, in a patient's compartment, of the patient's) that match every pair [name, value, tree]. */
export function search(type, pairs, world, patient) {
    const records = [type].flat().flatMap((one) => world.ofType(one));
    return records.filter((record) => (!patient || isInPatient(record, patient, world)) && pairs.every(([n, v, t]) => parameterMatches(record, n, v, world, t)));
}

function isInPatient(record, patient, world) {
    if (record.resource.resourceType === "Patient" && record.resource.id === patient) return true;
    return (inPatient.get(record.resource.resourceType) ?? []).some((code) =>
        (record.values.get(code) ?? []).some((item) => {
            const at = item.type === "Reference" ? target(item.value.reference, world.base) : {};
            return at.type === "Patient" && at.id === patient;
        }));
}

/** What of the type's references leads where: for _include. */
export const targets = (record, code, world, type) =>
    (record.values.get(code) ?? []).flatMap((item) => follow(item, world)).filter((r) => (!type || r.resource.resourceType === type));

// --- the order of _sort: least and greatest key of a record ---

const KEYS = {
    number: (i) => [decimal(i.value)],
    quantity: (i) => (ends(i).low === undefined && ends(i).high === undefined ? [] : [[ends(i).low === undefined ? -FAR : decimal(ends(i).low), ends(i).high === undefined ? FAR : decimal(ends(i).high)]]),
    date: (i) => DATES[i.type]?.(i.value) ?? [],
    string: (i) => strings(i).map(fold),
    token: (i) => tokens(i).filter((t) => t.code !== undefined || t.system !== undefined).map((t) => t.code ?? ""),
    uri: (i) => [i.value],
    reference: (i) => (i.value.reference || i.type !== "Reference" ? [""] : []), // R4 gives references no order
};
/** Every value that a record could be sorted by. */
export const sortKeys = (record, code) => {
    const kind = parametersOf(record.resource.resourceType).get(code).type;
    return (record.values.get(code) ?? []).flatMap(KEYS[kind]);
};
