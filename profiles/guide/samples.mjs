// samples.mjs - makes bundles and invalid resources out of the guide's valid examples, so that each fact is written once.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const readJson = file => JSON.parse(fs.readFileSync(file, 'utf8'));
const copy = value => JSON.parse(JSON.stringify(value));

function find(examples, name) {
  if (!examples.has(name)) throw new Error(`there is no example ${name}`);
  return copy(examples.get(name));
}

// Calls visit(reference) for every literal reference in a resource; what it returns takes the reference's place.
function eachReference(value, visit) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.reference === 'string') value.reference = visit(value.reference);
  Object.values(value).forEach(child => eachReference(child, visit));
}

// Refuses a reference that leads nowhere: what is in `known`, contained, or an older version of it may be referred to.
function checkReferences(resource, known, where) {
  eachReference(resource, reference => {
    const [type, id] = reference.split('/');
    if (!reference.startsWith('#') && !known.has(`${type}/${id}`)) {
      throw new Error(`${where}: ${resource.resourceType}/${resource.id} refers to ${reference}, which is not there`);
    }
    return reference;
  });
}

export function checkExamples(examples) {
  for (const resource of examples.values()) checkReferences(copy(resource), examples, 'examples');
}

// One operation of JSON Patch (RFC 6902: add, remove, replace) that must really change something.
function change(resource, { op, path: pointer, value }) {
  const steps = pointer.slice(1).split('/');
  const last = steps.pop();
  const parent = steps.reduce((at, step) => at?.[step], resource);
  const isThere = parent !== undefined && last in parent;
  const fits = op === 'add' ? Array.isArray(parent) || (parent !== undefined && !isThere) : isThere;
  if (!fits) throw new Error(`${op} ${pointer} does not fit ${resource.resourceType}/${resource.id}`);
  if (!Array.isArray(parent)) {
    if (op === 'remove') delete parent[last];
    else parent[last] = value;
  } else if (op === 'add') {
    parent.splice(last === '-' ? parent.length : Number(last), 0, value);
  } else {
    parent.splice(Number(last), 1, ...(op === 'replace' ? [value] : []));
  }
}

// Each line of the list is one invalid resource: a valid example, the one change, and the one issue it must raise.
export function readInvalid(list) {
  return fs.readFileSync(list, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line));
}

export function buildInvalid(examples, lines, out, writeJson) {
  for (const { file, from, change: operation } of lines) {
    const resource = find(examples, from);
    change(resource, operation);
    writeJson(path.join(out, file), resource);
  }
}

const uuidOf = name => {
  const hex = crypto.createHash('sha256').update(name).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

// What a party's store holds: the receiver keeps the sender's ids.
function storeEntry(base, resource) {
  const name = `${resource.resourceType}/${resource.id}`;
  return { fullUrl: `${base}/${name}`, resource, request: { method: 'PUT', url: name } };
}

// What a client posts: ids are the server's to give, and whatever is there already by its identifier is used.
function postEntry(resource, known) {
  const fullUrl = uuidOf(`${resource.resourceType}/${resource.id}`);
  const { system, value } = [resource.identifier].flat()[0];
  const request = { method: 'POST', url: resource.resourceType, ifNoneExist: `identifier=${system}|${value}` };
  eachReference(resource, reference => (known.has(reference) ? uuidOf(reference) : reference));
  delete resource.id;
  return { fullUrl, resource, request };
}

// Each list in the folder names examples: with `base` it is a party's store, without it a client's transaction.
export function buildDemo(examples, folder, out, writeJson) {
  for (const file of fs.readdirSync(folder).sort()) {
    const { base, resources } = readJson(path.join(folder, file));
    const known = new Set(resources);
    const entry = resources.map(name => {
      const resource = find(examples, name);
      checkReferences(resource, known, file);
      return base ? storeEntry(base, resource) : postEntry(resource, known);
    });
    writeJson(path.join(out, file), { resourceType: 'Bundle', type: 'transaction', entry });
  }
}
