import type { JsonValue } from '../kernel/canonical-json.js';
import type { EvidenceDocument } from './model/document.js';
import type { EvidenceKind } from './model/evidence-state.js';

/** A key whose signatures on statements count, as the operator configured it. */
export interface TrustedKey {
  readonly name: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKeyPem: string;
}

/** What a reader may know besides the bytes. All of it is an input of the document and nothing else is. */
export interface ReadContext {
  readonly trustedKeys: readonly TrustedKey[];
}

interface Named {
  /** As detection, uploads and documents name it; never renamed. */
  readonly format: string;
  /** What a file of this format speaks to: also when it cannot be read, so that a rule hears of the failure. */
  readonly kinds: readonly EvidenceKind[];
}

/**
 * How one format is recognised by its content and read. `sign` must be true of this format only: where several
 * signs fit, nothing is guessed. `read` is total: whatever it is given, there is a document.
 */
export type FormatReader = Named &
  (
    | {
        readonly syntax: 'json';
        readonly sign: (value: JsonValue) => boolean;
        /** Signs near the beginning of a text that is not JSON after all, each of which must fit. */
        readonly intended?: readonly RegExp[];
        readonly read: (value: JsonValue, context: ReadContext) => EvidenceDocument;
      }
    | {
        readonly syntax: 'xml';
        /** Local name of the root element, and the text from its start. Nothing is expanded or resolved. */
        readonly sign: (root: string, head: string) => boolean;
        readonly read: (text: string, context: ReadContext) => EvidenceDocument;
      }
    | {
        /** Lines: of JSON, of comma-separated values, of anything. `head` begins at the first visible character. */
        readonly syntax: 'text';
        readonly sign: (head: string) => boolean;
        readonly read: (text: string, context: ReadContext) => EvidenceDocument;
      }
  );

/** A format that is told apart, so that a refusal can name what was sent, but not read. */
export type UnreadFormat =
  | Omit<Extract<FormatReader, { syntax: 'json' }>, 'read' | 'kinds'>
  | Omit<Extract<FormatReader, { syntax: 'xml' }>, 'read' | 'kinds'>
  | Omit<Extract<FormatReader, { syntax: 'text' }>, 'read' | 'kinds'>;
