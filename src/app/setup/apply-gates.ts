import type { DefineGate } from '../../gate/gate-definition.service.js';
import { ownTerms } from '../../gate/gate-terms.js';
import type { Gate } from '../../gate/gate.js';
import { canonicalJson, type JsonValue } from '../../kernel/canonical-json.js';
import { noteAdded, type SetupRun } from './setup-run.js';

/**
 * Defines every gate that is new or not as the setup says. Gates follow the checklist version in force, unless
 * the setup pins one. `projects`: ids by slug.
 */
export async function applyGates(
  { services, setup, logger, report }: SetupRun,
  orgId: string,
  projects: ReadonlyMap<string, string>,
): Promise<void> {
  const standing = new Map((await services.gateRead.gates(orgId)).map((gate) => [gate.gateId, gate]));
  for (const { project, checklistVersion = null, ...definition } of setup.gates) {
    const { gateId, chkId } = definition;
    const projectId = projects.get(project);
    const active = (await services.checklistRead.standing(orgId, chkId)).version;
    const before = standing.get(gateId);
    standing.delete(gateId);
    if (projectId === undefined || active === null) {
      logger.warn(
        { gateId, chkId, project },
        'the gate is not defined: its project or checklist is not there',
      );
      continue;
    }
    const named = { ...withoutAbsent(definition), orgId, projectId, checklistVersion };
    const gate = { ...(before ? ownTerms(before) : {}), ...named };
    const version = checklistVersion === null ? '' : `@${checklistVersion}`;
    const part = `gate ${gateId} with ${chkId}${version}`;
    if (before && isAs(before, gate)) {
      report.stood.push(part);
      continue;
    }
    const expectedVersion = before?.version ?? 0;
    // Unlike the key of any earlier definition, and the same when this one is repeated.
    const idempotencyKey = `setup ${gateId} ${chkId}${version} after ${expectedVersion}`;
    const command = { gate, expectedVersion, context: {}, idempotencyKey };
    noteAdded(report, part, await services.gateDefinitions.define(command, 'system'));
  }
  for (const { gateId, chkId, checklistVersion } of standing.values()) {
    if (checklistVersion === null) continue;
    const { version: active } = await services.checklistRead.standing(orgId, chkId);
    if (active !== checklistVersion)
      logger.warn(
        { gateId, chkId, checklistVersion, active },
        'the setup does not name the gate: it keeps the version it pins',
      );
  }
}

const withoutAbsent = <T extends object>(definition: T) =>
  Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** A term that the setup does not name is as it stands: it may have been set by hand. */
const isAs = (before: Gate, wanted: DefineGate['gate']): boolean =>
  (Object.keys(wanted) as (keyof typeof wanted)[]).every(
    (field) => asText(before[field]) === asText(wanted[field]),
  );

const asText = (value: unknown): string => canonicalJson((value ?? null) as JsonValue);
