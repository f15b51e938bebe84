import type { IdempotencyKey } from '../kernel/id.js';

/** Names and free text live encrypted beside the entry that recorded them. */
export interface ProcessTexts {
  /** Null when there is none, or its person was erased. */
  fieldOf(orgId: string, key: IdempotencyKey, field: string): Promise<string | null>;
}
