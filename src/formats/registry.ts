import { COVERAGE_READERS } from './coverage/readers.js';
import { PEOPLE_READERS } from './people/readers.js';
import { FINDINGS_READERS } from './findings/readers.js';
import { PERFORMANCE_READERS } from './performance/readers.js';
import type { FormatReader, UnreadFormat } from './reader.js';
import { SARIF_READERS } from './sarif/readers.js';
import { SBOM_READERS } from './sbom/readers.js';
import { SCAN_READERS } from './scan/readers.js';
import { SECRETS_READERS } from './secrets/readers.js';
import { SOURCE_READERS } from './source/readers.js';
import { STATEMENT_READERS } from './statement/readers.js';
import { TESTS_READERS } from './tests/readers.js';
import { UNREAD_FORMATS } from './unread.js';
import { VULNERABILITY_READERS } from './vulnerability/readers.js';

/** Every format that becomes an evidence document. A room of this folder each; one line each here. */
export const READERS: readonly FormatReader[] = [
  ...SARIF_READERS,
  ...SCAN_READERS,
  ...SBOM_READERS,
  ...COVERAGE_READERS,
  ...TESTS_READERS,
  ...PERFORMANCE_READERS,
  ...SOURCE_READERS,
  ...STATEMENT_READERS,
  ...PEOPLE_READERS,
  ...FINDINGS_READERS,
  ...SECRETS_READERS,
  ...VULNERABILITY_READERS,
];

/** Everything told apart by content, read or not. */
export const SIGNS: readonly (FormatReader | UnreadFormat)[] = [...READERS, ...UNREAD_FORMATS];

/** What an uploader may declare. */
export const RECOGNISED_FORMATS: readonly string[] = [...new Set(SIGNS.map(({ format }) => format))];

export const isRecognised = (name: string): boolean => RECOGNISED_FORMATS.includes(name);

/** A format may be written in several syntaxes, as lines or as one list: then it has a reader for each. */
export const readersOf = (format: string): readonly FormatReader[] =>
  READERS.filter((reader) => reader.format === format);
