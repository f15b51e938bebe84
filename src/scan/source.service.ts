import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { SourceProblem } from './problem.js';
import type { SourceStore } from './scan.store.js';
import type { SourceArchives } from './source-archives.port.js';

export interface KeptSource {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** A source that nobody asked to scan is removed after this long. */
export const UNASKED_SOURCE_MS = 24 * 60 * 60 * 1000;

class SourceTooLarge extends Error {}

/** Takes source archives in, and removes them when no scan needs them any more. */
export class SourceService {
  constructor(
    private readonly tx: InTransaction<{ sources: SourceStore }>,
    private readonly archives: SourceArchives,
    private readonly limitBytes: number,
    private readonly clock: Clock,
  ) {}

  /** The bytes are not looked at, for they are the customer's: what is in them shows when they are unpacked. */
  async receive(
    stream: AsyncIterable<Uint8Array>,
    { orgId, principalId }: Actor,
  ): Promise<Result<KeptSource, SourceProblem>> {
    const { limitBytes } = this;
    const limited = async function* (): AsyncGenerator<Uint8Array> {
      let bytes = 0;
      for await (const chunk of stream) {
        bytes += chunk.byteLength;
        if (bytes > limitBytes) throw new SourceTooLarge();
        yield chunk;
      }
    };
    try {
      const staged = await this.archives.stage(orgId, limited());
      if (staged.sizeBytes > 0) return await this.keep(staged, orgId, principalId);
      await staged.discard();
      return failed({ kind: 'InvalidInput', path: 'body', expected: 'an archive: tar, tar.gz or zip' });
    } catch (error) {
      if (error instanceof SourceTooLarge) return failed({ kind: 'SourceTooLarge', limitBytes });
      throw error;
    }
  }

  /** The row is held while the bytes get their name, so that nobody removes them in between. */
  private async keep(
    staged: Awaited<ReturnType<SourceArchives['stage']>>,
    orgId: string,
    uploadedBy: string,
  ): Promise<Result<KeptSource, SourceProblem>> {
    const { digest, sizeBytes } = staged;
    try {
      return await this.tx<KeptSource, SourceProblem>(async ({ sources }) => {
        await sources.keep({ orgId, digest, sizeBytes, uploadedBy, uploadedAt: this.clock.now() });
        await staged.keep();
        return ok({ digest, sizeBytes });
      });
    } catch (error) {
      await staged.discard();
      throw error;
    }
  }

  /** Removes the bytes unless a scan still needs them; a crash in between removes them the next time. */
  async removeUnneeded(orgId: string, digest: Digest): Promise<boolean> {
    const removed = await this.tx<boolean, never>(async ({ sources }) => {
      if (await sources.isNeeded(orgId, digest)) return ok(false);
      await this.archives.remove(orgId, digest);
      await sources.noteRemoved(orgId, digest, this.clock.now());
      return ok(true);
    });
    return removed.ok && removed.value;
  }

  /** What was handed in and never asked for, or left behind by a worker that died. */
  async sweep(): Promise<number> {
    const found = await this.tx<readonly { orgId: string; digest: Digest }[], never>(async ({ sources }) =>
      ok(await sources.unneeded(this.clock.now() - UNASKED_SOURCE_MS)),
    );
    let removed = 0;
    for (const { orgId, digest } of found.ok ? found.value : [])
      if (await this.removeUnneeded(orgId, digest)) removed += 1;
    return removed;
  }
}
