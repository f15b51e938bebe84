import { isArray, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';

/** gojsonschema's drafts; a schema that names none may use what any of them has. */
export type Draft = 4 | 6 | 7 | 'hybrid';

const DRAFTS: ReadonlyMap<string, Draft> = new Map([
  ['http://json-schema.org/draft-04/schema', 4],
  ['http://json-schema.org/draft-06/schema', 6],
  ['http://json-schema.org/draft-07/schema', 7],
]);

/** The draft that `$schema` names. */
export function draftOf(document: RegoValue): Draft {
  if (typeof document === 'boolean') return 'hybrid';
  if (!(document instanceof RegoObject)) throw new BuiltinError('schema is invalid');
  const named = document.get('$schema');
  if (named === undefined) return 'hybrid';
  if (typeof named !== 'string') throw new BuiltinError('$schema must be of type string');
  return DRAFTS.get(named.replace(/#$/, '')) ?? 'hybrid';
}

/** What a reference means where it stands: absolute, as far as there is a base. */
export function resolveReference(base: string, reference: string): string {
  const parent = base.split('#', 1)[0] ?? '';
  if (reference.startsWith('#')) return parent + withoutEmpty(reference);
  if (reference === '') return parent;
  if (parent === '') return withoutEmpty(reference);
  if (URL.canParse(reference, parent)) return withoutEmpty(new URL(reference, parent).href);
  // Both are paths.
  const folder = parent.slice(0, parent.lastIndexOf('/') + 1);
  return withoutEmpty(reference.startsWith('/') ? reference : folder + reference);
}

const withoutEmpty = (reference: string): string => reference.replace(/#$/, '');

/** The schemas of one document by what they call themselves. Nothing is ever fetched. */
export class SchemaPool {
  private readonly named = new Map<string, RegoValue>();

  constructor(document: RegoValue) {
    this.named.set('', document);
    this.collect(document, '');
  }

  /** The schema a resolved reference means. */
  get(reference: string): RegoValue {
    const named = this.named.get(reference);
    if (named !== undefined) return named;
    const [base = '', pointer = ''] = reference.split('#', 2);
    const document = this.named.get(base);
    if (document === undefined)
      throw new BuiltinError(
        /^[a-z][a-z0-9+.-]*:\/\/./i.test(base)
          ? `remote reference loading disabled: ${reference}`
          : `Reference ${reference} must be canonical`,
      );
    return pointed(document, pointer);
  }

  private collect(document: RegoValue, base: string): void {
    if (isArray(document)) for (const item of document) this.collect(item, base);
    if (!(document instanceof RegoObject)) return;
    const id = document.get('id') === undefined ? document.get('$id') : document.get('id');
    let scope = base;
    if (typeof id === 'string') {
      scope = resolveReference(base, id);
      if (this.named.has(scope) && this.named.get(scope) !== document)
        throw new BuiltinError(`Reference already exists: "${scope}"`);
      this.named.set(scope, document);
    }
    for (const [key, value] of document.entries) {
      // Taken literally.
      if (key === 'const' || key === 'enum') continue;
      const holdsNames = key === 'properties' || key === 'dependencies' || key === 'patternProperties';
      if (!holdsNames || !(value instanceof RegoObject)) this.collect(value, scope);
      else for (const [, item] of value.entries) this.collect(item, scope);
    }
  }
}

/** RFC 6901 within a document. */
function pointed(document: RegoValue, fragment: string): RegoValue {
  if (fragment === '') return document;
  const pointer = decoded(fragment);
  if (!pointer.startsWith('/')) return document;
  let value: RegoValue | undefined = document;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value =
      value instanceof RegoObject
        ? value.get(key)
        : isArray(value) && /^\d{1,9}$/.test(key)
          ? value[Number(key)]
          : undefined;
    if (value === undefined) throw new BuiltinError(`Object has no key '${key}'`);
  }
  return value;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (cause) {
    throw new BuiltinError(`invalid URL escape in ${fragment}`, { cause });
  }
}
