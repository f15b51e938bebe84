import { encodeUtf8, equalBytes, toHex } from './bytes.js';
import { bundleProblem, bundleText, proofProblem, proofText, statementIn, type Proven } from './bundle.js';
import type { Checkpoint } from './checkpoint.js';
import { whyNotSelected, type Claims, type Tally } from './claims.js';
import type { Crypto } from './crypto.port.js';
import type { Findings, Refusal } from './finding.js';
import { readLeaf, type Leaf } from './leaf.js';
import { LineReader } from './lines.js';
import type { Log } from './log.js';
import { pae } from './manifest.js';
import { bundleName, entryName, proofName, seqOf } from './names.js';
import type { Vkey } from './note.js';
import type { Pack } from './pack.js';
import { plainNumber, RowWalk, type Row } from './rows.js';
import { CSV_HEADER, csvRow, readDecision, type DecisionFacts } from './statement.js';
import { hashLeaf } from './tree.js';

const MOST_LEAF = 65_535;
const MOST_BUNDLE = 32 * 1024 * 1024;
const MOST_PROOF = 64 * 1024;
/** Signatures being verified at once: keeps other threads busy and memory flat. */
const IN_FLIGHT = 64;
const CSV = 'decisions.csv';
const JSONL = 'decisions.jsonl';
const JSONL_HEAD = /^\{"leafHash":"([0-9a-f]{64})","seq":(0|[1-9]\d*),"statement":/;

/** What decisions are held against. What could not be established is undefined, and then not compared. */
export interface Ground {
  readonly pack: Pack;
  readonly crypto: Crypto;
  readonly findings: Findings;
  readonly log: Log | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly vkey: Vkey | undefined;
  /** Base64 of SPKI. */
  readonly decisionKeys: ReadonlySet<string> | undefined;
  readonly claims: Claims | undefined;
}

/** Checks each decision of the pack by seq: leaf, statement, signature, bundle, proof, and its rows in both tables. */
export async function checkDecisions(ground: Ground): Promise<Tally> {
  const { pack, findings } = ground;
  const walk = new DecisionWalk(ground);
  await walk.begin();
  for (const seq of numbersOf(pack)) await walk.check(seq);
  await walk.end();
  const tally = walk.tally;
  if (
    tally.decisions > 0 &&
    tally.last !== null &&
    ground.checkpoint &&
    tally.last >= ground.checkpoint.size
  ) {
    findings.add(
      'decision-file',
      entryName(tally.last),
      `the log has only ${ground.checkpoint.size} entries`,
    );
  }
  return tally;
}

function numbersOf(pack: Pack): Float64Array {
  const numbers: number[] = [];
  for (const name of pack.names()) {
    const seq = seqOf(name);
    if (seq !== undefined) numbers.push(seq);
  }
  // Up to three files each; sorted as numbers.
  return Float64Array.from(numbers)
    .sort()
    .filter((seq, i, all) => i === 0 || all[i - 1] !== seq);
}

class DecisionWalk {
  readonly tally: Tally = { decisions: 0, first: null, last: null, personal: 0, ofNoProject: 0, evidence: 0 };
  private readonly csvLines: LineReader;
  private readonly csv: RowWalk;
  private readonly jsonl: RowWalk;
  private readonly verifying: Promise<void>[] = [];
  private readonly keyDigests = new Map<string, Uint8Array>();

  constructor(private readonly ground: Ground) {
    const { pack, findings } = ground;
    this.csvLines = new LineReader(pack.pieces(CSV), CSV);
    const csvSeq = (line: string) => plainNumber(line.slice(0, line.indexOf(',')));
    const jsonSeq = (line: string) => plainNumber(JSONL_HEAD.exec(line)?.[2]);
    this.csv = new RowWalk(
      this.csvLines,
      { path: CSV, exists: pack.has(CSV), code: 'csv-row', seqOf: csvSeq },
      findings,
    );
    const jsonLines = new LineReader(pack.pieces(JSONL), JSONL);
    this.jsonl = new RowWalk(
      jsonLines,
      { path: JSONL, exists: pack.has(JSONL), code: 'jsonl-row', seqOf: jsonSeq },
      findings,
    );
  }

  async begin(): Promise<void> {
    const { pack, findings } = this.ground;
    if (!pack.has(CSV)) return;
    const header = await findings.attempt(() => this.csvLines.next());
    if (header?.text !== CSV_HEADER) findings.add('csv-row', CSV, 'not the header of format 1', 'line 1');
  }

  async end(): Promise<void> {
    await Promise.all(this.verifying.splice(0));
    await this.csv.finish();
    await this.jsonl.finish();
  }

  async check(seq: number): Promise<void> {
    const { pack, findings } = this.ground;
    this.tally.decisions += 1;
    this.tally.first ??= seq;
    this.tally.last = seq;
    for (const name of [entryName(seq), bundleName(seq), proofName(seq)]) {
      if (!pack.has(name)) findings.add('decision-file', name, `decision ${seq} has no such file`);
    }
    const texts = await this.readFiles(seq);
    const row = await this.jsonl.take(seq);
    const csv = await this.csv.take(seq);
    if (!texts.leafBytes || !texts.leaf) return;
    const { leafBytes, leaf } = texts;
    const found = this.statementOf({ ...texts, leaf }, seq, row);
    const leafHash = toHex(hashLeaf(this.sha256, leafBytes));
    if (row && row.text.slice(13, 77) !== leafHash) {
      findings.add('jsonl-row', JSONL, `leafHash is not that of entry ${seq}`, `line ${row.number}`);
    }
    if (!found) return;
    await this.verify(seq, leaf, found.signed);
    await this.compareFiles(seq, { ...texts, leafBytes, leaf, statement: found.statement });
    const facts = await findings.attempt(() => readDecision(found.text, found.path, found.at));
    if (facts) await this.compareFacts({ seq, facts, leafHash, row, csv });
  }

  /** The leaf and the two texts of a decision; the leaf is held against the log and the known keys. */
  private async readFiles(seq: number) {
    const { pack, findings, log, decisionKeys } = this.ground;
    const attempt = (name: string, most: number) =>
      pack.has(name) ? findings.attempt(() => pack.text(name, most)) : undefined;
    const name = entryName(seq);
    const leafBytes = pack.has(name) ? await findings.attempt(() => pack.read(name, MOST_LEAF)) : undefined;
    const bundle = await attempt(bundleName(seq), MOST_BUNDLE);
    const proof = await attempt(proofName(seq), MOST_PROOF);
    if (leafBytes && log && seq < log.tree.size) {
      const hash = (await log.nodesOf(seq)).at(0, seq % 256);
      if (!equalBytes(hash, hashLeaf(this.sha256, leafBytes))) {
        findings.add('leaf-hash', name, `not entry ${seq} of the log`);
      }
    }
    const leaf = leafBytes && (await findings.attempt(() => readLeaf(leafBytes, name)));
    if (leaf && decisionKeys && !decisionKeys.has(leaf.key64)) {
      findings.add('leaf-key', name, 'signed with a key that is not in decision.pub');
    }
    return { leafBytes, leaf, bundle, proof };
  }

  /** The statement whose digest the leaf holds: from decisions.jsonl, or else from the bundle. */
  private statementOf(
    { leaf, bundle }: { leaf: Leaf; bundle: string | undefined },
    seq: number,
    row: Row | undefined,
  ) {
    const { findings } = this.ground;
    const fits = (text: string | undefined, path: string, at: string) => {
      const statement = text === undefined ? undefined : encodeUtf8(text);
      const signed = statement && pae(statement);
      if (text === undefined || !signed || !equalBytes(this.sha256(signed), leaf.digest)) return undefined;
      return { text, statement, signed, path, at };
    };
    const head = row && JSONL_HEAD.exec(row.text)?.[0];
    const stated =
      head !== undefined && row?.text.endsWith('}') ? row.text.slice(head.length, -1) : undefined;
    const inRow = fits(stated, JSONL, `line ${row?.number ?? 0}`);
    if (inRow) return inRow;
    if (row) {
      const detail = `the statement is not the one whose digest entry ${seq} holds`;
      findings.add('statement-digest', JSONL, detail, `line ${row.number}`);
    }
    const inBundle = fits(bundle === undefined ? undefined : statementIn(bundle), bundleName(seq), 'payload');
    if (!inBundle && bundle !== undefined) {
      findings.add(
        'statement-digest',
        bundleName(seq),
        `the payload is not the one whose digest entry ${seq} holds`,
      );
    }
    return inBundle;
  }

  private async verify(seq: number, leaf: Leaf, signed: Uint8Array): Promise<void> {
    const { crypto, findings } = this.ground;
    const verified = crypto.verifyP256(leaf.key, signed, leaf.signature).then((good) => {
      if (!good)
        findings.add('statement-signature', entryName(seq), 'does not verify with the key in the leaf');
    });
    this.verifying.push(verified);
    if (this.verifying.length >= IN_FLIGHT) await this.verifying.shift();
  }

  /** Bundle and proof leave no freedom: what they must be is written from what was recomputed, and compared. */
  private async compareFiles(
    seq: number,
    given: {
      leafBytes: Uint8Array;
      leaf: Leaf;
      statement: Uint8Array;
      bundle: string | undefined;
      proof: string | undefined;
    },
  ): Promise<void> {
    const { findings, log, checkpoint, vkey } = this.ground;
    if (!log || !checkpoint || !vkey || seq >= log.tree.size) return;
    const path = log.tree.path(seq, await log.nodesOf(seq));
    const keyDigest = this.keyDigest(given.leaf);
    const proven: Proven = { ...given, seq, keyDigest, path, checkpoint, logId: vkey.fullId };
    const { bundle, proof } = given;
    const note = ({ code, path: file, detail, at }: Refusal) => {
      findings.add(code, file, detail, at);
    };
    const wantedBundle = bundle === undefined ? undefined : bundleText(proven);
    if (bundle !== undefined && wantedBundle !== undefined && bundle !== wantedBundle) {
      note(bundleProblem(bundle, wantedBundle, bundleName(seq)));
    }
    const wantedProof = proofText(proven);
    if (proof !== undefined && proof !== wantedProof) note(proofProblem(proof, wantedProof, proofName(seq)));
  }

  private async compareFacts(given: {
    seq: number;
    facts: DecisionFacts;
    leafHash: string;
    row: Row | undefined;
    csv: Row | undefined;
  }): Promise<void> {
    const { findings, claims } = this.ground;
    const { seq, facts, leafHash, csv } = given;
    this.tally.personal += facts.personal.length;
    if (facts.projectId === undefined) this.tally.ofNoProject += 1;
    this.tally.evidence += facts.evidenceDigests?.length ?? 0;
    const why = claims && whyNotSelected(claims, facts);
    if (why !== undefined)
      findings.add('manifest-claim', entryName(seq), `not what the query selects: ${why}`);
    if (!csv) return;
    const wanted = csvRow(seq, leafHash, facts);
    const actual = await this.csv.takeRest(csv, wanted.split('\n').length - 1);
    if (actual === wanted) return;
    const column = firstDifferingCell(actual, wanted);
    findings.add(
      'csv-row',
      CSV,
      `${column} of decision ${seq} is not what its statement says`,
      `line ${csv.number}`,
    );
  }

  private keyDigest(leaf: Leaf): Uint8Array {
    let digest = this.keyDigests.get(leaf.key64);
    if (!digest) {
      digest = this.sha256(leaf.key);
      // Keys of leaves in a hostile pack could be as many as its decisions.
      if (this.keyDigests.size < 100) this.keyDigests.set(leaf.key64, digest);
    }
    return digest;
  }

  private readonly sha256 = (bytes: Uint8Array): Uint8Array => this.ground.crypto.sha256(bytes);
}

/** Name of the first column that differs; commas within quotes may make it name a neighbour. */
function firstDifferingCell(actual: string, wanted: string): string {
  const [cells, expected] = [actual.split(','), wanted.split(',')];
  const index = expected.findIndex((cell, i) => cell !== cells[i]);
  return CSV_HEADER.split(',')[index] ?? 'the row';
}
