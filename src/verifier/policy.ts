import { equalBytes } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal, shown, type Findings } from './finding.js';
import type { Checkpoint } from './checkpoint.js';
import { COSIGNATURE, isBy, LOG_SIGNATURE, parseVkey, verifyLine, type Vkey } from './note.js';

/** C2SP tlog-policy: which log, and who must have cosigned. */
export interface Policy {
  readonly log: Vkey;
  readonly witnesses: ReadonlyMap<string, Vkey>;
  readonly groups: ReadonlyMap<string, { readonly threshold: number; readonly members: readonly string[] }>;
  /** Name of a witness or group; undefined for `quorum none`. */
  readonly quorum: string | undefined;
}

/**
 * Reads a policy. Members must be defined above their group, each in one group only, names and keys once; one log and
 * one quorum.
 */
export function parsePolicy(text: string, path: string, sha256: Crypto['sha256']): Policy {
  if (!text.endsWith('\n')) throw new Refusal('policy', path, 'does not end in a newline');
  const reader = new PolicyReader(path, sha256);
  for (const line of text.slice(0, -1).split('\n')) reader.line(line);
  return reader.policy();
}

class PolicyReader {
  private number = 0;
  private log: Vkey | undefined;
  private quorum: { readonly name: string | undefined } | undefined;
  private readonly witnesses = new Map<string, Vkey>();
  private readonly groups = new Map<string, { threshold: number; members: readonly string[] }>();
  private readonly grouped = new Set<string>();

  constructor(
    private readonly path: string,
    private readonly sha256: Crypto['sha256'],
  ) {}

  line(line: string): void {
    this.number += 1;
    const [word = '', ...rest] = line.split(' ');
    // eslint-disable-next-line no-control-regex -- what may not stand in it; a name may have any other character
    if (rest.includes('') || /[\u0000-\u001f\u007f]|[^\S ]/u.test(line))
      throw this.refuse('not words with single spaces');
    if (word === 'log' && rest.length >= 1 && rest.length <= 2) this.setLog(rest[0] ?? '');
    else if (word === 'witness' && rest.length >= 2 && rest.length <= 3)
      this.addWitness(rest[0] ?? '', rest[1] ?? '');
    else if (word === 'group' && rest.length >= 3) this.addGroup(rest[0] ?? '', rest[1] ?? '', rest.slice(2));
    else if (word === 'quorum' && rest.length === 1) this.setQuorum(rest[0] ?? '');
    else throw this.refuse(`not a line of a policy: ${shown(line)}`);
  }

  policy(): Policy {
    const { log, quorum, witnesses, groups } = this;
    if (!log || !quorum) throw this.refuse('a log and a quorum are required');
    return { log, witnesses, groups, quorum: quorum.name };
  }

  private setLog(vkey: string): void {
    const key = parseVkey(vkey, this.sha256);
    if (key?.type !== LOG_SIGNATURE) throw this.refuse('not the key of a log');
    if (this.log) throw this.refuse('a second log');
    this.log = key;
  }

  private addWitness(name: string, vkey: string): void {
    const key = parseVkey(vkey, this.sha256);
    if (key?.type !== COSIGNATURE) throw this.refuse('not the key of a witness');
    // Under another name it has another key id, and is the same witness all the same.
    if ([...this.witnesses.values()].some((other) => equalBytes(other.key, key.key)))
      throw this.refuse('the same key twice');
    this.requireNew(name);
    this.witnesses.set(name, key);
  }

  private addGroup(name: string, rule: string, members: readonly string[]): void {
    const threshold =
      rule === 'all' ? members.length : rule === 'any' ? 1 : /^[1-9]\d{0,3}$/.test(rule) ? Number(rule) : 0;
    if (threshold < 1 || threshold > members.length)
      throw this.refuse('not all, any, or how many of its members');
    if (new Set(members).size !== members.length) throw this.refuse('a member twice');
    const unknown = members.find((member) => !this.knows(member));
    if (unknown !== undefined) throw this.refuse(`${shown(unknown)} is not defined above`);
    const again = members.find((member) => this.grouped.has(member));
    if (again !== undefined) throw this.refuse(`${shown(again)} is in another group`);
    this.requireNew(name);
    for (const member of members) this.grouped.add(member);
    this.groups.set(name, { threshold, members });
  }

  private setQuorum(name: string): void {
    if (this.quorum) throw this.refuse('a second quorum');
    if (name !== 'none' && !this.knows(name)) throw this.refuse(`${shown(name)} is not defined above`);
    this.quorum = { name: name === 'none' ? undefined : name };
  }

  private requireNew(name: string): void {
    if (name === 'none' || this.knows(name)) throw this.refuse(`${shown(name)} is taken`);
  }

  private knows(name: string): boolean {
    return this.witnesses.has(name) || this.groups.has(name);
  }

  private refuse(detail: string): Refusal {
    return new Refusal('policy', this.path, detail, `line ${this.number}`);
  }
}

/**
 * Every line that is not the log's must be a good cosignature of a witness the policy names, each once, and they
 * must make the quorum. Stricter than signed-note, which ignores strangers: in a pack nothing is unaccounted for.
 */
export async function checkCosignatures(
  crypto: Crypto,
  checkpoint: Checkpoint,
  policy: Policy,
  findings: Findings,
): Promise<void> {
  const good = new Set<string>();
  for (const line of checkpoint.parsed.lines.filter((candidate) => !isBy(candidate, policy.log))) {
    const [name, key] = [...policy.witnesses].find(([, witness]) => isBy(line, witness)) ?? [];
    if (name === undefined || !key) {
      findings.add(
        'checkpoint-unknown-signature',
        'checkpoint',
        `a line of ${shown(line.name)}, whom the policy does not name`,
      );
    } else if (good.has(name)) {
      findings.add('cosignature', 'checkpoint', `witness ${shown(name)} twice`);
    } else if (await verifyLine(crypto, checkpoint.parsed.text, line, key)) {
      good.add(name);
    } else {
      findings.add('cosignature', 'checkpoint', `that of witness ${shown(name)} does not verify`);
    }
  }
  if (policy.quorum !== undefined && !isMet(policy, policy.quorum, good)) {
    findings.add(
      'quorum',
      'checkpoint',
      `${shown(policy.quorum)} is not met: ${good.size} witnesses have cosigned`,
    );
  }
}

function isMet(policy: Policy, name: string, good: ReadonlySet<string>): boolean {
  const group = policy.groups.get(name);
  if (!group) return good.has(name);
  return group.members.filter((member) => isMet(policy, member, good)).length >= group.threshold;
}
