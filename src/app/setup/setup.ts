import { z } from 'zod';
import { ACCESS_ROLES } from '../../kernel/actor.js';
import { parseHumanId, type HumanIdPrefix } from '../../kernel/id.js';
import { LOCI } from '../../gate/gate.js';
import { PROCESS_ROLE } from '../../gate/gate-terms.js';
import { MAX_RUN_MS } from '../../gate/gate-definition.service.js';
import { SEVERITIES } from '../../waiver/severity.js';

const text = (most: number) =>
  z
    .string()
    .refine(
      (value) =>
        value !== '' &&
        value.length <= most &&
        value === value.trim() &&
        value.isWellFormed() &&
        !/\p{Cc}/u.test(value),
      { error: `expected 1 to ${most} characters on one line, without blanks around them` },
    );
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: 'expected 1 to 63 of a-z, 0-9 and -, not beginning with -',
});
const humanId = (prefix: HumanIdPrefix) =>
  z.string().refine((value) => parseHumanId(prefix, value).ok, {
    error: `expected ${prefix}_ followed by 1 to 63 of A-Z, 0-9, _ and -`,
  });
const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Amsterdam' });

/** One pack in a checklist, by its folder in policies/, and only the parameters that differ from its defaults. */
export const packShape = z.strictObject({
  pack: z.string(),
  parameters: z.record(z.string(), z.json()).default({}),
});

/** Lists whose members are told apart by one of their fields. */
const KEYS = { projects: 'slug', principals: 'subject', checklists: 'chkId', gates: 'gateId' } as const;

const processRole = z.string().regex(PROCESS_ROLE, { error: 'expected a process role such as QA' });

/** What a gate may say beside; ranges are the gate's own to check. */
const termShapes = {
  severityRules: z.partialRecord(z.enum(SEVERITIES), z.enum(['block', 'warn'])).optional(),
  slaMs: z.int().nullable().optional(),
  retry: z.strictObject({ count: z.int(), firstBackOffMs: z.int(), maxBackOffMs: z.int() }).optional(),
  pauseMs: z.int().optional(),
  escalation: z.array(z.strictObject({ role: processRole, afterMs: z.int() })).optional(),
  waiverRights: z
    .array(z.strictObject({ role: processRole, severity: z.enum(SEVERITIES), maxDays: z.int() }))
    .optional(),
};

/**
 * What an installation holds besides its data: one organisation with its projects, principals, checklists and
 * gates. Strict, and it names every mistake at once, also those between the parts: a name given twice, a gate
 * without its project or checklist.
 */
export const setupShape = z
  .strictObject({
    organisation: z.strictObject({ slug, name: text(200), timeZone, locale: z.enum(['en', 'nl']) }),
    projects: z.array(z.strictObject({ slug, name: text(200) })).default([]),
    principals: z
      .array(
        z.strictObject({
          /** The `sub` claim of their tokens; the issuer is the one that is configured. */
          subject: text(255),
          displayName: text(200),
          kind: z.enum(['person', 'service', 'agent']),
          roles: z.array(z.enum(ACCESS_ROLES)).min(1),
        }),
      )
      .default([]),
    checklists: z
      .array(
        z.strictObject({
          chkId: humanId('CHK'),
          title: z.strictObject({ en: text(200), nl: text(200) }),
          packs: z.array(packShape).min(1),
        }),
      )
      .default([]),
    /** Shipped process templates, by their file in templates/. */
    templates: z.array(humanId('TMP')).default([]),
    gates: z
      .array(
        z.strictObject({
          gateId: humanId('GATE'),
          title: text(200),
          locus: z.enum(LOCI),
          /** Slug of a project above. */
          project: z.string(),
          /** Of a checklist above; the gate judges with the version in force. */
          chkId: z.string(),
          /** Judges with this version instead, whatever is put in force. */
          checklistVersion: z.int().min(1).optional(),
          ownerRole: processRole,
          maxRunMs: z.int().min(1).max(MAX_RUN_MS),
          ...termShapes,
        }),
      )
      .default([]),
  })
  .superRefine(
    (setup, context) => {
      for (const { path, message } of contradictions(setup))
        context.addIssue({ code: 'custom', path: [...path], message });
    },
    // Also beside other mistakes, so that one round is enough to find them all.
    { when: () => true },
  );

export type Setup = z.output<typeof setupShape>;
export type SetupPrincipal = Setup['principals'][number];
export type SetupChecklist = Setup['checklists'][number];

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** `setup` may be anything: it is looked at beside other mistakes. */
function contradictions(setup: unknown): Contradiction[] {
  const known = (list: string, key: string) => new Set(membersOf(setup, list).map((member) => member[key]));
  const projects = known('projects', 'slug');
  const checklists = known('checklists', 'chkId');
  const strangers = membersOf(setup, 'gates').flatMap(({ project, chkId }, at) => [
    ...(typeof project !== 'string' || projects.has(project)
      ? []
      : [{ path: ['gates', at, 'project'], message: `there is no project ${project} in this file` }]),
    ...(typeof chkId !== 'string' || checklists.has(chkId)
      ? []
      : [{ path: ['gates', at, 'chkId'], message: `there is no checklist ${chkId} in this file` }]),
  ]);
  return [
    ...Object.entries(KEYS).flatMap(([list, key]) => repeated(membersOf(setup, list), key, [list])),
    ...membersOf(setup, 'checklists').flatMap((checklist, at) =>
      repeated(membersOf(checklist, 'packs'), 'pack', ['checklists', at, 'packs']),
    ),
    ...strangers,
  ];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is not an object counts as an empty one: the places of the others stay right. */
export function membersOf(whole: unknown, list: string): readonly Readonly<Record<string, unknown>>[] {
  const members: unknown = isRecord(whole) ? whole[list] : undefined;
  return Array.isArray(members) ? members.map((member: unknown) => (isRecord(member) ? member : {})) : [];
}

function repeated(
  members: readonly Readonly<Record<string, unknown>>[],
  key: string,
  path: Contradiction['path'],
): Contradiction[] {
  const seen = new Set<string>();
  return members.flatMap(({ [key]: name }, at) => {
    if (typeof name !== 'string') return [];
    if (seen.has(name)) return [{ path: [...path, at, key], message: `${name} is there already` }];
    seen.add(name);
    return [];
  });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
