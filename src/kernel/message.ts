import { canonicalJson, type JsonObject, type JsonValue } from './canonical-json.js';

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
