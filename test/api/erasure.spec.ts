import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import type { AccessRole } from '../../src/kernel/actor.js';
import { idempotencyKey } from '../../src/kernel/id.js';
import { hashLeaf, rootOf } from '../../src/ledger/merkle.js';
import { inclusionRanges, verifyInclusion } from '../../src/ledger/merkle-proof.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, waiverFor, type Build } from '../support/shop.js';

/** Words that occur nowhere else: whoever finds one has found the person. */
const CANARY = {
  subject: 'zqx-subject-41',
  issuer: 'urn:zqx:issuer-41',
  displayName: 'Zqxina Canary-Name-41',
  reason: 'zqx-reason-41: it hurts my knee',
} as const;
const CASE = 'CASE-41';

interface Leaf {
  readonly seq: string;
  readonly leaf: string;
  readonly statement: string;
}

let app: TestApplication;
let build: Build;
let person: { principalId: string; orgId: string };
let waiver: Answer;
let waiverInput: object;
let decision: Answer;
beforeAll(async () => {
  app = await openTestApplication();
  build = await judgeableBuild(app);
  person = await addPerson('developer', 'approver');
  waiverInput = {
    ...waiverFor(app, build, 'coverage-floor'),
    reason: CANARY.reason,
    context: { caseId: CASE },
  };
  waiver = await app.services.waivers.request(requestOf(waiverInput), actor());
  await app.command('approver', 'approve-waiver', { waiverId: waiver.value.waiver.waiverId, note: 'Seen' });
  decision = await evaluate(app, build);
  await app.integrate();
});
afterAll(() => app.close());

async function addPerson(...roles: AccessRole[]) {
  const [{ orgId }] = await app.database.admin.query(`SELECT org_id AS "orgId" FROM assay.organisation`);
  const { issuer, subject, displayName } = CANARY;
  const added = await app.services.organisations.addPrincipal({
    orgId,
    kind: 'person',
    issuer,
    subject,
    displayName,
  });
  if (!added.ok) throw new Error('not added');
  for (const role of roles) await app.services.organisations.giveGrant(added.value, role);
  return added.value;
}

const actor = () => ({
  ...person,
  kind: 'person' as const,
  roles: ['developer', 'approver'] as AccessRole[],
});

/** The use case's own form of a GraphQL input, so that the same command can be sent after the login is gone. */
const requestOf = ({ context, idempotencyKey: key, ...request }: Answer): Answer => ({
  request: {
    ...request,
    severity: 'high',
    effectiveUntil: Date.parse(request.effectiveUntil),
    selectors: [
      { type: 'rule', ruleId: 'coverage-floor' },
      { type: 'gate', gateId: 'GATE_RELEASE' },
      { type: 'artefact', artId: build.artId, digest: build.digest },
    ],
  },
  context,
  idempotencyKey: key,
});

const leaves = (): Promise<Leaf[]> =>
  app.database.admin.query(
    'SELECT seq, leaf, statement FROM ledger.entry JOIN ledger.fact USING (seq) ORDER BY seq',
  );

/** Every table of every schema of ours, every column: rows as JSON show text as it is and bytes as hex. */
async function tablesWith(word: string): Promise<string[]> {
  const tables: { name: string }[] = await app.database.admin.query(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [{ count }] = await app.database.admin.query(
      `SELECT count(*)::int AS count FROM ${name} t
        WHERE strpos(to_jsonb(t)::text, $1) > 0 OR strpos(to_jsonb(t)::text, $2) > 0`,
      [word, Buffer.from(word).toString('hex')],
    );
    if (count > 0) found.push(name);
  }
  return found;
}

const erase = (input: object = {}, subject = 'data-protection'): Promise<Answer> =>
  app.command(subject, 'erase-person', {
    principalId: person.principalId,
    reason: 'They asked for it, and may',
    reference: 'DSR-2026-41',
    ...input,
  });

const replayed = () => app.ask('auditor', 'replay-decision', { id: decision.id });

