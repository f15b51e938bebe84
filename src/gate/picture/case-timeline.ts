import { toRfc3339, type Instant } from '../../kernel/clock.js';
import { MAX_COUNTED } from '../../kernel/count-matching.js';
import { mermaidText } from '../../kernel/markup.js';

/** Something that happened in a case, as its entry tells it. */
export interface CaseEvent {
  readonly seq: number;
  readonly kind: string;
  readonly at: Instant;
  readonly result: string | null;
  readonly gateId: string | null;
  readonly artId: string | null;
  readonly actId: string | null;
  readonly role: string | null;
}

/**
 * A case as a Mermaid timeline: a section for each day, an item for each entry, in the order of the ledger. UTC.
 * `totalCount`: how many entries the case has, as lists count (`MAX_COUNTED`); what is not drawn is said at the end.
 */
export function drawTimeline(caseId: string, events: readonly CaseEvent[], totalCount: number): string {
  const lines: string[] = ['timeline', `  title Case ${mermaidText(caseId)}`];
  let day = '';
  for (const event of events) {
    const text = toRfc3339(event.at);
    if (text.slice(0, 10) !== day) {
      day = text.slice(0, 10);
      lines.push(`  section ${mermaidText(day)}`);
    }
    lines.push(`    ${mermaidText(text.slice(11, 19))} : ${mermaidText(wordsOf(event))}`);
  }
  const left = Math.min(totalCount, MAX_COUNTED) - events.length;
  const words = `${totalCount > MAX_COUNTED ? 'more than ' : ''}${String(left)} more`;
  if (left > 0) lines.push('  section Later', `    ${mermaidText(words)}`);
  return `${lines.join('\n')}\n`;
}

function wordsOf({ seq, kind, result, gateId, artId, actId, role }: CaseEvent): string {
  const about = [gateId, artId, actId].filter((one) => one !== null).join(' ');
  const by = role === null ? '' : ` (${role})`;
  return `#${String(seq)} ${kind} ${result ?? ''} ${about}${by}`;
}
