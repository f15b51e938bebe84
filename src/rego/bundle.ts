import { canonicalJson } from '../kernel/canonical-json.js';
import { digestFrom, sha256, type Digest } from '../kernel/digest.js';

/** One file of a bundle. */
export interface BundleMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What a bundle consists of, as canonical JSON: per member its name, length and SHA-256, sorted by name. The
 * SHA-256 of this text is the bundle's digest, so the listing can be stored, fetched and checked like any blob.
 * The archive OPA writes is not hashed: gzip output may differ where the content does not.
 */
export type BundleListing = string;

export const WASM_MEMBER = 'policy.wasm';

export function listBundle(members: readonly BundleMember[]): BundleListing {
  const names = new Set(members.map(({ name }) => name));
  if (names.size < members.length) throw new Error('a bundle has two members of one name');
  return canonicalJson(
    members
      .map(({ name, bytes }) => ({ name, length: bytes.byteLength, digest: sha256(bytes) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

export const bundleDigest = (listing: BundleListing): Digest => sha256(listing);

/** The digest of the compiled module in a listing that `listBundle` wrote. */
export function wasmMember(listing: BundleListing): Digest {
  const members = JSON.parse(listing) as readonly { readonly name: string; readonly digest: string }[];
  const wasm = members.find(({ name }) => name === WASM_MEMBER);
  if (!wasm) throw new Error('the listing names no compiled module');
  return digestFrom(wasm.digest);
}

/** Names a set of sources whatever their order: the digest of their listing. */
export function sourceDigest(files: readonly { readonly path: string; readonly text: string }[]): Digest {
  return bundleDigest(listBundle(files.map(({ path, text }) => ({ name: path, bytes: Buffer.from(text) }))));
}
