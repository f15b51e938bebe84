/**
 * Everything that can be wrong with a pack: the step of ledger.md §8 that finds it, and what it means. Closed:
 * the table in docs/AUDITING.md is held against this one.
 */
export const CODES = {
  'archive-malformed': [1, 'the .tar is not the plain, sorted, dateless ustar that a pack is'],
  'file-kind': [1, 'something that is neither a file nor a folder: a link, a device'],
  'file-name': [1, 'a file that format 1 does not know'],
  'file-size': [1, 'a file larger than its kind can be'],
  'file-missing': [1, 'a file that the format requires, or that the manifest lists, is not there'],
  'file-unlisted': [1, 'a file that the manifest does not list'],
  'file-digest': [1, 'the bytes of a file are not those the manifest lists'],
  'manifest-malformed': [1, 'the manifest is not the one canonical form of format 1'],
  'manifest-signature': [1, 'the signature of the manifest does not verify with export.pub'],
  'export-key': [1, 'export.pub is no Ed25519 key, or not the one that was pinned'],
  'encoding-utf8': [2, 'bytes that are not UTF-8'],
  'encoding-lines': [2, 'a line too long, or a last line without its newline'],
  'encoding-json': [2, 'not JSON, or not its RFC 8785 form'],
  'encoding-base64': [2, 'not the one canonical base64 form'],
  'key-malformed': [2, 'a key that is not exactly what its format says'],
  'trusted-root': [2, 'trusted_root.json does not name this log and this key'],
  'checkpoint-malformed': [3, 'not a signed note of origin, size and root'],
  'checkpoint-origin': [3, 'the checkpoint is of another log than the key'],
  'checkpoint-signature': [3, 'no signature of the log key, or one that does not verify'],
  'checkpoint-unknown-signature': [3, 'a signature line of nobody that policy.tlog names'],
  vkey: [3, 'checkpoint.vkey is malformed, or not the one that was pinned'],
  policy: [3, 'policy.tlog is malformed, of another log, or not the one that was pinned'],
  cosignature: [3, 'a cosignature of a named witness does not verify, or comes twice'],
  quorum: [3, 'fewer witnesses have cosigned than policy.tlog asks for'],
  'earlier-malformed': [4, 'the earlier checkpoint is not one, or is of another log'],
  'earlier-signature': [4, 'the earlier checkpoint is not signed by the log key'],
  'earlier-ahead': [
    4,
    'the earlier checkpoint covers more entries than the pack: entries are gone, or the pack is older',
  ],
  continuation: [4, 'a file in continuations/ is not the record of a log that this one continues'],
  'earlier-fork': [4, 'the log key has signed two histories: the earlier checkpoint has another root'],
  'tile-name': [5, 'a tile that a tree of this size does not have'],
  'tile-missing': [5, 'a tile that a tree of this size has is not there'],
  'tile-width': [5, 'a tile or entry bundle is shorter or longer than the size implies'],
  'tile-hash': [5, 'a hash in a tile is not that of what lies below it'],
  'entry-hash': [5, 'an entry is not what level 0 has a hash of'],
  root: [5, 'the entries have another root than the checkpoint says'],
  'decision-file': [6, 'entry, bundle or proof of a decision is not there'],
  'leaf-hash': [6, 'entries/<seq>.json is not the entry of that number in the log'],
  'leaf-form': [6, 'the leaf is not a canonical hashedrekord 0.0.2'],
  'leaf-key': [6, 'the leaf is signed with a key that decision.pub does not have'],
  'statement-digest': [6, 'the statement is not the one whose digest the leaf holds'],
  'statement-signature': [6, 'the signature over the statement does not verify'],
  'bundle-form': [6, 'a Sigstore bundle has an unknown, missing or different member, or is not canonical'],
  'bundle-statement': [6, 'the statement in the bundle is another one'],
  'bundle-signature': [6, 'the signature in the bundle is not the one in the leaf'],
  'bundle-leaf': [6, 'the bundle holds another leaf'],
  'bundle-index': [6, 'the bundle names another log index'],
  'bundle-tree': [6, 'root, size or checkpoint in the bundle are not those of the pack'],
  'bundle-path': [6, 'the inclusion proof in the bundle is not the one of this entry'],
  'proof-form': [6, 'a .tlog-proof is not index, hashes and checkpoint and nothing else'],
  'statement-form': [7, 'the statement is not the recorded form of a decision'],
  'jsonl-row': [7, 'a row of decisions.jsonl is missing, added, out of order or different'],
  'csv-row': [7, 'a row of decisions.csv is missing, added, out of order or different'],
  count: [7, 'a count in the manifest is not what the pack holds'],
  range: [7, 'the range in the manifest is not that of the decisions'],
  'manifest-claim': [7, 'the manifest says something else of checkpoint, request or query than the pack'],
  'erased-count': [8, 'the count of erased fields cannot be'],
  'masked-count': [8, 'the count of masked evidence cannot be'],
} as const satisfies Record<string, readonly [step: number, meaning: string]>;

export type Code = keyof typeof CODES;

/** One thing that is wrong, and exactly where. */
export interface Finding {
  readonly code: Code;
  /** Path within the pack; `.` for the pack as a whole. */
  readonly path: string;
  /** `byte 17`, `line 3`, `slot 5`, `$.member`: where in the file. Absent when it is the whole file. */
  readonly at?: string;
  /** For people. */
  readonly detail: string;
}

/** Thrown to give up what is being read; whoever reads files turns it into a finding. */
export class Refusal extends Error {
  constructor(
    readonly code: Code,
    readonly path: string,
    readonly detail: string,
    readonly at?: string,
  ) {
    super(`${code} ${path}: ${detail}`);
  }
}

/** How many findings are kept; the rest is counted. A pack that is wrong everywhere must not fill the memory. */
const KEPT = 1000;

/** Gathers findings. Nothing found means accepted. */
export class Findings {
  private readonly kept: Finding[] = [];
  private total = 0;

  add(code: Code, path: string, detail: string, at?: string): void {
    this.total += 1;
    if (this.kept.length < KEPT) this.kept.push({ code, path, detail, ...(at !== undefined && { at }) });
  }

  get count(): number {
    return this.total;
  }

  /** In the order of the checks; within one check, in the order found. */
  list(): readonly Finding[] {
    return this.kept.toSorted((a, b) => CODES[a.code][0] - CODES[b.code][0]);
  }

  /** Runs a step; what it refuses is noted, and answered with undefined. Anything else is a defect and passes. */
  async attempt<T>(step: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.add(error.code, error.path, error.detail, error.at);
      return undefined;
    }
  }
}

/** Text from a pack as it may stand on a terminal: short, one line, no control characters. */
export function shown(text: string): string {
  const quoted = JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
  return quoted.replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');
}
