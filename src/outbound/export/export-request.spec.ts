import { describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from '../../ledger/checkpoint.js';
import type { RecordedContinuation } from '../../ledger/continuation.js';
import { formatVkey, parseVkey, type NoteSigner } from '../../ledger/signed-note.js';
import { faultOfPrevious } from './export-request.js';

const signer = (name: string): NoteSigner => ({
  name,
  privateKey: generateKeyPairSync('ed25519').privateKey,
});
const vkeyOf = ({ name, privateKey }: NoteSigner): string => formatVkey(name, privateKey);
const [now, before, long] = [signer('now.example'), signer('before.example'), signer('long.example')];
const noteOf = (by: NoteSigner, size: number): string =>
  signCheckpoint({ origin: by.name, size, root: Buffer.alloc(32, size) }, by);

const continuation = (of: NoteSigner, keptSize: number, seq: number): RecordedContinuation => ({
  origin: now.name,
  formerOrigin: of.name,
  formerVkey: vkeyOf(of),
  formerCheckpoint: noteOf(of, keptSize),
  keptSize,
  seq,
});

describe('the checkpoint that somebody kept', () => {
  const log = parseVkey(vkeyOf(now));
  if (!log.ok) throw new Error(log.problem.kind);
  const former = [continuation(before, 30, 30), continuation(long, 12, 12)];
  const latest = { origin: now.name, size: 50, root: Buffer.alloc(32) };
  const fault = (note: string): string | undefined =>
    faultOfPrevious(note, { log: log.value, former }, latest)?.expected;

  test('may be of this log, up to the size signed last', () => {
    expect(fault(noteOf(now, 50))).toBeUndefined();
    expect(fault(noteOf(now, 51))).toBe('a checkpoint of at most 50 entries, the size signed last');
  });

  test('may be of a log that this one continues, up to what was kept of it', () => {
    expect(fault(noteOf(before, 30))).toBeUndefined();
    expect(fault(noteOf(long, 12))).toBeUndefined();
    expect(fault(noteOf(long, 13))).toBe(
      'a checkpoint of at most 12 entries, kept of long.example, as entry 12 says',
    );
  });

  test('is refused of any other log, and under any other key', () => {
    expect(fault(noteOf(signer('else.example'), 3))).toMatch(/^a checkpoint signed by now.example, verbatim/);
    expect(fault(noteOf(signer('before.example'), 3))).toMatch(/^a checkpoint signed by before.example/);
    expect(fault('not a note')).toMatch(/^a checkpoint signed by now.example/);
  });
});
