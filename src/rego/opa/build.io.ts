import { gunzipSync } from 'node:zlib';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { JsonText } from '../../kernel/json-text.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { parseJson } from '../../kernel/strict-json.js';
import { bundleDigest, listBundle, WASM_MEMBER } from '../bundle.js';
import type * as port from '../compiler.port.js';
import * as opaOutput from './opa-output.js';
import { paths, unexpected, type Exited, type OpaProgram } from './opa-program.io.js';
import { requiredBuiltins } from './required-builtins.js';
import { BASE_DOCUMENT } from './sources.js';
import { readTar } from './tar.js';
import type { Workspace } from './workspace.io.js';

export type BuildProblem = port.AuthoringProblem | port.UnknownEntrypoint;

const BUNDLE_LIMIT_BYTES = 256 * 2 ** 20;

export async function buildIn(
  opa: OpaProgram,
  workspace: Workspace,
  { files, entrypoints }: port.BuildOrder,
  toolchain: port.ToolchainVersion,
): Promise<Result<port.CompiledBundle, BuildProblem>> {
  const checked = await opa.check(workspace, files);
  if (!checked.ok) return checked;
  const run = await opa.run(workspace, [
    ...['build', '--target', 'wasm', '--prune-unused', '--capabilities', opa.capabilitiesFile],
    ...entrypoints.flatMap((entrypoint) => ['--entrypoint', entrypoint]),
    ...['--output', workspace.bundle, ...paths(files)],
  ]);
  if (!run.ok) return run;
  if (run.value.code !== 0) return buildProblem(run.value);
  const { wasm, data } = readBundle(await workspace.readBundle());
  const written = files.find(({ path }) => path === BASE_DOCUMENT)?.text;
  refuseOtherData(data, written);
  const members = [
    ...files
      .filter(({ path }) => path !== BASE_DOCUMENT)
      .map(({ path, text }) => ({ name: path, bytes: Buffer.from(text) })),
    { name: WASM_MEMBER, bytes: wasm },
    { name: BASE_DOCUMENT, bytes: written === undefined ? data : Buffer.from(written) },
  ];
  const listing = listBundle(members);
  const builtins = await requiredBuiltins(wasm);
  const bundle = { digest: bundleDigest(listing), listing, wasm, entrypoints, builtins, toolchain };
  return ok(written === undefined ? bundle : { ...bundle, data: baseDocument(written) });
}

function buildProblem(run: Exited): Result<never, port.RegoInvalid | port.UnknownEntrypoint> {
  const entrypoint = opaOutput.readUnknownEntrypoint(run.stdout);
  if (entrypoint !== undefined) return failed({ kind: 'UnknownEntrypoint', entrypoint });
  // Some mistakes exist for the WebAssembly target only, e.g. more than four arguments to a function.
  const errors = opaOutput.readBuildErrors(run.stdout);
  if (!errors) throw unexpected('build', run);
  return failed({ kind: 'RegoInvalid', errors });
}

function readBundle(archive: Buffer): { readonly wasm: Buffer; readonly data: Buffer } {
  const members = readTar(gunzipSync(archive, { maxOutputLength: BUNDLE_LIMIT_BYTES }));
  const [wasm, data] = [members.get(WASM_MEMBER), members.get(BASE_DOCUMENT)];
  if (!wasm || !data) throw new Error('opa build wrote a bundle without a compiled module');
  return { wasm, data };
}

/** Of a text that `refuseSources` let pass. */
export function baseDocument(text: string): JsonText {
  const read = JsonText.read(text);
  if (!read.ok) throw new Error(`${BASE_DOCUMENT}: ${read.problem.detail}`);
  return read.value;
}

/** The engine loads the author's document: the compiler must have understood it the same way, and added nothing. */
function refuseOtherData(compiled: Buffer, written = '{}'): void {
  const [theirs, ours] = [compiled, written].map((text) => parseJson(text));
  if (!theirs?.ok || !ours?.ok || canonicalJson(theirs.value) !== canonicalJson(ours.value))
    throw new Error('opa build wrote data that is not the base document');
}
