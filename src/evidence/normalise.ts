import { aDocument, type EvidenceDocument, type EvidenceKind, type Reason } from './document.js';
import { detect, type Detected } from './detect.js';
import { isSupported, type RecognisedFormat, type SupportedFormat } from './format.js';
import { normaliseCoveragePy } from './formats/coverage-py.js';
import { normaliseCyclonedx } from './formats/cyclonedx.js';
import { normaliseGoCoverprofile } from './formats/go-coverprofile.js';
import { normaliseSarif } from './formats/sarif.js';

/** Names this code's way of reading; a report of another one may differ for the same bytes. */
export const NORMALISER = 'assay/1';

export interface NormaliseOptions {
  /** What the supplier says it is: decides where the content does not, and is refused where they disagree. */
  readonly declaredFormat?: RecognisedFormat;
}

/**
 * Evidence bytes to their normal form. Pure and total: whatever the bytes, there is a document, and what could
 * not be understood is a state with a reason. CPU-bound; may run on any thread.
 */
export function normaliseEvidence(bytes: Uint8Array, options: NormaliseOptions = {}): EvidenceDocument {
  const found = detect(bytes);
  const declared = options.declaredFormat;
  const detected = 'format' in found ? found.format : undefined;
  if (declared !== undefined && detected !== undefined && declared !== detected)
    return refused(declared, 'ERROR', { code: 'format.declared-differs', params: { declared, detected } });
  const format = detected ?? declared;
  if (found.kind === 'malformed') {
    const { fault, detail, line, column } = found.problem;
    return refused(format, 'ERROR', { code: 'json.malformed', params: { fault, detail, line, column } });
  }
  if (found.kind === 'empty') return refused(format, 'ERROR', { code: 'format.empty', params: {} });
  if (format === undefined) {
    const code = found.kind === 'ambiguous' ? 'format.ambiguous' : 'format.unknown';
    return refused(undefined, 'UNKNOWN', { code, params: {} });
  }
  if (!isSupported(format))
    return refused(format, 'UNKNOWN', { code: 'format.not-supported', params: { format } });
  return normalise(format, found);
}

function normalise(
  format: SupportedFormat,
  found: Exclude<Detected, { kind: 'malformed' | 'empty' }>,
): EvidenceDocument {
  if (format === 'go-coverprofile') return normaliseGoCoverprofile('text' in found ? found.text : '');
  const value = 'value' in found ? found.value : undefined;
  if (value === undefined) return refused(format, 'ERROR', { code: 'json.malformed', params: NOT_JSON });
  switch (format) {
    case 'sarif':
      return normaliseSarif(value);
    case 'cyclonedx':
      return normaliseCyclonedx(value);
    case 'coverage.py':
      return normaliseCoveragePy(value);
  }
}

const NOT_JSON = { fault: 'Syntax', detail: 'does not begin like JSON', line: 1, column: 1 };

/** What a file of this format would have spoken to: a rule on that question must hear of the failure. */
const KINDS: Readonly<Record<SupportedFormat, readonly EvidenceKind[]>> = {
  sarif: ['sast'],
  cyclonedx: ['sbom'],
  'coverage.py': ['coverage'],
  'go-coverprofile': ['coverage'],
};

function refused(
  format: RecognisedFormat | undefined,
  state: 'ERROR' | 'UNKNOWN',
  reason: Reason,
): EvidenceDocument {
  const supported = format !== undefined && isSupported(format) ? format : undefined;
  return aDocument({
    format: supported ?? 'unknown',
    kinds: supported ? KINDS[supported] : [],
    state,
    reasons: [reason],
    schema: 'invalid',
  });
}
