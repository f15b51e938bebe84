import { unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceKind } from '../model/evidence-state.js';
import type { XmlProblem } from './xml.js';

/** The document of a text that is not the XML its format is written in: ERROR, and where. */
export const unreadableXml = (
  format: string,
  kinds: readonly EvidenceKind[],
  { fault, detail, line, column }: XmlProblem,
): EvidenceDocument =>
  unreadable(format, kinds, { code: 'xml.malformed', params: { fault, detail, line, column } });
