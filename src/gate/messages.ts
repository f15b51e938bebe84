import { canonicalJson, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';

export type Locale = 'en' | 'nl';

/** Message templates by code; `{name}` stands for a parameter. */
export type Catalogue = Readonly<Record<string, { readonly en: string; readonly nl?: string | undefined }>>;

/** A reason: recorded as code and parameters, readable in any catalogue. */
export interface Message {
  readonly code: string;
  readonly params: JsonObject;
  /** English, as rendered when it was recorded. */
  readonly text: string;
}

/** Longest text a rendered message may have; what a scanner puts into a parameter has no bound of its own. */
const MAX_TEXT = 2_000;

/** English where the language is not there; the code itself where nothing is, so that no reason is ever empty. */
export function render(
  catalogue: Catalogue,
  code: string,
  params: JsonObject,
  locale: Locale = 'en',
): string {
  const templates = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
  const template = templates?.[locale] ?? templates?.en ?? code;
  const text = template.replaceAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (placeholder, name: string) =>
    Object.hasOwn(params, name) ? plain(params[name] ?? null) : placeholder,
  );
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1).toWellFormed()}…`;
}

export const message = (catalogue: Catalogue, code: string, params: JsonObject): Message => ({
  code,
  params,
  text: render(catalogue, code, params),
});

const plain = (value: JsonValue): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return canonicalJson(value);
};

/** What the gate itself has to say, beside the rules. */
export const GATE_MESSAGES = {
  'gate.engine-failed': {
    en: 'The rule could not be evaluated: {problem}.',
    nl: 'De regel kon niet worden uitgevoerd: {problem}.',
  },
  'gate.report-malformed': {
    en: 'The rule answered something that is not a rule report: {where}.',
    nl: 'De regel gaf een antwoord dat geen regelrapport is: {where}.',
  },
  'gate.evidence-unreadable': {
    en: 'The stored form of evidence {evidence} is missing or does not have its digest.',
    nl: 'De opgeslagen vorm van bewijs {evidence} ontbreekt of heeft niet de juiste hash.',
  },
  'gate.too-many-violations': {
    en: 'The rule reports {count} violations, more than the {limit} that one decision records.',
    nl: 'De regel meldt {count} overtredingen, meer dan de {limit} die één beslissing vastlegt.',
  },
  'gate.checklist-empty': {
    en: 'The checklist names no rule that could judge.',
    nl: 'De checklist noemt geen regel die kan oordelen.',
  },
} as const satisfies Catalogue;

export type GateMessageCode = keyof typeof GATE_MESSAGES;

export const gateMessage = (code: GateMessageCode, params: JsonObject): Message =>
  message(GATE_MESSAGES, code, params);
