import { createRequire } from 'node:module';

/** What holds at one instant, and from when until when: seconds since 1970. */
export interface Period {
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
  readonly start: number;
  /** The first second it holds no more. */
  readonly end: number;
}

export interface Zone {
  readonly name: string;
  at(unix: number): Period;
}

export const UTC: Zone = {
  name: 'UTC',
  at: () => ({ offset: 0, abbreviation: 'UTC', start: -Infinity, end: Infinity }),
};

/**
 * The release of the IANA database that answers, for the record of a decision. It comes with the package
 * @js-joda/timezone, never from the machine: what a policy decided must not depend on where it ran.
 */
export const ZONE_DATABASE = 'tzdb 2026a';

/** moment's packed format, which js-joda ships: `name|abbreviations|offsets|indices|untils|population`. */
interface PackedDatabase {
  readonly version: string;
  readonly zones: readonly string[];
  readonly links: readonly string[];
}

const zones = new Map<string, Zone>();
let packed: ReadonlyMap<string, string> | undefined;

/** A zone by its IANA name, exactly spelt; undefined when there is none. The first call loads the database. */
export function zoneNamed(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known) return known;
  packed ??= readDatabase();
  const row = packed.get(name);
  if (row === undefined) return undefined;
  const zone = new TableZone(name, unpack(row));
  zones.set(name, zone);
  return zone;
}

/** Every name the database has. */
export const zoneNames = (): readonly string[] => [...(packed ??= readDatabase()).keys()];

function readDatabase(): ReadonlyMap<string, string> {
  // 0.7 MB that most policies never need: a builtin cannot wait, so this is no import().
  const load = createRequire(import.meta.url);
  const { ZoneRulesProvider } = load('@js-joda/core') as {
    ZoneRulesProvider: { getTzdbData(): PackedDatabase };
  };
  load('@js-joda/timezone');
  const database = ZoneRulesProvider.getTzdbData();
  if (`tzdb ${database.version}` !== ZONE_DATABASE)
    throw new Error(`the zone database is ${database.version}, not ${ZONE_DATABASE}`);
  const rows = new Map(database.zones.map((row) => [row.slice(0, row.indexOf('|')), row]));
  for (const link of database.links) {
    const [target = '', name = ''] = link.split('|');
    const row = rows.get(target);
    if (row !== undefined) rows.set(name, row);
  }
  return rows;
}

interface Entry {
  readonly offset: number;
  readonly abbreviation: string;
  /** Seconds since 1970; the last one is Infinity. */
  readonly until: number;
}

function unpack(row: string): readonly Entry[] {
  const [, abbreviations = '', offsets = '', indices = '', untils = ''] = row.split('|');
  const names = abbreviations.split(' ');
  // Minutes west of UTC.
  const minutes = offsets.split(' ').map(base60);
  const lengths = untils.split(' ').map(base60);
  let until = 0;
  return [...indices].map((digit, position, all) => {
    const index = base60(digit);
    until = Math.round(until + (lengths[position] ?? 0) * 60);
    return {
      offset: -Math.round((minutes[index] ?? 0) * 60),
      abbreviation: names[index] ?? '',
      until: position === all.length - 1 ? Infinity : until,
    };
  });
}

function base60(text: string): number {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const value = [...whole].reduce((sum, digit) => sum * 60 + digit60(digit), 0);
  const rest = [...fraction].reduceRight((sum, digit) => (sum + digit60(digit)) / 60, 0);
  return (text.startsWith('-') ? -1 : 1) * (value + rest);
}

function digit60(digit: string): number {
  const code = digit.charCodeAt(0);
  if (code > 96) return code - 87;
  return code > 64 ? code - 29 : code - 48;
}

/** The table ends here; what holds afterwards follows the rules of its last years. */
const TABLE_END = Date.UTC(2037, 0, 1) / 1000;
const DAY = 86_400;

class TableZone implements Zone {
  private readonly rules: readonly YearlyChange[];

