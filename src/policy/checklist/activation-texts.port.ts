import type { IdempotencyKey } from '../../kernel/id.js';

/** Where the prose of activations is kept; wired in `app`. */
export interface ActivationTexts {
  /** Null when there is none (the installation activated it) or the person's data was erased. */
  reasonOf(orgId: string, entryKey: IdempotencyKey): Promise<string | null>;
}
