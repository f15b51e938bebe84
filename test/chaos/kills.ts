import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from './chance.js';
import type { Installation } from './installation.js';
import type { Load } from './load.js';

/** What is killed, and how often in relation to the others. */
export const TARGETS = {
  postgres: 30,
  'postgres backend': 10,
  integrator: 20,
  api: 12,
  worker: 12,
  redis: 6,
  appender: 10,
} as const;
export type Target = keyof typeof TARGETS;

export interface KillPlan {
  readonly seed: number;
  readonly kills: number;
  /** Go on until so many were answered, even when all kills are done. */
  readonly answers: number;
  /** Between two kills; with `answers`, they are spread over those instead. */
  readonly longestPauseMs: number;
  /** Run when all of PostgreSQL was killed and is not yet started again. */
  readonly cut?: string;
  /** Ends it early, and all the same in order. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Under so many answers since the last kill there is no load to kill under. */
const ANSWERS_BETWEEN = 200;
/** Far more than any recovery takes, also where eight others share the machine: only a standstill ends it. */
const NO_PROGRESS_LIMIT_MS = 300_000;
/** One kill in so many follows at once upon another: into the recovery from it. */
const INTO_RECOVERY = 6;

/** Which kill comes when, from the seed alone; only how fast the machine is adds to the pauses. */
export async function killAtRandom(
  installation: Installation,
  load: Load,
  plan: KillPlan,
): Promise<Map<Target, number>> {
  const chance = new Chance(plan.seed);
  const done = new Map<Target, number>();
  for (let count = 0; count < plan.kills && !plan.signal.aborted;) {
    const target = chance.pick(TARGETS);
    const intoRecovery = chance.next() * INTO_RECOVERY < 1;
    const waitMs = intoRecovery ? chance.between(0, 400) : chance.between(300, plan.longestPauseMs);
    const choice = chance.next();
    await pause(waitMs);
    if (!intoRecovery) await untilProgress(load, progressBefore(count, load, plan), plan.signal);
    // What is down already is killed as soon as it is back, so that the order of kills is the seed's.
    const deadline = performance.now() + NO_PROGRESS_LIMIT_MS;
    while (!kill(target, { installation, load, choice, cut: plan.cut })) {
      if (performance.now() > deadline) throw new Error(`${target} did not come back to be killed`);
      await pause(10);
    }
    count += 1;
    done.set(target, (done.get(target) ?? 0) + 1);
    plan.say(`kill ${String(count).padStart(3)}: ${target.padEnd(16)} after ${load.answered} answers`);
  }
  await untilProgress(load, plan.answers, plan.signal);
  return done;
}

/** How many answers there must be before the next kill: there is load to kill under, and kills all the way. */
function progressBefore(count: number, load: Load, { answers, kills }: KillPlan): number {
  return Math.max(load.answered + ANSWERS_BETWEEN, Math.floor((answers * count) / kills));
}

interface Victims {
  readonly installation: Installation;
  readonly load: Load;
  readonly choice: number;
  readonly cut: string | undefined;
}

function kill(target: Target, { installation, load, choice, cut }: Victims): boolean {
  const { postgres, doors, redis } = installation;
  switch (target) {
    case 'postgres':
      return postgres.kill() && (cut === undefined || cutPower(cut));
    case 'postgres backend':
      return postgres.killOneOf(choice);
    case 'redis':
      return redis?.kill() ?? doors.worker.kill(); // without Redis its queues are PostgreSQL's, and the worker's
    case 'appender':
      return load.appenders[Math.floor(choice * load.appenders.length)]!.kill();
    default:
      return doors[target].kill();
  }
}

async function untilProgress(load: Load, answers: number, signal: AbortSignal): Promise<void> {
  let last = load.answered;
  for (let since = performance.now(); load.answered < answers && !signal.aborted;) {
    if (load.http.refusals.length > 0) throw new Error(`refused: ${load.http.refusals.join('; ')}`);
    if (load.answered > last) [last, since] = [load.answered, performance.now()];
    if (performance.now() - since > NO_PROGRESS_LIMIT_MS)
      throw new Error(`no progress beyond ${load.answered} answers`);
    await pause(20);
  }
}

/** Synchronous: as long as it lasts nothing is started again. The killed need a moment to be gone. */
function cutPower(command: string): true {
  const { status } = spawnSync('sh', ['-c', `sleep 0.2; ${command}`], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`ended with ${String(status)}: ${command}`);
  return true;
}
