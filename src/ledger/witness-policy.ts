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

/** Who has to have cosigned a checkpoint before it is published (C2SP tlog-policy). */
export interface WitnessPolicy {
  /** vkeys of the logs it is for, as given. */
  readonly logs: readonly string[];
  readonly witnesses: readonly PolicyWitness[];
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
  hasQuorum: false,
  isMetBy: () => true,
};

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
  readonly #rules = new Map<string, Rule>();
  #quorum: Rule | 'none' | undefined;

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
    const hasQuorum = quorum !== 'none';
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      hasQuorum,
      isMetBy: (names) => quorum === 'none' || quorum(names),
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
    if (
      this.#witnesses.some(
        (other) => other.key.keyId.equals(key.value.keyId) && other.key.name === key.value.name,
      )
    )
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
    const needed = { all: members.length, any: 1 }[threshold] ?? Number(threshold);
    if (!/^(all|any|[1-9]\d*)$/.test(threshold) || needed > members.length)
      return `expected all, any, or a number from 1 to ${String(members.length)}`;
    return this.#define(name, (names) => rules.filter((rule) => rule?.(names)).length >= needed);
  }

  #setQuorum([name, ...more]: readonly string[]): string | undefined {
    if (name === undefined || more.length > 0) return 'expected: quorum <name>|none';
    if (this.#quorum !== undefined) return 'a second quorum line';
    const rule = name === 'none' ? 'none' : this.#rules.get(name);
    if (rule === undefined) return `${name} is not defined above`;
    this.#quorum = rule;
    return undefined;
  }

  #define(name: string, rule: Rule): string | undefined {
    if (name === 'none') return 'none is a reserved name';
    if (this.#rules.has(name)) return `${name} is defined twice`;
    this.#rules.set(name, rule);
    return undefined;
  }
}
