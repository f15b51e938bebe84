import { parseDigest, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { PinnedChecklist } from './checklist.js';
import type { GateProblem } from './problem.js';

/** Declared by a pack as `string-list-map`: the digest of one version by ART_*, e.g. `{ ART_SHOP: ["sha256:…"] }`. */
const BASELINES_PARAMETER = 'baseline_versions';

/**
 * The baseline of a question: the one that the checklist names for the artefact, or the one that the question names.
 * Who asks cannot put another in the place of the checklist's. Two policies that name two are a mistake of the
 * checklist, and so is a name that is no digest.
 */
export function baselineNamed(
  { policies }: Pick<PinnedChecklist, 'policies'>,
  artId: string,
  asked: Digest | undefined,
): Result<Digest | undefined, GateProblem> {
  const named = [
    ...new Set(policies.flatMap(({ parameters }) => listedIn(parameters[BASELINES_PARAMETER], artId))),
  ];
  if (named.length === 0) return ok(asked);
  const [text = ''] = named;
  const digest = parseDigest(text);
  if (named.length > 1 || !digest.ok)
    return failed({
      kind: 'InvalidInput',
      path: `checklist.parameters.${BASELINES_PARAMETER}.${artId}`,
      expected: 'one digest of an earlier version',
    });
  return asked === undefined || asked === digest.value
    ? digest
    : failed({
        kind: 'InvalidInput',
        path: 'baseline',
        expected: `${digest.value}, which the checklist names, or none`,
      });
}

function listedIn(parameter: unknown, artId: string): readonly string[] {
  if (typeof parameter !== 'object' || parameter === null || !Object.hasOwn(parameter, artId)) return [];
  const listed = (parameter as Readonly<Record<string, unknown>>)[artId];
  return Array.isArray(listed) ? listed.map(String) : [String(listed)];
}
