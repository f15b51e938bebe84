import { expect } from '@jest/globals';
import request from 'supertest';
import type { Answer, TestApplication } from './application.js';
import { filesOfTar } from './tar.js';

/** What an auditor does to get a pack. */
export class PackTaker {
  constructor(private readonly app: TestApplication) {}

  ask(input: object = {}, subject = 'auditor'): Promise<Answer> {
    return this.app.command(subject, 'request-export', input);
  }

  shown(id: string, subject = 'auditor'): Promise<Answer> {
    return this.app.ask(subject, 'export', { id });
  }

  /** Entries of one kind about one export. */
  async entriesAbout(kind: string, exportId: string): Promise<Answer[]> {
    const { nodes } = await this.app.ask('auditor', 'ledger', { filter: { kind }, first: 200 });
    return nodes.filter(({ facts }: Answer) => facts.details.exportId === exportId);
  }

  /** `GET /exports/<id>`; the body is a buffer. */
  get(id: string, subject = 'auditor', headers: Record<string, string> = {}): request.Test {
    return request(this.app.server)
      .get(`/exports/${id}`)
      .set('authorization', `Bearer ${this.app.tokenFor(subject)}`)
      .set(headers)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          done(null, Buffer.concat(chunks));
        });
      });
  }

  async files(id: string): Promise<Map<string, Buffer>> {
    return filesOfTar((await this.get(id).expect(200)).body as Buffer);
  }

  /** Asks for a pack, has it made, and takes it. */
  async packOf(input: object = {}): Promise<{ asked: Answer; files: Map<string, Buffer> }> {
    const asked = await this.ask(input);
    expect(asked.__typename).toBe('EvidenceExport');
    await this.app.makePacks();
    return { asked, files: await this.files(asked.id) };
  }
}

/** The DSSE envelope of a pack's manifest, and the statement in it. */
export const manifestOf = (files: ReadonlyMap<string, Buffer>): Answer => {
  const envelope = JSON.parse(String(files.get('manifest.intoto.json')));
  return { envelope, statement: JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) };
};

/** Ids of the decisions in a pack, in its order. */
export const decisionsIn = (files: ReadonlyMap<string, Buffer>): string[] =>
  String(files.get('decisions.jsonl'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).statement.predicate['urn:assay:facts:v1'].decisionId);
