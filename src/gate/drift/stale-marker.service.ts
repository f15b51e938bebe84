import type { Clock } from '../../kernel/clock.js';
import { ok } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { waiverRefs } from '../../waiver/waiver.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import { parseDecision } from '../decision.js';
import type { GateInputReader } from '../gate-inputs.service.js';
import type { GateRead } from '../gate.read.js';
import type { DriftStore } from './drift.store.js';
import { staleEntry, staleKey } from './stale-entry.js';
import {
  hasLapsed,
  type Cause,
  type CheckOutcome,
  type DriftCheck,
  type StandingDecision,
} from './standing.js';
import { mayTouch } from './touches.js';

type Stores = { drift: DriftStore; ledger: Ledger };

/** What a decision is held against. */
export interface DriftSources {
  readonly inputs: Pick<GateInputReader, 'resolve' | 'gather'>;
  readonly decisions: Pick<GateRead, 'decision'>;
  readonly entries: Pick<LedgerRead, 'entry'>;
  readonly waivers: Pick<WaiverRead, 'byId'>;
}

/** Entries read, and decisions looked at, in one step. */
const READ_AT_ONCE = 1_000;
const LOOK_AT_ONCE = 200;
/** Each of them takes a connection of the worker's now and then. */
const BESIDE_EACH_OTHER = 4;

/**
 * Follows the ledger and says which standing decisions are stale, each with its cause. What an entry may concern is
 * found in sets; whether it does is found by gathering what the gate would judge with today and comparing digests.
 * Nothing is lost by stopping anywhere: how far it read is stored with what it found, and marking is idempotent.
 */
export class StaleMarker {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly sources: DriftSources,
    private readonly clock: Clock,
  ) {}

  /** So many steps, or until there is nothing new. Answers how many entries were read and decisions looked at. */
  async follow(steps = Infinity): Promise<number> {
    let done = 0;
    for (let step = 0; step < steps; step++) {
      const { entries } = await this.inTurn(({ drift }) => drift.readOn(READ_AT_ONCE));
      const some = entries + (await this.lookAtChecks()) + (await this.lookAtClock());
      if (some === 0) break;
      done += some;
    }
    return done;
  }

  /** Some beside each other: most of it is waiting for the database, which is asked for them together. */
  private async lookAtChecks(): Promise<number> {
    const checks = await this.inTurn(({ drift }) => drift.openChecks(LOOK_AT_ONCE));
    const left = checks.values();
    const looking = async (): Promise<void> => {
      for (const check of left) await this.look(check);
    };
    const ended = await Promise.allSettled(Array.from({ length: BESIDE_EACH_OTHER }, looking));
    const failure = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failure) throw failure.reason;
    return checks.length;
  }

  private async lookAtClock(): Promise<number> {
    const lapsed = await this.inTurn(({ drift }) => drift.lapsed(this.clock.now(), LOOK_AT_ONCE));
    for (const standing of lapsed) await this.mark(standing, { kind: 'valid-until', seq: null });
    return lapsed.length;
  }

  private async look(check: DriftCheck): Promise<void> {
    const standing = await this.inTurn(({ drift }) => drift.standing(check));
    if (standing?.decisionId !== check.decisionId) await this.close(check, 'SUPERSEDED');
    else {
      const outcome = await this.outcomeOf(standing, check.cause);
      if (outcome === 'STALE') await this.mark(standing, check.cause, check);
      else await this.close(check, outcome);
    }
  }

  /** What cannot even be asked any more (no checklist in force, evidence on its way) is not what was decided. */
  private async outcomeOf(standing: StandingDecision, cause: Cause): Promise<CheckOutcome> {
    const { orgId, gateId, artId, artefactDigest: digest } = standing;
    const question = await this.sources.inputs.resolve({ orgId, gateId, artId, digest });
    if (!question.ok) return 'STALE';
    const inputs = await this.sources.inputs.gather(question.value);
    if (!inputs.ok) return 'STALE';
    if (inputs.value.digest === standing.inputsDigest)
      return hasLapsed(standing, this.clock.now()) ? 'STALE' : 'SAME';
    return this.outcomeFor(standing, cause);
  }

  /** It would be judged with something else today; the question is whether for this cause, or for another one. */
  private async outcomeFor(standing: StandingDecision, { kind, seq }: Cause): Promise<CheckOutcome> {
    const { orgId, decisionId } = standing;
    if (seq === null) return 'STALE';
    const [entry, decision] = await Promise.all([
      this.sources.entries.entry(orgId, seq),
      this.sources.decisions.decision(orgId, decisionId),
    ]);
    if (!entry || !decision) return 'STALE';
    const { facts } = entry.recorded;
    const document = parseDecision(decision);
    if (kind === 'evidence.normalised')
      return document.evidence.some(
        (item) =>
          facts.evidenceDigests?.includes(item.digest) === true &&
          item.document === facts.details['documentDigest'],
      )
        ? 'SAME'
        : 'STALE';
    if (!kind.startsWith('waiver.')) return 'STALE';
    const waiver = await this.sources.waivers.byId(orgId, facts.waiverIds?.[0] ?? '');
    if (!waiver) return 'STALE';
    const [now] = waiverRefs([waiver]);
    if (document.waivers.considered.some((then) => then.digest === now?.digest))
      return hasLapsed(standing, this.clock.now()) ? 'STALE' : 'SAME';
    return mayTouch(waiver.waiver.selectors, document) ? 'STALE' : 'UNAFFECTED';
  }

  private async mark(standing: StandingDecision, cause: Cause, check?: DriftCheck): Promise<void> {
    const { orgId, gateId, artId, artefactDigest, decisionId } = standing;
    const marked = await this.tx(async ({ drift, ledger }) => {
      if (check) await drift.close(check, 'STALE');
      const staleness = {
        ...{ orgId, gateId, artId, artefactDigest, decisionId, cause },
        foundAt: this.clock.now(),
        entryKey: staleKey(orgId, decisionId, cause),
      };
      if (!(await drift.addStale(staleness))) return ok(undefined);
      const appended = await ledger.append(staleEntry(staleness, standing));
      return appended.ok ? ok(undefined) : appended;
    });
    if (!marked.ok) throw new Error(`decision ${decisionId}: ${JSON.stringify(marked.problem)}`);
  }

  private close(check: DriftCheck, outcome: CheckOutcome): Promise<unknown> {
    return this.inTurn(({ drift }) => drift.close(check, outcome));
  }

  private async inTurn<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    const done = await this.tx<T, never>(async (stores) => ok(await work(stores)));
    if (!done.ok) throw new Error('a transaction that cannot fail has failed');
    return done.value;
  }
}
