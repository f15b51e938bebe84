import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
/** Plain JavaScript, hence a name the type checker does not follow. */
const OBTAIN = join(ROOT, 'scripts/strangers/obtain.mjs');
/** Tessera's fsck can wait for ever after a mismatch (tessera#1098). It needs milliseconds for a pack that is right. */
const HANG_MS = 10_000;
const ANSWER_MS = 120_000;
/** Whatever would go out fails at once: the tools must do without. */
export const OFFLINE = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, 'http://127.0.0.1:9']),
);

interface Missing {
  readonly missing: string;
}

export interface Strangers {
  readonly fsck: { readonly path: string } | Missing;
  readonly library: { readonly path: string } | Missing;
  readonly cosign: { readonly path: string } | Missing;
  /** Holds `litewitness`, `spicy`, and our `torchwood` around them. */
  readonly torchwood: { readonly folder: string } | Missing;
  /** go-oscal: NIST's JSON schemas of OSCAL. */
  readonly oscal: { readonly path: string } | Missing;
  /** sh, jq, openssl, sha256sum: of the system. */
  readonly shell: object | Missing;
  readonly sigstore: { readonly node: string; readonly folder: string } | Missing;
}

/** What a tool says of a pack: how much it looked at, and its reason when it refuses. */
export interface Verdict {
  readonly checks: number;
  readonly refused?: string;
}

export const has = <T extends object>(tool: T | Missing): tool is T => !('missing' in tool);

/** Those that others wrote, from the cache or the registries; at most two minutes, unless in long mode. */
export async function obtainStrangers(long: boolean): Promise<Strangers> {
  const { obtainStrangers: obtain } = (await import(OBTAIN)) as {
    obtainStrangers: (options: object) => Promise<Omit<Strangers, 'shell'>>;
  };
  const limits = long ? { cosign: true } : { limitMs: 120_000 };
  const obtained = await obtain({ root: ROOT, dataDir: '.assay', log: () => undefined, ...limits });
  return { ...obtained, shell: findShell() };
}

function findShell(): object | Missing {
  const absent = ['jq', 'openssl', 'sha256sum'].find(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  return absent === undefined ? {} : { missing: `${absent} is not installed` };
}

/** Tessera's fsck of the whole log. It ends with 0 either way, so what it prints is what counts. */
export function fsck(program: string, folder: string): Promise<Verdict> {
  const args = [`--storage_url=file://${folder}`, `--public_key=${join(folder, 'checkpoint.vkey')}`];
  const options = { env: OFFLINE, timeout: HANG_MS, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(program, [...args, '--ui=false', '--N=2'], options, (error, _, said) => {
      const [, size] = /Successfully fsck'd log with size (\d+)/.exec(said) ?? [];
      if (size !== undefined && !error) resolve({ checks: Number(size) });
      else resolve({ checks: 0, refused: error?.killed ? 'does not end' : lastWords(said) });
    });
  });
}

export const lastWords = (said: string): string =>
  said
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^.*?\] /, '') ?? '';

/** NIST's JSON schema of the version that the document names, by go-oscal; what it says when it refuses. */
export function oscal(program: string, document: string): Promise<string | undefined> {
  const options = { env: OFFLINE, timeout: 60_000, encoding: 'utf8', maxBuffer: 1 << 24 } as const;
  return new Promise((resolve) => {
    execFile(program, ['validate', '-f', document], options, (error, _, said) => {
      const isValid = !error && said.includes('is valid OSCAL version 1.1.3 assessment-results');
      resolve(isValid ? undefined : said || (error?.message ?? 'says nothing'));
    });
  });
}

