import type { Finding } from './finding.js';

/** What the auditor has from elsewhere. What is absent is taken from the pack, which then vouches for itself. */
export interface Pins {
  /** The log's key, `name+id+base64`. */
  readonly vkey?: string;
  /** A checkpoint kept from an earlier time: a signed note. */
  readonly checkpoint?: string;
  /** PEM of the key that signs manifests. */
  readonly exportKey?: string;
  /** PEM of the keys that sign decisions: the pack's may be no others. */
  readonly decisionKeys?: string;
  /** The policy that names the witnesses: the pack's must be the same text. */
  readonly policy?: string;
}

export interface Verdict {
  /** Nothing at all was found. */
  readonly accepted: boolean;
  /** In the order of the checks; the first thousand. */
  readonly findings: readonly Finding[];
  /** How many there were. */
  readonly found: number;
  /** What was not established, though nothing is wrong: for people. */
  readonly notices: readonly string[];
  readonly checked: {
    readonly origin?: string;
    readonly size?: number;
    /** Base64. */
    readonly root?: string;
    readonly decisions: number;
    readonly files: number;
    readonly bytes: number;
  };
}
