// node scripts/rego-schemas.mjs            writes rego/schemas/input.json from the model of evidence
// node scripts/rego-schemas.mjs --check    fails, without writing, when the committed schema differs
//
// What every rule sees, as JSON Schema: `# schemas: [{ input: schema["input"] }]` in a rule's METADATA lets OPA find a
// misspelt field when the rule is written. The document's shape comes from src/formats/model, and nowhere else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import { ensureBuilt } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
const FILE = join(ROOT, 'rego', 'schemas', 'input.json');

await ensureBuilt(ROOT, { checked: false });
const { evidenceDocumentSchema } = await import('../dist/src/formats/model/document.js');
const { agentRunSchema } = await import('../dist/src/formats/model/people.js');

const text = { type: 'string' };
const object = (properties) => ({ type: 'object', properties, additionalProperties: false });

/** OPA reads one type of a list of types, and would call the others a mistake. */
function spelledOut(schema) {
  if (Array.isArray(schema)) return schema.map(spelledOut);
  if (schema === null || typeof schema !== 'object') return schema;
  const { type, $schema: _, const: only, propertyNames: __, minimum, maximum, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, spelledOut(value)]));
  if (Array.isArray(type)) return { ...inner, anyOf: type.map((one) => ({ type: one })) };
  return { ...(type !== undefined && { type }), ...inner };
}

const shapeOf = (schema) => spelledOut(z.toJSONSchema(schema, { target: 'draft-7' }));

/** As the gate hands it to a rule (src/gate/decision-input.ts): the stored document, its digest, STALE and SUPERSEDED, without pages. */
function evidence() {
  const document = shapeOf(evidenceDocumentSchema);
  const { state, pages: _, ...properties } = document.properties;
  return object({
    digest: text,
    state: { ...state, enum: [...state.enum, 'STALE', 'SUPERSEDED'] },
    ...properties,
  });
}

/** Where an earlier version was named to compare with (src/gate/baseline.ts). */
function baseline() {
  const places = {
    type: 'array',
    items: object({
      evidence: { type: 'integer' },
      list: { type: 'string', enum: ['findings', 'vulnerabilities'] },
      at: { type: 'integer' },
    }),
  };
  const problem = object({ code: text, params: { type: 'object' } });
  return object({
    artId: text,
    digest: text,
    problem: { anyOf: [problem, { type: 'null' }] },
    incomparable: { type: 'object', additionalProperties: text },
    new: places,
    unknown: places,
  });
}

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment: 'Written by scripts/rego-schemas.mjs from src/formats/model. Do not edit.',
  title: 'What a rule sees',
  ...object({
    artefact: object({
      artId: text,
      digest: text,
      agent: { anyOf: [shapeOf(agentRunSchema), { type: 'null' }] },
    }),
    gate: object({ gateId: text, locus: text }),
    // Which there are is for each pack to declare.
    parameters: { type: 'object' },
    evidence: { type: 'array', items: evidence() },
    baseline: baseline(),
  }),
};

const written = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== written) {
    console.error(
      'rego/schemas/input.json does not fit src/formats/model: run node scripts/rego-schemas.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(FILE, written);
  console.log('rego/schemas/input.json');
}
