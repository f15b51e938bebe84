import {
  ABOVE,
  bundle,
  entry,
  filesOf,
  FULL,
  LAST_LEAVES,
  LEAVES,
  lines,
  of,
  OURS,
  proof,
  replace,
  swapped,
  type Tampering,
} from './tampering.js';

/** All of it is genuine, but not in its place or of its time. */
export const MOVED: readonly Tampering[] = [
  ...of(
    'swap',
    [
      'two entries of the log',
      (p) => {
        p.editEntries(FULL, (all) => swapped(all, 10, 20));
      },
    ],
    [
      'two hashes of a tile',
      (p) => {
        p.editHashes(LEAVES, (all) => swapped(all, 10, 20));
      },
    ],
    [
      'two leaves',
      (p, { one, other }) => {
        p.swap(entry(one), entry(other));
      },
    ],
    [
      'two proofs',
      (p, { one, other }) => {
        p.swap(proof(one), proof(other));
      },
    ],
    [
      'two bundles',
      (p, { one, other }) => {
        p.swap(bundle(one), bundle(other));
      },
      'each is right by itself; the file name is only a name',
    ],
    [
      'the statements of two bundles',
      (p, { one, other }) => {
        const payload = (JSON.parse(p.text(bundle(other))) as { dsseEnvelope: { payload: string } })
          .dsseEnvelope.payload;
        p.editJson(bundle(one), (b) => {
          b.dsseEnvelope.payload = payload;
        });
      },
    ],
    [
      'two rows of decisions.csv',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => swapped(all, 3, 4)),
        );
      },
      OURS,
    ],
  ),
  ...of(
    'rename',
    [
      'a decision to another number',
      (p, { one }) => {
        for (const path of filesOf(one)) p.move(path, path.replace(String(one), '34'));
      },
      'each is right by itself; the file name is only a name',
    ],
    [
      'a leaf to another number',
      (p, { one }) => {
        p.move(entry(one), entry(34));
      },
    ],
    [
      'a full tile to a partial one',
      (p) => {
        p.move(LEAVES, `${LEAVES}.p/255`);
      },
    ],
    [
      'a partial tile to a wider one',
      (p) => {
        p.move(LAST_LEAVES, LAST_LEAVES.replace('42', '43'));
      },
    ],
  ),
  ...of(
    'older tile',
    [
      'a tile as it was at 150 entries',
      (p, { older }) => {
        replace(p, LEAVES, older, 'tile/0/000.p/150');
      },
    ],
    [
      'entries as they were at 150',
      (p, { older }) => {
        replace(p, FULL, older, 'tile/entries/000.p/150');
      },
    ],
    [
      'a tile of a forked log',
      (p, { forked }) => {
        replace(p, LEAVES, forked);
      },
    ],
    [
      'entries of a forked log',
      (p, { forked }) => {
        replace(p, FULL, forked);
      },
    ],
    [
      'tiles and entries of a forked log',
      (p, { forked }) => {
        for (const path of [LEAVES, FULL, ABOVE]) replace(p, path, forked);
      },
    ],
  ),
  ...of(
    'mixed versions',
    [
      'the checkpoint of the older pack',
      (p, { older }) => {
        replace(p, 'checkpoint', older);
      },
    ],
    [
      'the checkpoint of a forked log',
      (p, { forked }) => {
        replace(p, 'checkpoint', forked);
      },
    ],
    [
      'a proof of the older pack',
      (p, { older, early }) => {
        replace(p, proof(early), older);
      },
      'right against the older checkpoint, which is in it',
    ],
    [
      'a bundle of the older pack',
      (p, { older, early }) => {
        replace(p, bundle(early), older);
      },
      'right against the older checkpoint, which is in it',
    ],
    [
      'a decision of a forked log',
      (p, { forked, early }) => {
        for (const path of filesOf(early)) replace(p, path, forked);
      },
    ],
    [
      'the tables of the older pack',
      (p, { older }) => {
        for (const path of ['decisions.csv', 'decisions.jsonl']) replace(p, path, older);
      },
      OURS,
    ],
    [
      'the manifest of the older pack',
      (p, { older }) => {
        replace(p, 'manifest.intoto.json', older);
      },
      OURS,
    ],
    [
      'the key and trusted root of another log',
      (p, { foreign }) => {
        for (const path of ['checkpoint.vkey', 'trusted_root.json']) replace(p, path, foreign);
      },
    ],
    [
      'the decision key of another log',
      (p, { foreign }) => {
        replace(p, 'decision.pub', foreign);
      },
    ],
  ),
];
