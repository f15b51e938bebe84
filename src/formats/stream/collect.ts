import type { Digest } from '../../kernel/digest.js';
import { OccurrenceCounter } from '../identity.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Finding } from '../model/finding.js';
import { TraitCounter, type FindingPage } from '../model/finding-page.js';
import { findingText, orderKey, type OrderedFinding, type SortedFinding } from './finding-order.js';
import { PageCutter, type CutPage } from './page-cutter.js';

/** A document holds so many itself; beyond, the findings are in pages. */
export const INLINE_FINDINGS = 5000;

/** Orders more findings than fit into memory. */
export interface FindingSorter {
  add(finding: OrderedFinding): void;
  /** To be awaited now and then between additions: what was added may have to be put somewhere. */
  settle(): Promise<void>;
  /** All that was added, by `isBefore`. Ends the adding. */
  sorted(): AsyncIterable<SortedFinding>;
}

/** Where findings go that are too many for a document. */
export interface FindingStore {
  readonly sorter: FindingSorter;
  /** The bytes are the store's from now on. */
  putPage(bytes: Uint8Array): Promise<Digest>;
}

/** Takes findings in the order of the file, with occurrence 0, and makes them part of their document. */
export interface FindingCollector {
  add(finding: Finding): void;
  settle(): Promise<void>;
  /** `document`: all but the findings. */
  finish(document: EvidenceDocument): Promise<EvidenceDocument>;
}

/** Pages that are being stored at once: the disk is busy then, and memory still bounded. */
const PAGES_AT_ONCE = 8;

/** `inline`: how many findings a document holds itself. */
export function collect(findings: FindingStore, inline = INLINE_FINDINGS): FindingCollector {
  const { sorter } = findings;
  let held: Finding[] = [];
  let count = 0;
  const counter = new TraitCounter();
  const order = (finding: Finding, index: number): void => {
    const traits = counter.add(finding);
    sorter.add({ key: orderKey(finding), index, traits, text: findingText(finding) });
  };
  return {
    add: (finding) => {
      const index = count;
      count += 1;
      if (count <= inline) {
        held.push(finding);
        return;
      }
      for (const [at, each] of held.entries()) order(each, at);
      held = [];
      order(finding, index);
    },
    settle: () => sorter.settle(),
    finish: async (document) => {
      if (count <= inline) return { ...document, findings: withOccurrences(held) };
      const aggregates = counter.aggregates();
      const rows = aggregates.map((row) => counter.numberOf(row));
      const pages = await store(findings, rows);
      return { ...document, findings: [], aggregates, pages };
    },
  };
}

/** In the order of the document. */
async function store(findings: FindingStore, rows: readonly number[]): Promise<readonly FindingPage[]> {
  const cutter = new PageCutter();
  const pages: Promise<FindingPage>[] = [];
  const put = async ({ bytes, counts }: CutPage): Promise<FindingPage> => {
    const sizeBytes = bytes.length; // now: they are about to be handed over
    return {
      digest: await findings.putPage(bytes),
      sizeBytes,
      counts: rows.map((row) => counts.get(row) ?? 0),
    };
  };
  for await (const finding of findings.sorter.sorted()) {
    const page = cutter.push(finding);
    if (!page) continue;
    const stored = put(page);
    stored.catch(() => undefined); // heard below, when its turn comes
    pages.push(stored);
    await pages.at(-PAGES_AT_ONCE);
  }
  const last = cutter.end();
  if (last) pages.push(put(last));
  return Promise.all(pages);
}

function withOccurrences(findings: readonly Finding[]): readonly Finding[] {
  const occurrences = new OccurrenceCounter();
  return findings.map((finding) => {
    const { scheme, value } = finding.identity;
    const occurrence = occurrences.next(`${scheme} ${value}`);
    return { ...finding, identity: { ...finding.identity, occurrence } };
  });
}
