import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';

/** Where findings stand in the evidence that is judged, so that a waiver can follow one into a renamed file. */
export interface FindingPlaces {
  /** Whether a finding of this identity is still there. */
  has(scheme: string, value: string): boolean;
  /** The content of one, undefined where the identity has none or there is no such finding. */
  contentOf(scheme: string, value: string): string | undefined;
  /** How many findings have this content. */
  count(scheme: string, content: string): number;
}

/**
 * From all documents of a decision. Undefined where one of them is not complete or holds its findings apart:
 * then nobody can say that a finding has gone from where it was.
 */
export function findingPlaces(documents: readonly JsonObject[]): FindingPlaces | undefined {
  const contents = new Map<string, string | undefined>();
  const counts = new Map<string, number>();
  for (const document of documents) {
    if (document['state'] !== 'COMPLETE' || !isEmpty(document['pages'])) return undefined;
    for (const key of ['findings', 'vulnerabilities'])
      for (const item of listOf(document[key])) {
        const { scheme, value, content } = identityOf(item);
        if (scheme === undefined || value === undefined) continue;
        contents.set(keyOf(scheme, value), content);
        if (content === undefined) continue;
        counts.set(keyOf(scheme, content), (counts.get(keyOf(scheme, content)) ?? 0) + 1);
      }
  }
  return {
    has: (scheme, value) => contents.has(keyOf(scheme, value)),
    contentOf: (scheme, value) => contents.get(keyOf(scheme, value)),
    count: (scheme, content) => counts.get(keyOf(scheme, content)) ?? 0,
  };
}

const keyOf = (scheme: string, text: string): string => `${scheme}\n${text}`;

const isEmpty = (value: JsonValue | undefined): boolean => value === undefined || listOf(value).length === 0;

const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

function identityOf(item: JsonValue): { scheme?: string; value?: string; content?: string } {
  const { scheme, value, content } = membersOf(membersOf(item)['identity']);
  return {
    ...(typeof scheme === 'string' && { scheme }),
    ...(typeof value === 'string' && { value }),
    ...(typeof content === 'string' && { content }),
  };
}

const membersOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
