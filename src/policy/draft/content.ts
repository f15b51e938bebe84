import { digestFrom, type Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { bundleDigest, listBundle } from '../../rego/bundle.js';
import type { InvalidInput } from '../problem.js';

/** One file of a draft, by its path inside the policy: policy.yaml, messages.nl.yaml, cases/…, rules/…, lib/… */
export interface DraftFile {
  readonly path: string;
  readonly text: string;
}

/** What a draft consists of at one revision, without the texts: those are blobs, found by their digests. */
export interface ContentListing {
  readonly digest: Digest;
  /** Canonical JSON, as `listBundle` writes it; its SHA-256 is the digest. */
  readonly text: string;
}

export interface ListedFile {
  readonly path: string;
  readonly digest: Digest;
}

export const MANIFEST_FILE = 'policy.yaml';
export const DUTCH_FILE = 'messages.nl.yaml';
/** The base document, for tables too large to read as Rego. Thresholds are parameters. */
export const DATA_FILE = 'data.json';
/** More or larger files than any policy has: refused before anything reads them. */
export const MAX_FILES = 200;
export const MAX_CHARACTERS = 1_000_000;

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const PATH = `a relative path of letters, digits, _ . and -, with slashes`;
const KINDS = `${MANIFEST_FILE}, ${DUTCH_FILE}, README.md, cases/*.yaml, *.rego or ${DATA_FILE}`;

export const isRego = (path: string): boolean => path.endsWith('.rego');
export const isRegoTest = (path: string): boolean => path.endsWith('_test.rego');
export const isCase = (path: string): boolean => /^cases\/[^/]+\.yaml$/.test(path);
const isKnown = (path: string): boolean =>
  [MANIFEST_FILE, DUTCH_FILE, DATA_FILE, 'README.md'].includes(path) || isCase(path) || isRego(path);

/**
 * The files of a draft, sorted by path, or what is wrong with them as files. Whether they make a policy is
 * another question (draft-pack.ts): a draft may be saved half done.
 */
export function readDraftFiles(files: readonly DraftFile[]): Result<readonly DraftFile[], InvalidInput> {
  const refuse = (path: string, expected: string) =>
    failed({ kind: 'InvalidInput' as const, path, expected });
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  if (files.length === 0 || files.length > MAX_FILES || size > MAX_CHARACTERS)
    return refuse(
      'files',
      `1 to ${String(MAX_FILES)} files of together at most ${String(MAX_CHARACTERS)} characters`,
    );
  const seen = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    const where = `files.${String(index)}.path`;
    if (path.length > 300 || !path.split('/').every((segment) => SEGMENT.test(segment)))
      return refuse(where, PATH);
    if (!isKnown(path)) return refuse(where, KINDS);
    // macOS and Windows hold only one of two names that differ in case.
    if (seen.has(path.toLowerCase())) return refuse(where, 'a path that no other file has');
    seen.add(path.toLowerCase());
  }
  return ok(files.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

export function listContent(files: readonly DraftFile[]): ContentListing {
  const text = listBundle(files.map((file) => ({ name: file.path, bytes: Buffer.from(file.text) })));
  return { digest: bundleDigest(text), text };
}

/** The files that a listing of ours names, sorted by path. */
export function listedFiles(listing: string): readonly ListedFile[] {
  const members = JSON.parse(listing) as readonly { readonly name: string; readonly digest: string }[];
  return members.map(({ name, digest }) => ({ path: name, digest: digestFrom(digest) }));
}
