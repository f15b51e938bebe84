import { rawEd25519 } from '../../ledger/signed-note.js';
import { cosignatureLine, type WitnessKey } from '../../ledger/witness-key.js';
import type { WitnessPolicy } from '../../ledger/witness-policy.js';
import type { ExportWitnesses } from './export.js';

/** C2SP tlog-cosignature with Ed25519: the algorithm byte in a witness's vkey. */
const COSIGNATURE_V1 = 0x04;
/**
 * What a pack says of the configured witnesses: all of the policy, so that a reader of the pack asks for what was
 * asked for before its checkpoint was published. A witness without URL never cosigns, and stays out: only where nobody
 * has to have cosigned may there be one, and Tessera's reader of policies wants a URL on each line.
 */
export function witnessSettings(policy: WitnessPolicy): ExportWitnesses | undefined {
  const { witnesses, groups, quorum } = policy;
  const members = witnesses.flatMap(({ name, key, url }) =>
    url === undefined ? [] : [{ name, vkey: vkeyOf(key), url }],
  );
  if (members.length === 0) return undefined;
  return { members, groups: quorum === undefined ? [] : groups, quorum: quorum ?? null };
}

const vkeyOf = ({ name, keyId, publicKey }: WitnessKey): string => {
  const key = Buffer.concat([Buffer.of(COSIGNATURE_V1), rawEd25519(publicKey)]);
  return `${name}+${keyId.toString('hex')}+${key.toString('base64')}`;
};

/**
 * The published checkpoint as a pack of this installation can hold it: the log's signature and the cosignatures of
 * witnesses that are configured now. A line of one that was configured before would be nobody's in the pack.
 * Undefined when what is left is not what the policy asks for: after a change of the policy, until the next entry.
 */
export function coveredNote(published: string, policy: WitnessPolicy): string | undefined {
  const { head, lines } = splitNote(published);
  const [own, ...others] = lines;
  const kept = new Map<string, string>();
  for (const { name, key } of policy.witnesses) {
    const line = cosignatureLine(published, others.join('\n'), key);
    if (line !== undefined) kept.set(name, line);
  }
  if (!policy.isMetBy(new Set(kept.keys()))) return undefined;
  const inOrder = others.filter((line) => [...kept.values()].includes(line));
  return head + [own, ...inOrder].map((line) => `${line ?? ''}\n`).join('');
}

/** Text with its empty line, and the signature lines; the log's own comes first (`WitnessService` appends). */
function splitNote(note: string): { readonly head: string; readonly lines: readonly string[] } {
  const end = note.lastIndexOf('\n\n') + 2;
  return { head: note.slice(0, end), lines: note.slice(end).split('\n').slice(0, -1) };
}
