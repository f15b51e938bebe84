import type { Permission } from '../access/permission.js';

/** What can be found, and the permission it takes to be shown it. */
export const FINDABLE = {
  artefact: 'artefact.read',
  evidence: 'evidence.read',
  gate: 'gate.read',
  decision: 'decision.read',
  policy: 'policy.read',
  rule: 'policy.read',
  checklist: 'checklist.read',
  waiver: 'waiver.read',
  export: 'export.read',
} as const satisfies Record<string, Permission>;
export type FindKind = keyof typeof FINDABLE;

export interface Found {
  readonly kind: FindKind;
  /** By which the thing's own query knows it. */
  readonly id: string;
  /** Its version, where it has numbered ones. */
  readonly version: string | null;
  readonly digest: string | null;
  readonly title: string;
  readonly matched: 'id' | 'digest' | 'rule' | 'component';
}

/** Looks in all features at once. A class, so that it can be injected. */
export abstract class Finder {
  /** Of one organisation and of these kinds, exact ones first, at most `limit` and so many of each kind. */
  abstract find(
    orgId: string,
    text: string,
    kinds: ReadonlySet<FindKind>,
    limit: number,
  ): Promise<readonly Found[]>;
}
