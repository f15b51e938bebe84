import type { PackKeys } from './pack.js';

/** C2SP tlog-proof without `extra` line, which nothing would authenticate. */
export function tlogProof(index: number, proof: readonly Buffer[], checkpoint: string): string {
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nindex ${String(index)}\n${hashes}\n${checkpoint}`;
}

const NAME = /^(?!none$)[^\s+]+$/u;
const URL_WORD = /^https?:\/\/\S+$/u;

/** C2SP tlog-policy: this log, and how many of the configured witnesses must have cosigned. */
export function tlogPolicy(vkey: string, witnesses: PackKeys['witnesses']): string {
  if (!witnesses || witnesses.members.length === 0) return `log ${vkey}\nquorum none\n`;
  const { quorum, members } = witnesses;
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > members.length) {
    throw new RangeError(`a quorum of ${String(quorum)} of ${String(members.length)} witnesses`);
  }
  const lines = members.map(({ name, vkey: key, url }) => {
    if (!NAME.test(name) || name === GROUP || /\s/u.test(key) || (url !== undefined && !URL_WORD.test(url))) {
      throw new TypeError(`witness ${name} cannot stand in a policy`);
    }
    return ['witness', name, key, ...(url === undefined ? [] : [url])].join(' ');
  });
  const names = members.map(({ name }) => name).join(' ');
  const end =
    quorum === 0 ? ['quorum none'] : [`group ${GROUP} ${String(quorum)} ${names}`, `quorum ${GROUP}`];
  return [`log ${vkey}`, ...lines, ...end, ''].join('\n');
}

const GROUP = 'assay-quorum';
