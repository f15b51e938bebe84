import { z } from 'zod';
import type { Annotation } from '../rego/compiler.port.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { Pack } from './pack.js';
import { entrypointOf, entrypointsOf, packageOf } from './pack.js';
import { findingNeedShape, type AnsweringRule, type PolicyRule } from './policy-version.js';

const metadataShape = z.object({
  title: z.string().min(1),
  description: z.string().min(1),
  custom: z.object({
    id: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low', 'none', 'unknown']),
    messages: z.record(z.string(), z.string()),
    remediation: z.string().min(1),
    controls: z.array(z.string()).min(1),
    findings: z.array(findingNeedShape).optional(),
  }),
});

/** A rule of the manifest has no package, or one whose METADATA does not say what a reader of a verdict needs. */
export interface RuleMetadataInvalid {
  readonly kind: 'RuleMetadataInvalid';
  readonly ruleId: string;
  readonly detail: string;
}

/** What a verdict shows of each rule, from the METADATA of its package. */
export function rulesOf(
  pack: Pack,
  annotations: readonly Annotation[],
): Result<readonly PolicyRule[], RuleMetadataInvalid> {
  const rules: PolicyRule[] = [];
  for (const { id, effect } of pack.manifest.rules) {
    const path = packageOf(id);
    const block = annotations.find(
      (each) => each.path.join('/') === path && each.annotations['scope'] === 'package',
    );
    const parsed = metadataShape.safeParse(block?.annotations);
    if (!parsed.success) {
      const detail = block ? z.prettifyError(parsed.error) : `no METADATA on package ${path}`;
      return failed({ kind: 'RuleMetadataInvalid', ruleId: id, detail });
    }
    const { title, description, custom } = parsed.data;
    rules.push({
      ruleId: id,
      entrypoint: entrypointOf(id),
      effect,
      severity: custom.severity,
      title,
      description,
      remediation: custom.remediation,
      controls: custom.controls,
      ...(custom.findings && { findings: custom.findings }),
      messages: inAllLanguages(pack, custom.messages),
    });
  }
  return ok(rules);
}

/** What a pack that answers questions says of each; an entrypoint without such METADATA is left out. */
export function answersOf(pack: Pack, annotations: readonly Annotation[]): readonly AnsweringRule[] {
  if (!pack.manifest.entrypoints) return [];
  return entrypointsOf(pack.manifest).flatMap((entrypoint) => {
    const path = entrypoint.split('/').slice(0, -1).join('/');
    const block = annotations.find(
      (each) => each.path.join('/') === path && each.annotations['scope'] === 'package',
    );
    const parsed = metadataShape.safeParse(block?.annotations);
    if (!parsed.success) return [];
    const { title, custom } = parsed.data;
    const { id: ruleId, remediation } = custom;
    return [{ ruleId, entrypoint, title, remediation, messages: inAllLanguages(pack, custom.messages) }];
  });
}

/** Dutch joins in by message code. */
const inAllLanguages = (pack: Pack, messages: Readonly<Record<string, string>>): PolicyRule['messages'] =>
  Object.fromEntries(
    Object.entries(messages).map(([code, en]) => {
      const nl = pack.dutch[code];
      return [code, nl === undefined ? { en } : { en, nl }];
    }),
  );
