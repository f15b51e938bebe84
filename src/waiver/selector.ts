import { z } from 'zod';
import { digestOf } from '../kernel/canonical-json.js';
import { digestFrom, parseDigest, type Digest } from '../kernel/digest.js';
import { POSITION_ONLY_SCHEME } from '../kernel/finding-scheme.js';
import { parseHumanId } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { pathPatternFault } from './path-pattern.js';

/**
 * Names one finding across runs. Without `occurrence` every repetition of the finding is meant. With `content`
 * (of its identity) the waiver follows it into a renamed file.
 */
export interface FindingIdentity {
  readonly scheme: string;
  readonly value: string;
  readonly occurrence?: number;
  readonly content?: string;
}

/** One condition of a waiver's scope. A waiver excuses what *all* of its selectors match. */
export type WaiverSelector =
  | { readonly type: 'gate'; readonly gateId: string }
  | { readonly type: 'rule'; readonly ruleId: string }
  | ({ readonly type: 'finding' } & FindingIdentity)
  | { readonly type: 'artefact'; readonly artId: string; readonly digest?: Digest }
  /** Every artefact whose id matches: `*` stands for any characters of an id, none included. */
  | { readonly type: 'artefact-pattern'; readonly pattern: string }
  /** Glob of path-pattern.ts over the violation's path. */
  | { readonly type: 'path'; readonly pattern: string }
  /** With a version: exactly that purl. Without: every version of the package. */
  | { readonly type: 'component'; readonly purl: string };

export interface SelectorInvalid {
  readonly kind: 'SelectorInvalid';
  /** `selectors`, `selectors[2]` or `selectors[2].pattern`. */
  readonly where: string;
  readonly expected: string;
}

const ORDER: readonly WaiverSelector['type'][] = [
  ...(['gate', 'rule', 'finding', 'artefact', 'artefact-pattern', 'path', 'component'] as const),
];

/** No control characters: a database cannot hold them all, and a person cannot see them. */
const text = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}]+$/u, `1 to ${max} printable characters`);
const humanId = (prefix: 'GATE' | 'ART'): z.ZodString =>
  z.string().check((given) => {
    if (parseHumanId(prefix, given.value).ok) return;
    given.issues.push({ code: 'custom', message: `an id ${prefix}_…`, input: given.value });
  });

const shape = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('gate'), gateId: humanId('GATE') }),
    z.strictObject({
      type: z.literal('rule'),
      ruleId: z
        .string()
        .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'a rule id in kebab-case')
        .max(100),
    }),
    z.strictObject({
      type: z.literal('finding'),
      scheme: text(200).refine((scheme) => scheme !== POSITION_ONLY_SCHEME, {
        error: 'an identity that rests on the value of the secret, not on its position',
      }),
      value: text(1000),
      occurrence: z.int().min(0).max(1_000_000).exactOptional(),
      content: text(200).exactOptional(),
    }),
    z.strictObject({
      type: z.literal('artefact'),
      artId: humanId('ART'),
      digest: z
        .string()
        .refine((digest) => parseDigest(digest).ok, { error: 'a digest sha256:… or gitCommit:…' })
        .transform(digestFrom)
        .exactOptional(),
    }),
    z.strictObject({
      type: z.literal('artefact-pattern'),
      pattern: z
        .string()
        .regex(/^ART_(?=.*[A-Z0-9])[A-Z0-9_*-]{1,64}$/, 'ART_ and letters, digits, _, - and *, not * alone'),
    }),
    z.strictObject({
      type: z.literal('path'),
      pattern: z.string().superRefine((pattern, issues) => {
        const fault = pathPatternFault(pattern);
        if (fault) issues.addIssue({ code: 'custom', message: fault });
      }),
    }),
    z.strictObject({
      type: z.literal('component'),
      purl: text(1000).regex(/^pkg:[a-z0-9.+-]+\/[^\s@]|^pkg:[a-z0-9.+-]+\/@/i, 'a package URL pkg:type/…'),
    }),
  ],
  { error: `a selector of type ${ORDER.join(', ')}` },
);

/**
 * Reads a scope, and puts it into its one canonical order. Refused rather than skipped: unknown types and
 * fields, two selectors of one type (they could only contradict or repeat each other), and a scope that names
 * neither a rule nor a finding, because it would excuse what nobody has thought of yet.
 */
export function parseSelectors(given: unknown): Result<readonly WaiverSelector[], SelectorInvalid> {
  if (!Array.isArray(given)) return invalid('selectors', 'a list of selectors');
  const selectors: WaiverSelector[] = [];
  for (const [index, item] of given.entries()) {
    const where = `selectors[${String(index)}]`;
    const parsed = shape.safeParse(item);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return invalid([where, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'a selector');
    }
    if (selectors.some((other) => other.type === parsed.data.type))
      return invalid(where, `at most one selector of type ${parsed.data.type}`);
    selectors.push(parsed.data);
  }
  if (!selectors.some(({ type }) => type === 'rule' || type === 'finding'))
    return invalid('selectors', 'at least one rule or finding selector');
  return ok(selectors.sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)));
}

/** Of the canonical order, so that equal scopes have equal digests. */
export const selectorsDigest = (selectors: readonly WaiverSelector[]): Digest =>
  digestOf(selectors.map((selector) => ({ ...selector })));

/** Whether a component is the one a selector names: the same purl, or any version when it names none. */
export function namesComponent(selector: string, purl: string): boolean {
  return selector === purl || (versionOf(selector) === undefined && packageOf(purl) === packageOf(selector));
}

/** The purl up to its version: without `@version`, qualifiers and subpath. */
function packageOf(purl: string): string {
  const name = purl.split(/[?#]/, 1)[0] ?? '';
  const version = versionOf(purl);
  return version === undefined ? name : name.slice(0, -version.length - 1);
}

/** Of a purl; undefined where it names none. A scope such as `@types` may stand unescaped before the last slash: only an `@` after it, not leading, counts. */
export function versionOf(purl: string): string | undefined {
  const name = purl.split(/[?#]/, 1)[0] ?? '';
  const at = name.indexOf('@', name.lastIndexOf('/') + 2);
  return at < 0 ? undefined : name.slice(at + 1);
}

const invalid = (where: string, expected: string): Result<never, SelectorInvalid> =>
  failed({ kind: 'SelectorInvalid', where, expected });
