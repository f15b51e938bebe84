import type { PackKeys } from './pack.js';

/** C2SP tlog-proof without `extra` line, which nothing would authenticate. */
export function tlogProof(index: number, proof: readonly Buffer[], checkpoint: string): string {
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nindex ${String(index)}\n${hashes}\n${checkpoint}`;
}

const NAME = /^(?!none$)[^\s#]+$/u;
const URL_WORD = /^https?:\/\/[^\s#]+$/u;
const RULE = /^(all|any|[1-9]\d*)$/;

/**
 * C2SP tlog-policy: this log, its witnesses, and which of them must have cosigned, word for word as it was configured.
 * Throws on what would not be one line of it, or could not be met: the text has to say what was meant.
 */
export function tlogPolicy(vkey: string, witnesses: PackKeys['witnesses']): string {
  if (!witnesses || witnesses.members.length === 0) return `log ${vkey}\nquorum none\n`;
  const known = new Set<string>();
  const define = (name: string): void => {
    if (!NAME.test(name) || known.has(name)) throw new TypeError(`${name} cannot stand in a policy`);
    known.add(name);
  };
  const require = (name: string): void => {
    if (!known.has(name)) throw new TypeError(`the policy does not define ${name}`);
  };
  const { members, groups, quorum } = witnesses;
  const lines = members.map(({ name, vkey: key, url }) => {
    define(name);
    if (/\s/u.test(key) || (url !== undefined && !URL_WORD.test(url)))
      throw new TypeError(`witness ${name} cannot stand in a policy`);
    return ['witness', name, key, ...(url === undefined ? [] : [url])].join(' ');
  });
  for (const group of groups) {
    group.members.forEach(require);
    if (!RULE.test(group.rule) || group.members.length === 0 || Number(group.rule) > group.members.length)
      throw new RangeError(`group ${group.name}: ${group.rule} of ${String(group.members.length)}`);
    define(group.name);
    lines.push(['group', group.name, group.rule, ...group.members].join(' '));
  }
  if (quorum !== null) require(quorum);
  return [`log ${vkey}`, ...lines, `quorum ${quorum ?? 'none'}`, ''].join('\n');
}
