// npm run bench:pack [-- --short] [-- --decisions N]
//
// An evidence pack of 100,000 decisions (10,000 in short mode) as a tar: how long, how much memory. The entries are
// really signed, and lie in a file as they would in the database, so that memory is the maker's own. A tenth of the
// decisions goes first: what memory grows by between the two is what grows with the pack. Then `assay verify` judges it.
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { build, compileFolder } from '../../scripts/build.mjs';
import { atMost, Report } from '../support/report.mjs';

const ROOT = join(import.meta.dirname, '../..');
const HASH_BYTES = 32;
const TARGET_SECONDS = 60;
const built = (path) => import(pathToFileURL(join(ROOT, 'dist', path)).href);

/** Entries, leaf hashes and checkpoint of a log with so many decisions, into a folder. */
async function generate(folder, decisions) {
  const { decisionDraft, MemoryLedger, otherDraft, packWorld } = await built('test/support/pack.js');
  const { sealEntry } = await built('src/ledger/sealed-entry.js');
  const { hashLeaf } = await built('src/ledger/merkle.js');
  const world = packWorld();
  const ledger = new MemoryLedger(world);
  const [lines, hashes] = ['entries.jsonl', 'hashes'].map((name) => createWriteStream(join(folder, name)));
  const append = async (draft, selected) => {
    const { leaf, statement } = sealEntry(draft, world.ledger, new Map());
    ledger.appendSealed({ leaf, statement: '', selected });
    hashes.write(hashLeaf(Buffer.from(leaf)));
    const seq = ledger.size - 1;
    if (!lines.write(`${JSON.stringify({ seq, leaf, statement, selected })}\n`)) await once(lines, 'drain');
  };
  for (let n = 0; n < decisions; n++) {
    if (n % 7 === 0) await append(otherDraft(n), false);
    await append(decisionDraft(n), true);
  }
  for (const stream of [lines, hashes]) await new Promise((resolve) => stream.end(resolve));
  await writeFile(join(folder, 'checkpoint'), ledger.checkpoint());
}

/** Makes the pack of such a folder; prints seconds and peak memory. */
async function make(folder) {
  const { packRequest, packWorld } = await built('test/support/pack.js');
  const { packFiles } = await built('src/outbound/pack/pack-files.js');
  const { ustar } = await built('src/outbound/pack/ustar.js');
  const hashes = await open(join(folder, 'hashes'));
  const source = {
    leaves: () => entries(folder, () => true),
    decisions: () => entries(folder, ({ selected }) => selected),
    continuations: () => Readable.from([]),
    leafHashes: async (first, end) => {
      const { buffer } = await hashes.read(Buffer.alloc((end - first) * HASH_BYTES), {
        position: first * HASH_BYTES,
      });
      return Array.from({ length: end - first }, (_, i) =>
        buffer.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
      );
    },
  };
  const checkpoint = readFileSync(join(folder, 'checkpoint'), 'utf8');
  const size = Number(checkpoint.split('\n')[1]);
  const request = packRequest({ size, checkpoint: () => checkpoint });
  const began = performance.now();
  const cpu = process.cpuUsage();
  const tar = ustar(packFiles(source, request, packWorld().keys));
  await pipeline(Readable.from(tar, { objectMode: false }), createWriteStream(join(folder, 'pack.tar')));
  const { user, system } = process.cpuUsage(cpu);
  await hashes.close();
  const seconds = (performance.now() - began) / 1000;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMiB }));
}

/** Verifies it as a stranger does; prints seconds and peak memory last. */
async function verify(folder) {
  const { verifyCommand } = await built('src/verifier/command.io.js');
  const began = performance.now();
  const code = await verifyCommand([join(folder, 'pack.tar')]);
  if (code !== 0) throw new Error(`assay verify refused the pack with ${code}`);
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
}

async function* entries(folder, wanted) {
  let rest = '';
  for await (const chunk of createReadStream(join(folder, 'entries.jsonl'), { encoding: 'utf8' })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const entry = JSON.parse(line);
      if (wanted(entry)) yield { ...entry, erased: 0, masked: 0 };
    }
  }
}

function measure(decisions) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-pack-'));
  const run = (...task) =>
    execFileSync(process.execPath, [import.meta.filename, ...task], { encoding: 'utf8' });
  try {
    run('--generate', folder, String(decisions));
    const made = JSON.parse(run('--make', folder));
    const verified = JSON.parse(run('--verify', folder).trim().split('\n').at(-1));
    return { made: { ...made, MB: statSync(join(folder, 'pack.tar')).size / 1e6 }, verified };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main() {
  const argument = (name) =>
    process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
  const decisions = Number(argument('--decisions') ?? (process.argv.includes('--short') ? 10_000 : 100_000));
  await build(ROOT, { checked: false });
  await compileFolder(ROOT, 'test/support');
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`);
  const report = new Report();
  report.section('Evidence pack as one tar');
  const targetSeconds = TARGET_SECONDS * (decisions / 100_000);
  const tenth = measure(decisions / 10);
  report.line(`${(decisions / 10).toLocaleString('en-US')} decisions`, tenth.made);
  report.line('  verified by ours', tenth.verified);
  const all = measure(decisions);
  report.line(
    `${decisions.toLocaleString('en-US')} decisions`,
    all.made,
    atMost(all.made.seconds, targetSeconds, ' s'),
  );
  report.line('  verified by ours', all.verified, atMost(all.verified.seconds, targetSeconds, ' s'));
  const grown = (all.made.peakMiB - tenth.made.peakMiB) * 1024 * 1024;
  report.line('memory that grows with the pack', { 'bytes per decision': grown / (decisions * 0.9) });
  report.note('three files per decision, whose names and digests the manifest lists: that is what grows');
  report.end();
}

const [mode, folder, count] = process.argv.slice(2);
if (mode === '--generate') await generate(folder, Number(count));
else if (mode === '--make') await make(folder);
else if (mode === '--verify') await verify(folder);
else await main();
