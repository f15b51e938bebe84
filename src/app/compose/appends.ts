import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import type { InTransaction } from '../../kernel/transaction.js';
import { Appender, APPENDER_LANES, APPENDER_LIMIT, GROUP_WAIT_MS } from '../../ledger/appender.service.js';
import type { LedgerKeys } from '../../ledger/keys.js';
import type { Ledger } from '../../ledger/ledger.js';
import { PgLedger } from '../../ledger/ledger.store.pg.js';
import type { EntryKind } from '../../ledger/entry.js';
import { Sealer } from '../../ledger/sealer.js';
import { QUEUES } from '../queues/queue-registry.js';
import { transactions } from '../database/transaction.js';
import { tellingLedger } from '../tracing/entry-traces.js';
import { ledgerGroups } from '../tracing/traced-services.js';
import type { Tracing } from '../tracing/tracing.js';

/** Kinds of entries that the dispatcher makes jobs of. */
const BECOME_JOBS: ReadonlySet<EntryKind> = new Set(Object.values(QUEUES).map(({ kind }) => kind));

/** The two ways into the ledger: a transaction of one's own, and one shared with whoever appends at the moment. */
export function composeAppends(database: DataSource, keys: LedgerKeys, tracing?: Tracing) {
  const sealer = new Sealer(keys);
  const ledgerOn = (on: EntityManager): PgLedger => new PgLedger(on, keys, sealer);
  const appender = new Appender<EntityManager>(
    {
      ledger: ledgerOn(database.manager),
      tx: transactions(database, (on) => ({ base: on, ledger: ledgerOn(on) })),
      prepare: (draft) => {
        sealer.prepare(draft);
      },
    },
    {
      ...{ limit: APPENDER_LIMIT, lanes: APPENDER_LANES, waitMs: GROUP_WAIT_MS, pause: (ms) => pause(ms) },
      ...(tracing && { tracing: ledgerGroups(tracing) }),
    },
  );
  return {
    appender,
    /** Transactions that hand out one feature's stores and, always, the ledger. */
    withLedger: <Stores extends object>(
      storesOn: (manager: EntityManager) => Stores,
    ): InTransaction<Stores & { ledger: Ledger }> =>
      transactions(database, (on) => ({
        ...storesOn(on),
        ledger: tracing ? tellingLedger(tracing, on, ledgerOn(on), BECOME_JOBS) : ledgerOn(on),
      })),
  };
}
