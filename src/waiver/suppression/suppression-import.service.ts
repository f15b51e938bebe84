import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import { POSITION_ONLY_SCHEME } from '../../kernel/finding-scheme.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { WaiverProblem } from '../problem.js';
import type { WaiverSelector } from '../selector.js';
import type { Severity } from '../severity.js';
import type { WaiverService } from '../waiver.service.js';
import type { WaiverRecord } from '../waiver.js';
import {
  readIgnoreFile,
  type IgnoredPlace,
  type IgnoreFileFormat,
  type UnreadableLine,
} from './ignore-file.js';
import type { ArtefactFindings, SuppressibleFinding } from './suppressed-findings.port.js';

export interface ImportSuppressions {
  readonly artId: string;
  readonly digest: Digest;
  readonly gateId: string;
  /** Absent: what the tools' own reports say is suppressed. */
  readonly ignoreFile?: { readonly format: IgnoreFileFormat; readonly text: string };
  /** The worst severity that a request may excuse. */
  readonly severity: Severity;
  readonly effectiveUntil: Instant;
  readonly reason: string;
  readonly reference?: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/**
 * A suppression that became no request. `gone`: nothing stands there (any more). `nameless`: the report names the
 * place and not the value, so that a waiver would excuse whatever stands there next.
 */
export interface Unmatched extends UnreadableLine {
  readonly why: 'gone' | 'unreadable' | 'nameless';
}

export interface SuppressionImport {
  readonly requested: readonly WaiverRecord[];
  readonly unmatched: readonly Unmatched[];
}

/** A person decides each of them: more at once is nobody's considered request. */
const MAX_REQUESTS = 500;

/**
 * Takes what a repository or a tool suppresses and asks for it, one request for each finding that stands there
 * now. A suppression is somebody's wish and no fact: nothing is excused before others have approved. What is
 * asked for is the finding itself and not its place, so that another secret on an ignored line is not overlooked.
 */
export class SuppressionImporter {
  constructor(
    private readonly waivers: Pick<WaiverService, 'request'>,
    private readonly findings: ArtefactFindings,
  ) {}

  /** Repeated under the same key it asks for nothing twice. Ends at the first request that is refused. */
  async import(command: ImportSuppressions, by: Actor): Promise<Result<SuppressionImport, WaiverProblem>> {
    const { artId, digest, ignoreFile } = command;
    const found = await this.findings.of(by.orgId, { artId, digest });
    if (!found) return failed({ kind: 'ArtefactNotFound', artId, digest });
    const file = ignoreFile && readIgnoreFile(ignoreFile.format, ignoreFile.text);
    if (file === null) {
      const expected = `a file of the format ${ignoreFile?.format ?? ''}`;
      return failed({ kind: 'FieldInvalid', where: 'ignoreFile.text', expected });
    }
    const wanted = await matched(found, file?.places);
    if (wanted.findings.length > MAX_REQUESTS) {
      const expected = `at most ${String(MAX_REQUESTS)} findings, not ${String(wanted.findings.length)}`;
      return failed({ kind: 'FieldInvalid', where: 'ignoreFile', expected });
    }
    const requested: WaiverRecord[] = [];
    for (const finding of wanted.findings.filter(isNamed)) {
      const outcome = await this.request(finding, command, by);
      if (!outcome.ok) return outcome;
      requested.push(outcome.value);
    }
    const unreadable = (file?.unreadable ?? []).map((line) => ({ ...line, why: 'unreadable' as const }));
    const gone = wanted.gone.map(({ line, text }) => ({ line, text, why: 'gone' as const }));
    const nameless = wanted.findings
      .filter((finding) => !isNamed(finding))
      .map(({ path, rule, startLine }) => ({
        line: null,
        text: `${path ?? ''}:${rule}:${String(startLine ?? 0)}`,
        why: 'nameless' as const,
      }));
    return ok({ requested, unmatched: [...unreadable, ...gone, ...nameless] });
  }

  private request({ identity }: SuppressibleFinding, command: ImportSuppressions, by: Actor) {
    const { gateId, severity, effectiveUntil, reason, reference, context, idempotencyKey } = command;
    const { scheme, value, occurrence, content } = identity;
    const selectors: readonly WaiverSelector[] = [
      { type: 'gate', gateId },
      { type: 'finding', scheme, value, occurrence, ...(content !== null && { content }) },
    ];
    return this.waivers.request(
      {
        request: {
          selectors,
          severity,
          effectiveUntil,
          reason,
          ...(reference !== undefined && { reference }),
        },
        context,
        idempotencyKey: `${idempotencyKey} ${scheme} ${value} ${String(occurrence)}`,
      },
      by,
    );
  }
}

/** Each finding once, by its identity; `gone` are the places where none stands. */
async function matched(
  found: AsyncIterable<SuppressibleFinding>,
  places: readonly IgnoredPlace[] | undefined,
): Promise<{ findings: readonly SuppressibleFinding[]; gone: readonly IgnoredPlace[] }> {
  const byPlace = new Map(places?.map((place) => [placeKey(place), place]));
  const seen = new Set<string>();
  const findings = new Map<string, SuppressibleFinding>();
  for await (const finding of found) {
    const key = placeKey(finding);
    const isWanted = places ? byPlace.has(key) : finding.isSuppressed;
    if (!isWanted) continue;
    seen.add(key);
    const { scheme, value, occurrence } = finding.identity;
    findings.set(`${scheme} ${value} ${String(occurrence)}`, finding);
  }
  return {
    findings: [...findings.values()],
    gone: [...byPlace.entries()].flatMap(([key, place]) => (seen.has(key) ? [] : [place])),
  };
}

const isNamed = ({ identity }: SuppressibleFinding): boolean => identity.scheme !== POSITION_ONLY_SCHEME;

const placeKey = (place: Pick<SuppressibleFinding, 'path' | 'rule' | 'startLine'>): string =>
  JSON.stringify([place.path, place.rule, place.startLine]);
