import { aDocument, unreadable, type EvidenceDocument } from './model/document.js';
import type { Reason } from './model/evidence-state.js';
import { detect, type Detected } from './detect.js';
import type { FormatReader, ReadContext } from './reader.js';
import { readersOf } from './registry.js';

/** Names this code's way of reading; a report of another one may differ for the same bytes. */
export const NORMALISER = 'assay/2';

export interface NormaliseOptions extends Partial<ReadContext> {
  /** What the supplier says it is: decides where the content does not, and is refused where they disagree. */
  readonly declaredFormat?: string;
}

/**
 * Evidence bytes to their normal form. Pure and total: whatever the bytes, there is a document, and what could
 * not be understood is a state with a reason. CPU-bound; may run on any thread. What is too large to be held:
 * `normaliseLarge` of stream/.
 */
export function normaliseEvidence(bytes: Uint8Array, options: NormaliseOptions = {}): EvidenceDocument {
  const chosen = chooseFormat(detect(bytes), options);
  if (!('readers' in chosen)) return chosen;
  return read(chosen, contextOf(options));
}

export const contextOf = (options: NormaliseOptions): ReadContext => ({
  trustedKeys: options.trustedKeys ?? [],
});

/** What was found, and who can read it. */
export interface ChosenFormat {
  readonly format: string;
  readonly readers: readonly FormatReader[];
  readonly found: Exclude<Detected, { kind: 'malformed' | 'empty' }>;
}

/** By content and declaration; a document that says why where nobody can read it. */
export function chooseFormat(found: Detected, options: NormaliseOptions): ChosenFormat | EvidenceDocument {
  const declared = options.declaredFormat;
  const fitting = 'formats' in found ? found.formats : [];
  if (declared !== undefined && fitting.length > 0 && !fitting.includes(declared))
    return refused(declared, 'ERROR', {
      code: 'format.declared-differs',
      params: { declared, detected: fitting.join(', ') },
    });
  const format = declared ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (found.kind === 'malformed') {
    const { fault, detail, line, column } = found.problem;
    return refused(format, 'ERROR', { code: 'json.malformed', params: { fault, detail, line, column } });
  }
  if (found.kind === 'empty') return refused(format, 'ERROR', { code: 'format.empty', params: {} });
  if (format === undefined) return refused(undefined, 'UNKNOWN', undecided(found.kind, fitting));
  const readers = readersOf(format);
  if (readers.length === 0)
    return refused(format, 'UNKNOWN', { code: 'format.not-supported', params: { format } });
  return { format, readers, found };
}

function undecided(kind: Detected['kind'], fitting: readonly string[]): Reason {
  if (fitting.length > 1) return { code: 'format.several', params: { formats: fitting.join(', ') } };
  return { code: kind === 'ambiguous' ? 'format.ambiguous' : 'format.unknown', params: {} };
}

/** Content in another syntax than the format's was declared and cannot be it. */
function read({ format, readers, found }: ChosenFormat, context: ReadContext): EvidenceDocument {
  for (const reader of readers) {
    if (reader.syntax === 'json' && 'value' in found) return reader.read(found.value, context);
    if (reader.syntax === 'xml' && found.kind === 'xml') return reader.read(found.text, context);
    if (reader.syntax === 'text' && found.kind === 'text') return reader.read(found.text, context);
  }
  const syntax = readers[0]?.syntax ?? 'text';
  return refused(format, 'ERROR', { code: 'format.wrong-syntax', params: { format, syntax } });
}

/** A document that says only why nothing was read. */
export function refused(
  format: string | undefined,
  state: 'ERROR' | 'UNKNOWN',
  reason: Reason,
): EvidenceDocument {
  const kinds = [...new Set(readersOf(format ?? '').flatMap((reader) => reader.kinds))].sort();
  return format !== undefined && kinds.length > 0
    ? unreadable(format, kinds, reason, state)
    : aDocument({ format: 'unknown', kinds: [], state, reasons: [reason], schema: 'invalid' });
}
