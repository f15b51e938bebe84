import { createHash, generateKeyPairSync } from 'node:crypto';
import { openCheckpoint, signCheckpoint } from '../../src/ledger/checkpoint.js';
import { hashLeaf, rootOf, type LeafRange } from '../../src/ledger/merkle.js';
import { consistencyRanges, inclusionRanges } from '../../src/ledger/merkle-proof.js';
import {
  formatVkey,
  openNote,
  parseVkey,
  signNote,
  type NoteVerifier,
} from '../../src/ledger/signed-note.js';
import { GoLibraries, has, obtainStrangers } from './tools.js';

const long = process.env['ASSAY_STRANGERS'] === 'long';
/** All pairs up to here: one full tile and a little more, or four of them. */
const ALL_PAIRS = long ? 1_024 : 260;
/** Where a level of tiles ends. */
const EDGES = [65_535, 65_536, 65_537];

const tools = await obtainStrangers(false);
const missing = has(tools.library) ? undefined : tools.library.missing;
const suite = missing === undefined ? describe : describe.skip;

suite(`golang.org/x/mod and transparency-dev${missing === undefined ? '' : ` not here: ${missing}`}`, () => {
  let go: GoLibraries;

  beforeAll(() => {
    if (has(tools.library)) go = new GoLibraries(tools.library.path);
  });

  afterAll(() => {
    go.close();
  });

  describe('proofs of ours', () => {
    it(`all roots and all pairs up to ${ALL_PAIRS} are the ones x/mod makes, and both accept them`, async () => {
      const report = await go.trees(linesOfAllPairs(ALL_PAIRS));
      const pairs = (ALL_PAIRS * (ALL_PAIRS + 1)) / 2;
      expect(report).toEqual({
        roots: ALL_PAIRS + 1,
        inclusion: pairs,
        consistency: pairs + ALL_PAIRS, // and from nothing
        refused: 0,
        examples: null,
      });
    }, 600_000);

    it('at 65,535 to 65,537 leaves too', async () => {
      const report = await go.trees(linesOfEdges());
      expect(report).toEqual({ roots: 3, inclusion: 57, consistency: 56, refused: 0, examples: null });
    }, 120_000);

    it('with a hash too few, too many or changed, both refuse every one', async () => {
      const tampered = [...tamperedProofs(67)];
      const { refused, inclusion, consistency } = await go.trees(['n 67', ...tampered]);
      expect(inclusion + consistency).toBe(tampered.length);
      expect(refused).toBe(tampered.length);
    });
  });

  describe('notes and checkpoints of ours', () => {
    it('opens the example of the specification, as we do', async () => {
      const opened = await go.note(EXAMPLE, EXAMPLE_VKEY);
      expect(opened).toMatchObject({ opened: true, checkpoint: true, size: 1000 });
      const ours = openCheckpoint(EXAMPLE, verifierOf(EXAMPLE_VKEY));
      expect(ours).toMatchObject({ ok: true, value: { origin: 'ledger.example', size: 1000 } });
      expect(ours.ok && ours.value.root.toString('base64')).toBe(opened.root);
    });

    it('opens checkpoints of every kind of size, under fresh keys and names', async () => {
      for (const size of [0, 1, 255, 256, 257, 65_536, 2 ** 31, 2 ** 40 + 1]) {
        const name = `e${size % 7}.ledger.example`;
        const { privateKey } = generateKeyPairSync('ed25519');
        const root = size === 0 ? createHash('sha256').digest() : hashLeaf(Buffer.from(String(size)));
        const note = signCheckpoint({ origin: name, size, root }, { name, privateKey });
        const opened = await go.note(note, formatVkey(name, privateKey));
        expect(opened).toMatchObject({ opened: true, checkpoint: true, size, root: root.toString('base64') });
      }
    });

    it('a text with empty lines in it is split where they split it', async () => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const text = 'one\n\ntwo – “three”\n\n\nfour\n';
      const note = signNote(text, { name: 'ledger.example', privateKey });
      expect(await go.note(note, formatVkey('ledger.example', privateKey))).toMatchObject({
        opened: true,
        text,
      });
    });

    it('whatever byte of the example is changed, we open no note that they refuse', async () => {
      const bytes = Buffer.from(EXAMPLE);
      const log = verifierOf(EXAMPLE_VKEY);
      const tally = { both: 0, theirsOnly: 0, neither: 0 };
      for (let at = 0; at < bytes.length; at += 1) {
        for (const flip of [0x01, 0x20, 0x80]) {
          const changed = Buffer.from(bytes);
          changed.writeUInt8(bytes.readUInt8(at) ^ flip, at);
          const theirs = (await go.note(changed, EXAMPLE_VKEY)).opened;
          // Decoded leniently a changed byte could become the one it was; such bytes are never a text of ours.
          const text = changed.toString();
          const ours = Buffer.from(text).equals(changed) && openNote(text, [log]).ok;
          if (ours && !theirs) throw new Error(`only we open it with byte ${at} ^ ${flip}`);
          tally[ours ? 'both' : theirs ? 'theirsOnly' : 'neither'] += 1;
        }
      }
      // Every change of the text is refused by both; only the signature's unused bits may pass, and only with them.
      expect(tally.both).toBe(0);
      expect(tally.theirsOnly).toBeLessThanOrEqual(3);
      expect(tally.neither).toBeGreaterThan(500);
    }, 60_000);
  });
});

