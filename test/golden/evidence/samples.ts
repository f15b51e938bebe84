import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { normaliseEvidence, type NormaliseOptions } from '../../../src/formats/normalise.js';

/**
 * Third-party reports with known answers. They are read where they lie and never copied here; the folder can
 * be named by `ASSAY_SAMPLES`.
 */
export const SAMPLES =
  process.env['ASSAY_SAMPLES'] ?? resolve(import.meta.dirname, '../../../../shared/samples');

/** Like `describe`; without the folder its tests count as skipped, and the reason is printed. */
export function describeSamples(title: string, suite: () => void): void {
  if (existsSync(SAMPLES)) {
    describe(title, suite);
    return;
  }
  process.stderr.write(`SKIPPED: ${title}: no samples at ${SAMPLES} (set ASSAY_SAMPLES to the folder)\n`);
  describe.skip(title, suite);
}

export const sampleBytes = (path: string): Buffer => readFileSync(resolve(SAMPLES, path));

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a spec asserts what it reads
export const sampleJson = (path: string): any => JSON.parse(sampleBytes(path).toString('utf8'));

export const normalised = (path: string, options?: NormaliseOptions): EvidenceDocument =>
  normaliseEvidence(sampleBytes(path), options);
