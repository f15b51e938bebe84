/** What spans say. Ids, digests, kinds and counts only: docs/OPERATING.md lists them all. */
export type Attribute = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, Attribute | null | undefined>>;

/**
 * What an id, a digest, a code or the pattern of a route looks like. No blank and no `@`: neither a sentence nor an
 * e-mail address passes, whoever put it where an id should be.
 */
const NAME = /^[\w.:/*+-]{1,160}$/;
const NAMES_AT_MOST = 32;

export const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);

/**
 * The one way by which anything comes into a span: numbers, booleans, and texts that look like a name. All else is
 * left out, so that no evidence, reason, query, address or secret leaves by a trace, even by mistake.
 */
export function tellable(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  const told: Record<string, string | number | boolean | string[]> = {};
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === 'boolean' || isName(value)) told[name] = value;
    else if (typeof value === 'number' && Number.isFinite(value)) told[name] = value;
    else if (Array.isArray(value)) told[name] = value.filter(isName).slice(0, NAMES_AT_MOST);
  return told;
}

/** Of an error only its kind: a message quotes what it is about. SQLSTATE, Node's code, HTTP's status, or the class. */
export function errorType(error: unknown): string {
  const { code, driverError, name } = (error ?? {}) as Record<string, unknown>;
  const cause = (driverError as { code?: unknown } | undefined)?.code;
  const status = typeof code === 'number' ? String(code) : undefined;
  return [code, cause, status, name].find(isName) ?? '_OTHER';
}
