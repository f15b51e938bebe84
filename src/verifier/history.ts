import { equalBytes, toHex, utf8 } from './bytes.js';
import { parseCheckpoint, requireLogSignature, type Checkpoint } from './checkpoint.js';
import type { Claims } from './claims.js';
import { GIVEN, MOST_SMALL, type Examination } from './examination.js';
import type { Continuation } from './continuation.js';
import { Refusal, shown } from './finding.js';
import { readLog, type Log } from './log.js';
import { MANIFEST, PREVIOUS } from './names.js';
import type { Vkey } from './note.js';

/** What the log has to be. */
export interface Signed {
  readonly checkpoint: Checkpoint;
  readonly vkey: Vkey | undefined;
  readonly claims: Claims | undefined;
  readonly continuations: readonly Continuation[];
}

/** A checkpoint that the tree has to contain. */
interface Earlier extends Checkpoint {
  readonly path: string;
}

/** Steps 4 and 5: the whole tree, and the earlier checkpoints it has to contain. Undefined when it is not sound. */
export async function checkHistory(run: Examination, signed: Signed): Promise<Log | undefined> {
  const { pack, crypto, findings } = run;
  const { checkpoint } = signed;
  const earlier = await earlierCheckpoints(run, signed);
  const watch = earlier.map(({ size }) => size);
  const log = await readLog(pack, checkpoint.size, watch, { crypto, findings });
  if (!log) return undefined;
  for (const { path, size, root } of earlier) {
    if (equalBytes(log.tree.rootAt(size), root)) continue;
    const detail = `at size ${size} the log of this pack has another root: two histories were signed`;
    findings.add('earlier-fork', path, detail);
  }
  if (equalBytes(log.tree.rootAt(checkpoint.size), checkpoint.root)) return log;
  findings.add('root', 'checkpoint', `the ${checkpoint.size} entries have another root`, 'line 3');
  return undefined;
}

/** The one that the auditor kept, and the one in the pack, each with its path. */
async function earlierCheckpoints(run: Examination, signed: Signed): Promise<readonly Earlier[]> {
  const { findings, pins, pack, notices } = run;
  const earlier: Earlier[] = lastOfFormer(signed);
  const consider = async (path: string, read: () => Promise<string> | string): Promise<void> => {
    const opened = await findings.attempt(async () => openEarlier(run, signed, await read(), path));
    if (opened) earlier.push({ ...opened, path });
  };
  const { checkpoint: kept } = pins;
  if (kept !== undefined) await consider(GIVEN.checkpoint, () => kept);
  else
    notices.push(
      'no --checkpoint: only one that you kept shows whether history was rewritten by who has the keys',
    );
  if (pack.has(PREVIOUS)) await consider(PREVIOUS, () => previousOf(run, signed.claims));
  else if (signed.claims && signed.claims.previousCheckpoint !== null) {
    const detail = 'names a previous checkpoint, which is not there';
    findings.add('manifest-claim', MANIFEST, detail, '$.previousCheckpoint');
  }
  return earlier;
}

/** What a former log signed last, if this log has all of it: then it must have that root. */
const lastOfFormer = ({ checkpoint, continuations }: Signed): Earlier[] =>
  continuations
    .filter(({ last, keptSize }) => last.size <= Math.min(keptSize, checkpoint.size))
    .map(({ last, path }) => ({ ...last, path }));

async function openEarlier(
  { crypto }: Examination,
  signed: Signed,
  note: string,
  path: string,
): Promise<Checkpoint> {
  const { checkpoint, vkey } = signed;
  let opened: Checkpoint;
  try {
    opened = parseCheckpoint(note, path);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('earlier-malformed', path, error.detail, error.at);
  }
  const former = formerOf(signed, opened);
  const key = former?.former ?? vkey;
  if (key) {
    const by = { key, origin: 'earlier-malformed', signature: 'earlier-signature' } as const;
    await requireLogSignature(crypto, opened, by, path);
  }
  if (former && opened.size > former.keptSize) {
    const kept = `of which this log kept ${former.keptSize}, as its entry ${former.seq} says`;
    throw new Refusal(
      'earlier-ahead',
      path,
      `covers ${opened.size} entries of ${shown(opened.origin)}, ${kept}`,
    );
  }
  if (opened.size <= checkpoint.size) return opened;
  throw new Refusal('earlier-ahead', path, `covers ${opened.size} entries, the pack ${checkpoint.size}`);
}

/** The continuation by which a checkpoint of another name is one of this log's past; the last, if there are several. */
const formerOf = ({ vkey, continuations }: Signed, { origin }: Checkpoint): Continuation | undefined =>
  origin === vkey?.name ? undefined : continuations.findLast(({ former }) => former.name === origin);

async function previousOf(
  { pack, crypto, findings }: Examination,
  claims: Claims | undefined,
): Promise<string> {
  const bytes = await pack.read(PREVIOUS, MOST_SMALL);
  if (claims && claims.previousCheckpoint !== toHex(crypto.sha256(bytes))) {
    const detail = 'not the digest of previous-checkpoint';
    findings.add('manifest-claim', MANIFEST, detail, '$.previousCheckpoint');
  }
  return utf8(bytes, PREVIOUS);
}