describe('a legal hold', () => {
  it.each([
    ['everything', { everything: true }],
    ['the person', () => ({ principalId: person.principalId })],
    ['a case they appear in', { caseId: CASE }],
    ['an artefact they appear with', () => ({ artId: build.artId })],
  ])('on %s makes an erasure refuse, until it is lifted', async (_what, given) => {
    const scope = typeof given === 'function' ? given() : given;
    const hold = await app.command('data-protection', 'set-hold', {
      scope,
      reason: 'Litigation',
      reference: 'M-2026/7',
    });
    expect(hold).toMatchObject({ __typename: 'Hold', state: 'IN_FORCE', reason: 'Litigation' });
    const before = await tablesWith(CANARY.displayName);
    expect(await erase()).toMatchObject({
      __typename: 'UnderLegalHold',
      code: 'UNDER_LEGAL_HOLD',
      holdIds: [hold.id],
    });
    expect(await tablesWith(CANARY.displayName)).toEqual(before);
    const { nodes } = await app.ask('data-protection', 'persons', { first: 200 });
    const shown = nodes.find(({ principalId }: Answer) => principalId === person.principalId);
    expect(shown.viewerCan).toEqual([{ action: 'erase', allowed: false, reasonCode: 'under-legal-hold' }]);
    const lift = { holdId: hold.id, reason: 'Settled', idempotencyKey: randomUUID() };
    expect(await app.command('data-protection', 'lift-hold', lift)).toMatchObject({ state: 'LIFTED' });
    expect(await app.command('data-protection', 'lift-hold', lift)).toMatchObject({ state: 'LIFTED' });
    expect(
      await app.command('data-protection', 'lift-hold', { holdId: hold.id, reason: 'Again' }),
    ).toMatchObject({ __typename: 'HoldLifted' });
  });

  it.each([
    ['another person', async () => ({ principalId: (await principal('officer')).principalId })],
    ['another case', () => Promise.resolve({ caseId: 'CASE-42' })],
  ])('on %s does not touch this one', async (_what, scope) => {
    const hold = await app.command('data-protection', 'set-hold', { scope: await scope(), reason: 'Other' });
    const { nodes } = await app.ask('data-protection', 'persons', { first: 200 });
    const shown = nodes.find(({ principalId }: Answer) => principalId === person.principalId);
    expect(shown.viewerCan[0].allowed).toBe(true);
    await app.command('data-protection', 'lift-hold', { holdId: hold.id, reason: 'Done' });
  });

  it('is an entry each time, and the same command again is the same hold', async () => {
    const input = { scope: { caseId: 'CASE-43' }, reason: 'Twice', idempotencyKey: randomUUID() };
    const first = await app.command('data-protection', 'set-hold', input);
    expect(await app.command('data-protection', 'set-hold', input)).toEqual(first);
    const conflict = await app.command('data-protection', 'set-hold', { ...input, reason: 'Other' });
    expect(conflict).toMatchObject({ __typename: 'IdempotencyConflict', seq: first.setSeq });
    const [entry] = (
      await app.ask('auditor', 'ledger', { filter: { kind: 'hold.set' }, first: 200 })
    ).nodes.slice(-1);
    expect(entry).toMatchObject({ seq: first.setSeq, facts: { details: { scope: 'case:CASE-43' } } });
    await app.command('data-protection', 'lift-hold', { holdId: first.id, reason: 'Done' });
    expect((await app.ask('data-protection', 'holds', { inForce: true })).totalCount).toBe(0);
  });
});

async function principal(subject: string): Promise<{ principalId: string }> {
  const [row] = await app.database.admin.query(
    `SELECT principal_id AS "principalId" FROM assay.principal WHERE subject = $1`,
    [subject],
  );
  return row;
}

