import type { IdempotencyKey } from '../kernel/id.js';
import type { DefinedGate } from './gate.read.js';

/** Gate definitions: the one thing here that is edited, always under its version. */
export interface GateStore {
  /** With the key of the entry that says so, and since when. */
  find(orgId: string, gateId: string): Promise<(DefinedGate & { entryKey: IdempotencyKey }) | undefined>;
  /** As it was defined under this version; undefined when it never was. */
  findVersion(orgId: string, gateId: string, version: number): Promise<DefinedGate | undefined>;
  /** False, and nothing stored, when the gate exists. */
  add(orgId: string, defined: DefinedGate, key: IdempotencyKey): Promise<boolean>;
  /** Replaces the definition whose version is one below. False, and nothing stored, when that is not the current one. */
  replace(orgId: string, defined: DefinedGate, key: IdempotencyKey): Promise<boolean>;
}
