import {
  ABOVE,
  at,
  bundle,
  entry,
  filesOf,
  FULL,
  LAST_LEAVES,
  LEAVES,
  lines,
  of,
  OURS,
  PARTIAL,
  proof,
  type Tampering,
  without,
} from './tampering.js';

const ABSENT = 'what is not there cannot be verified: the manifest and its count tell';

/** Something is gone. */
export const LESS: readonly Tampering[] = [
  ...of(
    'delete',
    [
      'the checkpoint',
      (p) => {
        p.remove('checkpoint');
      },
    ],
    [
      'entries of the log, a file',
      (p) => {
        p.remove(FULL);
      },
    ],
    [
      'a tile of level 0',
      (p) => {
        p.remove(LEAVES);
      },
    ],
    [
      'a partial tile of level 0',
      (p) => {
        p.remove(LAST_LEAVES);
      },
    ],
    [
      'the tile of level 1',
      (p) => {
        p.remove(ABOVE);
      },
    ],
    [
      'an entry of the log',
      (p) => {
        p.editEntries(PARTIAL, (all) => without(all, 7));
      },
    ],
    [
      'the three files of a decision',
      (p, { one }) => {
        for (const path of filesOf(one)) p.remove(path);
      },
      ABSENT,
    ],
    [
      'the leaf of a decision',
      (p, { one }) => {
        p.remove(entry(one));
      },
    ],
    [
      'a row of decisions.csv',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => without(all, 5)),
        );
      },
      OURS,
    ],
    [
      'a line of decisions.jsonl',
      (p) => {
        p.edit(
          'decisions.jsonl',
          lines((all) => without(all, 5)),
        );
      },
      OURS,
    ],
    [
      'the trusted root',
      (p) => {
        p.remove('trusted_root.json');
      },
    ],
    [
      'the policy',
      (p) => {
        p.remove('policy.tlog');
      },
      'only Tessera’s reader of policies wants it, and that is none of these',
    ],
    [
      'the manifest',
      (p) => {
        p.remove('manifest.intoto.json');
      },
      OURS,
    ],
  ),
  ...of(
    'truncate',
    [
      'the log by its last entry',
      (p) => {
        p.editEntries(PARTIAL, (all) => all.slice(0, -1));
      },
    ],
    [
      'entries of the log by a byte',
      (p) => {
        p.write(PARTIAL, p.read(PARTIAL).subarray(0, -1));
      },
    ],
    [
      'a tile by a hash',
      (p) => {
        p.editHashes(LAST_LEAVES, (all) => all.slice(0, -1));
      },
    ],
    [
      'a tile by a byte',
      (p) => {
        p.write(LEAVES, p.read(LEAVES).subarray(0, -1));
      },
    ],
    [
      'the checkpoint by its last newline',
      (p) => {
        p.edit('checkpoint', (text) => text.slice(0, -1));
      },
    ],
    [
      'the checkpoint by its signature',
      (p) => {
        p.edit('checkpoint', (text) => text.slice(0, text.indexOf('—')));
      },
    ],
    [
      'a proof by its last hash',
      (p, { one }) => {
        p.edit(proof(one), (text) => text.replace(/\n[^\n]+\n\n/, '\n\n'));
      },
    ],
    [
      'a leaf by a byte',
      (p, { one }) => {
        p.write(entry(one), p.read(entry(one)).subarray(0, -1));
      },
    ],
    [
      'a bundle by a byte',
      (p, { one }) => {
        p.write(bundle(one), p.read(bundle(one)).subarray(0, -1));
      },
    ],
    [
      'a bundle’s proof by its last hash',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).inclusionProof.hashes.pop();
        });
      },
    ],
    [
      'decisions.csv by its last row',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => all.slice(0, -1)),
        );
      },
      OURS,
    ],
  ),
];
