import type { Gate } from '../../gate/gate.js';
import { noteAdded, type SetupRun } from './setup-run.js';

/** What gates refer to. */
export interface GateReferences {
  /** Ids by slug. */
  readonly projects: ReadonlyMap<string, string>;
  /** Latest versions by id. */
  readonly checklists: ReadonlyMap<string, number>;
}

/** Defines every gate that is new or not as the setup says, among these all that judge with an older checklist version. */
export async function applyGates(
  { services, setup, logger, report }: SetupRun,
  orgId: string,
  { projects, checklists }: GateReferences,
): Promise<void> {
  const standing = new Map((await services.gateRead.gates(orgId)).map((gate) => [gate.gateId, gate]));
  for (const { project, ...definition } of setup.gates) {
    const { gateId, chkId } = definition;
    const projectId = projects.get(project);
    const checklistVersion = checklists.get(chkId);
    const before = standing.get(gateId);
    standing.delete(gateId);
    if (projectId === undefined || checklistVersion === undefined) {
      logger.warn(
        { gateId, chkId, project },
        'the gate is not defined: its project or checklist is not there',
      );
      continue;
    }
    const gate = { ...definition, orgId, projectId, checklistVersion };
    const part = `gate ${gateId} with ${chkId}@${checklistVersion}`;
    if (before && isAs(before, gate)) {
      report.stood.push(part);
      continue;
    }
    const expectedVersion = before?.version ?? 0;
    // Unlike the key of any earlier definition, and the same when this one is repeated.
    const idempotencyKey = `setup ${gateId} ${chkId}@${checklistVersion} after ${expectedVersion}`;
    const command = { gate, expectedVersion, context: {}, idempotencyKey };
    noteAdded(report, part, await services.gateDefinitions.define(command, 'system'));
  }
  for (const { gateId, chkId, checklistVersion } of standing.values()) {
    const latest = checklists.get(chkId);
    if (latest !== undefined && checklistVersion < latest)
      logger.warn(
        { gateId, chkId, checklistVersion, latest },
        'the setup does not name the gate: it stays as it is',
      );
  }
}

const isAs = (before: Gate, wanted: Omit<Gate, 'version' | 'fallback'>): boolean =>
  (Object.keys(wanted) as (keyof typeof wanted)[]).every((field) => before[field] === wanted[field]);
