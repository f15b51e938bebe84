import type { Organisation, Principal } from '../../access/organisation.js';
import type { SetupPrincipal } from './setup.js';
import { noteAdded, type SetupRun } from './setup-run.js';

/** Undefined where it was refused: then nothing else can be made. */
export async function applyOrganisation(run: SetupRun): Promise<Organisation | undefined> {
  const { services, setup, report } = run;
  const part = `organisation ${setup.organisation.slug}`;
  const known = await services.principals.organisationBySlug(setup.organisation.slug);
  if (!known)
    return noteAdded(report, part, await services.organisations.createOrganisation(setup.organisation));
  report.stood.push(part);
  warnOfDifference(run, part, known, setup.organisation);
  return known;
}

/** Ids of the projects by their slugs. */
export async function applyProjects(
  run: SetupRun,
  { orgId }: Organisation,
): Promise<ReadonlyMap<string, string>> {
  const { services, setup, report } = run;
  const known = new Map(
    (await services.principals.projects(orgId)).map((project) => [project.slug, project]),
  );
  for (const project of setup.projects) {
    const part = `project ${project.slug}`;
    const before = known.get(project.slug);
    if (before) {
      report.stood.push(part);
      warnOfDifference(run, part, before, project);
      continue;
    }
    const made = noteAdded(report, part, await services.organisations.createProject({ ...project, orgId }));
    if (made) known.set(made.slug, made);
  }
  return new Map([...known].map(([slug, { projectId }]) => [slug, projectId]));
}

/** Adds who is missing, and the roles that somebody lacks. Takes nobody away, and no role. */
export async function applyPrincipals(run: SetupRun, organisation: Organisation): Promise<void> {
  for (const principal of run.setup.principals) await applyPrincipal(run, organisation, principal);
}

async function applyPrincipal(
  run: SetupRun,
  { orgId, slug }: Organisation,
  { roles, ...person }: SetupPrincipal,
): Promise<void> {
  const { services, report, issuer } = run;
  const { subject, kind } = person;
  const part = `principal ${subject}`;
  const known = await services.principals.byClaims({ issuer, subject, org: slug });
  let principal: Principal | undefined;
  if (known) {
    report.stood.push(part);
    warnOfDifference(run, part, known, { kind });
    const more = known.roles.filter((role) => !roles.includes(role));
    if (more.length > 0)
      run.logger.warn({ part, roles: more }, 'roles that the setup does not name; they stay');
    principal = { ...person, orgId, issuer, principalId: known.principalId };
  } else {
    const added = await services.organisations.addPrincipal({ ...person, orgId, issuer });
    principal = noteAdded(report, part, added);
  }
  if (!principal) return;
  const granted = new Set(known?.roles);
  // What an administrator took away, a repeated set-up – each start of the demo – must not give back.
  const revoked = new Set(known && (await services.principals.revokedRoles(known.orgId, known.principalId)));
  for (const role of new Set(roles)) {
    if (granted.has(role)) continue;
    if (revoked.has(role)) {
      run.logger.warn({ part, role }, 'this role was revoked, and stays so');
      continue;
    }
    noteAdded(report, `${part}: role ${role}`, await services.organisations.giveGrant(principal, role));
  }
}

/** Names and kinds are given once: what stands is not changed. */
function warnOfDifference(
  { logger }: SetupRun,
  part: string,
  known: object,
  wanted: Readonly<Record<string, string>>,
): void {
  const standing = new Map<string, unknown>(Object.entries(known));
  const fields = Object.keys(wanted).filter((field) => standing.get(field) !== wanted[field]);
  if (fields.length > 0) logger.warn({ part, fields }, 'differs from the setup and stays as it is');
}
