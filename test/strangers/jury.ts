import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { openFolder } from '../../src/verifier/folder.io.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import type { Exhibits } from './exhibits.js';
import { checkManifest } from './guide.js';
import { spicy } from './torchwood.js';
import { cosign, fsck, GoLibraries, has, SigstoreVerify, type Strangers, type Verdict } from './tools.js';

/** The judges of the table, in its order. The last is ours. */
export const JUDGES = [
  'fsck',
  'x/mod',
  'merkle',
  'formats',
  'spicy',
  '@sigstore/verify',
  'cosign',
  'openssl, sha256sum',
  'assay verify',
] as const;
export type Judge = (typeof JUDGES)[number];
export const OURS_IS: Judge = 'assay verify';
/** The commands of VERIFY.md for the manifest: tools that every auditor has, and no code of ours or of a log. */
export const MANIFEST_IS: Judge = 'openssl, sha256sum';

/** cosign is started anew for every bundle, so it sees a few of each pack. */
const COSIGN_SAMPLE = 4;

/** What each said of a pack; the ones that are not here say nothing. */
export type Verdicts = Partial<Record<Judge, Verdict>>;

/** All tools before one pack. Close it. */
export class Jury {
  readonly #go: GoLibraries | undefined;
  readonly #sigstore: SigstoreVerify | undefined;

  constructor(
    private readonly tools: Strangers,
    private readonly exhibits: Exhibits,
  ) {
    this.#go = has(tools.library) ? new GoLibraries(tools.library.path) : undefined;
    this.#sigstore = has(tools.sigstore) ? new SigstoreVerify(tools.sigstore) : undefined;
  }

  /** cosign costs a second per pack, so callers may leave it out where it has nothing to look at. */
  async judge({ withCosign = true } = {}): Promise<Verdicts> {
    const { folder } = this.exhibits.pack;
    const { fsck: checker, torchwood, cosign: signer, shell } = this.tools;
    const [checked, libraries, records, bundles, cosigned, manifest, ours] = await Promise.all([
      has(checker) ? fsck(checker.path, folder) : undefined,
      this.#go?.pack(folder),
      has(torchwood) ? spicy(torchwood.folder, folder) : undefined,
      this.#sigstore?.pack(folder),
      has(signer) && withCosign ? this.#cosign(signer.path) : undefined,
      has(shell) ? checkManifest(folder, this.exhibits.guide) : undefined,
      this.#ours(),
    ]);
    return {
      ...(checked && { fsck: checked }),
      ...(libraries && { 'x/mod': libraries.xmod, merkle: libraries.merkle, formats: libraries.formats }),
      ...(records && { spicy: records }),
      ...(bundles && { '@sigstore/verify': bundles }),
      ...(cosigned && { cosign: cosigned }),
      ...(manifest && { [MANIFEST_IS]: manifest }),
      [OURS_IS]: ours,
    };
  }

  close(): void {
    this.#go?.close();
    this.#sigstore?.close();
  }

  /** The sample always has the bundles that the corpus tampers with. */
  #cosign(program: string): Promise<Verdict> {
    const { one, other, early } = this.exhibits;
    const names = [one, other, early, 34, 299].map((seq) => `${seq}.sigstore.json`);
    return cosign(program, this.exhibits.pack.folder, { sample: COSIGN_SAMPLE, names });
  }

  /** With what an auditor has from elsewhere: both keys, and the checkpoint kept from the last time. */
  async #ours(): Promise<Verdict> {
    const source = openFolder(this.exhibits.pack.folder);
    try {
      const { accepted, findings, checked } = await verifyPack(source, nodeCrypto(), this.exhibits.kept);
      const [first] = findings;
      return accepted ? { checks: checked.files } : { checks: checked.files, refused: JSON.stringify(first) };
    } finally {
      source.close();
    }
  }
}
