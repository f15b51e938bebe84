import { createHash } from 'node:crypto';
import {
  at,
  bundle,
  BY_DESIGN,
  BY_SPICY,
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
  replace,
  type Tampering,
} from './tampering.js';

const UNREAD = 'a file nobody reads';

/** Something is there that should not be. */
export const MORE: readonly Tampering[] = [
  ...of(
    'insert',
    [
      'an entry into the log',
      (p) => {
        p.editEntries(PARTIAL, (all) => all.toSpliced(9, 0, at(all, 3)));
      },
    ],
    [
      'a hash into a tile',
      (p) => {
        p.editHashes(LAST_LEAVES, (all) => all.toSpliced(9, 0, at(all, 3)));
      },
    ],
    [
      'a decision of another log',
      (p, { one, foreign }) => {
        for (const path of filesOf(one)) replace(p, path.replace(String(one), '34'), foreign, path);
      },
    ],
    [
      'a row into decisions.csv',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => all.toSpliced(4, 0, at(all, 3).replace(/^\d+/, '35'))),
        );
      },
      OURS,
    ],
  ),
  ...of(
    'append',
    [
      'an entry to the log',
      (p) => {
        p.editEntries(PARTIAL, (all) => [...all, at(all, 3)]);
      },
      'beyond the size that was signed, so nobody looks',
    ],
    [
      'a byte to entries of the log',
      (p) => {
        p.write(PARTIAL, Buffer.concat([p.read(PARTIAL), Buffer.of(0)]));
      },
    ],
    [
      'a hash to a partial tile',
      (p) => {
        p.editHashes(LAST_LEAVES, (all) => [...all, at(all, 3)]);
      },
      'beyond the size that was signed, so nobody looks',
    ],
    [
      'a byte to a partial tile',
      (p) => {
        p.write(LAST_LEAVES, Buffer.concat([p.read(LAST_LEAVES), Buffer.of(0)]));
      },
      'beyond the size that was signed, so nobody looks',
    ],
    [
      'a newline to the checkpoint',
      (p) => {
        p.edit('checkpoint', (text) => `${text}\n`);
      },
    ],
    [
      'a line to the checkpoint’s text',
      (p) => {
        p.edit('checkpoint', (text) => text.replace('\n\n', '\nmore\n\n'));
      },
    ],
    [
      'the signature of an unknown key to the checkpoint',
      (p) => {
        const signature = createHash('sha512').update('nobody').digest();
        const line = Buffer.concat([Buffer.from('0badc0de', 'hex'), signature]).toString('base64');
        p.edit('checkpoint', (text) => `${text}— nobody.example ${line}\n`);
      },
      'the specification says: ignore keys you do not know',
    ],
    [
      'a newline to a proof',
      (p, { one }) => {
        p.edit(proof(one), (text) => `${text}\n`);
      },
    ],
    [
      'an `extra` line to a proof',
      (p, { one }) => {
        p.edit(proof(one), (text) => text.replace('\nindex', '\nextra YXBwcm92ZWQ=\nindex'));
      },
      BY_SPICY, // nothing authenticates the line; a .spicy file has no place for it
    ],
    [
      'a newline to a leaf',
      (p, { one }) => {
        p.edit(entry(one), (text) => `${text}\n`);
      },
    ],
    [
      'white space to a bundle',
      (p, { one }) => {
        p.edit(bundle(one), (text) => `${text} \n`);
      },
      BY_DESIGN,
    ],
    [
      'a newline to the vkey',
      (p) => {
        p.edit('checkpoint.vkey', (text) => `${text}\n`);
      },
      BY_DESIGN,
    ],
  ),
  ...of(
    'duplicate',
    [
      'an entry of the log, its neighbour lost',
      (p) => {
        p.editEntries(FULL, (all) => all.with(10, at(all, 11)));
      },
    ],
    [
      'a hash of a tile, its neighbour lost',
      (p) => {
        p.editHashes(LEAVES, (all) => all.with(10, at(all, 11)));
      },
    ],
    [
      'the signature of the checkpoint',
      (p) => {
        p.edit(
          'checkpoint',
          lines((all) => [...all, at(all, -1)]),
        );
      },
      'notes may carry more than one signature',
    ],
    [
      'a decision under another number',
      (p, { one }) => {
        for (const path of filesOf(one)) p.write(path.replace(String(one), '34'), p.read(path));
      },
      'each is right by itself; the file name is only a name',
    ],
    [
      'the log entry within a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          b.verificationMaterial.tlogEntries.push(at(b.verificationMaterial.tlogEntries, 0));
        });
      },
    ],
    [
      'the signature within a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          b.dsseEnvelope.signatures.push(at(b.dsseEnvelope.signatures, 0));
        });
      },
    ],
    [
      'a row of decisions.csv',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => [...all, at(all, -1)]),
        );
      },
      OURS,
    ],
  ),
  ...of(
    'extra file',
    [
      'a note',
      (p) => {
        p.write('README.txt', 'All is well.\n');
      },
      UNREAD,
    ],
    [
      'a partial tile beside the full one',
      (p) => {
        p.write(`${LEAVES}.p/17`, p.read(LEAVES).subarray(0, 17 * 32));
      },
      UNREAD,
    ],
    [
      'a tile beyond the size',
      (p) => {
        p.write('tile/0/002.p/1', p.read(LEAVES).subarray(0, 32));
      },
      UNREAD,
    ],
    [
      'the bundle of another log',
      (p, { one, foreign }) => {
        replace(p, bundle(299), foreign, bundle(one));
      },
    ],
  ),
];
