import type { Actor } from '../kernel/actor.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Administrators, LastAdministrator } from '../ledger/administrators.port.js';
import { ADMINISTRATION_ENTRYPOINT, administrationQuestion } from './administration-question.js';
import type { AdministrationStore } from './administration.store.js';
import type { Asker, Authoriser } from './authoriser.service.js';

type Looked = Pick<AdministrationStore, 'principal' | 'remaining'>;

/**
 * Whether an organisation would be left without anybody who may give roles, if somebody were erased. Which roles those
 * are is the access policy's to say. Whether the caller may erase at all was asked before: only `last-administrator`
 * refuses here, so that a policy from before this question keeps nobody from being erased whom the law says must be.
 */
export class AdministratorsService implements Administrators {
  constructor(
    private readonly tx: InTransaction<{ administration: Looked & Pick<AdministrationStore, 'lock'> }>,
    private readonly read: Looked,
    private readonly authoriser: Pick<Authoriser, 'asker'>,
  ) {}

  /** Under the lock that giving, revoking and disabling take, on a connection of its own. */
  async unlessLast<T>(
    by: Actor,
    principalId: string,
    work: () => Promise<T>,
  ): Promise<Result<T, LastAdministrator>> {
    const asker = await this.authoriser.asker(by.orgId);
    return this.tx<T, LastAdministrator>(async ({ administration }) => {
      await administration.lock(by.orgId);
      return (await refuses(asker, administration, by, principalId))
        ? failed({ kind: 'LastAdministrator', principalId })
        : ok(await work());
    });
  }

  /** As it stands, for showing. */
  async isLast(by: Actor, principalId: string): Promise<boolean> {
    return refuses(await this.authoriser.asker(by.orgId), this.read, by, principalId);
  }
}

async function refuses(
  asker: Asker,
  administration: Looked,
  by: Actor,
  principalId: string,
): Promise<boolean> {
  const principal = await administration.principal(by.orgId, principalId);
  if (!principal) return false; // erased before, or somebody who never came in
  const remaining = await administration.remaining(by.orgId, { principalId });
  const bearer = { ...by, projectRoles: [] };
  const question = administrationQuestion('erase-person', bearer, principal, { remaining });
  const answer = await asker(ADMINISTRATION_ENTRYPOINT, question);
  return (answer as { readonly reasonCode?: unknown } | undefined)?.reasonCode === 'last-administrator';
}
