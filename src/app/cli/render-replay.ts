import type { ReplayImpossible } from '../../gate/replay-problem.js';
import type { Replay } from '../../gate/replay.js';

/** What came of one decision. */
export interface ReplayLine {
  readonly decisionId: string;
  readonly outcome: Replay | ReplayImpossible;
  /** Rules on which the engine and the official OPA differ. */
  readonly disagreements: readonly string[];
}

export interface ReplayCounts {
  identical: number;
  different: number;
  impossible: number;
  /** Rules that both evaluators were asked, with and without the same answer. */
  agreements: number;
  disagreements: number;
  /** Rules for which there was no second opinion, by reason. */
  readonly withoutOpinion: Map<string, number>;
}

export const noCounts = (): ReplayCounts => ({
  ...{ identical: 0, different: 0, impossible: 0, agreements: 0, disagreements: 0 },
  withoutOpinion: new Map(),
});

/** Differing members shown of one decision. */
const SHOWN = 5;

/** What is worth saying of one decision; undefined when all is well. */
export function renderLine({ decisionId, outcome, disagreements }: ReplayLine): string | undefined {
  const lines: string[] = [];
  if ('kind' in outcome)
    lines.push(
      ...outcome.gaps.map(
        ({ what, name, state }) => `${what.toLowerCase()} ${name}: ${state.toLowerCase().replace('_', ' ')}`,
      ),
    );
  else if (!outcome.same) {
    const more = outcome.differs.length - SHOWN;
    lines.push(
      `differs in ${outcome.differs.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    );
  }
  lines.push(...disagreements.map((ruleId) => `${ruleId}: opa eval says something else`));
  return lines.length === 0 ? undefined : lines.map((line) => `  decision ${decisionId}: ${line}`).join('\n');
}

export function renderCounts(counts: ReplayCounts, withOpa: boolean): string {
  const { identical, different, impossible, agreements, disagreements, withoutOpinion } = counts;
  const total = identical + different + impossible;
  const lines = [
    `${total} decision(s) replayed: ${identical} identical, ${different} different, ${impossible} not possible`,
  ];
  if (withOpa) {
    const without = [...withoutOpinion].map(([reason, count]) => `, ${count} not asked (${reason})`).join('');
    lines.push(`second opinion of opa: ${agreements} rule(s) agree, ${disagreements} disagree${without}`);
  }
  return lines.join('\n');
}
