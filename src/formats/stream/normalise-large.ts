import { parseCountedJson, type JsonSight } from '../../kernel/counted-json.js';
import { parseJson } from '../../kernel/strict-json.js';
import { detect, type Detected } from '../detect.js';
import { OccurrenceCounter } from '../identity.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import {
  chooseFormat,
  contextOf,
  normaliseEvidence,
  refused,
  type ChosenFormat,
  type NormaliseOptions,
} from '../normalise.js';
import { REPORT_JSON } from '../read/json-limits.js';
import type { LongList, OpenList } from '../reader.js';
import { READERS } from '../registry.js';
import { collect, type FindingStore } from './collect.js';
import {
  ListFault,
  ListScanner,
  MEMBER_LIMIT_BYTES,
  type ListPath,
  type ListPlace,
  type ListScanHandler,
  type MemberBatch,
} from './list-scanner.js';
import { inPages } from './in-pages.js';
import { positionAt, Skeleton, SkeletonTooLarge } from './skeleton.js';

/** Bytes that can be read again from their beginning, always the same. */
export interface ByteSource {
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** Of formats that are read as a whole; what parsing one takes is several times as much. */
export const WHOLE_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * As `normaliseEvidence`, and with the same result, for files of any size: those of a format with a long list
 * are read piece by piece, three times at most (what stands beside the list; a first look at its members; the
 * members), with memory for a batch of members and a run of findings. Findings beyond `INLINE_FINDINGS` go into
 * pages. Rejects when the source or the store does.
 */
export async function normaliseLarge(
  source: ByteSource,
  store: FindingStore,
  options: NormaliseOptions = {},
): Promise<EvidenceDocument> {
  if (!(await beginsLikeJson(source))) return whole(source, store, options);
  const skeleton = new Skeleton();
  try {
    await scan(source, skeleton);
  } catch (error) {
    if (error instanceof SkeletonTooLarge) return whole(source, store, options);
    return faulty(source, error, options.declaredFormat);
  }
  const found = await located(source, skeleton, detect(skeleton.bytes()));
  const chosen = chooseFormat(found, options);
  if ('readers' in chosen && 'value' in chosen.found) {
    const list = longListOf(chosen);
    const opened = list?.open(chosen.found.value, contextOf(options));
    if (list && opened) {
      if (!('finish' in opened)) return opened;
      const lists = { list, opened, count: skeleton.lists(list.path) };
      return readList(source, store, { ...lists, format: chosen.format });
    }
  }
  const fits = source.sizeBytes <= WHOLE_LIMIT_BYTES;
  return fits || 'readers' in chosen ? whole(source, store, options) : chosen;
}

/** A list that is about to be read. */
interface Opened {
  readonly list: LongList;
  readonly opened: OpenList;
  /** How many such lists the file has. */
  readonly count: number;
  readonly format: string;
}

async function readList(source: ByteSource, store: FindingStore, opened: Opened): Promise<EvidenceDocument> {
  try {
    await survey(source, opened);
    return await read(source, store, opened);
  } catch (error) {
    return faulty(source, error, opened.format);
  }
}

async function beginsLikeJson(source: ByteSource): Promise<boolean> {
  let head = '';
  for await (const chunk of source.open()) {
    head = new TextDecoder().decode(chunk.subarray(0, 65_536)).trimStart(); // strips a byte order mark
    if (head !== '') break;
  }
  return head === '' || /^[[{]/.test(head);
}

/** What is left to say where reading had to be ended from outside. */
export const exhausted = ({ declaredFormat }: NormaliseOptions): EvidenceDocument =>
  refused(declaredFormat, 'ERROR', { code: 'format.exhausted', params: {} });

/** Any list that some format may have; of which it is, only what stands beside it can tell. */
const PATHS: readonly ListPath[] = READERS.flatMap((reader) =>
  reader.syntax === 'json' && reader.list ? [reader.list.path] : [],
);

const longListOf = ({ readers }: ChosenFormat): LongList | undefined =>
  readers
    .map((reader) => (reader.syntax === 'json' ? reader.list : undefined))
    .find((list) => list !== undefined);

async function scan(source: ByteSource, handler: ListScanHandler, paths = PATHS): Promise<void> {
  const scanner = new ListScanner(paths, handler);
  for await (const chunk of source.open()) scanner.push(chunk);
  scanner.end();
}

/** Everything at once, where that is not too much. */
async function whole(
  source: ByteSource,
  store: FindingStore,
  options: NormaliseOptions,
): Promise<EvidenceDocument> {
  const { sizeBytes } = source;
  if (sizeBytes > WHOLE_LIMIT_BYTES)
    return refused(options.declaredFormat, 'ERROR', {
      code: 'format.too-large',
      params: { sizeBytes, limitBytes: WHOLE_LIMIT_BYTES },
    });
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open()) chunks.push(chunk);
  return inPages(normaliseEvidence(Buffer.concat(chunks), options), store);
}

/** Members that are not what they should be; whoever parses them says where. */
class MemberFault extends Error {
  constructor(
    readonly fault: string,
    readonly detail: string,
    readonly offset: number,
  ) {
    super(detail);
  }
}

/** A batch between brackets: a copy, since the bytes are another's. */
interface Members {
  readonly text: Buffer;
  readonly offset: number;
  readonly sight: JsonSight;
}

function asList({ bytes, offset, sight }: MemberBatch): Members {
  const text = Buffer.allocUnsafe(bytes.length + 2);
  text[0] = 0x5b;
  text.set(bytes, 1);
  text[bytes.length + 1] = 0x5d;
  return { text, offset, sight };
}

/** Reads members strictly: together with the skeleton, that is the whole file. */
function membersIn({ text, offset, sight }: Members, { path }: ListPlace): readonly [] {
  const limits = { ...REPORT_JSON, maxDepth: REPORT_JSON.maxDepth - path.length };
  const decoded = decodedUtf8(text);
  const members = decoded === undefined ? undefined : parseCountedJson(decoded, sight, limits);
  if (members !== undefined) return members as unknown as readonly [];
  const parsed = parseJson(text, limits);
  if (parsed.ok) return parsed.value as unknown as readonly [];
  const { fault, detail, offset: at } = parsed.problem;
  const before = Buffer.byteLength(new TextDecoder().decode(text).slice(0, at));
  throw new MemberFault(fault, detail, offset + before - 1);
}

function decodedUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Ends a pass over the file: no more of it is needed. */
class Enough extends Error {}

async function survey(source: ByteSource, { list: { path }, opened, count }: Opened): Promise<void> {
  let settled = 0;
  let current = '';
  let wants = true;
  const handler: ListScanHandler = {
    skeleton: () => undefined,
    members: (place, batch) => {
      const key = place.indexes.join('/');
      if (key !== current) wants = true;
      current = key;
      if (wants) wants = membersIn(asList(batch), place).every((one) => opened.survey(one, place.indexes));
      if (!wants && settled === count - 1) throw new Enough();
    },
    ended: () => (settled += 1),
  };
  if (count === 0) return;
  try {
    await scan(source, handler, [path]);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

async function read(
  source: ByteSource,
  store: FindingStore,
  { list, opened }: Opened,
): Promise<EvidenceDocument> {
  const findings = collect(store);
  const occurrences = new NoOccurrences();
  const batches: { members: Members; place: ListPlace }[] = [];
  const scanner = new ListScanner([list.path], {
    skeleton: () => undefined,
    members: (place, batch) => batches.push({ place, members: asList(batch) }),
  });
  const take = async (): Promise<void> => {
    for (const { members, place } of batches.splice(0)) {
      for (const member of membersIn(members, place)) {
        const finding = opened.read(member, place.indexes, occurrences);
        if (finding) findings.add(finding);
      }
      await findings.settle();
    }
  };
  for await (const chunk of source.open()) {
    scanner.push(chunk);
    await take();
  }
  scanner.end();
  await take();
  return findings.finish(opened.finish());
}

/** Pages give equal findings their occurrences, since only there they meet. */
class NoOccurrences extends OccurrenceCounter {
  override next(): number {
    return 0;
  }
}

/** A fault in the skeleton, by its place in the file. */
async function located(source: ByteSource, skeleton: Skeleton, found: Detected): Promise<Detected> {
  if (found.kind !== 'malformed') return found;
  const position = await positionAt(source.open(), skeleton.fileOffset(found.problem.offset));
  return { ...found, problem: { ...found.problem, ...position } };
}

async function faulty(
  source: ByteSource,
  error: unknown,
  format: string | undefined,
): Promise<EvidenceDocument> {
  if (!(error instanceof ListFault || error instanceof MemberFault)) throw error;
  const { line, column } = await positionAt(source.open(), error.offset);
  const { fault, detail } = error;
  const reason: Reason =
    fault === 'MemberTooLarge'
      ? { code: 'format.member-too-large', params: { line, column, limitBytes: MEMBER_LIMIT_BYTES } }
      : { code: 'json.malformed', params: { fault, detail, line, column } };
  return refused(format, 'ERROR', reason);
}
