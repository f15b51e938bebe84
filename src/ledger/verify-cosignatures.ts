import { parseNote } from './signed-note.js';
import { cosignatureOf } from './witness-key.js';
import type { WitnessPolicy } from './witness-policy.js';
import type { Finding } from './verify.js';

export interface CosignedCheckpoint {
  readonly size: number;
  /** Signed by the log alone. */
  readonly note: string;
  /** The same with the lines of witnesses behind it; undefined before a quorum has cosigned. */
  readonly cosigned: string | undefined;
}

/**
 * What is published as cosigned, against what the configured policy says. Of every checkpoint: that it is the log's
 * own with lines added, and each line of a configured witness verifies. Of the newest: that it is what the policy
 * asks for, for that is the one that is published. Lines of others are not judged: a policy may have named them once.
 */
export class CosignatureCheck {
  readonly #findings: Finding[] = [];
  #newest: { readonly size: number; readonly isMet: boolean } | undefined;

  constructor(private readonly policy: WitnessPolicy) {}

  /** In order of size. */
  see({ size, note, cosigned }: CosignedCheckpoint): void {
    if (cosigned === undefined) return;
    const found = (detail: string): void => {
      this.#findings.push({
        what: 'checkpoint',
        detail: `cosigned checkpoint of size ${String(size)}: ${detail}`,
      });
    };
    const parsed = cosigned.startsWith(note) ? parseNote(cosigned) : undefined;
    if (!parsed?.ok) {
      this.#newest = { size, isMet: false };
      found('not the signed one with lines of witnesses behind it');
      return;
    }
    const { text, signatures } = parsed.value;
    const good = new Set<string>();
    for (const { name, key } of this.policy.witnesses) {
      const lines = signatures.filter((line) => line.name === key.name && line.keyId.equals(key.keyId));
      if (lines.every((line) => cosignatureOf(text, [line], key))) {
        if (lines.length > 0) good.add(name);
      } else found(`the line of witness ${name} does not verify`);
    }
    this.#newest = { size, isMet: this.policy.isMetBy(good) };
  }

  findings(): readonly Finding[] {
    const newest = this.#newest;
    if (!newest || newest.isMet) return this.#findings;
    const detail = `the published checkpoint of size ${String(newest.size)} lacks the quorum that the policy asks for`;
    return [...this.#findings, { what: 'checkpoint', detail }];
  }
}
