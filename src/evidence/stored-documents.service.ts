import { decodeDocument, type EvidenceDocument } from '../formats/model/document.js';
import type { Finding } from '../formats/model/finding.js';
import { decodePage, type FindingPage } from '../formats/model/finding-page.js';
import type { BlobStore } from '../kernel/blob.js';
import { digestFrom, sha256, type Digest } from '../kernel/digest.js';

/** A stored form that is gone, or whose bytes are not those of its digest: damage, which nobody asking can mend. */
export class StoredFormDamaged extends Error {
  override readonly name = 'StoredFormDamaged';

  constructor(digest: Digest, state: 'missing' | 'changed') {
    super(`${digest} is ${state} in the blob store`);
  }
}

/** Reads the normal forms of evidence back. Whoever answers upon bytes checks them against their digest. */
export class StoredDocuments {
  constructor(private readonly blobs: BlobStore) {}

  /** @throws StoredFormDamaged */
  async document(orgId: string, digest: Digest): Promise<EvidenceDocument> {
    return decodeDocument(await this.checked(orgId, digest));
  }

  /** Every finding of a document, those in pages page by page. @throws StoredFormDamaged */
  async *findings(
    orgId: string,
    { findings, pages }: { readonly findings: readonly Finding[]; readonly pages: readonly FindingPage[] },
  ): AsyncGenerator<Finding> {
    yield* findings;
    for (const page of pages) yield* decodePage(await this.checked(orgId, digestFrom(page.digest)));
  }

  private async checked(orgId: string, digest: Digest): Promise<Buffer> {
    const bytes = await this.blobs.get(orgId, digest);
    if (!bytes) throw new StoredFormDamaged(digest, 'missing');
    if (sha256(bytes) !== digest) throw new StoredFormDamaged(digest, 'changed');
    return bytes;
  }
}
