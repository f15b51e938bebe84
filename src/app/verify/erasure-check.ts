import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { toRfc3339 } from '../../kernel/clock.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';

const holdFacts = z.looseObject({
  holdId: z.string(),
  scope: z.string().optional(),
  until: z.string().optional(),
});

/** What the entries and bodies say of one person, by organisation and pseudonym. */
interface Person {
  /** The last entry that erased them, or -1. */
  erasedIn: number;
  /** The last entry whose body about them is empty, and the first whose is not. */
  lastEmpty: number;
  firstFull: number;
}

interface HoldRow {
  readonly key: string;
  readonly scope: string;
  readonly until: Date | null;
  readonly setSeq: string;
  readonly liftedSeq: string | null;
}

/**
 * Whatever is gone was erased on record, and whatever was erased is gone: bodies, keys, principals. Holds are as
 * they were set and lifted. Keeps one line per person.
 */
export function erasureCheck(manager: EntityManager): DomainCheck {
  const persons = new Map<string, Person>();
  const principals = new Map<string, number>();
  const holds = new Map<string, string>();
  return collecting(
    (entry) => {
      readBodies(persons, entry);
      readErasure(persons, principals, entry);
      readHold(holds, entry);
    },
    async () => [
      ...[...persons].flatMap(([key, person]) => ofPerson(key, person)),
      ...(await ofKeys(manager, persons)),
      ...(await ofPrincipals(manager, principals)),
      ...(await ofHolds(manager, holds)),
    ],
  );
}

function personOf(persons: Map<string, Person>, orgId: string, subject: string): Person {
  const key = `${orgId} ${subject}`;
  const known = persons.get(key) ?? { erasedIn: -1, lastEmpty: -1, firstFull: Infinity };
  persons.set(key, known);
  return known;
}

function readBodies(persons: Map<string, Person>, { seq, recorded, bodies }: CheckedEntry): void {
  for (const { subject, erased } of bodies) {
    const person = personOf(persons, recorded.orgId, subject);
    if (erased) person.lastEmpty = seq;
    else person.firstFull = Math.min(person.firstFull, seq);
  }
}

function readErasure(
  persons: Map<string, Person>,
  principals: Map<string, number>,
  { seq, recorded }: CheckedEntry,
): void {
  const { erased } = recorded.persons;
  const { principalId } = recorded.facts.details;
  if (recorded.kind !== 'person.erased' || erased === undefined) return;
  personOf(persons, recorded.orgId, erased).erasedIn = seq;
  if (typeof principalId === 'string') principals.set(principalId, seq);
}

function readHold(holds: Map<string, string>, { seq, recorded }: CheckedEntry): void {
  if (recorded.kind !== 'hold.set' && recorded.kind !== 'hold.lifted') return;
  // Details that do not have their form are of a changed statement, which is a finding of its own.
  const details = holdFacts.safeParse(recorded.facts.details);
  if (!details.success) return;
  const { holdId, scope = '', until = 'null' } = details.data;
  const key = `${recorded.orgId} ${holdId}`;
  if (recorded.kind === 'hold.set') holds.set(key, `${scope} ${until} ${String(seq)}`);
  else holds.set(key, `${holds.get(key) ?? ''} ${String(seq)}`);
}

function ofPerson(key: string, { erasedIn, lastEmpty, firstFull }: Person): Finding[] {
  const subject = key.split(' ')[1] ?? key;
  if (lastEmpty > erasedIn)
    return [{ what: 'body', seq: lastEmpty, detail: `${subject}: emptied, and no entry records an erasure` }];
  if (firstFull < erasedIn)
    return [{ what: 'body', seq: firstFull, detail: `${subject}: still there after the erasure` }];
  return [];
}

/** Of who was not erased no key may be destroyed, and of a destroyed one nothing may be left. */
async function ofKeys(manager: EntityManager, persons: ReadonlyMap<string, Person>): Promise<Finding[]> {
  const rows = await manager.query<{ key: string; destroyed: boolean; halfway: boolean }[]>(
    `SELECT org_id || ' ' || subject AS key, bool_or(destroyed_at IS NOT NULL) AS destroyed,
            bool_or((destroyed_at IS NULL) <> (wrapped_key IS NOT NULL)) AS halfway
       FROM ledger.subject_key GROUP BY 1`,
  );
  const halfway = rows.filter((row) => row.halfway);
  const wrong = halfway.map(({ key }): Finding => {
    const who = key.split(' ')[1] ?? key;
    return { what: 'body', detail: `${who}: a key that was destroyed is there, or one that was not is gone` };
  });
  const unrecorded = rows.flatMap(({ key, destroyed }): Finding[] =>
    destroyed && (persons.get(key)?.erasedIn ?? -1) < 0
      ? [
          {
            what: 'body',
            detail: `${key.split(' ')[1] ?? key}: key destroyed, and no entry records an erasure`,
          },
        ]
      : [],
  );
  return [...wrong, ...unrecorded];
}

async function ofPrincipals(
  manager: EntityManager,
  erasedIn: ReadonlyMap<string, number>,
): Promise<Finding[]> {
  const rows = await manager.query<{ id: string; erased: boolean; blank: boolean }[]>(
    `SELECT principal_id AS id, erased_at IS NOT NULL AS erased,
            issuer = 'erased' AND subject = principal_id::text AND display_name = '' AS blank
       FROM assay.principal
      WHERE erased_at IS NOT NULL OR principal_id = ANY ($1)`,
    [[...erasedIn.keys()]],
  );
  return rows.flatMap(({ id, erased, blank }): Finding[] => {
    const seq = erasedIn.get(id);
    if (erased === (seq !== undefined) && erased === blank) return [];
    if (erased && seq === undefined)
      return [{ what: 'grant', detail: `principal ${id}: blanked, and no entry records an erasure` }];
    return [{ what: 'grant', seq: seq ?? 0, detail: `principal ${id}: named again after the erasure` }];
  });
}

async function ofHolds(manager: EntityManager, holds: Map<string, string>): Promise<Finding[]> {
  const rows = await manager.query<HoldRow[]>(
    `SELECT org_id || ' ' || id AS key, scope, until, entry_seq AS "setSeq", lifted_seq AS "liftedSeq"
       FROM ledger.hold`,
  );
  const findings: Finding[] = [];
  for (const { key, scope, until, setSeq, liftedSeq } of rows) {
    const told = holds.get(key);
    holds.delete(key);
    const name = `hold ${key.split(' ')[1] ?? key}`;
    const set = `${scope} ${until === null ? 'null' : toRfc3339(until.getTime())} ${setSeq}`;
    if (told === undefined) findings.push({ what: 'hold', detail: `${name}: no entry records it` });
    else if (told !== (liftedSeq === null ? set : `${set} ${liftedSeq}`))
      findings.push({ what: 'hold', detail: `${name}: it is not as it was set or lifted` });
  }
  for (const key of holds.keys())
    findings.push({ what: 'hold', detail: `hold ${key.split(' ')[1] ?? key}: the row is missing` });
  return findings;
}
