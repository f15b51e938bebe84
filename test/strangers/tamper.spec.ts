import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORPUS } from './corpus.js';
import { makeExhibits, type Exhibits } from './exhibits.js';
import { bitsOf, flipped, flipTargets } from './flips.js';
import { JUDGES, Jury, MANIFEST_IS, OURS_IS, type Judge, type Verdicts } from './jury.js';
import { renderTable, spliceTable, structureOf, type FlipRow, type Row } from './table.js';
import { has, obtainStrangers } from './tools.js';

const long = process.env['ASSAY_STRANGERS'] === 'long';
const writes = process.env['ASSAY_STRANGERS_TABLE'] === 'write';
const FLIPS = long ? 32 : 3;
/** cosign reads a bundle, a key and the trusted root, and nothing else. */
const COSIGNED = ['bundle', 'trusted root', 'decision key'];
/** A column each, which a run that could not ask them does not write. */
const OPTIONAL: readonly Judge[] = ['cosign', 'spicy'];
const DOCUMENT = join(import.meta.dirname, '../../docs/AUDITING.md');

const tools = await obtainStrangers(long);
const missing = Object.entries(tools)
  .filter(([name, tool]) => !has<object>(tool) && (long || name !== 'cosign'))
  .map(([name, tool]) => `${name}: ${(tool as { missing: string }).missing}`);
/** Ours is asked whatever else is there; what only others can say is left out, and the title says so. */
const title = `A tampered pack${missing.length > 0 ? ` (not asked: ${missing.join('; ')})` : ''}`;
const withStrangers = missing.length === 0 ? it : it.skip;

describe(title, () => {
  let exhibits: Exhibits;
  let jury: Jury;
  let rows: Row[];
  const flips: FlipRow[] = [];

  beforeAll(async () => {
    exhibits = await makeExhibits(mkdtempSync(join(tmpdir(), 'assay-tamper-')));
    jury = new Jury(tools, exhibits);
    rows = [];
    for (const { group, what, apply, unsigned, onlyBy } of CORPUS) {
      apply(exhibits.pack, exhibits);
      try {
        rows.push({ group, what, unsigned, onlyBy, verdicts: await jury.judge() });
      } finally {
        exhibits.pack.restore();
      }
    }
  }, 900_000);

  afterAll(() => {
    jury.close();
    rmSync(exhibits.pack.folder, { recursive: true, force: true });
  });

  it('everyone accepts it before, and after all tampering was undone', async () => {
    for (const verdict of Object.values(await jury.judge())) expect(verdict.refused).toBeUndefined();
  });

  it('ours refuses every one of the corpus', () => {
    expect(rows.filter(({ verdicts }) => accepts(verdicts, OURS_IS)).map(nameOf)).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(90);
  });

  withStrangers('somebody else refuses each that a signature or a hash of the formats covers', () => {
    const unnoticed = rows.filter(
      ({ unsigned, onlyBy, verdicts }) =>
        unsigned === undefined &&
        (onlyBy === undefined || verdicts[onlyBy] !== undefined) &&
        !refusedByAStranger(verdicts),
    );
    expect(unnoticed.map(nameOf)).toEqual([]);
  });

  withStrangers('the commands for the manifest refuse whatever was made without the export key', () => {
    const signed = rows.filter(({ group }) => group !== INSIDER);
    expect(signed.filter(({ verdicts }) => accepts(verdicts, MANIFEST_IS)).map(nameOf)).toEqual([]);
    expect(rows.filter(({ verdicts }) => accepts(verdicts, MANIFEST_IS)).map(({ group }) => group)).toEqual([
      INSIDER,
    ]);
  });

  withStrangers('and nobody else refuses one that is said to be covered by the manifest alone', () => {
    const noticed = rows.filter((row) => row.unsigned !== undefined && refusedByAStranger(row.verdicts));
    expect(noticed.map((row) => `${nameOf(row)}: ${JSON.stringify(row.verdicts)}`)).toEqual([]);
  });

  it(`ours refuses each of ${FLIPS} flipped bits of every kind of file`, async () => {
    for (const [kind, path] of flipTargets(exhibits)) {
      const bytes = exhibits.pack.read(path);
      const verdicts: Verdicts[] = [];
      for (const bit of bitsOf(bytes.length, FLIPS, path)) {
        exhibits.pack.write(path, flipped(bytes, bit));
        try {
          verdicts.push(await jury.judge({ withCosign: COSIGNED.includes(kind) }));
        } finally {
          exhibits.pack.restore();
        }
      }
      flips.push({ kind, verdicts });
    }
    for (const { kind, verdicts } of flips)
      expect([kind, verdicts.filter((each) => accepts(each, OURS_IS)).length]).toEqual([kind, 0]);
  }, 1_800_000);

  withStrangers(
    writes ? 'docs/AUDITING.md gets the table' : 'the table in docs/AUDITING.md says the same',
    () => {
      const document = readFileSync(DOCUMENT, 'utf8');
      if (writes) writeFileSync(DOCUMENT, spliceTable(document, renderTable(rows, flips)));
      // A table that was made without one of these has no column of it; all others it must have.
      const written = readFileSync(DOCUMENT, 'utf8');
      const without: readonly Judge[] = OPTIONAL.filter((judge) => !written.includes(`| ${judge} `));
      const asked = JUDGES.filter(
        (judge) => rows[0]?.verdicts[judge] !== undefined && !without.includes(judge),
      );
      expect(structureOf(readFileSync(DOCUMENT, 'utf8'), asked)).toEqual(
        structureOf(renderTable(rows, flips), asked),
      );
    },
  );
});

const INSIDER = 'insider with all keys';
const nameOf = ({ group, what }: Row): string => `${group}: ${what}`;
const accepts = (verdicts: Verdicts, judge: (typeof JUDGES)[number]): boolean =>
  verdicts[judge] !== undefined && verdicts[judge].refused === undefined;
const refusedByAStranger = (verdicts: Verdicts): boolean =>
  JUDGES.some(
    (judge) => judge !== OURS_IS && judge !== MANIFEST_IS && verdicts[judge]?.refused !== undefined,
  );
