import { createHash, sign, type KeyObject } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { IN_TOTO_PAYLOAD } from '../../ledger/pae.js';
import { STATEMENT_TYPE } from '../../ledger/statement.js';
import { PackRefused, type PackFile } from './pack.js';

export const MANIFEST_PATH = 'manifest.intoto.json';
export const MANIFEST_PREDICATE = 'urn:assay:evidence-pack:v1';
const DIGEST_BYTES = 32;
/** Base64 of so many bytes ends without padding, so that pieces can be joined. */
const PIECE_BYTES = 3 * 16 * 1024;

/**
 * Notes path and digest of each file while its consumer reads it, and then signs the list. The only thing of a
 * pack that grows with the number of files: about 100 bytes for each, and twice that while it signs.
 */
export class Manifest {
  readonly #paths: string[] = [];
  /** 32 bytes per path. Apart from the paths, because 300,000 small objects would weigh more than they say. */
  #digests = Buffer.alloc(1024 * DIGEST_BYTES);

  /** The file as it goes out. Throws when the consumer turns to the next one before it has read a stream to its end. */
  *pass(file: PackFile): Generator<PackFile> {
    const { path, size, chunks } = file;
    const digest = createHash('sha256');
    if (!(Symbol.asyncIterator in chunks)) {
      for (const chunk of chunks) digest.update(chunk);
      this.#note(path, digest.digest());
      yield file;
      return;
    }
    let left = size;
    async function* noted(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of stream) {
        digest.update(chunk);
        left -= chunk.length;
        yield chunk;
      }
    }
    yield { path, size, chunks: noted(chunks) };
    if (left !== 0) throw new PackRefused('source-changed', `${path} was not read, or has another length`);
    this.#note(path, digest.digest());
  }

  /** DSSE over the in-toto Statement, both canonical JSON; Ed25519, so that the same files give the same bytes. */
  signed(predicate: JsonObject, exportKey: KeyObject): PackFile {
    const [before, after] = [
      `{"_type":${JSON.stringify(STATEMENT_TYPE)},"predicate":${canonicalJson(predicate)},` +
        `"predicateType":"${MANIFEST_PREDICATE}","subject":[`,
      ']}',
    ];
    const length = Buffer.byteLength(before) + this.#subjectBytes() + after.length;
    const prefix = `DSSEv1 ${String(IN_TOTO_PAYLOAD.length)} ${IN_TOTO_PAYLOAD} ${String(length)} `;
    const pae = Buffer.alloc(prefix.length + length);
    let at = pae.write(prefix + before);
    for (const piece of this.#subjects()) at += pae.write(piece, at, 'latin1');
    at += pae.write(after, at);
    if (at !== pae.length) throw new Error('the manifest came out in another length');
    const payload = pae.subarray(prefix.length);
    const sig = sign(null, pae, exportKey).toString('base64');
    const [head, tail] = [
      '{"payload":"',
      `","payloadType":"${IN_TOTO_PAYLOAD}","signatures":[{"keyid":"","sig":"${sig}"}]}`,
    ];
    // eslint-disable-next-line @typescript-eslint/require-await -- chunks of what is in memory
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from(head);
      for (let start = 0; start < payload.length; start += PIECE_BYTES) {
        yield Buffer.from(payload.toString('base64', start, start + PIECE_BYTES));
      }
      yield Buffer.from(tail);
    }
    const size = head.length + 4 * Math.ceil(payload.length / 3) + tail.length;
    return { path: MANIFEST_PATH, size, chunks: chunks() };
  }

  #note(path: string, digest: Buffer): void {
    const start = this.#paths.length * DIGEST_BYTES;
    if (start === this.#digests.length) this.#digests = Buffer.concat([this.#digests], 2 * start);
    digest.copy(this.#digests, start);
    this.#paths.push(path);
  }

  #subjectBytes(): number {
    const names = this.#paths.reduce((sum, path) => sum + path.length, 0);
    const commas = Math.max(0, this.#paths.length - 1);
    return names + commas + this.#paths.length * subject('', Buffer.alloc(DIGEST_BYTES)).length;
  }

  /** RFC 8785 by hand where it is long: by name, which is ASCII without anything to escape, members in order. */
  *#subjects(): Generator<string> {
    const order = Uint32Array.from(this.#paths.keys());
    order.sort((a, b) => ((this.#paths[a] ?? '') < (this.#paths[b] ?? '') ? -1 : 1));
    let comma = '';
    for (const index of order) {
      const start = index * DIGEST_BYTES;
      yield comma + subject(this.#paths[index] ?? '', this.#digests.subarray(start, start + DIGEST_BYTES));
      comma = ',';
    }
  }
}

const subject = (path: string, digest: Buffer): string =>
  `{"digest":{"sha256":"${digest.toString('hex')}"},"name":"${path}"}`;
