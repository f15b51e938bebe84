import { isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { EXPECTED_FILES_FORMAT, normaliseExpectedFiles } from './expected-files.js';
import { normalisePatch } from './patch.js';

const kinds = ['source'] as const;

export const SOURCE_READERS: readonly FormatReader[] = [
  {
    format: 'patch',
    kinds,
    syntax: 'text',
    sign: (head) => /^diff --(?:git|cc|combined) /m.test(head) || /^--- \S.*\n\+\+\+ \S/m.test(head),
    read: normalisePatch,
  },
  {
    format: EXPECTED_FILES_FORMAT,
    kinds,
    syntax: 'json',
    sign: (value) => isObject(value) && textIn(value, 'format') === EXPECTED_FILES_FORMAT,
    intended: [/"format"\s{0,9}:\s{0,9}"assay\.expected-files\/1"/],
    read: normaliseExpectedFiles,
  },
];
