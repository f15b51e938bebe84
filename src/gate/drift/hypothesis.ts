import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { matchSnapshot } from '../../formats/vulnerability/osv-snapshot.js';
import { readOsvRecord, type OsvRecord } from '../../formats/vulnerability/osv-record.js';
import { partsOfPurl } from '../../formats/vulnerability/purl.js';
import type { Component } from '../../formats/model/component.js';
import type { PolicyDocument } from '../../policy/policy-version.js';
import type { Severity } from '../../waiver/severity.js';
import type { PinnedChecklist, PinnedPolicy } from '../checklist.js';
import type { ReadEvidence } from '../subject.js';

/** An advisory that nobody has reported of these artefacts: what a scanner may say tomorrow. */
export interface AdvisoryInput {
  /** CVE-…, GHSA-… */
  readonly id: string;
  /** Of the package; a version in it counts for nothing. */
  readonly purl: string;
  /** The first version that has it; every one when absent. */
  readonly introduced?: string;
  /** The first version that has it no more; none when absent. */
  readonly fixed?: string;
  readonly severity: Severity;
}

/** A version of a policy with what a gate needs of it. */
export interface PolicyAt {
  readonly digest: PinnedPolicy['digest'];
  readonly document: PolicyDocument;
}

/**
 * The checklist with another version of a policy that it pins: parameters that it sets and the version still declares,
 * the version's defaults for the rest. Its linked module would still be of the old one. Undefined where it pins none.
 */
export function withPolicy(
  checklist: PinnedChecklist,
  { digest, document }: PolicyAt,
): PinnedChecklist | undefined {
  if (!checklist.policies.some(({ policyId }) => policyId === document.policyId)) return undefined;
  const { bundle: _, ...rest } = checklist;
  const policies = checklist.policies.map((policy): PinnedPolicy => {
    if (policy.policyId !== document.policyId) return policy;
    const { policyId, version, bundle, readsClock, rules } = document;
    const parameters = Object.fromEntries(
      Object.entries(document.parameters).map(([name, declared]): [string, JsonValue] => [
        name,
        policy.parameters[name] ?? declared.default,
      ]),
    );
    return { policyId, version, digest, bundle, readsClock, rules, parameters };
  });
  return { ...rest, policies };
}

/** Reads an advisory into the form that components are matched with. */
export function readAdvisory(
  input: AdvisoryInput,
): Result<OsvRecord, { readonly path: string; readonly expected: string }> {
  const parts = partsOfPurl(input.purl);
  if (!parts) return failed({ path: 'advisory.purl', expected: 'a package URL such as pkg:npm/lodash' });
  const { ecosystem, name } = parts;
  const events: JsonObject[] = [
    { introduced: input.introduced ?? '0' },
    ...(input.fixed === undefined ? [] : [{ fixed: input.fixed }]),
  ];
  const record = readOsvRecord({
    id: input.id,
    summary: 'Supposed',
    affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    database_specific: { severity: input.severity.toUpperCase() },
  });
  return record ? ok(record) : failed({ path: 'advisory.id', expected: 'an id such as CVE-2026-1234' });
}

/** The evidence as if its tools had known of the advisory: what they list as components is matched with it. */
export const withAdvisory = (evidence: readonly ReadEvidence[], record: OsvRecord): readonly ReadEvidence[] =>
  evidence.map((item) => {
    const components = (item.document['components'] ?? []) as unknown as readonly Component[];
    const { vulnerabilities } = matchSnapshot(components, { dataDate: '', records: [record] });
    if (vulnerabilities.length === 0) return item;
    const known = (item.document['vulnerabilities'] ?? []) as readonly JsonValue[];
    const all = [...known, ...(vulnerabilities as unknown as readonly JsonValue[])];
    return { ...item, document: { ...item.document, vulnerabilities: all } };
  });
