import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { logContinued, type Continuation } from '../../src/ledger/continuation.js';
import { formatVkey, type NoteSigner } from '../../src/ledger/signed-note.js';
import {
  decisionDraft,
  MemoryLedger,
  otherDraft,
  packInMemory,
  packWorld,
  type PackWorld,
} from '../support/pack.js';
import { changed, edited, judge, pinsOf, resigned, sha256, text, type Files, type Sample } from './kit.js';

const ORG = '11111111-1111-4111-8111-111111111111';
const world = packWorld();

const ed25519 = (name: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(Buffer.from(name))]),
    format: 'der',
    type: 'pkcs8',
  });
const former: NoteSigner = { name: 'former.example', privateKey: ed25519('former log') };

/** A log with which the ledger could go on under another key or name. */
const under = (log: NoteSigner): PackWorld => ({
  ...world,
  log,
  keys: {
    ...world.keys,
    log: { ...world.keys.log, origin: log.name, publicKey: createPublicKey(log.privateKey) },
  },
});

interface Continued {
  readonly ledger: MemoryLedger;
  readonly files: Files;
  readonly seq: number;
  /** Notes of the former log, at sizes it signed. */
  readonly notes: Readonly<Record<number, string>>;
}

/**
 * 20 entries under the former name; the last 8 of them are lost with the database, of which a backup of 12 comes back.
 * `log.continued` says so, and the log goes on.
 */
async function continued(
  stated: Partial<Continuation> = {},
  given: { readonly previousCheckpoint?: string } = {},
): Promise<Continued> {
  const before = new MemoryLedger(under(former));
  const ledger = new MemoryLedger(world);
  const notes: Record<number, string> = {};
  for (let n = 0; n < 20; n += 1) {
    const draft = n % 3 === 0 ? otherDraft(n) : decisionDraft(n);
    // The same entries in both as long as they are kept: signatures are random, so they are copied.
    before.append(draft);
    notes[before.size] = before.checkpoint();
  }
  let copied = 0;
  for await (const { leaf } of before.leaves()) {
    if ((copied += 1) > 12) break;
    const decision = await decisionOf(before, copied - 1);
    ledger.appendSealed({ leaf, statement: decision?.statement ?? '{}', selected: decision !== undefined });
  }
  ledger.append(
    logContinued(
      ORG,
      {
        origin: world.log.name,
        formerOrigin: former.name,
        formerVkey: formatVkey(former.name, former.privateKey),
        formerCheckpoint: notes[20] ?? '',
        keptSize: 12,
        ...stated,
      },
      Date.UTC(2026, 9, 9),
    ),
  );
  for (let n = 30; n < 36; n += 1) ledger.append(decisionDraft(n));
  return { ledger, files: await packInMemory(ledger, world, given), seq: 12, notes };
}

async function decisionOf(ledger: MemoryLedger, seq: number) {
  for await (const decision of ledger.decisions()) if (decision.seq === seq) return decision;
  return undefined;
}

const codesOf = async (files: Files, checkpoint?: string): Promise<string[]> => {
  const pins = { ...pinsOf(world), ...(checkpoint !== undefined && { checkpoint }) };
  return (await judge(files, pins)).findings.map(({ code, path }) => `${code} ${path}`);
};

describe('a pack of a log that continues another', () => {
  it('holds the entry that says so, and is accepted with a notice', async () => {
    const { files, seq } = await continued();
    expect([...files.keys()].filter((name) => name.startsWith('continuations/'))).toEqual([
      `continuations/${String(seq)}.jsonl`,
    ]);
    const { accepted, notices } = await judge(files, pinsOf(world));
    expect(accepted).toBe(true);
    expect(notices).toContain(
      'the log continues "former.example" since entry 12: what that one had beyond 12 entries is lost, its operator says',
    );
  });

  it('is held against a checkpoint of the former log that the auditor kept', async () => {
    const { files, notes } = await continued();
    for (const size of [1, 5, 12]) expect(await codesOf(files, notes[size])).toEqual([]);
    const forged = (await continued()).notes[5] ?? ''; // other entries: signatures are random
    expect(await codesOf(files, forged)).toEqual(['earlier-fork --checkpoint']);
    const { findings } = await judge(files, { ...pinsOf(world), checkpoint: notes[13] ?? '' });
    expect(findings).toEqual([
      {
        code: 'earlier-ahead',
        path: '--checkpoint',
        detail: 'covers 13 entries of "former.example", of which this log kept 12, as its entry 12 says',
      },
    ]);
  });

  it('and against one in the pack itself', async () => {
    const first = await continued();
    const with_ = (previousCheckpoint: string) => packInMemory(first.ledger, world, { previousCheckpoint });
    expect(await codesOf(await with_(first.notes[7] ?? ''))).toEqual([]);
    expect(await codesOf(await with_(first.notes[14] ?? ''))).toEqual(['earlier-ahead previous-checkpoint']);
  });

  it('is refused with a checkpoint of a name that it does not continue, or by another key', async () => {
    const { files } = await continued();
    const sign = (name: string, key: string): string => {
      const log = { name, privateKey: ed25519(key) };
      return signCheckpoint({ origin: name, size: 1, root: Buffer.alloc(32) }, log);
    };
    expect(await codesOf(files, sign('other.example', 'former log'))).toEqual([
      'earlier-malformed --checkpoint',
    ]);
    expect(await codesOf(files, sign('former.example', 'another'))).toEqual([
      'earlier-signature --checkpoint',
    ]);
  });

  it('is refused when what it states of its past does not hold together', async () => {
    const { notes } = await continued();
    const name = 'continuations/12.jsonl';
    const stranger = formatVkey('former.example', ed25519('another'));
    for (const stated of [
      { formerVkey: stranger },
      { formerVkey: 'none' },
      { formerOrigin: 'third.example' },
      { formerCheckpoint: 'no note' },
      { keptSize: -1 },
    ])
      expect([stated, await codesOf((await continued(stated)).files)]).toEqual([
        stated,
        [`continuation ${name}`],
      ]);
    // Nothing lost, it says, and yet the former log ended on another tree.
    expect(await codesOf((await continued({ formerCheckpoint: notes[12] ?? '' })).files)).toEqual([
      `earlier-fork ${name}`,
    ]);
  });

  it('is refused when an insider with the export key changes or adds such a file', async () => {
    const { files, ledger } = await continued();
    const given: Sample = { world, ledger, files, pins: pinsOf(world) };
    const name = 'continuations/12.jsonl';
    const [leaf = '', statement = ''] = text(files.get(name)).split('\n');
    const cases: [string, Files][] = [
      ['statement-digest', edited(files, name, (all) => all.replace('"keptSize":12', '"keptSize":13'))],
      ['continuation', edited(files, name, (all) => `${all}more\n`)],
      ['leaf-form', edited(files, name, (all) => ` ${all}`)],
      [
        'leaf-hash',
        changed(changed(files, name, undefined), 'continuations/13.jsonl', `${leaf}\n${statement}\n`),
      ],
      ['leaf-hash', changed(files, 'continuations/99.jsonl', `${leaf}\n${statement}\n`)],
    ];
    for (const [code, spoilt] of cases)
      expect((await codesOf(resigned(spoilt, given)))[0]).toMatch(new RegExp(`^${code} continuations/`));
    expect((await codesOf(changed(files, 'continuations/012.jsonl', 'x'))).join()).toContain('file-name');
  });
});
