import parse, { type ExpressionNode } from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import type { LicenceFact } from '../model/component.js';
import { EXCEPTION_IDS } from './spdx-exceptions.js';

/** What an expression says; the empty `alternatives` and the null `expression` go with every state but OK. */
export type LicenceReading = Pick<LicenceFact, 'state' | 'expression' | 'alternatives'>;

/** Longest text read, and most alternatives an expression may spell out: beyond, it is UNKNOWN. */
const MAX_LENGTH = 4000;
const MAX_ALTERNATIVES = 256;

/** One way of choosing: all of these atoms together. An expression offers several. */
type Alternatives = readonly (readonly string[])[];
interface Read {
  readonly text: string;
  readonly operator: 'and' | 'or' | 'atom';
  readonly operands: readonly string[];
  readonly alternatives: Alternatives;
}

/**
 * Reads an SPDX licence expression into canonical text and its disjunctive normal form. Identifiers are
 * case-insensitive (annex "SPDX license expressions"), operators all upper or all lower case; deprecated GNU
 * ids and the seven deprecated compounds take their modern form; `WITH` makes one atom. NONE and NOASSERTION
 * are not expressions but states. Anything else that is not wholly understood is UNKNOWN: one unknown id makes
 * the whole expression UNKNOWN, also beside a known alternative.
 */
export function readLicence(text: string): LicenceReading {
  const trimmed = text.trim();
  if (trimmed === 'NONE' || trimmed === 'NOASSERTION') return without(trimmed);
  if (trimmed.length > MAX_LENGTH) return without('UNKNOWN');
  const folded = foldAtoms(trimmed);
  if (!folded) return without('UNKNOWN');
  try {
    const read = evaluate(parse(folded.skeleton), folded.atoms);
    if (read) return { state: 'OK', expression: read.text, alternatives: inOrder(read.alternatives) };
  } catch {
    // The parser throws, sometimes a TypeError, on what is not an expression.
  }
  return without('UNKNOWN');
}

/** Several licences without an operator between them: all must be honoured. Unknown if one is. */
export function readAll(texts: readonly string[]): LicenceReading {
  const readings = texts.map(readLicence);
  const first = readings[0];
  if (!first) return without('UNKNOWN');
  if (first.state !== 'OK' && readings.every(({ state }) => state === first.state))
    return without(first.state);
  if (readings.some(({ state }) => state !== 'OK')) return without('UNKNOWN');
  return readLicence(readings.map(({ expression }) => `(${expression ?? ''})`).join(' AND '));
}

/** Independent of how the text was bracketed, so that equal expressions have equal documents. */
const inOrder = (alternatives: Alternatives): Alternatives =>
  alternatives
    .map((atoms) => [...atoms].sort())
    .sort((a, b) => a.length - b.length || (a.join(' ') < b.join(' ') ? -1 : 1));

const without = (state: 'UNKNOWN' | 'NONE' | 'NOASSERTION'): LicenceReading => ({
  state,
  expression: null,
  alternatives: [],
});

const byLowerCase = (ids: readonly string[]): ReadonlyMap<string, string> =>
  new Map(ids.map((id) => [id.toLowerCase(), id]));
const LICENCES = byLowerCase([...currentIds, ...deprecatedIds]);
const EXCEPTIONS = byLowerCase(EXCEPTION_IDS);

/** Deprecated ids that stand for a licence with an exception. */
const COMPOUNDS: ReadonlyMap<string, readonly [licence: string, exception: string]> = new Map([
  ['GPL-2.0-with-GCC-exception', ['GPL-2.0', 'GCC-exception-2.0']],
  ['GPL-2.0-with-autoconf-exception', ['GPL-2.0', 'Autoconf-exception-2.0']],
  ['GPL-2.0-with-bison-exception', ['GPL-2.0', 'Bison-exception-2.2']],
  ['GPL-2.0-with-classpath-exception', ['GPL-2.0', 'Classpath-exception-2.0']],
  ['GPL-2.0-with-font-exception', ['GPL-2.0', 'Font-exception-2.0']],
  ['GPL-3.0-with-GCC-exception', ['GPL-3.0', 'GCC-exception-3.1']],
  ['GPL-3.0-with-autoconf-exception', ['GPL-3.0', 'Autoconf-exception-3.0']],
]);

const GNU_PLAIN = /^(?:AGPL|GFDL|GPL|LGPL)-\d\.\d$/;
const REFERENCE = /^(?:DocumentRef-([A-Za-z0-9.-]+):)?LicenseRef-([A-Za-z0-9.-]+)$/i;
const ADDITION = /^(?:DocumentRef-([A-Za-z0-9.-]+):)?AdditionRef-([A-Za-z0-9.-]+)$/i;

