import type { JsonObject } from '../kernel/canonical-json.js';
import type { AdministeredPrincipal } from './administration.store.js';
import type { Bearer, Grant } from './organisation.js';

export const ADMINISTRATION_ENTRYPOINT = 'assay/access/administration/decision';

/** Whom a step is about. */
export type AdministrationSubject = Pick<AdministeredPrincipal, 'principalId' | 'kind' | 'roles'>;

/** The input of `rego/access/administration.rego`. */
export function administrationQuestion(
  name: string,
  by: Pick<Bearer, 'principalId' | 'kind' | 'roles' | 'projectRoles'>,
  { principalId, kind, roles }: AdministrationSubject,
  {
    grant,
    remaining = {},
  }: { readonly grant?: Grant; readonly remaining?: Readonly<Record<string, number>> },
): JsonObject {
  const { projectId } = grant ?? {};
  const inProject = by.projectRoles.find((each) => each.projectId === projectId)?.roles ?? [];
  return {
    actor: { principalId: by.principalId, kind: by.kind, roles: [...by.roles] },
    ...(projectId !== undefined && { project: { projectId, roles: [...inProject] } }),
    step: name,
    principal: { principalId, kind, roles: [...roles] },
    ...(grant && {
      grant: {
        role: grant.role,
        projectId: projectId ?? null,
        requestsPerMinute: grant.requestsPerMinute ?? null,
      },
    }),
    remaining: { ...remaining },
  };
}
