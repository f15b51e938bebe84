// CPU time of processes and of their threads, from /proc; nothing where there is none.
import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

function statOf(path) {
  const text = readFileSync(`${path}/stat`, 'utf8');
  const fields = text.replace(/^.*\) /s, '').split(' ');
  return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}

/** Of the process itself; `main` is its first thread, the one with the event loop. */
export function cpuOf(pid) {
  try {
    return { all: statOf(`/proc/${pid}`).ms, main: statOf(`/proc/${pid}/task/${pid}`).ms };
  } catch {
    return undefined;
  }
}

/** Of a server and the processes it started. */
export function cpuOfTree(pid) {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    let ms = 0;
    for (const each of pids) {
      try {
        const { parent, ms: own } = statOf(`/proc/${each}`);
        if (Number(each) === pid || parent === pid) ms += own;
      } catch {
        // it ended meanwhile
      }
    }
    return ms;
  } catch {
    return undefined;
  }
}

/** What everybody has used so far, in ms by name. */
export function usage({ api, worker, integrator, postgres }, load, rival) {
  const apis = api.map(cpuOf);
  const sum = (of) => apis.reduce((total, each) => total + (each?.[of] ?? NaN), 0);
  return {
    'API main thread': sum('main'),
    'its other threads': sum('all') - sum('main'),
    PostgreSQL: cpuOfTree(postgres) ?? NaN,
    worker: cpuOf(worker)?.all ?? NaN,
    integrator: cpuOf(integrator)?.all ?? NaN,
    'load generator': cpuOf(load)?.all ?? NaN,
    OPA: cpuOf(rival)?.all ?? NaN,
  };
}

/** Microseconds for each of `count`. */
export const perPiece = (before, after, count) =>
  Object.fromEntries(
    Object.keys(after)
      .map((name) => [name, Math.round(((after[name] - before[name]) * 1000) / count)])
      .filter(([, value]) => value > 0),
  );
