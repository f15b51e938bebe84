import { ACCESS_CHECKLIST } from '../../policy/checklist/checklist.js';
import type { Services } from '../compose/services.js';
import { applyGates } from './apply-gates.js';
import { applyOrganisation, applyPrincipals, applyProjects } from './apply-people.js';
import { applyPolicies } from './apply-policies.js';
import { applyTemplates } from './apply-templates.js';
import type { Setup } from './setup.js';
import type { SetupOptions, SetupReport, SetupRun } from './setup-run.js';

/**
 * Makes what a setup says and is not there yet; a second time it only looks. Takes nothing away. Each step is a
 * transaction with its entry in the ledger, by `system`: what a crash interrupts is completed by repeating it.
 * Without OPA, packs that were never compiled are left out, with what needs them, and told to the logger.
 */
export async function applySetup(
  services: Services,
  setup: Setup,
  options: SetupOptions,
): Promise<SetupReport> {
  const report: SetupReport = { added: [], stood: [], problems: [] };
  const run: SetupRun = { ...options, services, setup, report };
  const organisation = await applyOrganisation(run);
  if (!organisation) return report;
  const { orgId, slug } = organisation;
  const projects = await applyProjects(run, organisation);
  await applyPrincipals(run, organisation);
  await applyPolicies(run, orgId);
  await applyGates(run, orgId, projects);
  await applyTemplates(run, orgId);
  if ((await services.checklistRead.standing(orgId, ACCESS_CHECKLIST)).version === null)
    options.logger.warn({ org: slug }, `no ${ACCESS_CHECKLIST} is in force: every request is refused`);
  return report;
}
