import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { runCommand } from '../../src/app/cli/run-command.io.js';
import type { Answer, TestApplication } from './application.js';
import { catchUp } from './drift.js';
import { CLEAN, uploadAll, type Build } from './shop.js';

/** What a path says of one artefact version: the verdict, without waivers too, and which waivers were honoured. */
export interface Said {
  readonly verdict: string;
  readonly without: string;
  readonly waivers: readonly string[];
}

/** The same question, asked on every path there is. */
export interface SaidOnPaths {
  readonly gate: Said;
  readonly batch: Said;
  readonly background: Said;
  /** Of the three decisions of these paths, judged again: whether each comes out byte for byte. */
  readonly replay: readonly boolean[];
  /** What `assay replay` says of the same three. */
  readonly commandLine: string;
  /** Of the past, unrecorded; a sixth path, through a reader of its own. */
  readonly verdictAt: Said;
}

let blanks = 0;

/** Asks every path about the same artefact version at the same instant, each by judging anew. */
export class WaiverPaths {
  constructor(
    private readonly app: TestApplication,
    private readonly gateId: string,
  ) {}

  async all(build: Build): Promise<SaidOnPaths> {
    const background = await this.background(build);
    const gate = await this.gate(build);
    const batch = await this.batch(build);
    const ids = [background.id, gate.id, batch.id] as string[];
    return {
      gate: said(gate),
      batch: said(batch),
      background: said(background),
      replay: await Promise.all(ids.map((id) => this.replay(id))),
      commandLine: await this.commandLine(ids),
      verdictAt: await this.verdictAt(build),
    };
  }

  async gate(build: Build, asOf?: string): Promise<Answer> {
    const input = { gateId: this.gateId, ...build, rejudge: true, ...(asOf !== undefined && { asOf }) };
    return recorded(await this.app.command('service', 'evaluate-gate', input));
  }

  async batch(build: Build, asOf?: string): Promise<Answer> {
    const question = { gateId: this.gateId, ...build, ...(asOf !== undefined && { asOf }) };
    const { answers } = await this.app.command('service', 'evaluate-gates', {
      ...{ questions: [question], rejudge: true },
    });
    return this.decision(recorded(answers[0]).id as string);
  }

  /** New evidence makes what stands stale; the worker judges it again. */
  async background(build: Build): Promise<Answer> {
    const before = await this.standing(build);
    await uploadAll(this.app, build, [CLEAN.sast + ' '.repeat(++blanks)]);
    await this.app.normalise();
    await catchUp(this.app);
    const after = await this.standing(build);
    if (after === before) throw new Error('nothing was judged in the background');
    return this.decision(after);
  }

  async verdictAt(build: Build, asOf = new Date(this.app.clock.now()).toISOString()): Promise<Said> {
    const seen = await this.app.ask('service', 'verdict-at', { gateId: this.gateId, ...build, asOf });
    if (seen.code !== undefined) throw new Error(JSON.stringify(seen));
    return said(seen);
  }

  private async replay(id: string): Promise<boolean> {
    const answer = await this.app.ask('auditor', 'replay-decision', { id });
    return answer.same === true;
  }

  /** The command line, in this process, on the same database. */
  private async commandLine(ids: readonly string[]): Promise<string> {
    const lines: string[] = [];
    const kept = { ...process.env };
    const log = jest.spyOn(console, 'log').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    Object.assign(process.env, {
      ...{ DATABASE_URL: this.app.database.url, ASSAY_DEMO: 'true' },
      ...{ ASSAY_DATA_DIR: this.app.platform.config.dataDir, ASSAY_OPA: process.env['ASSAY_TEST_OPA'] },
    });
    try {
      const code = await runCommand(['replay', ...ids]);
      return `${String(code)}: ${lines.join('; ')}`;
    } finally {
      log.mockRestore();
      process.env = kept;
    }
  }

  private async standing(build: Build): Promise<string> {
    await this.app.services.staleMarker.follow();
    const [row] = await this.app.database.admin.query<{ id: string }[]>(
      `SELECT decision_id AS id FROM assay.standing_decision WHERE gate_id = $1 AND artefact_digest = $2`,
      [this.gateId, build.digest],
    );
    if (!row) throw new Error('nothing stands');
    return row.id;
  }

  private async decision(id: string): Promise<Answer> {
    const [row] = await this.app.database.admin.query<{ document: string; verdict: string }[]>(
      `SELECT document, verdict FROM assay.decision WHERE decision_id = $1`,
      [id],
    );
    const { waivers, verdict, verdictWithoutWaivers } = JSON.parse(row?.document ?? '{}');
    if (verdict !== row?.verdict) throw new Error(`decision ${id}: column and document differ`);
    return { id, verdict, verdictWithoutWaivers, waiverIds: waivers.applied };
  }
}

/** Commits to nothing but its id. */
export const aKey = (): Buffer => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

export const said = ({ verdict, verdictWithoutWaivers: without, waiverIds }: Answer): Said => ({
  ...{ verdict, without, waivers: [...waiverIds].sort() },
});

function recorded(answer: Answer): Answer {
  if (answer.__typename !== 'Decision') throw new Error(JSON.stringify(answer));
  return answer;
}
