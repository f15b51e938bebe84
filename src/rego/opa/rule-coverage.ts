import { z } from 'zod';
import type { RowRange, RuleCoverage } from '../compiler.port.js';

const part = z.object({ value: z.union([z.string(), z.number(), z.boolean()]).catch('_') });
const module = z.object({
  package: z.object({ path: z.array(part) }),
  rules: z
    .array(
      z.object({
        location: z.object({ row: z.number(), col: z.number() }),
        head: z.object({ name: z.string().optional(), ref: z.array(part).optional() }),
      }),
    )
    .default([]),
});

/**
 * Which rules of one module are reached: what is not covered belongs to the rule that begins last before it.
 * Rows tell rules apart, as formatted Rego has one per row.
 */
export function ruleCoverage(
  file: string,
  tree: unknown,
  notCovered: readonly RowRange[] = [],
): readonly RuleCoverage[] {
  const { package: own, rules } = module.parse(tree);
  const prefix = own.path.slice(1).map(({ value }) => String(value));
  const sorted = rules
    .map(({ location, head }) => ({
      rule: [...prefix, ...nameOf(head)].join('.'),
      ...{ row: location.row, column: location.col },
    }))
    .sort((a, b) => a.row - b.row || a.column - b.column);
  return sorted.map((rule, index) => {
    const end = sorted[index + 1]?.row ?? Infinity;
    const bare = notCovered.filter(({ fromRow }) => fromRow >= rule.row && fromRow < end);
    return { file, ...rule, covered: bare.length === 0, notCovered: bare };
  });
}

/** `a.b[c]` is the rule `a.b`: what its key is differs from one answer to the next. */
const nameOf = ({
  name,
  ref,
}: {
  readonly name?: string | undefined;
  readonly ref?: readonly z.infer<typeof part>[] | undefined;
}): readonly string[] => (name === undefined ? (ref ?? []).map(({ value }) => String(value)) : [name]);