/**
 * Replaces every licence, with its `+` and its exception, by a numbered reference, so that the parser judges
 * structure alone: it knows neither AdditionRef nor other spellings, and its lists lag behind.
 */
function foldAtoms(text: string): { skeleton: string; atoms: readonly string[] } | undefined {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  const atoms: string[] = [];
  const skeleton: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (/^(?:[()]|AND|OR|and|or)$/.test(word)) {
      skeleton.push(word);
      continue;
    }
    const next = words[index + 1];
    const exception = next === 'WITH' || next === 'with' ? (words[index + 2] ?? '') : undefined;
    if (exception !== undefined) index += 2;
    const atom = atomOf(word, exception);
    if (atom === undefined) return undefined;
    skeleton.push(`LicenseRef-${String(atoms.push(atom) - 1)}`);
  }
  return { skeleton: skeleton.join(' '), atoms };
}

function atomOf(word: string, exception: string | undefined): string | undefined {
  const licence = licenceOf(word);
  if (licence === undefined || exception === undefined) return licence;
  const canonical = exceptionOf(exception);
  return canonical === undefined || licence.includes(' ') ? undefined : `${licence} WITH ${canonical}`;
}

function licenceOf(word: string): string | undefined {
  const reference = REFERENCE.exec(word);
  if (reference) return referenceTo('LicenseRef', reference);
  const plus = word.endsWith('+');
  const id = LICENCES.get((plus ? word.slice(0, -1) : word).toLowerCase());
  if (id === undefined) return undefined;
  const compound = COMPOUNDS.get(id);
  if (compound) return `${orLater(compound[0], plus)} WITH ${compound[1]}`;
  return orLater(id, plus);
}

function orLater(id: string, plus: boolean): string {
  const gnu = GNU_PLAIN.test(id) ? id : /^(.*)-(?:only|or-later)$/.exec(id)?.[1];
  if (gnu === undefined) return plus ? `${id}+` : id;
  return plus || id.endsWith('-or-later') ? `${gnu}-or-later` : `${gnu}-only`;
}

function exceptionOf(word: string): string | undefined {
  const addition = ADDITION.exec(word);
  return addition ? referenceTo('AdditionRef', addition) : EXCEPTIONS.get(word.toLowerCase());
}

/** References compare case-insensitively like every other identifier, hence one spelling. */
function referenceTo(kind: 'LicenseRef' | 'AdditionRef', [, document, name]: RegExpExecArray): string {
  const target = `${kind}-${(name ?? '').toLowerCase()}`;
  return document === undefined ? target : `DocumentRef-${document.toLowerCase()}:${target}`;
}

/** Undefined when the alternatives are too many to write down. */
function evaluate(node: ExpressionNode, atoms: readonly string[]): Read | undefined {
  if ('license' in node) {
    const atom = atoms[Number(node.license.slice('LicenseRef-'.length))];
    if (atom === undefined) return undefined;
    return { text: atom, operator: 'atom', operands: [atom], alternatives: [[atom]] };
  }
  const operator = node.conjunction;
  const left = evaluate(node.left, atoms);
  const right = evaluate(node.right, atoms);
  if (!left || !right) return undefined;
  const operands = [...new Set([...operandsFor(operator, left), ...operandsFor(operator, right)])];
  const alternatives =
    operator === 'or' ? [...left.alternatives, ...right.alternatives] : product(left, right);
  const smallest = alternatives && withoutAbsorbed(alternatives);
  if (!smallest || smallest.length > MAX_ALTERNATIVES) return undefined;
  if (operands.length === 1) return { ...left, alternatives: smallest }; // both say the same
  const text = operands.join(` ${operator.toUpperCase()} `);
  return { text, operator, operands, alternatives: smallest };
}

/** Equal operators need no brackets between them; OR below AND does, AND below OR does not. */
function operandsFor(operator: 'and' | 'or', read: Read): readonly string[] {
  if (read.operator === operator) return read.operands;
  return [operator === 'and' && read.operator === 'or' ? `(${read.text})` : read.text];
}

function product(left: Read, right: Read): Alternatives | undefined {
  if (left.alternatives.length * right.alternatives.length > MAX_ALTERNATIVES * 4) return undefined;
  return left.alternatives.flatMap((some) =>
    right.alternatives.map((others) => [...new Set([...some, ...others])]),
  );
}

/** `A OR (A AND B)` offers nothing that `A` does not. */
function withoutAbsorbed(alternatives: Alternatives): Alternatives {
  return alternatives.filter((atoms, index) => {
    const mine = new Set(atoms);
    return !alternatives.some(
      (other, at) =>
        at !== index &&
        (other.length < atoms.length || (other.length === atoms.length && at < index)) &&
        other.every((atom) => mine.has(atom)),
    );
  });
}
