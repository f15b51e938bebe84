import { toBase64, toHex } from './bytes.js';
import type { Checkpoint } from './checkpoint.js';
import { checkLogClaims, checkTally, readClaims, type Claims, type Tally } from './claims.js';
import { checkContinuations, readContinuations } from './continuation.js';
import type { Crypto } from './crypto.port.js';
import { checkDecisions } from './decisions.js';
import { MOST_SMALL, type Examination } from './examination.js';
import { Findings } from './finding.js';
import { checkHistory } from './history.js';
import type { Log } from './log.js';
import { openEnvelope, readManifest, verifyEnvelope } from './manifest.js';
import { MANIFEST } from './names.js';
import { Pack } from './pack.js';
import type { PackSource } from './source.port.js';
import { TILE_WIDTH } from './tree.js';
import { checkPolicy, checkpointOf, decisionKeysOf, exportKeyOf, logKeyOf } from './trust.js';
import { checkTrustedRoot } from './trusted-root.js';
import type { Pins, Verdict } from './verdict.js';

/** About 2.5 million decisions; node cannot hold a longer text. */
const MOST_MANIFEST = 512 * 1024 * 1024;

/** Judges a pack of format 1 in the order of ledger.md §8. Throws only when it cannot be read or a pin is no key. */
export async function verifyPack(source: PackSource, crypto: Crypto, pins: Pins = {}): Promise<Verdict> {
  const findings = new Findings();
  const pack = new Pack(source, crypto, findings);
  const run: Examination = { pack, crypto, pins, findings, notices: [] };
  const claims = await checkManifest(run);
  const vkey = await logKeyOf(run);
  const decisionKeys = await findings.attempt(() => decisionKeysOf(run));
  const checkpoint = await findings.attempt(() => checkpointOf(run, vkey));
  if (vkey)
    await findings.attempt(async () => {
      checkTrustedRoot(await pack.text('trusted_root.json', MOST_SMALL), vkey);
    });
  await checkPolicy(run, checkpoint, vkey);
  const continuations = await readContinuations(run, decisionKeys);
  const log = checkpoint && (await checkHistory(run, { checkpoint, vkey, claims, continuations }));
  if (log) await checkContinuations(run, continuations, log);
  const held = { pack, crypto, findings, log, checkpoint, vkey, decisionKeys, claims };
  const tally = await checkDecisions(held);
  if (claims) await checkClaims(run, { claims, checkpoint, log, tally });
  await readRest(run);
  return verdictOf(run, { source, checkpoint, tally });
}

/** Step 1: the manifest, its signature and its list. From here on every file read is held against the list. */
async function checkManifest(run: Examination): Promise<Claims | undefined> {
  const { findings, pack, crypto } = run;
  const envelope = pack.has(MANIFEST)
    ? await findings.attempt(async () => openEnvelope(await pack.read(MANIFEST, MOST_MANIFEST)))
    : undefined;
  const manifest = envelope && (await findings.attempt(() => readManifest(envelope.payload)));
  if (manifest) pack.hold(manifest.files);
  const key = await findings.attempt(() => exportKeyOf(run));
  if (envelope && key && !(await verifyEnvelope(crypto, envelope, key)))
    findings.add('manifest-signature', MANIFEST, 'does not verify with the export key');
  return manifest && (await findings.attempt(() => readClaims(manifest.predicate)));
}

interface Held {
  readonly claims: Claims;
  readonly checkpoint: Checkpoint | undefined;
  readonly log: Log | undefined;
  readonly tally: Tally;
}

/** Steps 7 and 8: what the manifest claims, against what is there. */
async function checkClaims(run: Examination, { claims, checkpoint, log, tally }: Held): Promise<void> {
  const { findings, notices } = run;
  if (checkpoint) checkLogClaims(claims, checkpoint, findings);
  checkTally(claims, tally, findings);
  if (log) await checkRequestEntry(run, claims, log);
  if (claims.query.projectId !== undefined && tally.ofNoProject > 0)
    notices.push(
      `${tally.ofNoProject} decisions were recorded before statements named a project: that they are of it is the manifest's word`,
    );
  const { erased, masked } = claims.counts;
  if (erased + masked > 0)
    notices.push(`the manifest counts ${erased} erased and ${masked} masked: its word`);
}

/** Usually the request came after the checkpoint it was answered with; where it did not, its entry must fit. */
async function checkRequestEntry({ findings }: Examination, { request }: Claims, log: Log): Promise<void> {
  if (request.seq >= log.tree.size) return;
  const hash = (await log.nodesOf(request.seq)).at(0, request.seq % TILE_WIDTH);
  if (toHex(hash) === request.leafHash) return;
  const detail = `not the hash of entry ${request.seq}`;
  findings.add('manifest-claim', MANIFEST, detail, '$.request.leafHash');
}

/** Files that only the manifest vouches for: their digest, and that texts are UTF-8. */
async function readRest(run: Examination): Promise<void> {
  for (const name of run.pack.unread()) await run.findings.attempt(() => readText(run, name));
}

async function readText({ pack, findings }: Examination, name: string): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let good = 0;
  let broken = false;
  const decode = (piece?: Uint8Array): void => {
    try {
      if (!broken) decoder.decode(piece, { stream: piece !== undefined });
      good += piece?.length ?? 0;
    } catch {
      broken = true;
      findings.add('encoding-utf8', name, 'bytes that are not UTF-8', `behind byte ${good}`);
    }
  };
  for await (const piece of pack.pieces(name)) decode(piece);
  decode();
}

interface Judged {
  readonly source: PackSource;
  readonly checkpoint: Checkpoint | undefined;
  readonly tally: Tally;
}

function verdictOf({ findings, notices, pack }: Examination, { source, checkpoint, tally }: Judged): Verdict {
  const { origin, size, root } = checkpoint ?? {};
  return {
    accepted: findings.count === 0,
    findings: findings.list(),
    found: findings.count,
    notices,
    checked: {
      ...(origin !== undefined && { origin }),
      ...(size !== undefined && { size }),
      ...(root !== undefined && { root: toBase64(root) }),
      decisions: tally.decisions,
      files: source.files.length,
      bytes: pack.bytes,
    },
  };
}
