import type { JsonValue } from '../../kernel/canonical-json.js';
import { parseHumanId } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { ANSWERING, QUESTIONS, type ChecklistDocument } from './checklist.js';
import type { ChecklistInvalid } from './problem.js';
import { effectiveParameters } from '../manifest.js';
import type { PolicyVersion } from '../policy-version.js';

/** A checklist as somebody composes it. */
export interface ChecklistDraft {
  readonly chkId: string;
  readonly title: { readonly en: string; readonly nl: string };
  readonly policies: readonly PolicyPin[];
  /** Days by kind of evidence; what is not named is as the policies say, the stricter one where they differ. */
  readonly freshness: Readonly<Record<string, number>>;
}
export interface PolicyPin {
  readonly policyId: string;
  readonly version: string;
  /** Only what differs from the policy's defaults. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
}

/** Everything of a checklist but its number, and how it was compiled. */
export type ChecklistContent = Omit<ChecklistDocument, 'version' | 'bundle'>;

const MAX_POLICIES = 50;
const MAX_DAYS = 36_500;
const KIND = /^[a-z][a-z-]{0,40}$/;

type Mistake = ChecklistInvalid['errors'][number];

/** What the draft says, with every default filled in; `policies` are the drafted ones, in the same order. */
export function readDraft(
  draft: ChecklistDraft,
  policies: readonly PolicyVersion[],
): Result<ChecklistContent, ChecklistInvalid> {
  const errors: Mistake[] = [...shapeMistakes(draft), ...purposeMistakes(draft, policies)];
  const freshness: Record<string, number> = {};
  const pinned: ChecklistContent['policies'] = [];
  policies.forEach(({ digest, document }, at) => {
    for (const [kind, days] of Object.entries(document.freshness))
      freshness[kind] = Math.min(days, freshness[kind] ?? days);
    const declared = document.parameters as Parameters<typeof effectiveParameters>[0];
    const values = effectiveParameters(declared, draft.policies[at]?.parameters ?? {});
    if (!values.ok)
      errors.push(
        ...values.problem.errors.map(({ path, message }) => ({ path: `policies.${at}.${path}`, message })),
      );
    else
      pinned.push({
        policyId: document.policyId,
        version: document.version,
        digest,
        parameters: values.value as ChecklistContent['policies'][number]['parameters'],
      });
  });
  if (errors.length > 0) return failed({ kind: 'ChecklistInvalid', errors });
  const { chkId, title } = draft;
  return ok({ chkId, title, policies: pinned, freshness: { ...freshness, ...draft.freshness } });
}

/** What can be said without looking the policies up. */
export function shapeMistakes({ chkId, title, policies, freshness }: ChecklistDraft): readonly Mistake[] {
  const errors: Mistake[] = [];
  if (!parseHumanId('CHK', chkId).ok) errors.push({ path: 'chkId', message: 'expected an id CHK_…' });
  for (const language of ['en', 'nl'] as const)
    if (title[language].trim() === '' || title[language].length > 200)
      errors.push({ path: `title.${language}`, message: 'expected 1 to 200 characters' });
  if (policies.length < 1 || policies.length > MAX_POLICIES)
    errors.push({ path: 'policies', message: `expected 1 to ${MAX_POLICIES} policies` });
  const seen = new Set<string>();
  policies.forEach(({ policyId }, at) => {
    if (seen.has(policyId))
      errors.push({ path: `policies.${at}.policyId`, message: `${policyId} is there already` });
    seen.add(policyId);
  });
  for (const [kind, days] of Object.entries(freshness))
    if (!KIND.test(kind) || !Number.isInteger(days) || days < 1 || days > MAX_DAYS)
      errors.push({
        path: `freshness.${kind}`,
        message: `expected a kind of evidence and 1 to ${MAX_DAYS} days`,
      });
  return errors;
}

/** A policy that judges cannot answer questions, and the other way round: nobody could do anything any more. */
function purposeMistakes({ chkId }: ChecklistDraft, policies: readonly PolicyVersion[]): readonly Mistake[] {
  const about = ANSWERING[chkId];
  const errors = policies.flatMap(({ document: { policyId, rules, entrypoints } }, at) => {
    const path = `policies.${at}.policyId`;
    if (about === undefined) return rules.length > 0 ? [] : [{ path, message: `${policyId} judges nothing` }];
    const answers = rules.length === 0 && entrypoints.every((each) => each.startsWith(`assay/${about}/`));
    return answers ? [] : [{ path, message: `${policyId} does not answer ${QUESTIONS[about] ?? about}` }];
  });
  if (about !== undefined && policies.length > 1)
    errors.push({ path: 'policies', message: `${about} is answered by one policy` });
  return errors;
}
