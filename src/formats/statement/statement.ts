import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { parseJson } from '../../kernel/strict-json.js';
import { REPORT_JSON } from '../read/json-limits.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceState, Reason } from '../model/evidence-state.js';
import type { StatementFact } from '../model/statement.js';
import { isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import type { ReadContext } from '../reader.js';
import { readEnvelope, type Envelope } from './envelope.js';
import { signersOf } from './signature.js';

const STATEMENTS: readonly string[] = [
  'https://in-toto.io/Statement/v1',
  'https://in-toto.io/Statement/v0.1', // what Conforma still writes
];
const IN_TOTO = 'application/vnd.in-toto+json';
const SUMMARY = 'https://slsa.dev/verification_summary/v1';
const MAX_SUBJECTS = 10_000;
/** Lower-case hex by the specification; two spellings must not name two artefacts. */
const HEX = /^[0-9a-f]{40,128}$/;

/** A bare in-toto statement. Anyone could have written it, so it shows nothing: UNKNOWN, whatever it says. */
export function normaliseStatement(value: JsonValue): EvidenceDocument {
  return document('in-toto', value, { signature: 'unsigned', signedBy: [] });
}

/**
 * A DSSE envelope around a statement. Only a signature of a configured key makes it evidence; the payload is
 * parsed from exactly the bytes that were verified.
 */
export function normaliseEnvelope(value: JsonValue, context: ReadContext): EvidenceDocument {
  return enveloped('dsse', value, context);
}

/**
 * A Sigstore bundle around a DSSE envelope. Certificates and log entries in it are not judged: a bundle counts
 * when a configured key signed it, as any envelope does.
 */
export function normaliseBundle(value: JsonValue, context: ReadContext): EvidenceDocument {
  const envelope = isObject(value) ? objectIn(value, 'dsseEnvelope') : undefined;
  return envelope
    ? enveloped('sigstore-bundle', envelope, context)
    : refused('sigstore-bundle', { code: 'statement.bundle-without-statement', params: {} }, 'UNKNOWN');
}

function enveloped(format: string, value: JsonValue, { trustedKeys }: ReadContext): EvidenceDocument {
  const read = readEnvelope(isObject(value) ? value : {});
  if (!read.ok) return refused(format, read.problem);
  const envelope: Envelope = read.value;
  if (envelope.payloadType !== IN_TOTO)
    return refused(
      format,
      { code: 'statement.payload-type', params: { type: envelope.payloadType.slice(0, 200) } },
      'UNKNOWN',
    );
  const parsed = parseJson(envelope.payload, REPORT_JSON);
  if (!parsed.ok) return refused(format, { code: 'statement.payload-not-json', params: {} });
  const signedBy = signersOf(envelope, trustedKeys);
  const signature =
    signedBy.length > 0 ? 'verified' : envelope.signatures.length > 0 ? 'unknown-key' : 'unsigned';
  return document(format, parsed.value, { signature, signedBy });
}

function document(
  format: string,
  value: JsonValue,
  signed: Pick<StatementFact, 'signature' | 'signedBy'>,
): EvidenceDocument {
  const statement = isObject(value) ? value : {};
  const type = textIn(statement, '_type') ?? '';
  const predicateType = textIn(statement, 'predicateType');
  if (!STATEMENTS.includes(type))
    return refused(
      format,
      { code: 'statement.type-not-supported', params: { type: type.slice(0, 200) } },
      'UNKNOWN',
    );
  if (predicateType === undefined || predicateType === '')
    return refused(format, { code: 'statement.malformed', params: { where: '$.predicateType' } });
  const subjects = subjectsOf(statement);
  if ('code' in subjects) return refused(format, subjects);
  const summary = summaryOf(predicateType, objectIn(statement, 'predicate'));
  if (summary === undefined)
    return refused(format, { code: 'statement.malformed', params: { where: '$.predicate' } });
  const { state, reasons } = standing(signed.signature);
  return aDocument({
    format,
    formatVersion: type.slice(type.lastIndexOf('/') + 1),
    kinds: ['provenance'],
    state,
    reasons,
    statements: [{ predicateType: predicateType.slice(0, 500), subjects, ...signed, summary }],
    ...(summary === null && {
      dropped: [{ what: 'predicate', count: 1, why: 'its type is not read; what it is about is' }],
    }),
  });
}

/** Matched purely by digest, so one without a digest is about nothing. */
function subjectsOf(statement: JsonObject): StatementFact['subjects'] | Reason {
  const listed = listIn(statement, 'subject');
  if (!listed || listed.length === 0) return { code: 'statement.malformed', params: { where: '$.subject' } };
  if (listed.length > MAX_SUBJECTS)
    return { code: 'statement.too-many-subjects', params: { count: listed.length, limit: MAX_SUBJECTS } };
  const subjects: StatementFact['subjects'][number][] = [];
  for (const [index, one] of listed.entries()) {
    const subject = isObject(one) ? one : {};
    const digests = Object.entries(objectIn(subject, 'digest') ?? {});
    const where = `$.subject[${String(index)}].digest`;
    if (digests.length === 0) return { code: 'statement.malformed', params: { where } };
    for (const [algorithm, hex] of digests) {
      if (typeof hex !== 'string' || !HEX.test(hex))
        return { code: 'statement.malformed', params: { where } };
      subjects.push({ name: textIn(subject, 'name') ?? null, digest: `${algorithm.slice(0, 40)}:${hex}` });
    }
  }
  return subjects;
}

/** Null for other predicates; undefined for a summary that lacks what it must have (SLSA VSA v1). */
function summaryOf(
  predicateType: string,
  predicate: JsonObject | undefined,
): StatementFact['summary'] | undefined {
  if (predicateType !== SUMMARY) return null;
  const verifier = textIn(objectIn(predicate, 'verifier'), 'id');
  const result = textIn(predicate, 'verificationResult');
  const levels = (listIn(predicate, 'verifiedLevels') ?? []).filter((level) => typeof level === 'string');
  if (verifier === undefined || (result !== 'PASSED' && result !== 'FAILED')) return undefined;
  return { verifier: verifier.slice(0, 500), result, levels: levels.slice(0, 100) };
}

const UNPROVEN = { unsigned: 'statement.unsigned', 'unknown-key': 'statement.unknown-key' } as const;

function standing(signature: StatementFact['signature']): {
  state: EvidenceState;
  reasons: readonly Reason[];
} {
  if (signature === 'verified') return { state: 'COMPLETE', reasons: [] };
  return { state: 'UNKNOWN', reasons: [{ code: UNPROVEN[signature], params: {} }] };
}

const refused = (format: string, reason: Reason, state: 'ERROR' | 'UNKNOWN' = 'ERROR'): EvidenceDocument =>
  unreadable(format, ['provenance'], reason, state);
