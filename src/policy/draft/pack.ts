import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { RegoError, RegoSource } from '../../rego/compiler.port.js';
import {
  DATA_FILE,
  DUTCH_FILE,
  isCase,
  isRego,
  isRegoTest,
  MANIFEST_FILE,
  type DraftFile,
} from './content.js';
import { parseManifest, type Manifest } from '../manifest.js';
import type { Pack } from '../pack.js';

/** A draft that could be read as a policy. Rego is not looked into here: the compiler does that. */
export interface DraftPack {
  readonly pack: Pack;
  /** Everything the tests need: the pack's modules, the draft's tests, and the library's helpers for tests. */
  readonly testFiles: readonly RegoSource[];
  /** Paths that the author answers for: what is the installation's library word for word is not among them. */
  readonly own: ReadonlySet<string>;
  /** The draft with the library modules it did not bring: what a review freezes. Sorted by path. */
  readonly sealed: readonly DraftFile[];
  /** As rego/checks/packs.rego reads it. */
  readonly described: JsonObject;
}

/** One mistake with its place, in the form of the compiler's own. */
export type DraftMistake = RegoError;

const casesShape = z.object({
  judge: z.string(),
  cases: z.array(z.looseObject({ name: z.string(), expect: z.looseObject({}) })).min(1),
});

/**
 * Puts a draft together with the installation's library. A module that the draft brings below `lib/` stands for
 * the installation's of the same path; what it does not bring is added, so that a policy is always whole and no
 * later installation changes what a published one says. Every mistake at once.
 */
export function packOfDraft(
  policyId: string,
  files: readonly DraftFile[],
  library: readonly RegoSource[],
): Result<DraftPack, { readonly errors: readonly DraftMistake[] }> {
  const errors: DraftMistake[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifest = readManifest(policyId, byPath.get(MANIFEST_FILE), errors);
  const dutch = readDutch(byPath.get(DUTCH_FILE), errors);
  const cases = files.filter(({ path }) => isCase(path)).flatMap((file) => readCases(file, errors));
  if (errors.length > 0 || manifest === undefined) return failed({ errors });

  const added = library.filter(({ path }) => !byPath.has(path));
  const shipped = new Map(library.map(({ path, text }) => [path, text]));
  const all = sorted([...files, ...added]);
  const judged = all.filter(({ path }) => (isRego(path) && !isRegoTest(path)) || path === DATA_FILE);
  return ok({
    pack: { manifest, dutch, files: judged },
    testFiles: all.filter(({ path }) => isRego(path) || path === DATA_FILE),
    own: new Set(files.filter(({ path, text }) => shipped.get(path) !== text).map(({ path }) => path)),
    sealed: all,
    described: {
      folder: manifest.id,
      policy: manifest as unknown as JsonObject,
      messages: dutch,
      cases,
    },
  });
}

function readManifest(
  policyId: string,
  file: DraftFile | undefined,
  errors: DraftMistake[],
): Manifest | undefined {
  if (!file) {
    errors.push(mistake('manifest_missing', 'there is no policy.yaml', MANIFEST_FILE));
    return undefined;
  }
  const read = readYaml(file, errors);
  if (!read) return undefined;
  const parsed = parseManifest(read.value);
  if (!parsed.ok) {
    for (const { path, message } of parsed.problem.errors)
      errors.push(read.at('manifest_error', path === '' ? message : `${path}: ${message}`, path.split('.')));
    return undefined;
  }
  if (parsed.value.id === policyId) return parsed.value;
  errors.push(
    read.at('manifest_error', `id: expected ${policyId}, the policy that this is a draft of`, ['id']),
  );
  return undefined;
}

function readDutch(file: DraftFile | undefined, errors: DraftMistake[]): Readonly<Record<string, string>> {
  if (!file) {
    errors.push(mistake('messages_missing', 'there is no messages.nl.yaml', DUTCH_FILE));
    return {};
  }
  const read = readYaml(file, errors);
  if (!read) return {};
  const parsed = z.record(z.string(), z.string().min(1)).safeParse(read.value ?? {});
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    errors.push(read.at('messages_error', `${path.join('.')}: ${message}`, path as (string | number)[]));
  return {};
}

/** The judge of each case and whether it is one that passes: all that the checks of a pack ask. */
function readCases(file: DraftFile, errors: DraftMistake[]): JsonObject[] {
  const read = readYaml(file, errors);
  if (!read) return [];
  const parsed = casesShape.safeParse(read.value);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      errors.push(read.at('case_error', `${path.join('.')}: ${message}`, path as (string | number)[]));
    return [];
  }
  const { judge, cases } = parsed.data;
  return cases.map(({ expect }) => ({
    judge,
    good: expect['allowed'] === true || expect['outcome'] === 'PASS',
  }));
}

interface ReadYaml {
  readonly value: unknown;
  readonly at: (code: string, message: string, path: readonly (string | number)[]) => DraftMistake;
}

function readYaml({ path: name, text }: DraftFile, errors: DraftMistake[]): ReadYaml | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { row: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const { message, pos } of document.errors)
    errors.push({ code: 'yaml_error', message, file: name, ...place(pos[0]) });
  if (document.errors.length > 0) return undefined;
  const at: ReadYaml['at'] = (code, message, path) => ({
    ...{ code, message, file: name },
    ...place(offsetOf(document, path)),
  });
  try {
    // Few aliases: a document that multiplies itself is no manifest.
    return { value: document.toJS({ maxAliasCount: 100 }), at };
  } catch (error) {
    errors.push(at('yaml_error', error instanceof Error ? error.message : 'not readable', []));
    return undefined;
  }
}

/** Where the named part begins; of a part that is missing, where the one around it does. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return node.range[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

export const mistake = (code: string, message: string, file: string, row = 0): DraftMistake => ({
  ...{ code, message, file, row },
  column: row === 0 ? 0 : 1,
});

const sorted = <T extends { readonly path: string }>(files: readonly T[]): readonly T[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
