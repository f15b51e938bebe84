import type { EvidenceDocument } from '../model/document.js';
import { collect, INLINE_FINDINGS, type FindingStore } from './collect.js';

/** The same document with its findings in pages, where they are too many for it. */
export async function inPages(document: EvidenceDocument, store: FindingStore): Promise<EvidenceDocument> {
  if (document.findings.length <= INLINE_FINDINGS) return document;
  const collector = collect(store);
  for (const [at, finding] of document.findings.entries()) {
    collector.add({ ...finding, identity: { ...finding.identity, occurrence: 0 } });
    if (at % 1000 === 0) await collector.settle();
  }
  return collector.finish(document);
}
