import { createHash, createPublicKey } from 'node:crypto';
import type { JsonObject } from '../../kernel/canonical-json.js';
import { toRfc3339 } from '../../kernel/clock.js';
import { openCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { spkiOf } from '../../ledger/leaf.js';
import { formatVkey, logId, parseVkey } from '../../ledger/signed-note.js';
import { continuationFiles } from './continuation-file.js';
import { DecisionReader } from './decision-row.js';
import { logFiles, type WalkedLog } from './log-files.js';
import { Manifest } from './manifest.js';
import { PackRefused, smallFile, type PackFile, type PackKeys, type PackRequest } from './pack.js';
import type { PackSource } from './pack-source.port.js';
import { Prover } from './prover.js';
import { OscalSheet } from './oscal.js';
import { Rows, sheetFile } from './sheet.js';
import { sigstoreBundle, spki, trustedRoot, type ProvenDecision, type SignedTree } from './sigstore.js';
import { CSV_HEADER, csvLine, jsonLine } from './tables.js';
import { Tally } from './tally.js';
import { summaryPage } from './summary.js';
import { tlogPolicy, tlogProof } from './tlog-text.js';
import { verifyGuide, type GuideFacts } from './verify-guide.js';

/** Version of the format; a reader refuses another. */
const FORMAT = 1;

/**
 * The evidence pack of a request, file by file: keys and checkpoint, the log, each selected decision, the tables, and
 * last the signed manifest of all others. The same arguments give the same files, bytes and order. Memory grows with
 * the number of files (their digests) and with the log by 32 bytes per 256 entries, not with what the files hold.
 * Throws PackRefused rather than make a pack that contradicts its checkpoint; then nothing that came before counts.
 */
export async function* packFiles(
  source: PackSource,
  request: PackRequest,
  keys: PackKeys,
): AsyncGenerator<PackFile> {
  const manifest = new Manifest();
  const vkey = formatVkey(keys.log.origin, keys.log.publicKey);
  const checkpoint = openSigned(request.checkpoint, vkey);
  for (const file of headFiles(request, keys, vkey)) yield* manifest.pass(file);
  const log = yield* passAll(manifest, logFiles(source.leaves()));
  if (log.size !== checkpoint.size || !log.root.equals(checkpoint.root)) {
    throw new PackRefused(
      'checkpoint',
      `the entries do not make the tree of ${String(checkpoint.size)} that was signed`,
    );
  }
  const signers = new Set(keys.decisions.map((key) => spkiOf(key).toString('base64')));
  const decisions = new DecisionReader(source, checkpoint.size, signers);
  const tally = new Tally(checkpoint.root);
  const oscal = new OscalSheet({
    origin: checkpoint.origin,
    requestLeaf: request.leafHash,
    at: request.at,
    ...request.query,
    generatorVersion: request.generatorVersion,
  });
  const [csv, jsonl] = [new Rows(csvLine), new Rows(jsonLine)];
  const tree = {
    ...checkpoint,
    note: request.checkpoint,
    logId: logId(keys.log.origin, keys.log.publicKey),
  };
  for await (const file of continuationFiles(source, log, signers)) yield* manifest.pass(file);
  const prover = new Prover(log, (first, end) => source.leafHashes(first, end));
  for await (const { row, signed } of decisions.checked()) {
    tally.add(row);
    for (const sheet of [csv, jsonl, oscal]) sheet.measure(row);
    const proof = await prover.prove(row.seq, row.leafHash);
    for (const file of recordFiles({ row, signed, proof }, tree)) yield* manifest.pass(file);
  }
  const again = (): ReturnType<DecisionReader['again']> => decisions.again();
  yield* manifest.pass(sheetFile('decisions.csv', [CSV_HEADER, csv], again));
  yield* manifest.pass(sheetFile('decisions.jsonl', [jsonl], again));
  yield* manifest.pass(sheetFile('oscal-ar.json', oscal.pieces(tally), again));
  yield* manifest.pass(smallFile('summary.html', summaryPage({ checkpoint, request }, tally)));
  yield* manifest.pass(smallFile('VERIFY.md', verifyGuide(guideFacts(checkpoint, request, keys), tally)));
  yield manifest.signed(predicate(request, checkpoint, tally), keys.export);
}

/** Hands every file to the manifest; answers what the generator returns. */
async function* passAll(
  manifest: Manifest,
  files: AsyncGenerator<PackFile, WalkedLog>,
): AsyncGenerator<PackFile, WalkedLog> {
  for (;;) {
    const next = await files.next();
    if (next.done) return next.value;
    yield* manifest.pass(next.value);
  }
}

function openSigned(note: string, vkey: string): Checkpoint {
  const verifier = parseVkey(vkey);
  const opened = verifier.ok ? openCheckpoint(note, verifier.value) : verifier;
  if (!opened.ok)
    throw new PackRefused('checkpoint', `the checkpoint is not the log's: ${opened.problem.kind}`);
  return opened.value;
}

function* headFiles(request: PackRequest, keys: PackKeys, vkey: string): Generator<PackFile> {
  const pem = (key: PackKeys['export']): string => key.export({ type: 'spki', format: 'pem' }).toString();
  yield smallFile('checkpoint', request.checkpoint);
  yield smallFile('checkpoint.vkey', `${vkey}\n`);
  yield smallFile('policy.tlog', tlogPolicy(vkey, keys.witnesses));
  yield smallFile('trusted_root.json', trustedRoot(keys.log));
  yield smallFile('decision.pub', keys.decisions.map(pem).join(''));
  yield smallFile('export.pub', pem(createPublicKey(keys.export)));
  if (request.previousCheckpoint !== undefined) {
    yield smallFile('previous-checkpoint', request.previousCheckpoint);
  }
}

const guideFacts = (checkpoint: Checkpoint, request: PackRequest, keys: PackKeys): GuideFacts => ({
  checkpoint,
  vkey: formatVkey(keys.log.origin, keys.log.publicKey),
  exportKey: spki(createPublicKey(keys.export)),
  decisionKeys: keys.decisions.map(spki),
  hasPrevious: request.previousCheckpoint !== undefined,
});

function* recordFiles(decision: ProvenDecision, tree: SignedTree): Generator<PackFile> {
  const { seq, leaf } = decision.row;
  yield smallFile(`entries/${String(seq)}.json`, leaf);
  yield smallFile(`bundles/${String(seq)}.sigstore.json`, sigstoreBundle(decision, tree));
  yield smallFile(`proofs/${String(seq)}.tlog-proof`, tlogProof(seq, decision.proof, tree.note));
}

function predicate(request: PackRequest, { origin, size, root }: Checkpoint, tally: Tally): JsonObject {
  const { seq, at, actor, leafHash, query, generatorVersion: version, previousCheckpoint } = request;
  return {
    format: FORMAT,
    generator: { name: 'assay', version },
    request: { seq, at: toRfc3339(at), actor, leafHash: leafHash.toString('hex'), query: { ...query } },
    checkpoint: { origin, size, root: root.toString('base64') },
    range: { first: tally.first, last: tally.last },
    counts: { entries: size, decisions: tally.count, gaps: 0, erased: tally.erased, masked: tally.masked },
    previousCheckpoint:
      previousCheckpoint === undefined ? null : createHash('sha256').update(previousCheckpoint).digest('hex'),
  };
}
