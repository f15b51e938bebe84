import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { continueLog } from '../../src/app/cli/ledger-continue.io.js';
import { checkpointFile } from '../../src/app/platform/checkpoint-file.js';
import { ENTRY_KINDS, type EntryKind } from '../../src/ledger/entry.js';
import { readStatement, type RecordedEntry } from '../../src/ledger/recorded-entry.js';
import { openTestApplication, START, type Answer, type TestApplication } from '../support/application.js';
import { expectFile } from '../support/expect-file.js';
import { ALWAYS, COLUMNS, renderProofs, renderTable, tabulate } from '../support/fact-table.js';
import { AGENT, CONTEXT, tellEverything, type Told } from '../support/whole-story.js';

const AUDITING = join(import.meta.dirname, '../../docs/AUDITING.md');
const { agent: _, ...WHERE } = CONTEXT;

let app: TestApplication;
let story: Told;
let entries: RecordedEntry[];
beforeAll(async () => {
  app = await openTestApplication();
  story = await tellEverything(app);
  rmSync(checkpointFile(app.platform.config)); // lost with the volume it was on
  const begun = await continueLog(app.platform, { origin: 'second.ledger.example', copyLost: true });
  if (!begun.ok) throw new Error(JSON.stringify(begun.problem));
  const rows: { statement: string }[] = await app.database.admin.query(
    'SELECT statement FROM ledger.fact ORDER BY seq',
  );
  entries = rows.map(({ statement }) => {
    const read = readStatement(statement);
    if (!read.ok) throw new Error(read.problem.detail);
    return read.value;
  });
}, 120_000);
afterAll(() => app.close());

/** The file with what stands between a comment of this name and the next end. */
function replaced(file: string, name: string, text: string): string {
  const [before = '', after = ''] = readFileSync(file, 'utf8').split(
    new RegExp(`(?<=<!-- ${name} -->\\n\\n)[^]*?(?=\\n\\n<!-- end -->)`),
  );
  expect(after).not.toBe('');
  return before + text + after;
}

const ofKind = (kind: EntryKind): RecordedEntry[] => entries.filter((entry) => entry.kind === kind);
const last = (kind: EntryKind): RecordedEntry['facts'] => ofKind(kind).at(-1)!.facts;

