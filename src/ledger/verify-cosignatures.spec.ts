import { generateKeyPairSync } from 'node:crypto';
import { aWitness } from '../../test/support/witness.js';
import { signNote } from './signed-note.js';
import { CosignatureCheck } from './verify-cosignatures.js';
import { NO_WITNESSES, parseWitnessPolicy, type WitnessPolicy } from './witness-policy.js';

const log = { name: 'ledger.test', privateKey: generateKeyPairSync('ed25519').privateKey };
const [one, two, three, retired] = ['one', 'two', 'three', 'retired'].map((name) =>
  aWitness(`witness.test/${name}`),
);

function policyOf(quorum: string): WitnessPolicy {
  const text = [one, two, three].map(
    (witness, i) => `witness w${String(i + 1)} ${witness!.vkey} https://w.test`,
  );
  const parsed = parseWitnessPolicy(
    [...text, 'group late any w2 w3', 'group both all w1 late', quorum].join('\n'),
  );
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return parsed.value;
}

const textOf = (size: number): string =>
  `ledger.test\n${String(size)}\n${Buffer.alloc(32, size).toString('base64')}\n`;
const noteOf = (size: number): string => signNote(textOf(size), log);
const cosigned = (size: number, ...lines: (string | undefined)[]) => {
  const note = noteOf(size);
  return { size, note, cosigned: note + lines.map((line) => `${line ?? ''}\n`).join('') };
};
const by = (witness: typeof one, size: number): string | undefined => witness?.cosign(textOf(size));

function findings(policy: WitnessPolicy, ...seen: Parameters<CosignatureCheck['see']>[0][]): string[] {
  const check = new CosignatureCheck(policy);
  for (const each of seen) check.see(each);
  return check.findings().map(({ what, detail }) => `${what}: ${detail}`);
}

const QUORUM = 'the published checkpoint of size 7 lacks the quorum that the policy asks for';

describe('cosigned checkpoints as they are stored', () => {
  const nested = policyOf('quorum both');

  it('are accepted with the quorum of the policy, and as long as none is cosigned', () => {
    expect(findings(nested, cosigned(7, by(one, 7), by(three, 7)))).toEqual([]);
    expect(findings(nested, { size: 7, note: noteOf(7), cosigned: undefined })).toEqual([]);
    expect(findings(NO_WITNESSES, cosigned(7, by(retired, 7)))).toEqual([]);
  });

  it('are found where the newest has less than the quorum; what was asked for earlier is not known', () => {
    expect(findings(nested, cosigned(7, by(two, 7), by(three, 7)))).toEqual([`checkpoint: ${QUORUM}`]);
    expect(findings(nested, cosigned(7, by(one, 7), by(retired, 7)))).toEqual([`checkpoint: ${QUORUM}`]);
    expect(findings(nested, cosigned(5, by(retired, 5)), cosigned(7, by(one, 7), by(two, 7)))).toEqual([]);
    expect(findings(nested, cosigned(7, by(one, 7), by(two, 7)), cosigned(9))).toHaveLength(1);
  });

  it('are found where a line of a configured witness is not over this text, though others make the quorum', () => {
    const line = 'checkpoint: cosigned checkpoint of size 7: the line of witness w3 does not verify';
    expect(findings(nested, cosigned(7, by(one, 7), by(two, 7), by(three, 6)))).toEqual([line]);
    expect(findings(nested, cosigned(7, by(three, 6)), cosigned(8, by(one, 8), by(two, 8)))).toEqual([line]);
  });

  it('are found where they are not the signed one with lines behind it', () => {
    const other = { ...cosigned(7, by(one, 7), by(two, 7)), note: noteOf(8) };
    for (const broken of [
      other,
      { ...other, note: '', cosigned: 'x' },
      { ...cosigned(7), cosigned: `${noteOf(7)}x` },
    ])
      expect(findings(nested, broken)).toEqual([
        'checkpoint: cosigned checkpoint of size 7: not the signed one with lines of witnesses behind it',
        `checkpoint: ${QUORUM}`,
      ]);
  });
});
