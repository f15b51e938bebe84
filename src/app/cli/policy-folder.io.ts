import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../../kernel/digest.js';
import { answeringFolders } from '../../policy/pack.js';
import {
  DATA_FILE,
  DUTCH_FILE,
  isCase,
  isRego,
  MANIFEST_FILE,
  type DraftFile,
} from '../../policy/draft/content.js';

/** What the folder was like when it was last equal to the server's draft. */
export interface Pulled {
  readonly policyId: string;
  /** The draft's version: what the next push is based on. */
  readonly version: number;
  /** Digest by path. */
  readonly files: Readonly<Record<string, string>>;
}

const STATE_FILE = '.assay-policy.json';
const pulledShape = z.object({
  policyId: z.string(),
  version: z.int(),
  files: z.record(z.string(), z.string()),
});
const manifestShape = z.object({
  id: z.string(),
  rules: z.array(z.object({ id: z.string() })).default([]),
  entrypoints: z.array(z.string()).optional(),
});

/**
 * A policy in a checkout. Self-contained: everything lies below the folder. Or a pack of a repository like ours:
 * the folder is `policies/<pack>`, and its Rego lies in `rego/rules/<rule>` or `rego/access` two levels up.
 */
export class PolicyFolder {
  private readonly folder: string;

  /** The id is that of a policy to pull into a folder that holds none yet. */
  constructor(
    folder: string,
    private readonly named?: string,
  ) {
    this.folder = resolve(folder);
  }

  /** Sorted by path. */
  files(): readonly DraftFile[] {
    const own = [MANIFEST_FILE, DUTCH_FILE, DATA_FILE, 'README.md'].filter((path) =>
      existsSync(join(this.folder, path)),
    );
    const cases = below(join(this.folder, 'cases'), this.folder).filter(isCase);
    const rego = this.regoFolders().flatMap(({ base, folder }) => below(folder, base).filter(isRego));
    return [...new Set([...own, ...cases, ...rego])]
      .sort()
      .map((path) => ({ path, text: readFileSync(this.placeOf(path), 'utf8') }));
  }

  policyId(): string {
    return this.named ?? this.pulled()?.policyId ?? this.manifest().id;
  }

  pulled(): Pulled | undefined {
    const file = join(this.folder, STATE_FILE);
    return existsSync(file) ? pulledShape.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  }

  /** Paths that differ from what was last pulled or pushed. */
  changedLocally(): readonly string[] {
    const before = this.pulled()?.files ?? {};
    const now = digestsOf(existsSync(this.folder) ? this.files() : []);
    return [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .filter((path) => before[path] !== now[path])
      .sort();
  }

  remember(policyId: string, version: number, files: readonly DraftFile[]): void {
    const state: Pulled = { policyId, version, files: digestsOf(files) };
    writeFileSync(join(this.folder, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`);
  }

  /** Makes the folder hold exactly these files; what it held beside them and knew of is removed. */
  write(files: readonly DraftFile[]): void {
    mkdirSync(this.folder, { recursive: true });
    const wanted = new Set(files.map(({ path }) => path));
    for (const path of Object.keys(this.pulled()?.files ?? {}))
      if (!wanted.has(path)) rmSync(this.placeOf(path), { force: true });
    for (const { path, text } of files) {
      const file = this.placeOf(path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** The file on the disk that a path of the policy names, for messages a terminal can open. */
  shownPath(path: string): string {
    const shown = relative(process.cwd(), this.placeOf(path));
    return shown.startsWith('..') ? this.placeOf(path) : shown;
  }

  private placeOf(path: string): string {
    const base =
      isRego(path) && !this.isSelfContained() ? join(this.folder, '..', '..', 'rego') : this.folder;
    const place = resolve(base, path);
    // The server checks paths as well; a client does not rely on it.
    if (!place.startsWith(base + sep)) throw new Error(`${path} lies outside the policy`);
    return place;
  }

  private isSelfContained(): boolean {
    const shared = join(this.folder, '..', '..', 'rego', 'rules');
    return !existsSync(shared) || below(this.folder, this.folder).some(isRego);
  }

  private regoFolders(): readonly { readonly base: string; readonly folder: string }[] {
    if (this.isSelfContained()) return [{ base: this.folder, folder: this.folder }];
    const base = join(this.folder, '..', '..', 'rego');
    if (!existsSync(join(this.folder, MANIFEST_FILE))) return [];
    const { rules, entrypoints } = this.manifest();
    const folders = answeringFolders(entrypoints) ?? rules.map(({ id }) => join('rules', id));
    return folders.map((each) => ({ base, folder: join(base, each) }));
  }

  private manifest(): z.output<typeof manifestShape> {
    return manifestShape.parse(parse(readFileSync(join(this.folder, MANIFEST_FILE), 'utf8')));
  }
}

/** Files below a folder, named from the base, with slashes. A folder that is not there has none. */
function below(folder: string, base: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

const digestsOf = (files: readonly DraftFile[]): Record<string, string> =>
  Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)]));
