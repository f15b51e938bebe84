import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import request from 'supertest';
import { pack } from 'tar-stream';
import { transactions } from '../../src/app/database/transaction.js';
import { processorsOf } from '../../src/app/queues/processors.js';
import { QUEUES } from '../../src/app/queues/queue-registry.js';
import type { Services } from '../../src/app/compose/services.js';
import { ok } from '../../src/kernel/result.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import type { Answer, TestApplication } from '../support/application.js';
import type { Build } from '../support/shop.js';

const SHOP = join(import.meta.dirname, '../fixtures/flawed-shop');
/** What the shop consists of, without what tools said about it. */
const PARTS = [
  'package.json',
  'package-lock.json',
  'pyproject.toml',
  'storefront',
  'pricing',
  'stock',
  'delivery',
  'infrastructure',
];

export type Files = Readonly<Record<string, string>>;

/** The flawed shop, with these files beside or over its own. */
export function shopFiles(more: Files = {}): Files {
  const files: Record<string, string> = {};
  const walk = (path: string): void => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path)) walk(join(path, name));
    else if (!path.includes('__pycache__')) files[relative(SHOP, path)] = readFileSync(path, 'utf8');
  };
  for (const part of PARTS) walk(join(SHOP, part));
  return { ...files, ...more };
}

/** A tar.gz of these files. */
export async function archiveOf(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

/** `POST /sources`; the answer's body. Fails the test where it is refused. */
export async function handIn(app: TestApplication, archive: Buffer): Promise<string> {
  const { status, body } = await request(app.server)
    .post('/sources')
    .set('authorization', `Bearer ${app.tokenFor('service')}`)
    .set('content-type', 'application/gzip')
    .send(archive);
  if (status !== 201) throw new Error(`${String(status)}: ${JSON.stringify(body)}`);
  return (body as { digest: string }).digest;
}

export const requestScan = (
  app: TestApplication,
  { artId, digest }: Build,
  source: string,
  scanners: readonly string[],
): Promise<Answer> => app.command('service', 'request-scan', { artId, digest, source, scanners });

/** Does what the worker would, without a queue between. */
export async function work(app: TestApplication, services: Services = app.services): Promise<void> {
  const processors = processorsOf(services);
  const tx = transactions(app.database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
  for (;;) {
    const swept = await tx(async ({ dispatch }) => {
      const items = await dispatch.undispatched(500);
      await dispatch.markDispatched(items.map(({ seq }) => seq));
      return ok(items);
    });
    const items = swept.ok ? swept.value : [];
    if (items.length === 0) return;
    for (const { seq, kind } of items) {
      if (kind === QUEUES.scan.kind) await processors.scan.handle({ seq });
      if (kind === QUEUES.normalise.kind) await processors.normalise.handle({ seq });
    }
  }
}

/** Scans files about a build, to the end; the tasks and the evidence of each, by scanner. */
export const scanned = (
  app: TestApplication,
  build: Build,
  files: Files,
  scanners: readonly string[],
): Promise<Readonly<Record<string, Answer>>> =>
  scannedBy({ app, services: app.services }, build, files, scanners);

/** The same by services of their own, with other limits, say. */
export async function scannedBy(
  { app, services }: { readonly app: TestApplication; readonly services: Services },
  build: Build,
  files: Files,
  scanners: readonly string[],
): Promise<Readonly<Record<string, Answer>>> {
  const source = await handIn(app, await archiveOf(files));
  const asked = await requestScan(app, build, source, scanners);
  if (asked.__typename !== 'Scan') throw new Error(JSON.stringify(asked));
  await work(app, services);
  const { tasks } = await app.ask('auditor', 'scan', { id: asked.id });
  const found: Record<string, Answer> = {};
  for (const task of tasks) found[task.scanner] = { ...task, ...(await evidenceOf(app, task.evidenceId)) };
  return found;
}

const EVIDENCE = `query ($id: ID!) { evidence(id: $id) {
  id digest source maskedCount state format kinds reasons { code params text } document } }`;

/** By its id: a report without findings has the same bytes whatever it is about. */
export async function evidenceOf(app: TestApplication, id: string): Promise<Answer> {
  const { text } = await app.post(app.tokenFor('auditor'), { query: EVIDENCE, variables: { id } });
  return JSON.parse(text).data.evidence;
}

/** A fake credential that no one committed: made anew, in the form that tools look for. */
export const fakeToken = (): string => {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789';
  const letters = [...randomBytes(36)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return ['ghp', letters].join('_');
};

/** A stored zip of these files (APPNOTE 6.3). */
export function zipOf(files: Files): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [fileName, bytes] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(fileName.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    local.push(Buffer.concat([Buffer.from('PK\x03\x04'), common, fileName, bytes]));
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, fileName]));
    offset += local.at(-1)?.length ?? 0;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
