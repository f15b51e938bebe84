import { DECISION_COLUMNS, decisionFrom, type DecisionRow } from '../../gate/decision-row.read.pg.js';
import type { Decision } from '../../gate/decision.js';
import { rulesAsked } from '../../gate/second-opinion.service.js';
import { parseRfc3339, type Instant } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/id.js';
import { composeServices, type Services } from '../compose/services.js';
import { loadConfig } from '../platform/config.js';
import { openPlatform, type Platform } from '../platform/platform.js';
import { ofAll } from '../database/on-behalf-of.js';
import { pageThrough } from '../verify/page-through.js';
import { DONE, FAILED, REFUSED } from './exit-code.js';
import { readArgs, UsageFault } from './usage.js';
import { noCounts, renderCounts, renderLine, type ReplayCounts, type ReplayLine } from './render-replay.js';

interface ReplayOrder {
  /** Empty: all of them. */
  readonly ids: readonly string[];
  readonly since: Instant | undefined;
  readonly withOpa: boolean;
}

/** Reads the arguments of `assay replay`; throws UsageFault. */
export function replayOrder(args: readonly string[]): ReplayOrder {
  const { values, positionals: ids } = readArgs(
    args,
    { all: { type: 'boolean' }, since: { type: 'string' }, 'with-opa': { type: 'boolean' } },
    true,
  );
  const since = values.since === undefined ? undefined : parseRfc3339(values.since);
  if (values.since !== undefined && since === undefined)
    throw new UsageFault(`--since ${values.since}: an RFC 3339 time with a zone is expected`);
  // Either some by name or all of them: forgetting both must not take hours.
  if ((ids.length === 0) !== (values.all === true))
    throw new UsageFault(ids.length === 0 ? 'decision ids or --all are expected' : '--all goes without ids');
  const wrong = ids.find((id) => !isUuid(id));
  if (wrong !== undefined) throw new UsageFault(`${wrong} is no decision id`);
  return { ids, since, withOpa: values['with-opa'] === true };
}

/** Judges recorded decisions of all organisations again, and says which do not come out the same. */
export async function replay(args: readonly string[]): Promise<number> {
  const order = replayOrder(args);
  const platform = await openPlatform({ ...loadConfig(), logLevel: 'silent' }, 'cli');
  try {
    const services = composeServices(platform);
    try {
      return await replayWith(platform, services, order);
    } finally {
      await services.close();
    }
  } finally {
    await platform.close();
  }
}

async function replayWith(platform: Platform, services: Services, order: ReplayOrder): Promise<number> {
  const counts = noCounts();
  const wanted = new Set(order.ids);
  for await (const decision of decisions(platform, order)) {
    wanted.delete(decision.decisionId);
    const line = await replayOne(services, decision, order.withOpa, counts);
    const text = renderLine(line);
    if (text !== undefined) console.log(text);
  }
  for (const missing of wanted) console.error(`  decision ${missing}: there is none`);
  console.log(renderCounts(counts, order.withOpa));
  if (wanted.size > 0) return FAILED;
  return counts.different + counts.impossible + counts.disagreements === 0 ? DONE : REFUSED;
}

async function replayOne(
  { replays, opinions }: Services,
  decision: Decision,
  withOpa: boolean,
  counts: ReplayCounts,
): Promise<ReplayLine> {
  const { decisionId, asOf } = decision;
  const replayed = await replays.replay(decision);
  if (!replayed.ok) counts.impossible++;
  else if (replayed.value.same) counts.identical++;
  else counts.different++;
  const outcome = replayed.ok ? replayed.value : replayed.problem;
  const inputs = withOpa && replayed.ok ? await replays.inputsOf(decision) : undefined;
  if (!inputs?.ok) return { decisionId, outcome, disagreements: [] };
  const disagreements: string[] = [];
  for (const asked of rulesAsked(inputs.value)) {
    const opinion = await opinions.on(asked, inputs.value, asOf);
    if (!opinion.ok) {
      const { kind } = opinion.problem;
      counts.withoutOpinion.set(kind, (counts.withoutOpinion.get(kind) ?? 0) + 1);
    } else if (opinion.value.agree) counts.agreements++;
    else {
      counts.disagreements++;
      disagreements.push(asked.rule.ruleId);
    }
  }
  return { decisionId, outcome, disagreements };
}

/** Of every organisation, by id. */
async function* decisions(
  { database: { manager } }: Platform,
  { ids, since }: ReplayOrder,
): AsyncIterable<Decision> {
  const all = ofAll(manager);
  if (ids.length > 0) {
    const rows = await all.query<DecisionRow[]>(
      `SELECT ${DECISION_COLUMNS} FROM assay.decision WHERE decision_id = ANY($1) ORDER BY decision_id`,
      [ids],
    );
    yield* rows.map(decisionFrom);
    return;
  }
  const query = `SELECT ${DECISION_COLUMNS}, decision_id::text AS cursor FROM assay.decision
                  WHERE decision_id::text > $1 ${since === undefined ? '' : `AND decided_at >= to_timestamp(${since / 1000})`}
                  ORDER BY decision_id::text LIMIT $2`;
  for await (const row of pageThrough<DecisionRow & { cursor: string }>(all, query)) yield decisionFrom(row);
}
