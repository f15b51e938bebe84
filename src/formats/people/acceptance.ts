import { z } from 'zod';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import { readOwn } from './own-format.js';

export const ACCEPTANCE_FORMAT = 'assay.acceptance/1';

const id = z.string().min(1).max(120);
const part = z.string().min(1).max(300);

/**
 * The acceptance criteria of what is built, and the tests that show each. A test is named as its report names it
 * (JUnit: suites joined by " > ", classname, name); what is left out fits any. A test may also name its criteria
 * itself, by a property of the JUnit report.
 */
export const acceptanceFile = z.strictObject({
  format: z.literal(ACCEPTANCE_FORMAT),
  criteria: z
    .array(
      z.strictObject({
        id,
        title: z.string().min(1).max(500),
        storyId: id.optional(),
        tests: z
          .array(z.strictObject({ suite: part.optional(), classname: part.optional(), name: part }))
          .max(500)
          .optional(),
      }),
    )
    .max(5000),
});

/** Reads a list of acceptance criteria. One id for two criteria makes both unclear, so the file is refused. */
export function normaliseAcceptance(value: JsonValue): EvidenceDocument {
  const read = readOwn(acceptanceFile, value);
  if (!read.ok) return unreadable(ACCEPTANCE_FORMAT, ['acceptance'], read.problem);
  const { criteria } = read.value;
  const seen = new Set<string>();
  for (const criterion of criteria) {
    if (seen.has(criterion.id))
      return unreadable(ACCEPTANCE_FORMAT, ['acceptance'], {
        code: 'people.criterion-twice',
        params: { criterion: criterion.id },
      });
    seen.add(criterion.id);
  }
  return aDocument({
    format: ACCEPTANCE_FORMAT,
    formatVersion: '1',
    kinds: ['acceptance'],
    state: criteria.length === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: criteria.length === 0 ? [{ code: 'people.no-criteria', params: {} }] : [],
    criteria: criteria.map(({ title, storyId = null, tests = [], ...one }) => ({
      id: one.id,
      title,
      storyId,
      tests: tests.map(({ suite = null, classname = null, name }) => ({ suite, classname, name })),
    })),
  });
}
