import type { BlobStore } from '../../kernel/blob.js';
import { sha256 } from '../../kernel/digest.js';
import { listContent, listedFiles, type ContentListing, type DraftFile } from './content.js';

/** Files in flight at once: each is written through to the disk. */
const AT_ONCE = 16;

/** The texts of drafts, each kept once under its digest, whoever saves it how often. */
export class DraftContents {
  constructor(private readonly blobs: BlobStore) {}

  /** Before the transaction that refers to it: a text nobody refers to is harmless, a reference to no text is not. */
  async keep(orgId: string, files: readonly DraftFile[]): Promise<ContentListing> {
    for (let from = 0; from < files.length; from += AT_ONCE)
      await Promise.all(
        files.slice(from, from + AT_ONCE).map(({ text }) => this.blobs.put(orgId, Buffer.from(text))),
      );
    return listContent(files);
  }

  /** Sorted by path, each checked against its digest. No content has no files. */
  async load(orgId: string, content: ContentListing | null): Promise<readonly DraftFile[]> {
    if (!content) return [];
    if (sha256(content.text) !== content.digest) throw new Error(`the listing ${content.digest} was changed`);
    return Promise.all(
      listedFiles(content.text).map(async ({ path, digest }) => {
        const bytes = await this.blobs.get(orgId, digest);
        if (!bytes || sha256(bytes) !== digest)
          throw new Error(`${path} ${digest} is missing or was changed`);
        return { path, text: bytes.toString('utf8') };
      }),
    );
  }
}
