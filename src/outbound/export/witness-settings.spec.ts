import { expect, test } from '@jest/globals';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { rawEd25519 } from '../../ledger/signed-note.js';
import { NO_WITNESSES, parseWitnessPolicy, type WitnessPolicy } from '../../ledger/witness-policy.js';
import { witnessSettings } from './witness-settings.js';

function aVkey(name: string): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.concat([Buffer.of(4), rawEd25519(publicKey)]);
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8);
  return `${name}+${id}+${bytes.toString('base64')}`;
}
const vkeys = ['a', 'b', 'c'].map((name) => aVkey(`${name}.example/w`));
const lines = ['a', 'b', 'c'].map((name, i) => `witness ${name} ${vkeys[i]!} https://${name}.example/w`);

function policy(...rest: string[]): WitnessPolicy {
  const parsed = parseWitnessPolicy([...lines, ...rest].join('\n'));
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return parsed.value;
}

test('a pack names the witnesses as the policy does', () => {
  expect(witnessSettings(policy('group g 2 a b c', 'quorum g'))).toEqual({
    quorum: 2,
    members: ['a', 'b', 'c'].map((name, i) => ({ name, vkey: vkeys[i], url: `https://${name}.example/w` })),
  });
});

test.each([
  [['quorum none'], 0],
  [['quorum b'], 1],
  [['group g any a b c', 'quorum g'], 1],
  [['group g all a b c', 'quorum g'], 3],
  // a, and one of the others.
  [['group g any b c', 'group h all a g', 'quorum h'], 2],
])('%j asks for at least %i of them', (rest, quorum) => {
  expect(witnessSettings(policy(...rest))?.quorum).toBe(quorum);
});

test('without witnesses nothing is said of any', () => {
  expect(witnessSettings(NO_WITNESSES)).toBeUndefined();
});
