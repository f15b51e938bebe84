import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { keyedHashIn, OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import { countIn, filledTextIn, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { severityOfSecret } from './secret-entry.js';

/**
 * Reads secretlint's JSON. It blanks the value in its message and ships the whole file instead, which arrives
 * masked line by line: the lines of a finding are what it is known by.
 */
export function normaliseSecretlint(root: JsonValue): EvidenceDocument {
  const files: readonly JsonValue[] | undefined = root === null ? [] : Array.isArray(root) ? root : undefined;
  if (!files)
    return unreadable('secretlint', ['secrets'], {
      code: 'secrets.not-a-list',
      params: { format: 'secretlint' },
    });
  const read = files.map((file) => (isObject(file) && listIn(file, 'messages') ? file : undefined));
  const occurrences = new OccurrenceCounter();
  const messages = read.flatMap((file) =>
    file ? objectsIn(file, 'messages').map((message) => ({ file, message })) : [],
  );
  const listed = read.reduce((sum, file) => sum + (file ? (listIn(file, 'messages')?.length ?? 0) : 1), 0);
  return findingsDocument({
    kinds: ['secrets'],
    format: 'secretlint',
    tool: { name: 'secretlint' },
    listed,
    findings: messages.map(({ file, message }) => {
      const rule = filledTextIn(message, 'ruleId') ?? 'unnamed';
      const id = filledTextIn(message, 'messageId');
      const start = objectIn(objectIn(message, 'loc'), 'start');
      return composeFinding(
        {
          kind: 'secret',
          tool: 'secretlint',
          rule: id === undefined ? rule : `${rule} ${id}`,
          severity: severityOfSecret(false),
          message: textIn(message, 'message') ?? rule,
          place: textIn(file, 'filePath') ?? '',
          startLine: countIn(start, 'line'),
          startColumn: countIn(start, 'column'),
          keyedHash: linesHash(file, message),
        },
        occurrences,
      );
    }),
  });
}

/** The keyed hashes of the lines a finding spans; undefined if one of them is missing or is not masked. */
function linesHash(file: JsonObject, message: JsonObject): string | undefined {
  const place = objectIn(message, 'loc');
  const first = countIn(objectIn(place, 'start'), 'line');
  const last = countIn(objectIn(place, 'end'), 'line') ?? first;
  if (first === undefined || last === undefined || first < 1 || last < first || last - first > MAX_SPAN)
    return undefined;
  const lines = (textIn(file, 'sourceContent') ?? '').split('\n').slice(first - 1, last);
  if (lines.length !== last - first + 1) return undefined;
  const hashes = lines.filter((line) => line !== '').map((line) => keyedHashIn(line));
  return hashes.length === 0 || hashes.includes(undefined) ? undefined : hashes.join('+');
}

/** A private key has some fifty lines. */
const MAX_SPAN = 1000;
