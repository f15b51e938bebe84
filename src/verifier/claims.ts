import { toBase64 } from './bytes.js';
import type { Checkpoint } from './checkpoint.js';
import { Refusal, shown, type Findings } from './finding.js';
import { hasExactly, isMembers, type Json, type JsonMembers } from './json.js';
import { MANIFEST } from './names.js';
import type { DecisionFacts } from './statement.js';

/** What the manifest claims of the pack: the predicate of `urn:assay:evidence-pack:v1`, format 1. */
export interface Claims {
  readonly request: {
    readonly seq: number;
    readonly at: string;
    readonly actor: string;
    readonly leafHash: string;
  };
  readonly query: Readonly<Partial<Record<(typeof QUERY)[number], string>>>;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly range: { readonly first: number | null; readonly last: number | null };
  readonly counts: {
    readonly entries: number;
    readonly decisions: number;
    readonly gaps: number;
    readonly erased: number;
    readonly masked: number;
  };
  /** SHA-256 in hex. */
  readonly previousCheckpoint: string | null;
}

const QUERY = ['from', 'to', 'projectId', 'gateId', 'artefactDigest'] as const;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const HEX32 = /^[0-9a-f]{64}$/;

const isCount = (value: Json | undefined): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: Json | undefined): boolean => typeof value === 'string';
const isMatch = (pattern: RegExp) => (value: Json | undefined) =>
  typeof value === 'string' && pattern.test(value);
const orNull = (is: (value: Json | undefined) => boolean) => (value: Json | undefined) =>
  value === null || is(value);

type Shape = Readonly<Record<string, (value: Json | undefined) => boolean>>;

/** Member by member, and no other: a claim that this program does not know is one it has not checked. */
export function readClaims(predicate: Json | undefined): Claims {
  const top = shaped(predicate, '$', {
    format: (value) => value === 1,
    generator: isMembers,
    request: isMembers,
    checkpoint: isMembers,
    range: isMembers,
    counts: isMembers,
    previousCheckpoint: orNull(isMatch(HEX32)),
  });
  shaped(top['generator'], '$.generator', { name: (value) => value === 'assay', version: isText });
  const request = shaped(top['request'], '$.request', {
    seq: isCount,
    at: isMatch(TIME),
    actor: isText,
    leafHash: isMatch(HEX32),
    query: isMembers,
  });
  const query = shaped(
    request['query'],
    '$.request.query',
    {},
    Object.fromEntries(QUERY.map((key) => [key, isText])),
  );
  shaped(top['checkpoint'], '$.checkpoint', { origin: isText, size: isCount, root: isText });
  shaped(top['range'], '$.range', { first: orNull(isCount), last: orNull(isCount) });
  const counts = Object.fromEntries(
    ['entries', 'decisions', 'gaps', 'erased', 'masked'].map((key) => [key, isCount]),
  );
  shaped(top['counts'], '$.counts', counts);
  return { ...top, query } as unknown as Claims; // every member was looked at above
}

function shaped(value: Json | undefined, path: string, required: Shape, optional: Shape = {}): JsonMembers {
  const refuse = (at: string, detail: string) => new Refusal('manifest-malformed', MANIFEST, detail, at);
  if (!isMembers(value)) throw refuse(path, 'not an object');
  if (!hasExactly(value, Object.keys(required), Object.keys(optional)))
    throw refuse(path, 'members missing or unknown');
  for (const [key, is] of Object.entries({ ...required, ...optional })) {
    if (Object.hasOwn(value, key) && !is(value[key]))
      throw refuse(`${path}.${key}`, 'not what format 1 has there');
  }
  return value;
}

/** The claims about the log against the checkpoint. */
export function checkLogClaims(claims: Claims, checkpoint: Checkpoint, findings: Findings): void {
  const { origin, size, root } = claims.checkpoint;
  const claim = (holds: boolean, at: string, detail: string): void => {
    if (!holds) findings.add('manifest-claim', MANIFEST, detail, at);
  };
  claim(
    origin === checkpoint.origin,
    '$.checkpoint.origin',
    `${shown(origin)}, the checkpoint says ${shown(checkpoint.origin)}`,
  );
  claim(size === checkpoint.size, '$.checkpoint.size', `${size}, the checkpoint says ${checkpoint.size}`);
  claim(root === toBase64(checkpoint.root), '$.checkpoint.root', 'another root than the checkpoint');
  if (claims.counts.entries !== checkpoint.size) {
    findings.add(
      'count',
      MANIFEST,
      `${claims.counts.entries}, the log has ${checkpoint.size}`,
      '$.counts.entries',
    );
  }
  if (claims.counts.gaps !== 0)
    findings.add('count', MANIFEST, `${claims.counts.gaps} gaps`, '$.counts.gaps');
}

/** What was counted while the decisions went by. */
export interface Tally {
  decisions: number;
  first: number | null;
  last: number | null;
  /** Commitments to personal fields: as many bodies can have been erased at most. */
  personal: number;
  /** Decisions whose statement names no project, so that a query for one cannot be held against it. */
  ofNoProject: number;
  /** Pieces of evidence: as many can hold masked secrets at most, each time they are named. */
  evidence: number;
}

export function checkTally({ counts, range }: Claims, tally: Tally, findings: Findings): void {
  if (counts.decisions !== tally.decisions) {
    findings.add(
      'count',
      MANIFEST,
      `${counts.decisions}, the pack has ${tally.decisions}`,
      '$.counts.decisions',
    );
  }
  if (range.first !== tally.first || range.last !== tally.last) {
    const said = `${String(range.first)} to ${String(range.last)}`;
    findings.add(
      'range',
      MANIFEST,
      `${said}, the pack has ${String(tally.first)} to ${String(tally.last)}`,
      '$.range',
    );
  }
  if (counts.erased > tally.personal) {
    const detail = `${counts.erased}, the statements have only ${tally.personal} personal fields`;
    findings.add('erased-count', MANIFEST, detail, '$.counts.erased');
  }
  if (counts.masked > tally.evidence) {
    const detail = `${counts.masked}, the statements name only ${tally.evidence} pieces of evidence`;
    findings.add('masked-count', MANIFEST, detail, '$.counts.masked');
  }
}

/** Why a decision is not among those that the query selects; undefined when it is, as far as its statement says. */
export function whyNotSelected({ query }: Claims, facts: DecisionFacts): string | undefined {
  const time = facts.tsEnd;
  if (query.from !== undefined && Date.parse(time) < Date.parse(query.from))
    return `decided ${time}, before ${query.from}`;
  if (query.to !== undefined && Date.parse(time) >= Date.parse(query.to))
    return `decided ${time}, not before ${query.to}`;
  if (query.projectId !== undefined && (facts.projectId ?? query.projectId) !== query.projectId)
    return 'of another project';
  if (query.gateId !== undefined && facts.gateId !== query.gateId) return 'of another gate';
  if (query.artefactDigest !== undefined && facts.artefactDigest !== query.artefactDigest)
    return 'of another artefact';
  return undefined;
}
