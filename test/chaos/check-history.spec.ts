import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashLeaf, rootOf } from '../../src/ledger/merkle.js';
import { HistoryCheck } from './check-history.js';
import {
  VIOLATIONS,
  type Acknowledged,
  type SeenCheckpoint,
  type StoredEntry,
  type Verdict,
  type Violation,
} from './history.js';
import { KeyTable } from './key-table.js';

const bytes = (name: string): Buffer => createHash('sha256').update(name).digest();
const keyOf = (n: number): Buffer => bytes(`key ${n}`).subarray(0, 16);

interface History {
  entries: StoredEntry[];
  sent: Buffer[];
  acks: Acknowledged[];
  heads: SeenCheckpoint[];
}

const anEntry = (seq: number, name = seq): StoredEntry => {
  const leaf = `leaf ${name}`;
  return {
    seq,
    key: keyOf(name),
    content: bytes(`content ${name}`),
    leaf,
    leafHash: hashLeaf(Buffer.from(leaf)),
  };
};

const headOf = (entries: readonly StoredEntry[], size: number, place = 'file'): SeenCheckpoint => ({
  size,
  root: rootOf(entries.slice(0, size).map(({ leafHash }) => leafHash)),
  place,
});

/** 40 requests one after the other, each answered before the next is sent, all of them honestly kept. */
function honest(count = 40): History {
  const entries = Array.from({ length: count }, (_, seq) => anEntry(seq));
  return {
    entries,
    sent: entries.map(({ key }) => key!),
    acks: entries.map(({ seq, key, content, leafHash }) => ({
      key: key!,
      seq,
      content,
      leafHash,
      sentAt: seq * 10,
      ackedAt: seq * 10 + 5,
    })),
    heads: [1, 7, 16, 33, 40].filter((size) => size <= count).map((size) => headOf(entries, size)),
  };
}

function check({ entries, sent, acks, heads }: History): Verdict {
  const folder = mkdtempSync(join(tmpdir(), 'assay-history-'));
  const checked = new HistoryCheck(folder);
  for (const head of heads) checked.checkpoint(head);
  for (const entry of entries) checked.entry(entry);
  for (const key of sent) checked.sent(key);
  for (const ack of acks) checked.acknowledged(ack);
  const verdict = checked.verdict();
  rmSync(folder, { recursive: true });
  return verdict;
}

const found = ({ counts }: Verdict): Violation[] => VIOLATIONS.filter((name) => counts[name] > 0);

/** The same entries, numbered anew from 0, as somebody would leave them who rewrites the whole table. */
const renumbered = (entries: readonly StoredEntry[]): StoredEntry[] =>
  entries.map((entry, seq) => ({ ...entry, seq }));

test('an honest history is accepted, and counted', () => {
  expect(check(honest())).toMatchObject({
    accepted: true,
    entries: 40,
    acknowledged: 40,
    answers: 40,
    durableUnacknowledged: 0,
    neverDurable: 0,
    checkpoints: 5,
    examples: [],
  });
});

test('stored without an answer, and answered never, are allowed and counted apart', () => {
  const history = honest();
  history.acks = history.acks.filter(({ seq }) => seq! % 4 !== 0);
  history.sent.push(keyOf(1000), keyOf(1001));
  expect(check(history)).toMatchObject({
    accepted: true,
    acknowledged: 30,
    durableUnacknowledged: 10,
    neverDurable: 2,
  });
});

test('a retry that is answered with the old number is one acknowledgement and two answers', () => {
  const history = honest();
  history.acks.push({ ...history.acks[3]!, ackedAt: 900 });
  expect(check(history)).toMatchObject({ accepted: true, acknowledged: 40, answers: 41 });
});

test('requests that were under way at the same time may be numbered either way', () => {
  const history = honest(2);
  history.acks = history.acks.map((ack) => ({ ...ack, sentAt: 0, ackedAt: 10 - ack.seq! }));
  expect(check(history).accepted).toBe(true);
});

test('a lost entry is found wherever it was', () => {
  for (let seq = 0; seq < 40; seq += 1) {
    const history = honest();
    history.entries.splice(seq, 1);
    const verdict = check(history);
    expect(verdict.counts.lost).toBe(1);
    expect(verdict.acknowledged).toBe(40);
    // Only the very last leaves no hole behind it; then the checkpoint tells.
    expect(found(verdict)).toEqual(
      seq === 39 ? ['lost', 'forked'] : expect.arrayContaining(['lost', 'gaps']),
    );
  }
});

test('a loss is found too when the hole was closed and no checkpoint had been seen', () => {
  const history = { ...honest(), heads: [] };
  history.entries = renumbered(history.entries.toSpliced(12, 1));
  const verdict = check(history);
  expect(found(verdict)).toEqual(['lost', 'displaced']);
  expect(verdict.counts).toMatchObject({ lost: 1, displaced: 27 });
});

