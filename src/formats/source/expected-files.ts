import { z } from 'zod';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import { readOwn } from '../people/own-format.js';
import { inRepository } from './patch-lines.js';

export const EXPECTED_FILES_FORMAT = 'assay.expected-files/1';

/**
 * The files that coverage must speak of, as the pipeline lists them (`git ls-files 'src/**' | jq …`): a file that no
 * test imports is in no report, and a report cannot say what it does not know.
 */
export const expectedFilesFile = z.strictObject({
  format: z.literal(EXPECTED_FILES_FORMAT),
  files: z.array(z.string().min(1).max(1000)).max(100_000),
});

/** Reads such a list; paths are relative to the repository, and one that is not refuses the file. */
export function normaliseExpectedFiles(value: JsonValue): EvidenceDocument {
  const read = readOwn(expectedFilesFile, value);
  if (!read.ok) return unreadable(EXPECTED_FILES_FORMAT, ['source'], read.problem);
  const expected = new Set<string>();
  for (const [index, file] of read.value.files.entries()) {
    const path = inRepository(file);
    if (path === undefined)
      return unreadable(EXPECTED_FILES_FORMAT, ['source'], {
        code: 'expected-files.not-a-path',
        params: { index },
      });
    expected.add(path);
  }
  const nothing = expected.size === 0;
  return aDocument({
    format: EXPECTED_FILES_FORMAT,
    formatVersion: '1',
    kinds: ['source'],
    state: nothing ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: nothing ? [{ code: 'expected-files.none', params: {} }] : [],
    source: { changed: null, expected: [...expected].sort() },
  });
}
