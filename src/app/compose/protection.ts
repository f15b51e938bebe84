import { PgAdministrationStore } from '../../access/administration.store.pg.js';
import { AdministratorsService } from '../../access/administrators.service.js';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { ErasureService } from '../../ledger/erasure.service.js';
import type { ErasureStore } from '../../ledger/erasure.store.js';
import { PgErasureStore } from '../../ledger/erasure.store.pg.js';
import { HoldService } from '../../ledger/hold.service.js';
import type { LedgerKeys } from '../../ledger/keys.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { ProtectionDesk } from '../../ledger/protection-desk.service.js';
import { PgProtectionRead } from '../../ledger/protection.read.pg.js';
import { transactions } from '../database/transaction.js';
import type { Platform } from '../platform/platform.js';
import { ofOrganisations } from '../database/on-behalf-of.js';

interface Needed {
  readonly ledgerKeys: LedgerKeys;
  readonly ledgerRead: LedgerRead;
  readonly authoriser: Authoriser;
}

/** Erasures and holds, on a connection of a role of their own; looking things up needs none. */
export function composeProtection(
  { database, eraser, clock }: Platform,
  { ledgerKeys, ledgerRead, authoriser }: Needed,
) {
  const tx: InTransaction<{ erasures: ErasureStore }> = async (work) =>
    transactions(await eraser(), (on) => ({ erasures: new PgErasureStore(on, ledgerKeys) }))(work);
  const administrators = new AdministratorsService(
    transactions(database, (on) => ({ administration: ofOrganisations(on, PgAdministrationStore) })),
    ofOrganisations(database.manager, PgAdministrationStore),
    authoriser,
  );
  return {
    erasing: new ErasureService(tx, administrators, clock),
    holding: new HoldService(tx, ledgerKeys.pseudonym, clock),
    protectionDesk: new ProtectionDesk(
      ofOrganisations(database.manager, PgProtectionRead),
      ledgerRead,
      ledgerKeys.pseudonym,
      administrators,
      clock,
    ),
  };
}
