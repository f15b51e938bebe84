import { describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { aWitness } from '../../../test/support/witness.js';
import { signNote } from '../../ledger/signed-note.js';
import { NO_WITNESSES, parseWitnessPolicy, type WitnessPolicy } from '../../ledger/witness-policy.js';
import { coveredNote, witnessSettings } from './witness-settings.js';

const aVkey = (name: string): string => aWitness(name).vkey;
const vkeys = ['a', 'b', 'c'].map((name) => aVkey(`${name}.example/w`));
const lines = ['a', 'b', 'c'].map((name, i) => `witness ${name} ${vkeys[i]!} https://${name}.example/w`);

function policy(...rest: string[]): WitnessPolicy {
  const parsed = parseWitnessPolicy([...lines, ...rest].join('\n'));
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return parsed.value;
}

const members = ['a', 'b', 'c'].map((name, i) => ({
  name,
  vkey: vkeys[i],
  url: `https://${name}.example/w`,
}));

test('a pack says of the witnesses what the policy does, nested groups and all', () => {
  expect(witnessSettings(policy('group g any b c', 'group h all a g', 'quorum h'))).toEqual({
    members,
    groups: [
      { name: 'g', rule: 'any', members: ['b', 'c'] },
      { name: 'h', rule: 'all', members: ['a', 'g'] },
    ],
    quorum: 'h',
  });
  expect(witnessSettings(policy('quorum b'))).toEqual({ members, groups: [], quorum: 'b' });
});

test('where nobody has to have cosigned, no group is needed, nor a witness that nobody asks', () => {
  const mute = `witness mute ${aVkey('mute.example/w')}`;
  expect(witnessSettings(policy(mute, 'group g any b c', 'quorum none'))).toEqual({
    members,
    groups: [],
    quorum: null,
  });
});

test('without witnesses nothing is said of any', () => {
  expect(witnessSettings(NO_WITNESSES)).toBeUndefined();
});

describe('the checkpoint that a pack covers', () => {
  const log = { name: 'ledger.test', privateKey: generateKeyPairSync('ed25519').privateKey };
  const text = `ledger.test\n7\n${Buffer.alloc(32).toString('base64')}\n`;
  const note = signNote(text, log);
  const of = (name: string) => {
    const { vkey, cosign } = aWitness(`${name}.example/w`);
    return { vkey, line: `${cosign(text)}\n` };
  };
  const [one, two, gone] = [of('one'), of('two'), of('gone')];
  const configured = (quorum: string): WitnessPolicy => {
    const text = `witness one ${one.vkey} https://1.test\nwitness two ${two.vkey} https://2.test\n${quorum}\n`;
    const parsed = parseWitnessPolicy(text);
    if (!parsed.ok) throw new Error(parsed.problem.detail);
    return parsed.value;
  };
  const both = 'group g all one two\nquorum g';

  test('keeps the lines of configured witnesses, in their order', () => {
    const published = note + two.line + one.line;
    expect(coveredNote(published, configured(both))).toBe(published);
    expect(coveredNote(note, NO_WITNESSES)).toBe(note);
  });

  test('leaves out whom the policy no longer names', () => {
    expect(coveredNote(note + two.line + gone.line + one.line, configured(both))).toBe(
      note + two.line + one.line,
    );
    expect(coveredNote(note + gone.line, NO_WITNESSES)).toBe(note);
  });

  test('is none while the quorum of the policy is not there', () => {
    expect(coveredNote(note + two.line + gone.line, configured(both))).toBeUndefined();
    expect(coveredNote(note + two.line.replace('— two', '— one'), configured('quorum one'))).toBeUndefined();
    expect(coveredNote(note, configured('quorum none'))).toBe(note);
  });
});
