import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lastWords, LineProcess, OFFLINE, type Verdict } from './tools.js';

/** More would only take longer: spicy looks at each record by itself. */
const MOST_RECORDS = 1000;
const START_MS = 20_000;

/** Torchwood's spicy: every record with its proof, which but for its first line is a `.spicy` file. */
export async function spicy(programs: string, folder: string): Promise<Verdict> {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-spicy-'));
  try {
    const records = readdirSync(join(folder, 'proofs')).toSorted().slice(0, MOST_RECORDS);
    const paths = records.map((name) => recordFor(folder, scratch, name.replace(/\.tlog-proof$/, '')));
    const vkey = readFileSync(join(folder, 'checkpoint.vkey'), 'utf8').trimEnd();
    const refused = await runSpicy(join(programs, 'spicy'), ['-verify', vkey, ...paths]);
    return { checks: records.length, ...(refused !== undefined && { refused }) };
  } catch (error) {
    return { checks: 0, refused: String(error) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function recordFor(folder: string, scratch: string, seq: string): string {
  const path = join(scratch, `${seq}.json`);
  copyFileSync(join(folder, 'entries', `${seq}.json`), path);
  const proof = readFileSync(join(folder, 'proofs', `${seq}.tlog-proof`));
  writeFileSync(`${path}.spicy`, proof.subarray(proof.indexOf('\n') + 1));
  return path;
}

function runSpicy(program: string, args: readonly string[]): Promise<string | undefined> {
  const options = { env: OFFLINE, timeout: 60_000, encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, _, said) => {
      if (error) resolve(lastWords(said) || error.message);
      else resolve(said.includes('verified!') ? undefined : 'says nothing');
    });
  });
}

/** Torchwood's reader of witness policies. Close it. */
export class TorchwoodPolicies {
  readonly #process: LineProcess;

  constructor(programs: string) {
    this.#process = new LineProcess(join(programs, 'torchwood'), ['policies']);
  }

  /** Whether the signatures on `checkpoint` are what `policy` asks for; the reason when not. */
  ask(policy: string, checkpoint: string): Promise<{ refused?: string }> {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    return this.#process.ask({ policy: base64(policy), checkpoint: base64(checkpoint) });
  }

  close(): void {
    this.#process.close();
  }
}

/** A witness that runs. */
export interface Running {
  readonly url: string;
  readonly vkey: string;
  stop(): void;
}

/** Torchwood's litewitness on a free port, with a fresh key, for the one log of `logVkey`. */
export async function startLitewitness(programs: string, name: string, logVkey: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-litewitness-'));
  const children: ChildProcess[] = [];
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const keeper = spawn(join(programs, 'torchwood'), ['keep', '-dir', folder, '-log', logVkey], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(keeper);
    const kept = await said(keeper, keeper.stdout, /^\{"fingerprint":"(.+)"\}$/);
    const listen = `127.0.0.1:${String(await freePort())}`;
    const agent = ['-ssh-agent', join(folder, 'agent.sock'), '-key', kept];
    const args = ['-name', name, '-db', join(folder, 'witness.db'), '-listen', listen, ...agent];
    const witness = spawn(join(programs, 'litewitness'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(witness);
    const vkey = await said(witness, witness.stderr, /msg="verifier key" vkey=(\S+)/);
    await answers(`http://${listen}/`);
    return { url: `http://${listen}`, vkey, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** What the pattern's group matches in the first line that does; what comes after is read, so that nobody blocks. */
function said(child: ChildProcess, stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`ended with ${String(code)}: ${seen.join('\n')}`));
    });
    createInterface({ input: stream }).on('line', (line) => {
      const [, found] = pattern.exec(line) ?? [];
      if (found === undefined) seen.push(line);
      else resolve(found.replace(/^"|"$/g, ''));
    });
  });
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });

async function answers(url: string): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
