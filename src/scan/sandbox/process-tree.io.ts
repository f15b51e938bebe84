import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux on every machine we run on; ARM with larger pages reports more than is used, which fails closed. */
const PAGE_BYTES = 4096;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly residentPages: number;
}

export interface TreeUse {
  readonly memoryBytes: number;
  readonly processes: number;
}

/**
 * What a process and everything below it use. Shared pages count for each: an upper bound. Works from outside a
 * namespace of processes, whose orphans go to its own first process.
 */
export function useOfTree(root: number): TreeUse {
  const all = listProcesses();
  const children = new Map<number, Process[]>();
  for (const one of all) {
    const siblings = children.get(one.parent);
    if (siblings) siblings.push(one);
    else children.set(one.parent, [one]);
  }
  let memoryBytes = 0;
  let processes = 0;
  const todo = all.filter(({ pid }) => pid === root);
  for (let next = todo.pop(); next; next = todo.pop()) {
    memoryBytes += next.residentPages * PAGE_BYTES;
    processes += 1;
    todo.push(...(children.get(next.pid) ?? []));
  }
  return { memoryBytes, processes };
}

function listProcesses(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from the third field on
      return [{ pid: Number(name), parent: Number(fields[1]), residentPages: Number(fields[21]) }];
    } catch {
      return []; // ended meanwhile
    }
  });
}
