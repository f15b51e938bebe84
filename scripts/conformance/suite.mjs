/** OPA's own evaluation suite, as it lies in the Go module of the pinned version. Nothing of it is copied here. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { jsonText } from './yaml-json.mjs';

const MODULE = 'github.com/open-policy-agent/opa';
const CASES = 'v1/test/cases/testdata';
const EXCEPTIONS = 'internal/wasm/sdk/test/e2e/exceptions.yaml';
const DOWNLOAD_MS = 5 * 60_000;

/** The pinned version of OPA. */
export function pinnedVersion(root) {
  return JSON.parse(readFileSync(join(root, 'rego', 'toolchain.json'), 'utf8')).opa;
}

/**
 * Where the Go tool chain keeps the module; it checks the sum. `instant`: when that version was published, in
 * milliseconds: a "now" at which certificates and tokens of the suite are what it says. Throws when there is no Go, or
 * the module cannot be had; ASSAY_OFFLINE=1 forbids to fetch it.
 */
export async function obtainModule(version, env = process.env) {
  const args = ['mod', 'download', '-json', `${MODULE}@v${version}`];
  const offline = env.ASSAY_OFFLINE === '1' ? { GOPROXY: 'off' } : {};
  const { stdout } = await promisify(execFile)('go', args, {
    env: { ...env, GOFLAGS: '-mod=mod', ...offline },
    cwd: '/',
    timeout: DOWNLOAD_MS,
  });
  const { Dir: folder, Sum: sum, Info: info } = JSON.parse(stdout);
  return { version, folder, sum, instant: Date.parse(JSON.parse(readFileSync(info, 'utf8')).Time) };
}

/** Every case of both versions of the language, in the order of files and positions. */
export function loadCases({ folder }) {
  return ['v1', 'v0'].flatMap((version) => {
    const base = join(folder, CASES, version);
    return readdirSync(base, { recursive: true })
      .filter((file) => file.endsWith('.yaml') || file.endsWith('.json'))
      .sort()
      .flatMap((file) =>
        readCases(readFileSync(join(base, file), 'utf8')).map((fields, position) => ({
          id: `${version}/${file}#${position + 1}`,
          version,
          file,
          folder: file.split('/')[0],
          position: position + 1,
          ...fields,
        })),
      );
  });
}

/** Notes (a `*` stands for anything but a slash) of cases that OPA's own WASM runner leaves out, with its reason. */
export function loadExceptions({ folder }) {
  const listed = Object.entries(parse(readFileSync(join(folder, EXCEPTIONS), 'utf8')));
  return (note) => listed.find(([pattern]) => matches(pattern, note))?.[1];
}

function matches(pattern, note) {
  if (!pattern.includes('*')) return pattern === note;
  const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^/]*')}$`, 'u').test(note);
}

/** The cases of one file; documents become JSON text, so that no number is rounded on the way. */
export function readCases(yaml) {
  // As OPA reads it: YAML 1.2 core with merge keys, of equal keys the last one.
  const { cases } = parse(yaml, { uniqueKeys: false, merge: true, intAsBigInt: true, logLevel: 'error' });
  return cases.map((each) => ({
    note: each.note,
    query: each.query.trim(),
    modules: each.modules ?? [],
    data: textOf(each.data),
    // A Rego term outranks a document, and neither is undefined input.
    input: each.input_term == null ? textOf(each.input) : withoutTrailingCommas(each.input_term),
    inputIsTerm: each.input_term != null,
    wantDefined: each.want_defined ?? undefined,
    wantResult: textOf(each.want_result),
    wantErrorCode: each.want_error_code ?? undefined,
    wantError: each.want_error ?? undefined,
    sortBindings: each.sort_bindings === true,
    strictError: each.strict_error === true,
    experimentalKeywords: each.experimental_keywords === true,
    env: each.env ?? {},
  }));
}

/** So many cases, the same ones each time: by hash one of every folder, then more of any. */
export function sampleOf(cases, size) {
  const byHash = cases
    .map((each) => ({ each, rank: createHash('sha256').update(each.id).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ each }) => each);
  const folders = new Set();
  const first = byHash.filter(({ folder }) => !folders.has(folder) && folders.add(folder));
  const more = byHash.filter((each) => !first.includes(each));
  return [...first, ...more.slice(0, Math.max(0, size - first.length))];
}

/** OPA's parser allows them in terms, a compiled policy's does not. */
const withoutTrailingCommas = (term) =>
  term.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found));

/** Go's decoder leaves a pointer nil for null as for nothing. */
const textOf = (value) => (value == null ? undefined : jsonText(value));
