import { equalBytes, toHex, utf8 } from './bytes.js';
import { parseCheckpoint, requireLogSignature, type Checkpoint } from './checkpoint.js';
import type { Claims } from './claims.js';
import { GIVEN, MOST_SMALL, type Examination } from './examination.js';
import { Refusal } from './finding.js';
import { readLog, type Log } from './log.js';
import { MANIFEST, PREVIOUS } from './names.js';
import type { Vkey } from './note.js';

/** What the log has to be. */
export interface Signed {
  readonly checkpoint: Checkpoint;
  readonly vkey: Vkey | undefined;
  readonly claims: Claims | undefined;
}

/** Steps 4 and 5: the whole tree, and the earlier checkpoints it has to contain. Undefined when it is not sound. */
export async function checkHistory(run: Examination, signed: Signed): Promise<Log | undefined> {
  const { pack, crypto, findings } = run;
  const { checkpoint } = signed;
  const earlier = await earlierCheckpoints(run, signed);
  const watch = earlier.map(([, { size }]) => size);
  const log = await readLog(pack, checkpoint.size, watch, { crypto, findings });
  if (!log) return undefined;
  for (const [path, { size, root }] of earlier) {
    if (equalBytes(log.tree.rootAt(size), root)) continue;
    const detail = `at size ${size} the log of this pack has another root: two histories were signed`;
    findings.add('earlier-fork', path, detail);
  }
  if (equalBytes(log.tree.rootAt(checkpoint.size), checkpoint.root)) return log;
  findings.add('root', 'checkpoint', `the ${checkpoint.size} entries have another root`, 'line 3');
  return undefined;
}

/** The one that the auditor kept, and the one in the pack, each with its path. */
async function earlierCheckpoints(
  run: Examination,
  signed: Signed,
): Promise<readonly (readonly [string, Checkpoint])[]> {
  const { findings, pins, pack, notices } = run;
  const earlier: (readonly [string, Checkpoint])[] = [];
  const consider = async (path: string, read: () => Promise<string> | string): Promise<void> => {
    const opened = await findings.attempt(async () => openEarlier(run, signed, await read(), path));
    if (opened) earlier.push([path, opened]);
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

async function openEarlier(
  { crypto }: Examination,
  { checkpoint, vkey }: Signed,
  note: string,
  path: string,
): Promise<Checkpoint> {
  let opened: Checkpoint;
  try {
    opened = parseCheckpoint(note, path);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('earlier-malformed', path, error.detail, error.at);
  }
  if (vkey) {
    const by = { key: vkey, origin: 'earlier-malformed', signature: 'earlier-signature' } as const;
    await requireLogSignature(crypto, opened, by, path);
  }
  if (opened.size <= checkpoint.size) return opened;
  throw new Refusal('earlier-ahead', path, `covers ${opened.size} entries, the pack ${checkpoint.size}`);
}

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
