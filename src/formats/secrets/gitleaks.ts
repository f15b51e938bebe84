import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { keyedHashIn, OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import { countIn, filledTextIn, has, isObject, textIn } from '../read/json-view.js';
import { namesPeople, severityOfSecret } from './secret-entry.js';

/** Field names of one generation of gitleaks. */
interface Fields {
  readonly format: string;
  readonly rule: string;
  readonly message: string;
  readonly value: string;
  readonly around: string;
  readonly file: string;
  readonly line: string;
  readonly column: string;
  readonly personal: readonly string[];
}

const EIGHT: Fields = {
  format: 'gitleaks',
  rule: 'RuleID',
  message: 'Description',
  value: 'Secret',
  around: 'Match',
  file: 'File',
  line: 'StartLine',
  column: 'StartColumn',
  personal: ['Author', 'Email', 'Message', 'Commit'],
};
const SEVEN: Fields = {
  format: 'gitleaks-7',
  rule: 'rule',
  message: 'rule',
  value: 'offender',
  around: 'line',
  file: 'file',
  line: 'lineNumber',
  column: 'startColumn',
  personal: ['author', 'email', 'commitMessage', 'commit'],
};

/**
 * Reads gitleaks' JSON of version 8 (and betterleaks' as far as it agrees), and of 7. `null` and `[]` are clean. Its own `Fingerprint` is a
 * position and takes no part; authors, messages and commits are not kept.
 */
export const normaliseGitleaks = (root: JsonValue): EvidenceDocument => read(root, EIGHT);
export const normaliseGitleaks7 = (root: JsonValue): EvidenceDocument => read(root, SEVEN);

function read(root: JsonValue, fields: Fields): EvidenceDocument {
  const entries: readonly JsonValue[] | undefined =
    root === null ? [] : Array.isArray(root) ? root : undefined;
  if (!entries)
    return unreadable(fields.format, ['secrets'], {
      code: 'secrets.not-a-list',
      params: { format: fields.format },
    });
  const readable = entries
    .filter((entry) => isObject(entry))
    .filter((entry) => has(entry, fields.rule) || has(entry, fields.value));
  const occurrences = new OccurrenceCounter();
  return findingsDocument({
    kinds: ['secrets'],
    format: fields.format,
    tool: { name: 'gitleaks' },
    listed: entries.length,
    personal: readable.filter((entry) => namesPeople(entry, fields.personal)).length,
    findings: readable.map((entry) => {
      const rule = filledTextIn(entry, fields.rule) ?? 'unnamed';
      return composeFinding(
        {
          kind: 'secret',
          tool: 'gitleaks',
          rule,
          severity: severityOfSecret(false),
          message: filledTextIn(entry, fields.message) ?? rule,
          place: textIn(entry, fields.file) ?? '',
          startLine: countIn(entry, fields.line),
          startColumn: countIn(entry, fields.column),
          keyedHash: hashOf(entry, fields),
        },
        occurrences,
      );
    }),
  });
}

/** Of the value; of what is around it only where a producer left the value out, for a redacted one is no value. */
const hashOf = (entry: JsonObject, { value, around }: Fields): string | undefined =>
  has(entry, value) ? keyedHashIn(textIn(entry, value)) : keyedHashIn(textIn(entry, around));
