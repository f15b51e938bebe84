import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** The text is that of a committed file. `UPDATE_GOLDEN=1` rewrites the file instead, never under `CI`. */
export function expectFile(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1' && !process.env['CI']) writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}
