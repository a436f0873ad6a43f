// iso.mjs - the lists of ISO 3166 and ISO 4217, as Debian's iso-codes ships them, as FHIR code systems.
// usage: node iso.mjs /usr/share/iso-codes/json OUTPUT.json
import { readFileSync, writeFileSync } from 'node:fs';

const [folder, output] = process.argv.slice(2);
const read = (part) => JSON.parse(readFileSync(`${folder}/iso_${part}.json`, 'utf8'))[part];

// One concept a code: what came first stays; codes that are no longer in use are inactive.
function codeSystem(id, url, name, title, rows) {
  const concepts = new Map();
  for (const { code, display, names = [], inactive } of rows) {
    if (!code || concepts.has(code)) continue;
    const property = inactive ? { property: [{ code: 'inactive', valueBoolean: true }] } : {};
    const others = [...new Set(names)].filter((value) => value && value !== display).map((value) => ({ value }));
    const designation = others.length ? { designation: others } : {};
    concepts.set(code, { code, display, ...designation, ...property });
  }
  const concept = [...concepts.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  return {
    resourceType: 'CodeSystem', id, url, name, title, status: 'active', caseSensitive: true, content: 'complete',
    property: [{ code: 'inactive', uri: 'http://hl7.org/fhir/concept-properties#inactive', type: 'boolean' }],
    concept,
  };
}

// A country goes by several names, and ISO writes an article behind the name: "Netherlands (the)".
const namesOf = (row) => [row.common_name, row.name, row.official_name].flatMap((name) => (name ? [name, `${name} (the)`] : []));
const forms = (row, inactive) =>
  [row.alpha_2, row.alpha_3, row.numeric].map((code) => ({ code, display: row.common_name ?? row.name, names: namesOf(row), inactive }));
const countries = [...read('3166-1').flatMap((row) => forms(row, false)), ...read('3166-3').flatMap((row) => forms(row, true))];
const parts = read('3166-2').map((row) => ({ code: row.code, display: row.name }));
const currencies = read('4217').map((row) => ({ code: row.alpha_3, display: row.name }));
const systems = [
  codeSystem('iso3166', 'urn:iso:std:iso:3166', 'ISO3166', 'ISO 3166-1: countries', countries),
  codeSystem('iso3166-2', 'urn:iso:std:iso:3166:-2', 'ISO3166Part2', 'ISO 3166-2: parts of countries', parts),
  codeSystem('iso4217', 'urn:iso:std:iso:4217', 'ISO4217', 'ISO 4217: currencies', currencies),
];
const bundle = { resourceType: 'Bundle', type: 'collection', entry: systems.map((resource) => ({ resource })) };
writeFileSync(output, JSON.stringify(bundle));