describe('the facts of a story in which everything happens', () => {
  it('are of every kind that there is', () => {
    expect(ENTRY_KINDS.filter((kind) => ofKind(kind).length === 0)).toEqual([]);
  });

  it.each(ALWAYS)('say $name in every entry', ({ has }) => {
    expect(entries.filter((entry) => !has(entry)).map(({ kind }) => kind)).toEqual([]);
  });

  it('have the members that docs/AUDITING.md says each kind has, and no other', () => {
    const named = 'facts of each kind: test/ledger/facts.spec.ts';
    expectFile(AUDITING, replaced(AUDITING, named, renderTable(tabulate(entries, COLUMNS))));
  });

  it('prove what docs/AUDITING.md says of each kind', () => {
    expectFile(
      AUDITING,
      replaced(AUDITING, 'what each kind proves: test/support/kind-proof.ts', renderProofs()),
    );
  });

  it('carry what the caller said, to the letter', () => {
    const byCommand = entries.filter(({ facts }) => facts.actingAgent !== undefined);
    expect(new Set(byCommand.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(20);
    for (const { facts } of byCommand) expect(facts).toMatchObject({ ...WHERE, actingAgent: AGENT });
    expect(last('evidence.normalised')).toMatchObject({ caseId: WHERE.caseId, actId: WHERE.actId });
    expect(last('export.made')).toMatchObject({ caseId: WHERE.caseId, actId: WHERE.actId });
  });

  it('name the agent that made what is judged apart from the one that asks', async () => {
    for (const kind of ['artefact.registered', 'evidence.received', 'evidence.normalised'] as const)
      expect(last(kind).agent).toEqual(AGENT);
    const other = { ...AGENT, agentId: 'judge-1' };
    const asked = await app.command('service', 'evaluate-gate', {
      ...{ gateId: 'GATE_RELEASE', rejudge: true, artId: story.build.artId, digest: story.build.digest },
      context: { ...WHERE, agent: other },
    });
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { decisionId: asked.id } });
    expect(nodes[0].facts).toMatchObject({ agent: AGENT, actingAgent: other });
  });

  it('say how and when the person logged in, wherever a person acted', () => {
    // A worker hands in what a scanner found, for whoever asked for the scan, and tries again what a gate was asked.
    const byWorker = ({ kind, facts: { details, tsStart } }: RecordedEntry) =>
      (typeof details['source'] === 'string' && details['source'].startsWith('scan/')) ||
      (kind === 'decision.recorded' && tsStart > START);
    const persons = entries.filter((entry) => entry.actor !== 'system' && !byWorker(entry));
    expect(persons.length).toBeGreaterThan(20);
    for (const { facts } of persons) {
      expect(facts.amr).toEqual(['demo']);
      expect(facts.authTime).toBe(START / 1000);
    }
    for (const { facts } of entries.filter(({ actor }) => actor === 'system'))
      expect(facts).not.toMatchObject({ authTime: expect.anything() });
  });

  it('name one project from its creation to the hand-over of a pack about it', () => {
    const { projectId } = last('project.created');
    for (const kind of [
      ...(['artefact.registered', 'evidence.received', 'evidence.normalised', 'decision.recorded'] as const),
      ...(['gate.defined', 'export.requested', 'export.made', 'export.handed-over'] as const),
    ])
      expect([kind, last(kind).projectId]).toEqual([kind, projectId]);
  });

  it('say from what state to what, step by step', () => {
    const moves = (kind: EntryKind) =>
      ofKind(kind).map(({ facts }) => [facts.stateBefore, facts.stateAfter, facts.result]);
    expect(moves('waiver.approved')[0]).toEqual(['requested', 'active', 'APPROVED']);
    expect(moves('policy.reviewed')).toEqual([
      ['in_review', 'checked', 'CHANGES_REQUESTED'],
      ['in_review', 'in_review', 'APPROVED'],
    ]);
    expect(moves('policy.published')).toContainEqual(['in_review', 'published', 'PUBLISHED']);
    expect(moves('gate.defined')).toEqual(
      expect.arrayContaining([
        [undefined, 'GATE_SMALL@1', 'DEFINED'],
        ['GATE_SMALL@1', 'GATE_SMALL@2', 'DEFINED'],
      ]),
    );
    expect(moves('hold.lifted')).toEqual([['SET', 'LIFTED', 'LIFTED']]);
    expect(moves('export.made')).toEqual([['REQUESTED', 'DONE', 'MADE']]);
  });

  it('say how bad a report is: the worst that the tool found', () => {
    const severities = new Set(ofKind('evidence.normalised').map(({ facts }) => facts.severity));
    expect(severities).toContain('none'); // coverage and components
    expect(severities.size).toBeGreaterThan(1);
    expect(ofKind('evidence.received').map(({ facts }) => facts.severity)).not.toContain('none');
  });
});

describe('an agent that is not whole, or that is prose', () => {
  it('is refused in GraphQL, with its place', async () => {
    const { errors } = await app.graphql('service', 'evaluate-gate', {
      input: {
        ...{ gateId: 'GATE_RELEASE', ...story.build, idempotencyKey: 'x' },
        context: { agent: { ...AGENT, modelName: 'Zoë’s model\n' } },
      },
    });
    expect(errors?.[0]?.message).toContain('context.agent.modelName');
  });

  it('is refused by POST /evidence, with the member that is missing', async () => {
    const { promptHash: __, ...part } = AGENT;
    const { status, body }: { status: number; body: Answer } = await app.upload('{}', story.build, {
      ...part,
    });
    expect([status, body.path]).toEqual([400, 'promptHash']);
  });
});