  constructor(
    readonly name: string,
    private readonly entries: readonly Entry[],
  ) {
    this.rules = yearlyChanges(entries);
  }

  at(unix: number): Period {
    const last = this.entries.at(-2)?.until ?? -Infinity;
    if (this.rules.length > 0 && unix >= last) return this.after(unix);
    let low = 0;
    let high = this.entries.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (unix < (this.entries[middle]?.until ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    const { offset = 0, abbreviation = '', until: end = Infinity } = this.entries[low] ?? {};
    return { offset, abbreviation, start: this.entries[low - 1]?.until ?? -Infinity, end };
  }

  /** The last change before and the first one after, of this year and its neighbours. */
  private after(unix: number): Period {
    const year = new Date(Math.min(unix, 8.6e12) * 1000).getUTCFullYear();
    const changes = [year - 1, year, year + 1]
      .flatMap((each) => this.rules.map((rule) => ({ rule, when: momentIn(each, rule) })))
      .sort((a, b) => a.when - b.when);
    const current = changes.findLast(({ when }) => when <= unix);
    const next = changes.find(({ when }) => when > unix);
    const { offset = 0, abbreviation = '' } = current?.rule ?? {};
    return { offset, abbreviation, start: current?.when ?? -Infinity, end: next?.when ?? Infinity };
  }
}

/** "On the first Sunday on or after the 8th of March at 02:00 the offset becomes …", every year. */
interface YearlyChange {
  readonly offset: number;
  readonly abbreviation: string;
  /** Before the change: the clock by which it happens. */
  readonly offsetBefore: number;
  readonly weekday: number;
  /** The earliest day, counted from 1 March, which leap years do not move. */
  readonly earliest: number;
  readonly secondOfDay: number;
}

/**
 * The rules a zone follows for good, read off the last years of its table: IANA's files say them outright, the
 * packed table does not. Twelve years show every day that a weekday can fall on. A zone whose table ends before
 * has none; one whose changes follow another calendar (Morocco's) keeps the offset it ended with.
 */
function yearlyChanges(entries: readonly Entry[]): readonly YearlyChange[] {
  const last = entries.at(-2)?.until ?? -Infinity;
  if (last < TABLE_END) return [];
  const changes = entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    return before && before.until > TABLE_END - 12 * 366 * DAY ? [{ before, entry, when: before.until }] : [];
  });
  const kinds = new Map<string, typeof changes>();
  for (const change of changes) {
    const key = `${change.entry.offset} ${change.entry.abbreviation}`;
    kinds.set(key, [...(kinds.get(key) ?? []), change]);
  }
  const rules = [...kinds.values()].map((group) => {
    const days = group.map(({ before, when }) => daysSinceMarch(when + before.offset));
    const local = (group[0]?.when ?? 0) + (group[0]?.before.offset ?? 0);
    const rule = {
      offset: group[0]?.entry.offset ?? 0,
      abbreviation: group[0]?.entry.abbreviation ?? '',
      offsetBefore: group[0]?.before.offset ?? 0,
      weekday: new Date(local * 1000).getUTCDay(),
      earliest: Math.min(...days),
      secondOfDay: local % DAY,
    };
    const holds = group.every(
      ({ before, when }) => momentIn(new Date((when + before.offset) * 1000).getUTCFullYear(), rule) === when,
    );
    return holds ? rule : undefined;
  });
  return rules.every((rule) => rule !== undefined) ? rules : [];
}

const marchFirst = (year: number): number => Date.UTC(year, 2, 1) / 1000 / DAY;

const daysSinceMarch = (local: number): number =>
  Math.floor(local / DAY) - marchFirst(new Date(local * 1000).getUTCFullYear());

function momentIn(year: number, rule: YearlyChange): number {
  const earliest = marchFirst(year) + rule.earliest;
  // 1970-01-01 was a Thursday.
  const weekday = (((earliest + 4) % 7) + 7) % 7;
  const day = earliest + ((rule.weekday - weekday + 7) % 7);
  return day * DAY + rule.secondOfDay - rule.offsetBefore;
}
