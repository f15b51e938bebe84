import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Reports in their hard cases, with what must be read from them and why. Data of ours, in `tables/`. */
export interface GoldenVariant<Expected> {
  readonly variant: string;
  readonly format: string;
  readonly cases: readonly GoldenCase<Expected>[];
}

export interface GoldenCase<Expected> {
  readonly name: string;
  readonly why: string;
  readonly content: string;
  readonly expect: Expected;
}

export const goldenTable = <Expected>(name: string): readonly GoldenVariant<Expected>[] =>
  parse(
    readFileSync(join(import.meta.dirname, 'tables', `${name}.yaml`), 'utf8'),
  ) as readonly GoldenVariant<Expected>[];

interface SampleRow {
  readonly file: string;
  readonly shows?: string;
  readonly expect: object;
}

/** Reports of ../shared/samples with what must be read from them: `tables/<name>.samples.yaml`, as flat rows. */
export function sampleRows(name: string): readonly unknown[] {
  const file = join(import.meta.dirname, 'tables', `${name}.samples.yaml`);
  const rows = parse(readFileSync(file, 'utf8')) as readonly SampleRow[];
  return rows.map(({ expect: expected, ...row }) => ({ ...row, ...expected }));
}
