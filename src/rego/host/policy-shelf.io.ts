import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { Bundle, BundleSource, EngineProblem } from '../engine.port.js';
import { CLOSED } from './evaluation-thread.io.js';
import { evaluationFailed } from './faults.js';
import type { PolicySource } from './instance.js';
import { LruMap } from '../../kernel/lru-map.js';
import type { ThreadPool } from './thread-pool.io.js';

/** Parsing a policy's data, and waiting for a thread to do it: no evaluation's fault, hence no part of its deadline. */
const LOAD_LIMIT_MS = 60_000;

type Loaded = Result<PolicySource, EngineProblem>;

/**
 * Policies ready to be evaluated, by digest: compiled once, their data parsed once, however many ask. What was not
 * used for longest gives way; what could not be loaded is tried again.
 */
export class PolicyShelf {
  private readonly kept: LruMap<Digest, PolicySource>;
  private readonly loading = new Map<Digest, Promise<Loaded>>();

  constructor(
    private readonly bundles: BundleSource,
    private readonly pool: ThreadPool,
    keptBytes: number,
  ) {
    this.kept = new LruMap(keptBytes, (bundle) => {
      pool.forget(bundle);
    });
  }

  get(bundle: Digest): Promise<Loaded> {
    const kept = this.kept.get(bundle);
    if (kept) return Promise.resolve(ok(kept));
    const loading = this.loading.get(bundle) ?? this.load(bundle);
    this.loading.set(bundle, loading);
    return loading;
  }

  private async load(bundle: Digest): Promise<Loaded> {
    try {
      const found = await this.found(bundle);
      if (!found.ok) return found;
      const { wasm, data } = found.value;
      const module = await WebAssembly.compile(wasm);
      const source: Loaded = data
        ? await this.withImage({ bundle, module, data: data.text })
        : ok({ bundle, module });
      if (source.ok)
        this.kept.set(bundle, source.value, wasm.byteLength + (source.value.image?.bytes.byteLength ?? 0));
      return source;
    } catch (error) {
      return failed(evaluationFailed(error, 'bundle'));
    } finally {
      this.loading.delete(bundle);
    }
  }

  private async found(bundle: Digest): Promise<Result<Bundle, EngineProblem>> {
    try {
      const found = await this.bundles.get(bundle);
      return found ? ok(found) : failed({ kind: 'BundleNotFound', bundle });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return failed({ kind: 'EngineUnavailable', reason: 'bundle-unreadable', detail });
    }
  }

  private async withImage(source: PolicySource): Promise<Loaded> {
    const image = await this.pool.lend(source.bundle, LOAD_LIMIT_MS, (thread) =>
      thread.prepare(source, LOAD_LIMIT_MS),
    );
    if (!image) return failed(CLOSED);
    return image.ok ? ok({ bundle: source.bundle, module: source.module, image: image.value }) : image;
  }
}
