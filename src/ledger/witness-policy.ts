import { failed, ok, type Result } from '../kernel/result.js';
import { parseVkey } from './signed-note.js';
import { parseWitnessKey, type WitnessKey } from './witness-key.js';

export interface PolicyWitness {
  /** The policy's own name for it. */
  readonly name: string;
  readonly key: WitnessKey;
  /** Submission prefix, without a slash at its end; undefined where the policy gives none. */
  readonly url: string | undefined;
}

/** So many of its members, each a witness or a group above, must have cosigned. */
export interface PolicyGroup {
  readonly name: string;
  /** `all`, `any`, or a number. */
  readonly rule: string;
  readonly members: readonly string[];
}

/** Who has to have cosigned a checkpoint before it is published (C2SP tlog-policy). */
export interface WitnessPolicy {
  /** vkeys of the logs it is for, as given. */
  readonly logs: readonly string[];
  readonly witnesses: readonly PolicyWitness[];
  /** In their order: a member is defined before the group. */
  readonly groups: readonly PolicyGroup[];
  /** Name of the witness or group that must have cosigned; undefined for none. */
  readonly quorum: string | undefined;
  /** Whether it asks for anybody at all. */
  readonly hasQuorum: boolean;
  /** Whether cosignatures of these witnesses, by the policy's names, are enough. */
  isMetBy(names: ReadonlySet<string>): boolean;
}

export interface PolicyInvalid {
  readonly kind: 'PolicyInvalid';
  /** From 1; 0 when it is about the whole. */
  readonly line: number;
  readonly detail: string;
}

export const NO_WITNESSES: WitnessPolicy = {
  logs: [],
  witnesses: [],
  groups: [],
  quorum: undefined,
  hasQuorum: false,
  isMetBy: () => true,
};

/** Legal as names by the specification, but Tessera's reader takes none of them, and cuts lines at `#`. */
const WORDS: readonly string[] = ['log', 'witness', 'group', 'quorum', 'all', 'any', 'none'];
const NAME = /^[^\s#]+$/u;

type Rule = (names: ReadonlySet<string>) => boolean;

/** Strict reader of https://c2sp.org/tlog-policy: names are defined once and before use, one quorum line. */
export function parseWitnessPolicy(text: string): Result<WitnessPolicy, PolicyInvalid> {
  const reading = new PolicyReading();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const detail = reading.take(line.split(/[ \t]+/));
    if (detail !== undefined) return failed({ kind: 'PolicyInvalid', line: index + 1, detail });
  }
  const policy = reading.policy();
  return policy
    ? ok(policy)
    : failed({ kind: 'PolicyInvalid', line: 0, detail: 'a quorum line is required' });
}

class PolicyReading {
  readonly #logs: string[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #rules = new Map<string, Rule>();
  readonly #members = new Set<string>();
  #quorum: { readonly name: string | undefined; readonly rule: Rule } | undefined;

  /** What is wrong with the line, if anything. */
  take([keyword, ...fields]: readonly string[]): string | undefined {
    if (keyword === 'log') return this.#log(fields);
    if (keyword === 'witness') return this.#witness(fields);
    if (keyword === 'group') return this.#group(fields);
    if (keyword === 'quorum') return this.#setQuorum(fields);
    return `unknown keyword ${keyword ?? ''}`;
  }

  policy(): WitnessPolicy | undefined {
    const quorum = this.#quorum;
    if (quorum === undefined) return undefined;
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      groups: this.#groups,
      quorum: quorum.name,
      hasQuorum: quorum.name !== undefined,
      isMetBy: quorum.rule,
    };
  }

  #log([vkey, , ...more]: readonly string[]): string | undefined {
    if (vkey === undefined || more.length > 0) return 'expected: log <vkey> [<url>]';
    const parsed = parseVkey(vkey);
    if (!parsed.ok) return 'the log has no Ed25519 vkey';
    this.#logs.push(vkey);
    return undefined;
  }

  #witness([name, vkey, url, ...more]: readonly string[]): string | undefined {
    if (name === undefined || vkey === undefined || more.length > 0)
      return 'expected: witness <name> <vkey> [<url>]';
    const key = parseWitnessKey(vkey);
    if (!key.ok) return key.problem.detail;
    if (url !== undefined && !/^https?:\/\/[^\s?#]+$/.test(url)) return 'the url must be http or https';
    // Under another name it has another key id, and is the same key all the same.
    if (this.#witnesses.some((other) => other.key.publicKey.equals(key.value.publicKey)))
      return 'the same key twice: one witness would count as two';
    const taken = this.#define(name, (names) => names.has(name));
    if (taken === undefined) this.#witnesses.push({ name, key: key.value, url: url?.replace(/\/+$/, '') });
    return taken;
  }

  #group([name, threshold, ...members]: readonly string[]): string | undefined {
    if (name === undefined || threshold === undefined || members.length === 0)
      return 'expected: group <name> all|any|<k> <member>…';
    if (new Set(members).size !== members.length) return 'a member is named twice';
    const rules = members.map((member) => this.#rules.get(member));
    const unknown = members.find((_, i) => rules[i] === undefined);
    if (unknown !== undefined) return `${unknown} is not defined above`;
    const again = members.find((member) => this.#members.has(member));
    if (again !== undefined) return `${again} is in another group: one witness would count as two`;
    const needed = { all: members.length, any: 1 }[threshold] ?? Number(threshold);
    if (!/^(all|any|[1-9]\d*)$/.test(threshold) || needed > members.length)
      return `expected all, any, or a number from 1 to ${String(members.length)}`;
    const wrong = this.#define(name, (names) => rules.filter((rule) => rule?.(names)).length >= needed);
    if (wrong !== undefined) return wrong;
    for (const member of members) this.#members.add(member);
    this.#groups.push({ name, rule: threshold, members });
    return undefined;
  }

  #setQuorum([name, ...more]: readonly string[]): string | undefined {
    if (name === undefined || more.length > 0) return 'expected: quorum <name>|none';
    if (this.#quorum !== undefined) return 'a second quorum line';
    if (name === 'none') {
      this.#quorum = { name: undefined, rule: () => true };
      return undefined;
    }
    const rule = this.#rules.get(name);
    if (rule === undefined) return `${name} is not defined above`;
    this.#quorum = { name, rule };
    return undefined;
  }

  #define(name: string, rule: Rule): string | undefined {
    if (WORDS.includes(name) || !NAME.test(name)) return `${name} cannot be a name`;
    if (this.#rules.has(name)) return `${name} is defined twice`;
    this.#rules.set(name, rule);
    return undefined;
  }
}
