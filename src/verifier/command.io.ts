import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { nodeCrypto } from './crypto.io.js';
import { openFolder } from './folder.io.js';
import { renderVerdict } from './render.js';
import { openTar } from './tar.io.js';
import { verifyPack } from './verify-pack.js';
import type { Pins } from './verdict.js';

const USAGE = `assay verify PACK – judges an evidence pack, a folder or an uncompressed .tar; needs nothing else

  --vkey FILE|TEXT       the log's key as you were given it, once, on another way
  --checkpoint FILE      a checkpoint you kept: shows whether history was rewritten since
  --export-key FILE      PEM of the key that signs manifests
  --decision-key FILE    PEM of the keys that sign decisions
  --policy FILE          the policy that names the witnesses you trust
  --json                 the verdict for programs

Exit 0: accepted. 1: refused, with a line per finding. 2: it could not be carried out.`;

const ACCEPTED = 0;
const REFUSED = 1;
const NOT_DONE = 2;

/** `assay verify`: answers the exit code. Verdicts go to standard output, what stopped it to standard error. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ vkey: { type: 'string' }, checkpoint: { type: 'string' }, 'export-key': { type: 'string' } },
        ...{ 'decision-key': { type: 'string' }, policy: { type: 'string' } },
        ...{ json: { type: 'boolean' }, help: { type: 'boolean' } },
      },
    });
    const [path, ...more] = positionals;
    if (values.help) {
      console.log(USAGE);
      return ACCEPTED;
    }
    if (path === undefined || more.length > 0) throw new TypeError(`one PACK expected\n\n${USAGE}`);
    const read = (key: 'checkpoint' | 'export-key' | 'decision-key' | 'policy') => {
      const file = values[key];
      return file === undefined ? undefined : readFileSync(file, 'utf8');
    };
    const [checkpoint, exportKey, decisionKeys] = [
      read('checkpoint'),
      read('export-key'),
      read('decision-key'),
    ];
    const policy = read('policy');
    const pins: Pins = {
      ...(values.vkey !== undefined && { vkey: fileOrText(values.vkey) }),
      ...(checkpoint !== undefined && { checkpoint }),
      ...(exportKey !== undefined && { exportKey }),
      ...(decisionKeys !== undefined && { decisionKeys }),
      ...(policy !== undefined && { policy }),
    };
    return await judge(path, pins, values.json === true);
  } catch (error) {
    console.error(`assay verify: ${error instanceof Error ? error.message : String(error)}`);
    if (isMisuse(error)) console.error(`\n${USAGE}`);
    return NOT_DONE;
  }
}

/** What `parseArgs` throws at arguments that it does not understand. */
const isMisuse = (error: unknown): boolean =>
  String((error as { readonly code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS_');

async function judge(path: string, pins: Pins, asJson: boolean): Promise<number> {
  const source = statSync(path).isDirectory() ? openFolder(path) : await openTar(path);
  try {
    const verdict = await verifyPack(source, nodeCrypto(), pins);
    console.log(asJson ? JSON.stringify(verdict, null, 2) : renderVerdict(verdict));
    return verdict.accepted ? ACCEPTED : REFUSED;
  } finally {
    source.close();
  }
}

const fileOrText = (given: string): string => (existsSync(given) ? readFileSync(given, 'utf8') : given);
