import { createHash, sign, type KeyObject } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { IN_TOTO_PAYLOAD } from '../../ledger/pae.js';
import { STATEMENT_TYPE } from '../../ledger/statement.js';
import { PackRefused, type PackFile } from './pack.js';

export const MANIFEST_PATH = 'manifest.intoto.json';
export const MANIFEST_PREDICATE = 'urn:assay:evidence-pack:v1';
/** Base64 of so many bytes ends without padding, so that pieces can be joined. */
const PIECE_BYTES = 3 * 16 * 1024;

/**
 * Notes path and digest of each file while its consumer reads it, and then signs the list. The only thing of a
 * pack that grows with the number of files: about 200 bytes for each.
 */
export class Manifest {
  readonly #files: { readonly path: string; readonly sha256: string }[] = [];

  /** The file as it goes out. Throws when the consumer turns to the next one before it has read a stream to its end. */
  *pass(file: PackFile): Generator<PackFile> {
    const { path, size, chunks } = file;
    const digest = createHash('sha256');
    if (!(Symbol.asyncIterator in chunks)) {
      for (const chunk of chunks) digest.update(chunk);
      this.#files.push({ path, sha256: digest.digest('hex') });
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
    this.#files.push({ path, sha256: digest.digest('hex') });
  }

  /** DSSE over the in-toto Statement, both canonical JSON; Ed25519, so that the same files give the same bytes. */
  signed(predicate: JsonObject, exportKey: KeyObject): PackFile {
    const payload = Buffer.from(this.#statement(predicate));
    const prefix = `DSSEv1 ${String(IN_TOTO_PAYLOAD.length)} ${IN_TOTO_PAYLOAD} ${String(payload.length)} `;
    const sig = sign(null, Buffer.concat([Buffer.from(prefix), payload]), exportKey).toString('base64');
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

  /** RFC 8785 by hand where it is long: a subject's members and the statement's are in canonical order. */
  #statement(predicate: JsonObject): string {
    const subjects = this.#files
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, sha256 }) => `{"digest":{"sha256":"${sha256}"},"name":${JSON.stringify(path)}}`);
    const type = JSON.stringify(STATEMENT_TYPE);
    return (
      `{"_type":${type},"predicate":${canonicalJson(predicate)},"predicateType":"${MANIFEST_PREDICATE}",` +
      `"subject":[${subjects.join(',')}]}`
    );
  }
}
