import type { JsonValue } from '../kernel/canonical-json.js';
import type { OccurrenceCounter } from './identity.js';
import type { EvidenceDocument } from './model/document.js';
import type { EvidenceKind } from './model/evidence-state.js';
import type { Finding } from './model/finding.js';

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

/**
 * The findings of a file that may be too large to be held, handed in one by one in the order of the file:
 * `survey` until it has seen enough, then `read` each, then `finish`. `indexes`: which of several lists, by the
 * index behind each `*` of the path. Holds counts and what stands beside the list, never its members.
 */
export interface OpenList {
  /** A first look at all of them; false once what is still to come in this list makes no difference. */
  survey(member: JsonValue, indexes: readonly number[]): boolean;
  /** Undefined for what is no finding; it is counted all the same. */
  read(member: JsonValue, indexes: readonly number[], occurrences: OccurrenceCounter): Finding | undefined;
  /** All but the findings, with their exact number in `counts`. */
  finish(): EvidenceDocument;
}

/** How a JSON format is read whose findings are one long list (or several at the same place). */
export interface LongList {
  /** Where: keys from the root, `*` for any member of a list; empty when the whole file is the list. */
  readonly path: readonly string[];
  /**
   * `skeleton`: the file with all but the first member of each such list left out. A document where there is
   * nothing to read.
   */
  readonly open: (skeleton: JsonValue, context: ReadContext) => OpenList | EvidenceDocument;
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
        /** Large files of this format are read by it; others of that size are refused. */
        readonly list?: LongList;
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
  | Omit<Extract<FormatReader, { syntax: 'json' }>, 'read' | 'kinds' | 'list'>
  | Omit<Extract<FormatReader, { syntax: 'xml' }>, 'read' | 'kinds'>
  | Omit<Extract<FormatReader, { syntax: 'text' }>, 'read' | 'kinds'>;