const EXAMPLE_VKEY = 'ledger.example+19037a81+AdeSd/NY4FnBeMK/wltU1Qn6OfRy4HCGdulNbuFdePdT';
const EXAMPLE = `ledger.example
1000
7OmuOtDoQWlAW+QlEgzQUWTFNY+ZoMeJqd8vvmP6mrY=

— ledger.example GQN6gefJiE0BWN0DCtBxNC0J5KLTkGiRwrRWUDX0U8D9F7rbyMOBEg4A3Wh/0xtm4cFJsXAs6iFGu3Gs/XFYCSbSkgU=
`;

function verifierOf(vkey: string): NoteVerifier {
  const parsed = parseVkey(vkey);
  if (!parsed.ok) throw new Error(parsed.problem.kind);
  return parsed.value;
}

/** Leaf i is the decimal number i, as trees.go has it. Remembers every subtree it has hashed. */
class NumberedLog {
  readonly #leaves: Buffer[] = [];
  readonly #known = new Map<number, string>();

  constructor(readonly size: number) {
    for (let i = 0; i < size; i += 1) this.#leaves.push(hashLeaf(Buffer.from(String(i))));
  }

  root(size: number): string {
    return rootOf(this.#leaves, { start: 0, end: size }).toString('base64');
  }

  inclusion(index: number, size: number): string {
    return ['i', index, size, ...this.#hashes(inclusionRanges(index, size))].join(' ');
  }

  consistency(old: number, size: number): string {
    return ['c', old, size, ...this.#hashes(consistencyRanges(old, size))].join(' ');
  }

  #hashes(ranges: readonly LeafRange[]): string[] {
    return ranges.map((range) => {
      const key = range.start * 2 ** 20 + range.end;
      let hash = this.#known.get(key);
      if (hash === undefined) {
        hash = rootOf(this.#leaves, range).toString('base64');
        this.#known.set(key, hash);
      }
      return hash;
    });
  }
}

function* linesOfAllPairs(size: number): Generator<string> {
  const log = new NumberedLog(size);
  yield `n ${size}`;
  for (let n = 0; n <= size; n += 1) {
    yield `r ${n} ${log.root(n)}`;
    for (let m = 0; m < n; m += 1) yield log.inclusion(m, n);
    for (let m = 0; m <= n; m += 1) if (n > 0) yield log.consistency(m, n);
  }
}

function* linesOfEdges(): Generator<string> {
  const log = new NumberedLog(Math.max(...EDGES));
  yield `n ${log.size}`;
  for (const n of EDGES) {
    yield `r ${n} ${log.root(n)}`;
    const some = [0, 1, 2, 127, 128, 254, 255, 256, 257, 511, 512, 32_767, 32_768, 32_769, 65_279, 65_280];
    for (const m of [...some, 65_533, 65_534, 65_535, 65_536]) {
      if (m < n) yield log.inclusion(m, n);
      if (m > 0 && m <= n) yield log.consistency(m, n);
    }
  }
}

function* tamperedProofs(size: number): Generator<string> {
  const log = new NumberedLog(size);
  const wrong = createHash('sha256').update('wrong').digest('base64');
  for (let m = 1; m < size; m += 1) {
    for (const line of [log.inclusion(m, size), log.consistency(m, size)]) {
      const [head, hashes] = [line.split(' ').slice(0, 3), line.split(' ').slice(3)];
      yield [...head, ...hashes.slice(1)].join(' ');
      yield [...head, ...hashes, wrong].join(' ');
      yield [...head, wrong, ...hashes.slice(1)].join(' ');
      yield [...head, ...hashes.slice(0, -1), wrong].join(' ');
    }
  }
}
