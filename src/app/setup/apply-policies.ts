import type { PolicyVersion } from '../../policy/policy-version.js';
import { readPack } from '../compose/packs.io.js';
import type { SetupChecklist } from './setup.js';
import { noteAdded, type SetupRun } from './setup-run.js';

/**
 * Publishes what is new: packs by their version numbers, then the next version of every checklist whose content
 * differs from its latest. Answers the latest version of each checklist that there is one of.
 */
export async function applyPolicies(run: SetupRun, orgId: string): Promise<ReadonlyMap<string, number>> {
  const published = new Map<string, PolicyVersion>();
  const names = run.setup.checklists.flatMap(({ packs }) => packs.map(({ pack }) => pack));
  for (const name of new Set(names)) {
    const version = await applyPack(run, orgId, name);
    if (version) published.set(name, version);
  }
  const latest = new Map<string, number>();
  for (const checklist of run.setup.checklists) {
    const version = await applyChecklist(run, orgId, checklist, published);
    if (version !== undefined) latest.set(checklist.chkId, version);
  }
  return latest;
}

/** The version that the pack's folder names, as published; undefined where it was never compiled. */
async function applyPack(
  { services, root, logger, report }: SetupRun,
  orgId: string,
  name: string,
): Promise<PolicyVersion | undefined> {
  const pack = readPack(root, name);
  const { id, version } = pack.manifest;
  const part = `policy ${id} ${version}`;
  const known = await services.policyRead.policy(orgId, id, version);
  const result = await services.publishing.publishPack(orgId, pack, null);
  if (known) {
    report.stood.push(part);
    if (!result.ok)
      logger.warn(
        { pack: name, version, problem: result.problem.kind },
        'the pack changed, its version number did not: the published one goes on judging',
      );
    return known;
  }
  if (!result.ok && result.problem.kind === 'OpaUnavailable') {
    const { kind, remedy } = result.problem;
    logger.warn(
      { pack: name, version, problem: kind, remedy },
      'the pack cannot be compiled and is not published',
    );
    return undefined;
  }
  return noteAdded(report, part, result);
}

async function applyChecklist(
  { services, logger, report }: SetupRun,
  orgId: string,
  { chkId, title, packs }: SetupChecklist,
  published: ReadonlyMap<string, PolicyVersion>,
): Promise<number | undefined> {
  const latest = (await services.policyRead.checklist(orgId, chkId))?.document.version;
  const stays = (): number | undefined => {
    if (latest !== undefined) report.stood.push(`checklist ${chkId}@${latest}`);
    return latest;
  };
  const policies = packs.flatMap(({ pack, parameters }) => {
    const policy = published.get(pack);
    return policy ? [{ policy, parameters }] : [];
  });
  if (policies.length < packs.length) {
    const missing = packs.filter(({ pack }) => !published.has(pack)).map(({ pack }) => pack);
    logger.warn({ chkId, missing, latest }, 'packs of the checklist are not published: no new version of it');
    return stays();
  }
  const publish = (version: number) =>
    services.publishing.publishChecklist(orgId, { chkId, version, title, policies }, null);
  if (latest !== undefined) {
    // Equal content is answered as published; only other content wants the next number.
    const same = await publish(latest);
    if (same.ok) return stays();
    if (same.problem.kind !== 'VersionTaken') {
      noteAdded(report, `checklist ${chkId}`, same);
      return latest;
    }
  }
  const next = (latest ?? 0) + 1;
  return noteAdded(report, `checklist ${chkId}@${next}`, await publish(next)) ? next : latest;
}
