import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import { licenceItemFault } from '../formats/licence/licence-item.js';
import { failed, ok, type Result } from '../kernel/result.js';

/** Types a pack's parameter may have. Thresholds are data: the checklist version carries the values. */
export const PARAMETER_TYPES = {
  severity: z.enum(['critical', 'high', 'medium', 'low', 'none']),
  percent: z.number().min(0).max(100).multipleOf(0.01),
  integer: z.int(),
  boolean: z.boolean(),
  'string-list': z.array(z.string().max(500)).max(2_000),
  /** Licences that are allowed or denied, by their SPDX identifiers: one that is misspelt would never match. */
  'licence-list': z.array(z.string().max(500)).max(2_000).superRefine(eachALicence),
  'evidence-kind-list': z.array(z.string().regex(/^[a-z][a-z-]{0,40}$/)).max(50),
  /** Lists of texts by name, e.g. permissions by role. */
  'string-list-map': z.record(z.string(), z.array(z.string())),
  /** Whole numbers by name, e.g. longest days by severity. */
  'integer-map': z.record(z.string(), z.int()),
} as const;
export type ParameterType = keyof typeof PARAMETER_TYPES;

function eachALicence(items: readonly string[], context: z.RefinementCtx): void {
  for (const [at, item] of items.entries()) {
    const message = licenceMistake(item);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [at], message });
    if (context.issues.length >= MOST_MISTAKES) return; // looking for the nearest id takes its time
  }
}
const MOST_MISTAKES = 20;

function licenceMistake(item: string): string | undefined {
  const fault = licenceItemFault(item);
  if (!fault) return undefined;
  const written = JSON.stringify(item.slice(0, 80).toWellFormed());
  if (fault.kind === 'several') return `${written} is more than one licence: list each by itself`;
  if (fault.kind === 'no-licence') return `${written} names no licence`;
  const hint = fault.nearest === undefined ? '' : `; did you mean ${JSON.stringify(fault.nearest)}?`;
  return `${written} is no SPDX licence identifier${hint}`;
}

const localised = z.strictObject({ en: z.string().min(1), nl: z.string().min(1) });

const parameter = z.strictObject({
  type: z.enum(Object.keys(PARAMETER_TYPES) as [ParameterType, ...ParameterType[]]),
  default: z.unknown(),
  description: z.string().min(1),
});

const manifestShape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: localised,
  description: localised,
  rules: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
        effect: z.enum(['block', 'warn', 'off']),
      }),
    )
    .optional()
    .default([]),
  /** Access packs answer questions instead of judging rules: their entrypoints are named outright. */
  entrypoints: z.array(z.string().regex(/^assay(\/[a-z][a-z0-9_]*)+$/)).optional(),
  /** Titles of what people vouch for, by checklist and item: a tool's items have their rule's. */
  items: z.record(z.string(), z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), localised)).optional(),
  parameters: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), parameter),
  freshness: z.record(z.string(), z.int().positive()).optional().default({}),
});

/** `policy.yaml` of a pack, parsed. */
export type Manifest = z.infer<typeof manifestShape>;

export interface ManifestInvalid {
  readonly kind: 'ManifestInvalid';
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

/** Every mistake at once, each with its path. Defaults are checked against their declared types. */
export function parseManifest(document: unknown): Result<Manifest, ManifestInvalid> {
  const parsed = manifestShape.safeParse(document);
  if (!parsed.success) return failed(invalid(parsed.error.issues));
  const errors = Object.entries(parsed.data.parameters).flatMap(([name, { type, default: value }]) =>
    problemsOf(type, value, `parameters.${name}.default`),
  );
  errors.push(...untitled(parsed.data));
  return errors.length > 0 ? failed({ kind: 'ManifestInvalid', errors }) : ok(parsed.data);
}

/** Where titles are given at all, every item that is asked for has one. */
function untitled({ items, parameters }: Manifest): { path: string; message: string }[] {
  const asked = PARAMETER_TYPES['string-list-map'].safeParse(parameters['attested_items']?.default);
  if (!items || !asked.success) return [];
  return Object.entries(asked.data).flatMap(([chkId, ids]) =>
    ids
      .filter((itemId) => !items[chkId]?.[itemId])
      .map((itemId) => ({ path: `items.${chkId}.${itemId}`, message: 'the item has no title' })),
  );
}

/** The values rules are asked with: defaults, overridden by the checklist's. Unknown names are mistakes. */
export function effectiveParameters(
  declared: Manifest['parameters'],
  given: Readonly<Record<string, JsonValue>>,
): Result<Record<string, JsonValue>, ManifestInvalid> {
  const errors = Object.entries(given).flatMap(([name, value]) => {
    const declaration = declared[name];
    if (!declaration) return [{ path: `parameters.${name}`, message: 'no such parameter' }];
    return problemsOf(declaration.type, value, `parameters.${name}`);
  });
  if (errors.length > 0) return failed({ kind: 'ManifestInvalid', errors });
  const defaults = Object.fromEntries(
    Object.entries(declared).map(([name, declaration]) => [name, declaration.default as JsonValue]),
  );
  const values = { ...defaults, ...given };
  canonicalJson(values); // refuses what cannot be recorded exactly
  return ok(values);
}

function problemsOf(type: ParameterType, value: unknown, path: string): { path: string; message: string }[] {
  const parsed = PARAMETER_TYPES[type].safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    path: [path, ...issue.path].join('.'),
    message: issue.message,
  }));
}

const invalid = (issues: readonly z.core.$ZodIssue[]): ManifestInvalid => ({
  kind: 'ManifestInvalid',
  errors: issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
});
