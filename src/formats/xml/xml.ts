import { SaxesParser } from 'saxes';
import { failed, ok, type Result } from '../../kernel/result.js';

/** One start tag. Names are as written; `local` is the name without its prefix. */
export interface XmlElement {
  readonly name: string;
  readonly local: string;
  /** 1 for the root. */
  readonly depth: number;
  /** By name as written (`xmlns`, `line-rate`), each once. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the character after the tag, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** What is told while reading, in the order of the file. Elements close in the reverse order they opened. */
export interface XmlVisitor {
  readonly open?: (element: XmlElement) => void;
  /** Character data and CDATA, with entities and references expanded, possibly in several pieces. */
  readonly text?: (text: string) => void;
  readonly close?: (element: XmlElement) => void;
}

export interface XmlLimits {
  /** Deepest nesting; the root has depth 1. */
  readonly maxDepth: number;
  /** Attributes of one element. */
  readonly maxAttributes: number;
  /** UTF-16 code units of the whole text. */
  readonly maxLength: number;
}

/** Reports nest little and their elements are small; more is an attack or not a report. */
export const REPORT_XML: XmlLimits = { maxDepth: 100, maxAttributes: 200, maxLength: 512 * 1024 * 1024 };

export type XmlFault = 'NotWellFormed' | 'EntityDeclaration' | 'TooDeep' | 'TooManyAttributes' | 'TooLong';

/** Why a text was refused and where; line and column count from 1. */
export interface XmlProblem {
  readonly fault: XmlFault;
  /** For people; at most 200 code units. */
  readonly detail: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads XML 1.0 from its start (a byte order mark is stepped over) to its end, telling the visitor what it meets.
 * Nothing is fetched or expanded but the five predefined entities and character references: a DOCTYPE is stepped
 * over, one that declares entities is refused, a reference to any other entity is not well-formed. Nothing is
 * repaired: after a problem the visitor hears no more, and what it heard until then is to be thrown away.
 * Time and memory are linear in the text. An exception of the visitor is passed on.
 */
export function readXml(
  text: string,
  visitor: XmlVisitor,
  limits: XmlLimits = REPORT_XML,
): Result<undefined, XmlProblem> {
  if (text.length > limits.maxLength)
    return failed({ fault: 'TooLong', detail: `longer than ${limits.maxLength}`, line: 1, column: 1 });
  try {
    parse(text, visitor, limits);
    return ok(undefined);
  } catch (error) {
    if (error instanceof Refusal) return failed(error.problem);
    throw error;
  }
}

class Refusal extends Error {
  constructor(readonly problem: XmlProblem) {
    super(problem.detail);
  }
}

/** Characters handed to the parser at a time: it keeps what it has not finished of one piece. */
const PIECE = 1 << 20;

function parse(text: string, visitor: XmlVisitor, limits: XmlLimits): void {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const ancestors: XmlElement[] = [];
  const refuse = (fault: XmlFault, detail: string): never => {
    const { line, column } = parser;
    throw new Refusal({ fault, detail: clipped(detail), line, column: column + 1 });
  };
  let attributes = 0;
  parser.on('error', ({ message }) => refuse('NotWellFormed', message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) refuse('EntityDeclaration', 'the DOCTYPE declares entities');
  });
  parser.on('opentagstart', () => void (attributes = 0));
  parser.on('attribute', () => {
    if (++attributes > limits.maxAttributes)
      refuse('TooManyAttributes', `more than ${limits.maxAttributes} attributes`);
  });
  parser.on('opentag', (tag) => {
    if (ancestors.length >= limits.maxDepth) refuse('TooDeep', `deeper than ${limits.maxDepth}`);
    const element: XmlElement = {
      name: tag.name,
      local: tag.name.slice(tag.name.indexOf(':') + 1),
      depth: ancestors.length + 1,
      attributes: tag.attributes,
      line: parser.line,
      column: parser.column + 1,
    };
    ancestors.push(element);
    visitor.open?.(element);
  });
  if (visitor.text) {
    parser.on('text', visitor.text);
    parser.on('cdata', visitor.text);
  }
  parser.on('closetag', () => {
    const element = ancestors.pop();
    if (element) visitor.close?.(element);
  });
  for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE));
  parser.close();
}

const clipped = (detail: string): string => detail.slice(0, 200).toWellFormed();