describe('an erasure', () => {
  it.each(['officer', 'admin', 'auditor', 'approver'])('is refused to an %s', async (subject) => {
    const { data, errors } = await app.graphql(subject, 'erase-person', {
      input: { principalId: person.principalId, reason: 'x', idempotencyKey: randomUUID() },
    });
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is refused to the person who would do it, and of somebody who is not there', async () => {
    const own = await principal('data-protection');
    expect(await erase({ principalId: own.principalId })).toMatchObject({ __typename: 'OwnErasure' });
    expect(await erase({ principalId: randomUUID() })).toMatchObject({ __typename: 'PersonNotFound' });
    expect(await erase({ reason: ' ' })).toMatchObject({ __typename: 'InvalidInput', path: 'reason' });
    expect(await erase({ reference: 'of Mr Smith' })).toMatchObject({ path: 'reference' });
  });

  it('leaves nothing of the person, and every proof, decision and replay as it was', async () => {
    expect(await tablesWith(CANARY.displayName)).toEqual(['assay.principal']);
    expect(await tablesWith(CANARY.subject)).toEqual(['assay.principal']);
    expect((await app.services.waiverDesk.reason(actor(), waiver.value)) ?? '').toBe(CANARY.reason);
    await app.integrate();
    const before = await leaves();
    const hashes = before.map(({ leaf }) => hashLeaf(Buffer.from(leaf)));
    const root = rootOf(hashes);
    const proofs = hashes.map((_, index) =>
      inclusionRanges(index, hashes.length).map((range) => rootOf(hashes, range)),
    );
    const replayBefore = await replayed();
    expect(replayBefore).toMatchObject({ same: true });

    const key = randomUUID();
    const erased = await erase({ idempotencyKey: key });
    expect(erased).toMatchObject({
      __typename: 'Erasure',
      entrySeq: before.length,
      reference: 'DSR-2026-41',
    });
    expect(await erase({ idempotencyKey: key })).toEqual(erased);
    expect(await erase({ idempotencyKey: key, reason: 'Another' })).toMatchObject({
      __typename: 'IdempotencyConflict',
      seq: erased.entrySeq,
    });

    for (const word of Object.values(CANARY)) expect(await tablesWith(word)).toEqual([]);
    expect(app.log.join('\n')).not.toContain('zqx');
    expect(await app.services.waiverDesk.reason(actor(), waiver.value)).toBeNull();
    const [keys] = await app.database.admin.query(
      `SELECT count(*) FILTER (WHERE destroyed_at IS NULL)::int AS living,
              count(*) FILTER (WHERE wrapped_key IS NOT NULL AND destroyed_at IS NOT NULL)::int AS kept
         FROM ledger.subject_key k WHERE subject = (SELECT statement::jsonb #>>
           '{predicate,urn:assay:facts:v1,persons,erased}' FROM ledger.fact WHERE kind = 'person.erased')`,
    );
    expect(keys).toEqual({ living: 0, kept: 0 });

    const after = await leaves();
    expect(after.slice(0, before.length)).toEqual(before);
    for (const [index, { leaf }] of after.slice(0, before.length).entries())
      expect(
        verifyInclusion(
          { index, size: before.length, leafHash: hashLeaf(Buffer.from(leaf)), root },
          proofs[index] ?? [],
        ),
      ).toBe(true);
    expect(await replayed()).toEqual(replayBefore);
    expect((await verifyLedger(app.platform)).findings).toEqual([]); // with the checkpoint from before
    await app.integrate();
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
  });

  it('keeps another person’s words about the same waiver', async () => {
    const [entry] = (await app.ask('auditor', 'ledger', { filter: { kind: 'waiver.approved' } })).nodes;
    const found = await app.services.protectionDesk.reasonOf(actor(), entry.seq);
    expect(found).toBeNull(); // an approval carries a note, no reason
    const bodies = await app.database.admin.query('SELECT erased_at FROM ledger.body WHERE seq = $1', [
      entry.seq,
    ]);
    expect(bodies).toEqual([{ erased_at: null }]);
  });

  it('ends the person’s access, and shows them as erased', async () => {
    const [row] = await app.database.admin.query(
      `SELECT issuer, subject, display_name FROM assay.principal WHERE principal_id = $1`,
      [person.principalId],
    );
    expect(row).toEqual({ issuer: 'erased', subject: person.principalId, display_name: '' });
    const { nodes } = await app.ask('data-protection', 'persons', { first: 200 });
    expect(nodes.find(({ principalId }: Answer) => principalId === person.principalId)).toMatchObject({
      displayName: null,
      records: 0,
      viewerCan: [{ action: 'erase', allowed: false, reasonCode: 'already-erased' }],
    });
    const { nodes: erasures } = await app.ask('data-protection', 'erasures');
    expect(erasures).toEqual([
      expect.objectContaining({ principalId: person.principalId, reason: 'They asked for it, and may' }),
    ]);
  });

  it('does not make a retry of an old command a new one', async () => {
    const count = (await leaves()).length;
    expect(await app.services.waivers.request(requestOf(waiverInput), actor())).toMatchObject({
      ok: true,
      value: { waiver: { waiverId: waiver.value.waiver.waiverId } },
    });
    expect(await addPerson('developer')).toMatchObject({ principalId: person.principalId });
    expect((await leaves()).length).toBe(count);
    for (const word of Object.values(CANARY)) expect(await tablesWith(word)).toEqual([]);
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
  });

  it('erases whoever an administrator let in, of whom the entry has two bodies', async () => {
    // Which body comes first is chance: of eight, some come second.
    for (let at = 0; at < 8; at++) {
      const subject = `let-in-${String(at)}`;
      const login = { subject, kind: 'PERSON', displayName: `zqx${subject}`, reason: 'More to do' };
      const { id: principalId } = await app.command('admin', 'add-principal', login);
      expect(await erase({ principalId })).toMatchObject({ __typename: 'Erasure' });
      expect(await tablesWith(`zqx${subject}`)).toEqual([]);
    }
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
  });
});

describe('the verifier, after an erasure', () => {
  const tampered = async (change: string, table: string): Promise<string[]> => {
    await app.database.admin.query(`CREATE TABLE public.kept AS TABLE ${table}`);
    try {
      await app.database.admin.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      await app.database.admin.query(change);
      return (await verifyLedger(app.platform)).findings.map(({ what }) => what);
    } finally {
      await app.database.admin.query(`DELETE FROM ${table}`);
      await app.database.admin.query(`INSERT INTO ${table} SELECT * FROM public.kept`);
      await app.database.admin.query('DROP TABLE public.kept');
    }
  };

  it('finds fields that were emptied without an entry that says so', async () => {
    const key = idempotencyKey('', 'organisation', 'demo');
    expect(key).toHaveLength(16);
    const change = `UPDATE ledger.body SET ciphertext = NULL, erased_at = now()
      WHERE seq = (SELECT min(seq) FROM ledger.body WHERE erased_at IS NULL)`;
    expect(await tampered(change, 'ledger.body')).toEqual(['body']);
  });

  it('finds a hold that was taken away or lifted without an entry that says so', async () => {
    expect(await tampered('DELETE FROM ledger.hold', 'ledger.hold')).toContain('hold');
    expect(await tampered('UPDATE ledger.hold SET lifted_seq = NULL', 'ledger.hold')).toContain('hold');
    expect(await tampered(`UPDATE ledger.hold SET scope = 'case:OTHER'`, 'ledger.hold')).toContain('hold');
  });
});
