import {
  at,
  BY_COSIGN,
  BY_DESIGN,
  bundle,
  lines,
  of,
  OURS,
  proof,
  SAID_TWICE,
  type Tampering,
  unusedBit,
} from './tampering.js';

/** Something says other than it did. */
export const CHANGED: readonly Tampering[] = [
  ...of(
    'change',
    [
      'the size in the checkpoint',
      (p) => {
        p.edit('checkpoint', (text) => text.replace('\n298\n', '\n297\n'));
      },
    ],
    [
      'a zero before the size',
      (p) => {
        p.edit('checkpoint', (text) => text.replace('\n298\n', '\n0298\n'));
      },
    ],
    [
      'unused bits of the checkpoint’s signature',
      (p) => {
        p.edit('checkpoint', unusedBit);
      },
      'the same bytes in lenient base64',
    ],
    [
      'the index in a proof',
      (p, { one }) => {
        p.edit(proof(one), (text) => text.replace(`index ${one}`, `index ${one + 1}`));
      },
    ],
    [
      'the first `logIndex` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).logIndex = '7';
        });
      },
      BY_COSIGN,
    ],
    [
      'the `logIndex` of a bundle’s proof',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).inclusionProof.logIndex = '7';
        });
      },
    ],
    [
      '`rootHash` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).inclusionProof.rootHash =
            Buffer.alloc(32).toString('base64');
        });
      },
      SAID_TWICE,
    ],
    [
      '`treeSize` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).inclusionProof.treeSize = '299';
        });
      },
      SAID_TWICE,
    ],
    [
      '`integratedTime` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.verificationMaterial.tlogEntries, 0).integratedTime = '1700000000';
        });
      },
      BY_DESIGN,
    ],
    [
      '`hint` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          b.verificationMaterial.publicKey.hint = 'somebody';
        });
      },
      BY_DESIGN,
    ],
    [
      '`keyid` of a bundle',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          at(b.dsseEnvelope.signatures, 0).keyid = 'somebody';
        });
      },
      BY_COSIGN,
    ],
    [
      'the verdict in a bundle’s statement',
      (p, { one }) => {
        p.editJson(bundle(one), (b) => {
          const statement = Buffer.from(b.dsseEnvelope.payload, 'base64').toString();
          const other = statement.includes('"FAILED"') ? ['"FAILED"', '"PASSED"'] : ['"PASSED"', '"FAILED"'];
          b.dsseEnvelope.payload = Buffer.from(statement.replaceAll(at(other, 0), at(other, 1))).toString(
            'base64',
          );
        });
      },
    ],
    [
      'the verdict in decisions.csv',
      (p) => {
        p.edit(
          'decisions.csv',
          lines((all) => all.map((row, i) => (i === 3 ? row.replace(/,(FAIL|PASS)\w*,/, ',ERROR,') : row))),
        );
      },
      OURS,
    ],
    [
      'the verdict in decisions.jsonl',
      (p) => {
        p.edit('decisions.jsonl', (text) => text.replace('"FAILED"', '"PASSED"'));
      },
      OURS,
    ],
    [
      'the OSCAL results',
      (p) => {
        p.edit('oscal-ar.json', (text) => text.replace('"not-satisfied"', '"satisfied"'));
      },
      OURS,
    ],
    [
      'the summary',
      (p) => {
        p.edit('summary.html', (text) => text.replace(/\d(?=<)/, '9'));
      },
      OURS,
    ],
    [
      'VERIFY.md',
      (p) => {
        p.edit('VERIFY.md', (text) => `${text}Or do not.\n`);
      },
      OURS,
    ],
  ),
  ...of('insider with all keys', [
    'history rewritten at entry 44, everything signed anew; the auditor’s checkpoint at 150 kept',
    (p, { forked }) => {
      for (const [path, bytes] of forked) {
        try {
          p.write(path, bytes);
        } catch {
          /* the same in both histories */
        }
      }
    },
  ]),
];
