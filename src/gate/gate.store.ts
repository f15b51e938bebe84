import type { IdempotencyKey } from '../kernel/id.js';
import type { Gate } from './gate.js';

/** Gate definitions: the one thing here that is edited, always under its version. */
export interface GateStore {
  /** With the key of the entry that says so. */
  find(orgId: string, gateId: string): Promise<{ gate: Gate; entryKey: IdempotencyKey } | undefined>;
  /** False, and nothing stored, when the gate exists. */
  add(gate: Gate, key: IdempotencyKey): Promise<boolean>;
  /** Replaces the definition whose version is one below. False, and nothing stored, when that is not the current one. */
  replace(gate: Gate, key: IdempotencyKey): Promise<boolean>;
}