/** A child that answers a line of JSON with a line of JSON. Close it. */
export class LineProcess {
  #child: ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
  ) {}

  async ask<T>(question: object): Promise<T> {
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), ANSWER_MS);
    try {
      const answer = await this.#answers?.next();
      if (!answer || answer.done === true) throw new Error(`${this.program} ended without an answer`);
      return JSON.parse(answer.value) as T;
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    this.#child?.stdin?.end();
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const child = spawn(this.program, this.args, { env: OFFLINE, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return child;
  }
}

export const LIBRARIES = ['xmod', 'merkle', 'formats', 'policy'] as const;
export type Library = (typeof LIBRARIES)[number];

export interface OpenedNote {
  readonly opened: boolean;
  readonly text?: string;
  readonly refused?: string;
  readonly checkpoint: boolean;
  readonly size: number;
  /** base64 */
  readonly root?: string;
}

export interface TreesReport {
  readonly roots: number;
  readonly inclusion: number;
  readonly consistency: number;
  readonly refused: number;
  readonly examples: readonly string[] | null;
}

/** Our Go program on others' modules: test/strangers/go. Close it. */
export class GoLibraries {
  readonly #packs: LineProcess;
  readonly #notes: LineProcess;

  constructor(private readonly program: string) {
    this.#packs = new LineProcess(program, ['pack']);
    this.#notes = new LineProcess(program, ['notes']);
  }

  pack(dir: string): Promise<Record<Library, Verdict>> {
    return this.#packs.ask({ dir });
  }

  note(note: string | Buffer, vkey: string): Promise<OpenedNote> {
    return this.#notes.ask({ note: Buffer.from(note).toString('base64'), vkey });
  }

  /** `lines` as described in trees.go. */
  async trees(lines: Iterable<string>): Promise<TreesReport> {
    const child = spawn(this.program, ['trees'], { env: OFFLINE, stdio: ['pipe', 'pipe', 'inherit'] });
    const answer = (async () => {
      let text = '';
      for await (const chunk of child.stdout.setEncoding('utf8')) text += String(chunk);
      return text;
    })();
    for (const line of lines) {
      if (!child.stdin.write(`${line}\n`)) await new Promise((resolve) => child.stdin.once('drain', resolve));
    }
    child.stdin.end();
    return JSON.parse(await answer) as TreesReport;
  }

  close(): void {
    this.#packs.close();
    this.#notes.close();
  }
}

/** npm's @sigstore/verify, under the Node it asks for. Close it. */
export class SigstoreVerify {
  readonly #process: LineProcess;

  constructor({ node, folder }: { readonly node: string; readonly folder: string }) {
    this.#process = new LineProcess(node, [join(import.meta.dirname, 'sigstore-verify.mjs'), folder]);
  }

  /** Every bundle of the pack. */
  async pack(folder: string): Promise<Verdict> {
    const bundles = bundlesOf(folder);
    const { accepted, refused } = await this.#process.ask<{ accepted: number; refused: [string, string][] }>({
      trustedRoot: join(folder, 'trusted_root.json'),
      key: join(folder, 'decision.pub'),
      bundles,
    });
    const [first] = refused;
    if (first)
      return { checks: bundles.length, refused: `${first[0].slice(folder.length + 1)}: ${first[1]}` };
    return { checks: accepted };
  }

  close(): void {
    this.#process.close();
  }
}

const bundlesOf = (folder: string): string[] =>
  readdirSync(join(folder, 'bundles'))
    .toSorted()
    .map((name) => join(folder, 'bundles', name));

/** cosign over `names` and some others of the pack's bundles, evenly spread, each against the digest its statement names. */
export async function cosign(
  program: string,
  folder: string,
  { sample, names = [] }: { readonly sample: number; readonly names?: readonly string[] },
): Promise<Verdict> {
  const bundles = bundlesOf(folder);
  const step = Math.max(1, Math.floor(bundles.length / sample));
  const spread = bundles.filter((_, at) => at % step === 0).slice(0, sample);
  const named = bundles.filter((path) => names.includes(basename(path)));
  const chosen = [...new Set([...named, ...spread])];
  const home = mkdtempSync(join(tmpdir(), 'assay-cosign-'));
  try {
    for (const bundle of chosen) {
      const refused = await cosignOne(program, { folder, bundle, home });
      if (refused !== undefined) return { checks: chosen.length, refused };
    }
    return { checks: chosen.length };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface OneBundle {
  readonly folder: string;
  readonly bundle: string;
  readonly home: string;
}

function cosignOne(program: string, { folder, bundle, home }: OneBundle): Promise<string | undefined> {
  const digest = subjectOf(bundle);
  if (digest === undefined) return Promise.resolve('names no subject'); // then an auditor has nothing to ask about
  const args = [
    ...['verify-blob-attestation', '--key', join(folder, 'decision.pub'), '--bundle', bundle],
    ...['--trusted-root', join(folder, 'trusted_root.json'), '--use-signed-timestamps=false'],
    ...['--type', 'https://slsa.dev/verification_summary/v1', '--digest', digest, '--digestAlg', 'sha256'],
  ];
  const options = { env: { ...OFFLINE, HOME: home }, timeout: 60_000, encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, _, said) => {
      resolve(error ? lastWords(said) || error.message : undefined);
    });
  });
}

function subjectOf(bundle: string): string | undefined {
  try {
    const { dsseEnvelope } = JSON.parse(readFileSync(bundle, 'utf8')) as {
      dsseEnvelope: { payload: string };
    };
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
      subject: { digest: { sha256: string } }[];
    };
    return statement.subject[0]?.digest.sha256;
  } catch {
    return undefined;
  }
}