test('a loss is found although its answer named no number', () => {
  const history = honest();
  const [, ...others] = history.acks;
  const { key, sentAt, ackedAt } = history.acks[0]!;
  history.acks = [{ key, sentAt, ackedAt }, ...others];
  history.entries = renumbered(history.entries.slice(1));
  expect(check(history).counts.lost).toBe(1);
});

test('a key that stands twice is found, once numbered on and once in the middle', () => {
  const appended = honest();
  appended.entries.push({ ...anEntry(40), key: keyOf(17) });
  expect(found(check(appended))).toEqual(['duplicated']);
  const amid = { ...honest(), heads: [] };
  amid.entries = renumbered([
    ...amid.entries.slice(0, 20),
    { ...anEntry(0), key: keyOf(3) },
    ...amid.entries.slice(20),
  ]);
  expect(found(check(amid))).toEqual(['displaced', 'duplicated']);
});

test('a gap is found although everything acknowledged is there', () => {
  const history = honest();
  history.heads = history.heads.slice(0, 2);
  history.entries.push(anEntry(41));
  expect(found(check(history))).toEqual(['gaps']);
});

test('a number that comes twice is a gap too', () => {
  const history = { ...honest(), heads: [] };
  history.entries.push(anEntry(39, 500));
  expect(found(check(history))).toEqual(['gaps']);
});

test('two entries that changed places are found by their numbers and by the tree', () => {
  const history = honest();
  const [a, b] = [history.entries[8]!, history.entries[9]!];
  history.entries.splice(8, 2, { ...b, seq: 8 }, { ...a, seq: 9 });
  expect(found(check(history))).toEqual(['displaced', 'reordered', 'forked']);
});

test('a wrong order is found although every answer names the number that is stored', () => {
  const history = { ...honest(), heads: [] };
  history.acks[8] = { ...history.acks[8]!, sentAt: 200, ackedAt: 205 }; // sent when 9 to 19 had been answered
  const verdict = check(history);
  expect(found(verdict)).toEqual(['reordered']);
  expect(verdict.counts.reordered).toBe(1);
});

test('a changed leaf is found by its hash, and with its hash by the answer and by the tree', () => {
  const alone = honest();
  alone.entries[5] = { ...alone.entries[5]!, leaf: 'forged' };
  expect(found(check(alone))).toEqual(['leafChanged', 'forked']);
  const both = honest();
  both.entries[5] = { ...both.entries[5]!, leaf: 'forged', leafHash: hashLeaf(Buffer.from('forged')) };
  expect(found(check(both))).toEqual(['leafChanged', 'forked']);
  const unseen = { ...both, heads: [], acks: both.acks.map(({ leafHash: _, ...ack }) => ack) };
  expect(check(unseen).accepted).toBe(true); // nobody outside ever knew the leaf: why checkpoints must be seen
});

test('content other than what was acknowledged is found', () => {
  const history = honest();
  history.entries[30] = { ...history.entries[30]!, content: bytes('something else') };
  expect(found(check(history))).toEqual(['contentChanged']);
});

test('an entry that lost its idempotency record is found', () => {
  const history = honest();
  history.entries[30] = { ...history.entries[30]!, key: undefined };
  expect(found(check(history))).toEqual(['lost', 'keyless']);
});

test('one key that was answered with two numbers is found', () => {
  const history = honest();
  history.acks.push({ ...history.acks[3]!, seq: 4 });
  expect(found(check(history))).toEqual(['displaced']);
});

test('checkpoints that fork, run ahead of the ledger or roll back are found', () => {
  const forked = honest();
  forked.heads.push({ size: 20, root: randomBytes(32), place: 'file' });
  expect(check(forked).counts).toMatchObject({ forked: 1, rolledBack: 1 });
  const twice = honest();
  twice.heads.push({ ...twice.heads[4]!, root: randomBytes(32) });
  expect(found(check(twice))).toEqual(['forked']);
  const ahead = honest();
  ahead.heads.push({ size: 41, root: randomBytes(32), place: 'file' });
  expect(found(check(ahead))).toEqual(['forked']);
  const backwards = honest();
  backwards.heads.push(headOf(backwards.entries, 16), headOf(backwards.entries, 7, 'database'));
  expect(found(check(backwards))).toEqual(['rolledBack']);
});

test('a key table of 100,000 keys finds each under its number and nothing else', () => {
  const table = new KeyTable();
  const numbers = Array.from({ length: 100_000 }, (_, n) => table.add(keyOf(n)));
  expect(numbers.every((number, n) => number === n)).toBe(true);
  expect(table.add(keyOf(77))).toBeUndefined();
  expect([0, 1023, 65_535, 65_536, 99_999].map((n) => table.find(keyOf(n)))).toEqual([
    0, 1023, 65_535, 65_536, 99_999,
  ]);
  expect(table.find(keyOf(100_000))).toBeUndefined();
  expect(table.count).toBe(100_000);
});
