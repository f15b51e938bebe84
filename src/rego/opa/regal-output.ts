import { z } from 'zod';
import type { LintFinding } from '../compiler.port.js';

/** `regal lint --format json` (docs/language-server and reporters of Regal 0.42). */
const report = z.object({
  violations: z
    .array(
      z.object({
        title: z.string(),
        description: z.string(),
        category: z.string(),
        level: z.enum(['error', 'warning']),
        location: z.object({ file: z.string(), row: z.number(), col: z.number() }),
      }),
    )
    .nullish(),
});

/** Sorted by place. Throws on anything that is not Regal's report. */
export function readLint(text: string): readonly LintFinding[] {
  return (report.parse(JSON.parse(text)).violations ?? [])
    .map(({ title, description, category, level, location: { file, row, col } }) => ({
      ...{ rule: title, category, level, description },
      ...{ file, row, column: col },
    }))
    .sort(
      (a, b) =>
        Number(a.file > b.file) - Number(a.file < b.file) ||
        a.row - b.row ||
        a.column - b.column ||
        Number(a.rule > b.rule) - Number(a.rule < b.rule),
    );
}
