import { readFileSync } from 'node:fs';
import { NO_WITNESSES, parseWitnessPolicy, type WitnessPolicy } from '../../ledger/witness-policy.js';
import type { Config } from './config.js';

/**
 * The configured C2SP tlog-policy; without one no witness is asked. Throws on a file that cannot be used: a typing
 * error must not publish what nobody cosigned.
 */
export function witnessPolicy(
  { witnessPolicyFile }: Pick<Config, 'witnessPolicyFile'>,
  vkey: string,
): WitnessPolicy {
  if (witnessPolicyFile === undefined) return NO_WITNESSES;
  const parsed = parseWitnessPolicy(readFileSync(witnessPolicyFile, 'utf8'));
  if (!parsed.ok)
    throw new Error(`${witnessPolicyFile}, line ${String(parsed.problem.line)}: ${parsed.problem.detail}`);
  const { logs, witnesses, hasQuorum } = parsed.value;
  if (logs.length > 0 && !logs.includes(vkey))
    throw new Error(`${witnessPolicyFile} is for other logs than ours, ${vkey}`);
  const mute = witnesses.find(({ url }) => url === undefined);
  if (hasQuorum && mute) throw new Error(`${witnessPolicyFile}: witness ${mute.name} needs a URL`);
  return parsed.value;
}
