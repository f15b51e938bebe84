import type { JsonValue } from '../kernel/canonical-json.js';
import type { Coverage } from '../formats/model/coverage.js';

/** The common metric of coverage, under the name by which policies and reports know it. */
export interface CoverageMetric {
  readonly name: 'coverage.statements';
  readonly covered: number;
  readonly total: number;
  readonly basis: 'STATEMENT' | 'LINE' | 'BLOCK_STATEMENT' | 'INSTRUCTION';
  readonly declaredCovered: number | null;
  readonly declaredTotal: number | null;
  readonly files: number;
}

const BASES = {
  statement: 'STATEMENT',
  line: 'LINE',
  'block-statement': 'BLOCK_STATEMENT',
  instruction: 'INSTRUCTION',
} as const satisfies Record<Coverage['basis'], CoverageMetric['basis']>;

/** Of a stored document; null where it is no coverage report, or measured in nothing that is known. */
export function coverageMetric(document: JsonValue): CoverageMetric | null {
  const stored = document as { readonly coverage?: Coverage | null } | null;
  const coverage = stored?.coverage;
  if (!coverage) return null;
  return {
    name: 'coverage.statements',
    covered: coverage.covered,
    total: coverage.total,
    basis: BASES[coverage.basis],
    declaredCovered: coverage.declared?.covered ?? null,
    declaredTotal: coverage.declared?.total ?? null,
    files: coverage.files.length,
  };
}
