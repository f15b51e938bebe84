import { digestOf } from '../../kernel/canonical-json.js';
import type { PolicyVersion } from '../../policy/policy-version.js';
import { readPack } from '../compose/packs.io.js';
import type { SetupChecklist } from './setup.js';
import { noteAdded, type SetupRun } from './setup-run.js';

/**
 * Publishes what is new: packs by their version numbers, then the next version of every checklist whose content
 * was not published before; and puts that in force, unless a person decided otherwise.
 */
export async function applyPolicies(run: SetupRun, orgId: string): Promise<void> {
  const published = new Map<string, PolicyVersion>();
  const names = run.setup.checklists.flatMap(({ packs }) => packs.map(({ pack }) => pack));
  for (const name of new Set(names)) {
    const version = await applyPack(run, orgId, name);
    if (version) published.set(name, version);
  }
  for (const checklist of run.setup.checklists) await applyChecklist(run, orgId, checklist, published);
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
  const result = await services.publishing.publishPack(orgId, pack, 'system');
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

/** Publishes what the setup says, unless it was published before, and puts it in force. */
async function applyChecklist(
  run: SetupRun,
  orgId: string,
  { chkId, title, packs }: SetupChecklist,
  published: ReadonlyMap<string, PolicyVersion>,
): Promise<void> {
  const { services, logger, report } = run;
  const latest = (await services.policyRead.checklist(orgId, chkId))?.document.version ?? 0;
  const missing = packs.filter(({ pack }) => !published.has(pack)).map(({ pack }) => pack);
  if (missing.length > 0) {
    logger.warn({ chkId, missing, latest }, 'packs of the checklist are not published: no new version of it');
    if (latest > 0) report.stood.push(`checklist ${chkId}@${latest}`);
    return;
  }
  const policies = packs.flatMap(({ pack, parameters }) => {
    const document = published.get(pack)?.document;
    return document ? [{ policyId: document.policyId, version: document.version, parameters }] : [];
  });
  const draft = { chkId, title, policies, freshness: {} };
  const command = { orgId, draft, context: {}, idempotencyKey: digestOf(draft) };
  const result = await services.checklistPublisher.publish(command, 'system');
  const version = result.ok ? result.value.document.version : latest + 1;
  const part = `checklist ${chkId}@${version}`;
  if (result.ok && version <= latest) report.stood.push(part);
  else noteAdded(report, part, result);
  if (result.ok) await putInForce(run, orgId, { chkId, version });
}

/** What a person put in force stays so: whoever took a decision must not find it undone by a restart. */
async function putInForce(
  { services, logger, report }: SetupRun,
  orgId: string,
  { chkId, version }: { readonly chkId: string; readonly version: number },
): Promise<void> {
  const standing = await services.checklistRead.standing(orgId, chkId);
  const expectedActivation = standing.activation;
  if (expectedActivation > 0 && standing.version === version) {
    report.stood.push(`checklist ${chkId}@${version} in force`);
    return;
  }
  if (standing.byPerson) {
    report.stood.push(`checklist ${chkId}@${String(standing.version)} in force, activated by a person`);
    logger.warn(
      { chkId, version, active: standing.version },
      'a person put another version of the checklist in force: it stays, this one waits for an activation',
    );
    return;
  }
  const activated = await services.activations.activate(
    {
      ...{ orgId, chkId, version, expectedActivation },
      reason: '',
      context: {},
      idempotencyKey: `setup ${chkId}@${version} after ${expectedActivation}`,
    },
    'system',
  );
  noteAdded(report, `checklist ${chkId}@${version} in force`, activated);
}
