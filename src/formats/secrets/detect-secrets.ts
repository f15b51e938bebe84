import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { keyedHashIn, OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import type { ToolSuppression } from '../model/finding.js';
import { countIn, filledTextIn, isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import { severityOfSecret } from './secret-entry.js';

/**
 * Reads a baseline of detect-secrets. Its hashes are unsalted SHA-1, so they arrive masked; the mask of a hash
 * tells values apart as well as the value does. `is_secret` is what an audit of the file said.
 */
export function normaliseDetectSecrets(root: JsonValue): EvidenceDocument {
  const baseline = isObject(root) ? root : undefined;
  const results = objectIn(baseline, 'results');
  if (!results)
    return unreadable('detect-secrets', ['secrets'], { code: 'detect-secrets.no-results', params: {} });
  const entries = Object.entries(results).flatMap(([file, list]) =>
    Array.isArray(list)
      ? (list as readonly JsonValue[]).map((entry) => ({ file, entry }))
      : [{ file, entry: null }],
  );
  const occurrences = new OccurrenceCounter();
  return findingsDocument({
    kinds: ['secrets'],
    format: 'detect-secrets',
    formatVersion: filledTextIn(baseline, 'version') ?? null,
    tool: { name: 'detect-secrets', version: filledTextIn(baseline, 'version') },
    listed: entries.length,
    findings: entries.flatMap(({ file, entry }) => {
      if (!isObject(entry)) return [];
      const rule = filledTextIn(entry, 'type') ?? 'unnamed';
      return composeFinding(
        {
          kind: 'secret',
          tool: 'detect-secrets',
          rule,
          severity: severityOfSecret(entry['is_verified'] === true),
          message: rule,
          place: filledTextIn(entry, 'filename') ?? file,
          startLine: countIn(entry, 'line_number'),
          keyedHash: keyedHashIn(textIn(entry, 'hashed_secret')),
          toolSuppression: suppressionOf(entry),
        },
        occurrences,
      );
    }),
    schema: listIn(baseline, 'plugins_used') ? 'valid' : 'lenient',
  });
}

function suppressionOf(entry: JsonObject): ToolSuppression {
  if (entry['is_secret'] === false) return 'accepted';
  return entry['is_secret'] === true ? 'rejected' : 'unknown';
}
