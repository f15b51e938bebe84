import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { aDraft, someLedgerKeys } from '../../test/support/ledger.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import { contentDigest } from './content-digest.js';
import type { EntryDraft } from './entry.js';
import { encodeLeaf } from './leaf.js';
import { pseudonymOf, pseudonymsOf } from './pseudonym.js';
import { statementText } from './statement.js';

const { pseudonym: key } = someLedgerKeys();

const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }).filter((value) => {
  try {
    return canonicalJson(value as JsonValue) !== '';
  } catch {
    return false; // nothing that an entry could state
  }
});
const object = fc.dictionary(fc.string(), json) as fc.Arbitrary<JsonObject>;
const drafts: fc.Arbitrary<EntryDraft> = fc
  .record(
    {
      details: object,
      verdictSummary: object,
      persons: fc.dictionary(fc.string(), fc.string()),
      personal: fc.constant([{ principalId: 'ann', fields: { note: 'x' } }]),
      asOf: fc.nat(),
      amr: fc.array(fc.string()),
      other: fc.tuple(fc.constantFrom('zz', 'A', 'é', 'tsOther', 'personal-not'), json),
    },
    { requiredKeys: ['details'] },
  )
  .map(({ details, verdictSummary, persons, personal, asOf, amr, other }) => {
    const { facts, ...draft } = aDraft();
    return {
      ...draft,
      ...(verdictSummary && { kind: 'decision.recorded' as const, verdictSummary }),
      ...(persons && { persons }),
      ...(personal && { personal }),
      facts: {
        ...facts,
        details,
        ...(asOf !== undefined && { asOf }),
        ...(amr && { amr }),
        ...(other && { [other[0]]: other[1] }),
      },
    };
  });

/** As it was computed from one object, before the parts were written once and put together. */
function digestInOnePiece(draft: EntryDraft): string {
  const { orgId, kind, actor, subjects, verdictSummary, personal } = draft;
  const without = (members: object, names: readonly string[]) =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
  const content = {
    orgId,
    kind,
    actor: actor === 'system' ? actor : pseudonymOf(key, orgId, actor.principalId),
    ...(draft.persons && { persons: pseudonymsOf(key, orgId, draft.persons) }),
    subjects,
    facts: without(draft.facts, ['tsStart', 'tsEnd', 'asOf', 'decisionId', 'authTime', 'amr']),
    verdictSummary: without(verdictSummary ?? {}, ['timeVerified', 'verifier']),
    personal: personal ?? [],
  } as unknown as JsonObject;
  return createHmac('sha256', key)
    .update(`assay/content/1\n${canonicalJson(content)}`)
    .digest('hex');
}

describe('texts of an entry that are put together from parts', () => {
  it('have the content digest of the whole: keys of earlier versions are known again', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        expect(contentDigest(draft, key).toString('hex')).toBe(digestInOnePiece(draft));
      }),
      { numRuns: 500 },
    );
  });

  it('are canonical JSON, with the facts and the summary as they were given', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const extras = {
          actor: 'system' as const,
          persons: pseudonymsOf(key, draft.orgId, draft.persons),
          contentDigest: Buffer.alloc(32, 7),
          personal: [],
        };
        fc.pre(!JSON.stringify(draft).includes('u0000')); // refused
        const text = statementText(draft, extras);
        const stated = JSON.parse(text) as { predicate: Record<string, JsonObject> };
        expect(canonicalJson(stated as JsonValue)).toBe(text);
        const { 'urn:assay:facts:v1': facts, ...summary } = stated.predicate;
        expect(summary).toEqual({ ...draft.verdictSummary });
        const { tsStart, tsEnd, asOf, ...given } = draft.facts;
        expect(facts).toMatchObject({ ...given, orgId: draft.orgId, kind: draft.kind, actor: 'system' });
        expect([facts?.['tsStart'], facts?.['tsEnd']]).toEqual(
          [tsStart, tsEnd].map((at) => new Date(at).toISOString()),
        );
        expect(facts?.['asOf']).toBe(asOf === undefined ? undefined : new Date(asOf).toISOString());
        expect(facts?.['persons'] ?? {}).toEqual({ ...extras.persons });
      }),
      { numRuns: 500 },
    );
  });

  it('make a leaf that is canonical JSON', () => {
    const bytes = fc.uint8Array().map((given) => Buffer.from(given));
    fc.assert(
      fc.property(bytes, bytes, bytes, (digest, signature, publicKey) => {
        const text = encodeLeaf({ digest, signature, publicKey });
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });
});
