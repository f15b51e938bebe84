import type { JsonObject } from '../kernel/canonical-json.js';
import { digestOf } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { RegoSource } from '../rego/compiler.port.js';
import { sourceDigest } from '../rego/bundle.js';
import type { Manifest } from './manifest.js';

/** A policy as it is written: manifest, translated messages, and the Rego it consists of (tests left out). */
export interface Pack {
  readonly manifest: Manifest;
  /** Dutch message templates by code; the English ones are the rules' own annotations. */
  readonly dutch: Readonly<Record<string, string>>;
  readonly files: readonly RegoSource[];
}

/** Names everything an author writes. Equal sources, equal digest, on every machine. */
export const packDigest = (pack: Pack): Digest =>
  digestOf({
    manifest: pack.manifest as unknown as JsonObject,
    dutch: pack.dutch,
    files: sourceDigest(pack.files),
  });

/** `no-secrets` is judged by package `assay.rules.no_secrets`; its answer is the rule `result`. */
export const packageOf = (ruleId: string): string => `assay/rules/${ruleId.replaceAll('-', '_')}`;
export const entrypointOf = (ruleId: string): string => `${packageOf(ruleId)}/result`;

/** Folders of rego/ that answer at these entrypoints: `assay/access/…` → `access`. Undefined for a pack that judges. */
export const answeringFolders = (entrypoints: readonly string[] | undefined): string[] | undefined =>
  entrypoints && [...new Set(entrypoints.map((entrypoint) => entrypoint.split('/')[1] ?? ''))];

export const entrypointsOf = (manifest: Manifest): readonly string[] =>
  manifest.entrypoints ?? manifest.rules.map((rule) => entrypointOf(rule.id));
