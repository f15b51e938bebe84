import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { aDraft, someLedgerKeys } from '../../test/support/ledger.js';
import { sha256 } from '../kernel/digest.js';
import { contentDigest } from './content-digest.js';
import { ENTRY_KINDS, type EntryDraft } from './entry.js';
import { checkStatement, encodeLeaf, parseLeaf, signStatement, spkiOf } from './leaf.js';
import { IN_TOTO_PAYLOAD, pae } from './pae.js';
import { pseudonymOf } from './pseudonym.js';
import { IMPLIED } from './kind-facts.js';
import { readStatement } from './recorded-entry.js';
import { statementText, type StatementExtras } from './statement.js';

const keys = someLedgerKeys();
const extras: StatementExtras = {
  actor: 'system',
  persons: { author: `p_${'0'.repeat(32)}` },
  contentDigest: Buffer.alloc(32, 7),
  personal: [],
};
const summary = { verificationResult: 'PASSED', timeVerified: '2026-11-20T00:00:00Z', verifier: { id: 'x' } };

describe('PAE', () => {
  it('counts bytes, as in the DSSE specification', () => {
    expect(pae('http://example.com/HelloWorld', 'hello world').toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(pae('t', 'é').toString()).toBe('DSSEv1 1 t 2 é');
  });
});

describe('a statement', () => {
  it('is read back as it was stated', () => {
    const facts = {
      ...aDraft().facts,
      asOf: 1_790_000_000_000,
      gateId: 'GATE_RELEASE',
      waiverIds: ['w'],
      authTime: 3,
    };
    const draft = aDraft({ kind: 'decision.recorded', facts, verdictSummary: summary });
    expect(readStatement(statementText(draft, extras))).toEqual({
      ok: true,
      value: {
        orgId: draft.orgId,
        kind: 'decision.recorded',
        actor: 'system',
        persons: extras.persons,
        subjects: draft.subjects,
        facts: { ...IMPLIED['decision.recorded'], ...facts },
        verdictSummary: summary,
        personal: [],
        idempotencyKey: draft.key.toString('hex'),
        contentDigest: extras.contentDigest.toString('hex'),
      },
    });
  });

  it('says what its kind implies, unless the entry knows better', () => {
    const said = (draft: EntryDraft) => {
      const read = readStatement(statementText(draft, extras));
      return read.ok ? read.value.facts : undefined;
    };
    for (const kind of ENTRY_KINDS.filter((each) => each !== 'decision.recorded'))
      expect(said(aDraft({ kind }))).toMatchObject({ ...IMPLIED[kind] });
    const facts = { ...aDraft().facts, severity: 'high', stateAfter: 'COMPLETE' };
    expect(said(aDraft({ kind: 'evidence.normalised', facts }))).toMatchObject({
      ...{ severity: 'high', stateAfter: 'COMPLETE' },
      ...{ stateBefore: 'RECEIVED', result: 'NORMALISED' },
    });
  });

  it('of a decision is a SLSA verification summary; every other kind has its own predicate type', () => {
    const decision = statementText(aDraft({ kind: 'decision.recorded', verdictSummary: summary }), extras);
    expect(decision).toContain('"predicateType":"https://slsa.dev/verification_summary/v1"');
    expect(decision).toContain('"verificationResult":"PASSED"');
    expect(statementText(aDraft(), extras)).toContain(
      '"predicateType":"urn:assay:ledger:artefact.registered:v1"',
    );
  });

  it('needs a subject, and a verdict summary exactly when it is a decision', () => {
    expect(() => statementText(aDraft({ subjects: [] }), extras)).toThrow(TypeError);
    expect(() => statementText(aDraft({ kind: 'decision.recorded' }), extras)).toThrow(TypeError);
    expect(() => statementText(aDraft({ verdictSummary: summary }), extras)).toThrow(TypeError);
  });

  it('cannot hold what the database cannot, but can hold what only looks like it', () => {
    const withNote = (note: string): EntryDraft =>
      aDraft({ facts: { ...aDraft().facts, details: { note } } });
    expect(() => statementText(withNote('\u0000'), extras)).toThrow('U+0000');
    expect(() => statementText(withNote('\\\u0000'), extras)).toThrow('U+0000');
    expect(statementText(withNote('\\u0000'), extras)).toContain('u0000');
  });

  it.each([
    ['white space', (text: string) => `${text} `],
    ['a member nobody knows', (text: string) => text.replace('"actor"', '"actoo":1,"actor"')],
    ['a key twice', (text: string) => text.replace('"actor":"system"', '"actor":"system","actor":"system"')],
    [
      'another predicate type',
      (text: string) => text.replace('artefact.registered:v1', 'artefact.registered:v2'),
    ],
  ])('with %s is refused', (_, change) => {
    expect(readStatement(change(statementText(aDraft(), extras)))).toMatchObject({
      problem: { kind: 'StatementInvalid' },
    });
  });

  it('survives any details', () => {
    const noNul = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'));
    const details = fc.dictionary(
      noNul.filter((k) => k !== '__proto__'),
      fc.oneof(noNul, fc.integer(), fc.boolean()),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(details, (given) => {
        const read = readStatement(
          statementText(aDraft({ facts: { ...aDraft().facts, details: given } }), extras),
        );
        expect(read).toMatchObject({ ok: true, value: { facts: { details: given } } });
      }),
    );
  });
});

describe('a leaf', () => {
  const statement = statementText(aDraft(), extras);
  const text = signStatement(statement, keys.decision);
  const leaf = parseLeaf(text);
  if (!leaf.ok) throw new Error(leaf.problem.detail);

  it('has the members of Rekor v2 in canonical order, in about 489 bytes', () => {
    expect(text).toMatch(
      /^\{"apiVersion":"0.0.2","kind":"hashedrekord","spec":\{"hashedRekordV002":\{"data":\{"algorithm":"SHA2_256","digest":"/,
    );
    expect(Math.abs(text.length - 489)).toBeLessThan(8);
    expect(leaf.value.publicKey).toEqual(spkiOf(createPublicKey(keys.decision)));
    expect(sha256(pae(IN_TOTO_PAYLOAD, statement))).toBe(`sha256:${leaf.value.digest.toString('hex')}`);
  });

  it('fits its statement and no other', () => {
    expect(checkStatement(leaf.value, statement)).toBe('fits');
    expect(checkStatement(leaf.value, `${statement} `)).toBe('other-statement');
    const stranger = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    expect(checkStatement({ ...leaf.value, publicKey: stranger }, statement)).toBe('bad-signature');
    expect(checkStatement({ ...leaf.value, publicKey: Buffer.from('junk') }, statement)).toBe(
      'bad-signature',
    );
  });

  it.each([
    ['white space', (t: string) => t.replace(':', ': ')],
    ['another version', (t: string) => t.replace('0.0.2', '0.0.1')],
    ['lenient base64', (t: string) => t.replace('"digest":"', '"digest":" ')],
    ['a member more', (t: string) => t.replace('{"apiVersion"', '{"a":1,"apiVersion"')],
    ['no JSON', (t: string) => t.slice(1)],
  ])('with %s is refused', (_, change) => {
    expect(parseLeaf(change(text))).toMatchObject({ problem: { kind: 'LeafInvalid' } });
  });

  it('is encoded and parsed without loss', () => {
    const bytes = fc.uint8Array().map((b) => Buffer.from(b));
    fc.assert(
      fc.property(fc.record({ digest: bytes, signature: bytes, publicKey: bytes }), (given) => {
        expect(parseLeaf(encodeLeaf(given))).toEqual({ ok: true, value: given });
      }),
    );
  });
});

describe('the content digest', () => {
  const digest = (draft: EntryDraft): string => contentDigest(draft, keys.pseudonym).toString('hex');
  const draft = aDraft({ kind: 'decision.recorded', verdictSummary: summary });

  it('does not depend on what a retry changes', () => {
    const facts = {
      ...draft.facts,
      tsStart: 1,
      tsEnd: 2,
      asOf: 3,
      decisionId: 'd',
      authTime: 4,
      amr: ['pwd'],
      projectId: 'p',
    };
    const verdictSummary = { ...summary, timeVerified: 'later', verifier: { id: 'x', version: 'newer' } };
    expect(digest({ ...draft, facts, verdictSummary })).toBe(digest(draft));
  });

  it('depends on everything else, and on the key', () => {
    const others: Partial<EntryDraft>[] = [
      { orgId: 'other' },
      { actor: 'system' },
      { subjects: [{ name: 'ART_SHOP', digest: sha256('other') }] },
      { facts: { ...draft.facts, result: 'FAIL' } },
      { facts: { ...draft.facts, details: { n: 1 } } },
      { verdictSummary: { ...summary, verificationResult: 'FAILED' } },
      { personal: [{ principalId: 'ann', fields: { note: 'x' } }] },
    ];
    const digests = [draft, ...others.map((other) => ({ ...draft, ...other }))].map(digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(contentDigest(draft, Buffer.alloc(32)).toString('hex')).not.toBe(digest(draft));
  });
});

describe('a pseudonym', () => {
  it('is one per person and organisation, and does not let its parts slide', () => {
    const of = (org: string, person: string): string => pseudonymOf(keys.pseudonym, org, person);
    expect(of('a', 'b')).toMatch(/^p_[0-9a-f]{32}$/);
    expect(of('a', 'b')).toBe(of('a', 'b'));
    expect(new Set([of('a', 'b'), of('ab', ''), of('', 'ab'), of('b', 'a')]).size).toBe(4);
  });
});
