// check.mjs - holds the guide against itself: what SUSHI does not look at.

function eachProperty(issues, code, visit) {
  for (const concept of issues.concept) {
    for (const property of concept.property) {
      if (property.code === code) visit(concept.code, property.valueCode ?? property.valueString);
    }
  }
}

// The constraints that the guide itself makes, not those of R4 that its snapshots repeat.
function ownInvariants(structures) {
  const keys = new Set();
  for (const { differential } of structures) {
    for (const element of differential.element) {
      for (const { key } of element.constraint ?? []) if (key.startsWith('tl-')) keys.add(key);
    }
  }
  return keys;
}

// An invariant has one issue key, and an element that a key names is an element of some profile.
function checkIssueKeys(structures, issues) {
  const keyOf = new Map();
  eachProperty(issues, 'invariant', (key, invariant) => {
    if (keyOf.has(invariant)) throw new Error(`${invariant} has two issue keys, ${keyOf.get(invariant)} and ${key}`);
    keyOf.set(invariant, key);
  });
  const elements = new Set(structures.flatMap(({ snapshot }) => snapshot.element.map(element => element.id)));
  eachProperty(issues, 'element', (key, id) => {
    if (!elements.has(id)) throw new Error(`issue key ${key} names ${id}, which no profile has`);
  });
  return keyOf;
}

// Every invariant and every profile has an invalid example; what an example says of itself is true of the guide.
function checkInvalid(structures, keyOf, lines) {
  const invariants = ownInvariants(structures);
  for (const { file, rule, key } of lines) {
    if (rule && key !== (keyOf.get(rule) ?? 'invariant-failed')) throw new Error(`${file}: the key of ${rule} is not ${key}`);
  }
  const rules = new Set(lines.map(line => line.rule));
  for (const invariant of invariants) {
    if (!rules.has(invariant)) throw new Error(`no invalid example breaks ${invariant}`);
  }
}

// Every profile of a resource has a valid example, and one that is not valid.
function checkCoverage(structures, examples, lines) {
  const claims = new Set([...examples.values()].flatMap(resource => resource.meta?.profile ?? []));
  const broken = new Set(lines.flatMap(line => examples.get(line.from)?.meta?.profile ?? []));
  for (const { url, type } of structures) {
    if (type === 'Extension') continue;
    if (!claims.has(url)) throw new Error(`${url} has no example`);
    if (!broken.has(url)) throw new Error(`${url} has no invalid example`);
  }
}

export function checkGuide(definitions, examples, lines) {
  const all = [...definitions.values()];
  const structures = all.filter(resource => resource.resourceType === 'StructureDefinition');
  const issues = all.find(resource => resource.resourceType === 'CodeSystem' && resource.id === 'tandem-issue');
  checkInvalid(structures, checkIssueKeys(structures, issues), lines);
  checkCoverage(structures, examples, lines);
}
