import { encodeUtf8, equalBytes } from './bytes.js';
import { parseCheckpoint, requireLogSignature, type Checkpoint } from './checkpoint.js';
import type { Examination } from './examination.js';
import { Refusal, shown } from './finding.js';
import { memberOf, parseCanonical } from './json.js';
import { readLeaf } from './leaf.js';
import type { Log } from './log.js';
import { pae } from './manifest.js';
import { continuationSeqOf } from './names.js';
import { LOG_SIGNATURE, parseVkey, type Vkey } from './note.js';
import { hashLeaf, TILE_WIDTH } from './tree.js';

/** That this log took over the entries of a former one: by the operator's word, which its own entry holds. */
export interface Continuation {
  readonly path: string;
  readonly seq: number;
  /** Of the former log: its name and the key that its checkpoints verify with. */
  readonly former: Vkey;
  /** The former log's last known checkpoint. */
  readonly last: Checkpoint;
  /** Entries of the former log that this one has; those beyond are lost. */
  readonly keptSize: number;
  readonly leaf: Uint8Array;
}

const MOST_BYTES = 256 * 1024;
const FACTS = 'urn:assay:facts:v1';

/** Every file of `continuations/` that is what it has to be; what is not is a finding. */
export async function readContinuations(
  run: Examination,
  decisionKeys: ReadonlySet<string> | undefined,
): Promise<readonly Continuation[]> {
  const found: Continuation[] = [];
  for (const name of run.pack.names()) {
    const seq = continuationSeqOf(name);
    if (seq === undefined) continue;
    const read = await run.findings.attempt(() => readOne(run, name, seq, decisionKeys));
    if (read) found.push(read);
  }
  return found.sort((a, b) => a.seq - b.seq);
}

async function readOne(
  run: Examination,
  path: string,
  seq: number,
  decisionKeys: ReadonlySet<string> | undefined,
): Promise<Continuation> {
  const [leafText = '', statement = '', end, ...more] = (await run.pack.text(path, MOST_BYTES)).split('\n');
  if (end !== '' || more.length > 0) throw new Refusal('continuation', path, 'not a leaf and a statement');
  const leaf = encodeUtf8(leafText);
  await requireSigned(run, { path, leaf, statement, decisionKeys });
  const stated = readStated(run, path, statement);
  const by = { key: stated.former, origin: 'continuation', signature: 'continuation' } as const;
  await requireLogSignature(run.crypto, stated.last, by, path);
  return { path, seq, leaf, ...stated };
}

interface Signed {
  readonly path: string;
  readonly leaf: Uint8Array;
  readonly statement: string;
  readonly decisionKeys: ReadonlySet<string> | undefined;
}

async function requireSigned(
  { crypto }: Examination,
  { path, leaf, statement, decisionKeys }: Signed,
): Promise<void> {
  const { digest, signature, key, key64 } = readLeaf(leaf, path);
  if (decisionKeys?.has(key64) === false)
    throw new Refusal('leaf-key', path, 'signed with a key that decision.pub does not have');
  const bytes = pae(encodeUtf8(statement));
  if (!equalBytes(crypto.sha256(bytes), digest))
    throw new Refusal('statement-digest', path, 'not the statement whose digest the leaf holds', 'line 2');
  if (!(await crypto.verifyP256(key, bytes, signature)))
    throw new Refusal('statement-signature', path, 'does not verify', 'line 2');
}

function readStated(
  { crypto }: Examination,
  path: string,
  statement: string,
): Pick<Continuation, 'former' | 'last' | 'keptSize'> {
  const refuse = (detail: string) => new Refusal('continuation', path, detail, 'line 2');
  const facts = memberOf(memberOf(parseCanonical(statement, path, 'line 2, '), 'predicate'), FACTS);
  if (memberOf(facts, 'kind') !== 'log.continued') throw refuse('not that of a log which was continued');
  const details = memberOf(facts, 'details');
  const [vkey, note, keptSize] = ['formerVkey', 'formerCheckpoint', 'keptSize'].map((name) =>
    memberOf(details, name),
  );
  const former = typeof vkey === 'string' ? parseVkey(vkey, crypto.sha256.bind(crypto)) : undefined;
  if (former?.type !== LOG_SIGNATURE) throw refuse('names no key of a log');
  if (former.name !== memberOf(details, 'formerOrigin'))
    throw refuse('its key is not that of the log it names');
  if (typeof note !== 'string' || !Number.isSafeInteger(keptSize) || Number(keptSize) < 0)
    throw refuse('names no checkpoint and size');
  try {
    return { former, last: parseCheckpoint(note, path), keptSize: Number(keptSize) };
  } catch (error) {
    throw error instanceof Refusal ? refuse(`its checkpoint: ${error.detail}`) : error;
  }
}

/** The entry of that number must be the one in the file: else anybody with a decision key could declare a past. */
export async function checkContinuations(
  { crypto, findings, notices }: Examination,
  continuations: readonly Continuation[],
  log: Log,
): Promise<void> {
  for (const { path, seq, leaf, former, keptSize } of continuations) {
    const isThere = seq < log.tree.size;
    const hash = isThere ? (await log.nodesOf(seq)).at(0, seq % TILE_WIDTH) : undefined;
    if (!hash || !equalBytes(hash, hashLeaf(crypto.sha256.bind(crypto), leaf)))
      findings.add('leaf-hash', path, `not the entry ${seq} of the log`, 'line 1');
    else
      notices.push(
        `the log continues ${shown(former.name)} since entry ${seq}: what that one had beyond ${keptSize} entries is lost, its operator says`,
      );
  }
}
