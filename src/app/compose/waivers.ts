import type { EntityManager } from 'typeorm';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { EvidenceRead } from '../../evidence/evidence.read.js';
import { PgGateRead } from '../../gate/gate.read.pg.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { PgDueStore } from '../../waiver/clock/due.store.pg.js';
import { WaiverClock } from '../../waiver/clock/waiver-clock.service.js';
import { DelegationService } from '../../waiver/delegation/delegation.service.js';
import { PgDelegationRead } from '../../waiver/delegation/delegation.read.pg.js';
import { PgDelegationStore } from '../../waiver/delegation/delegation.store.pg.js';
import type { ArtefactFindings } from '../../waiver/suppression/suppressed-findings.port.js';
import { SuppressionImporter } from '../../waiver/suppression/suppression-import.service.js';
import { WaiverDesk } from '../../waiver/waiver-desk.service.js';
import { WaiverPermits } from '../../waiver/waiver-permits.service.js';
import type { ArtefactAuthors } from '../../waiver/waiver-policy.port.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import { WaiverService } from '../../waiver/waiver.service.js';
import { PgWaiverStore } from '../../waiver/waiver.store.pg.js';
import type { Platform } from '../platform/platform.js';
import type { composeAppends } from './appends.js';
import { AssignedProcessRoles, GrantedApprovers, StoredEvidence } from './approvers.js';
import { LedgerTexts } from './ledger-texts.js';
import { RegoWaiverPolicy } from './waiver-policy.js';
import { ofOrganisations } from '../database/on-behalf-of.js';

/** What waivers stand on. */
export interface WaiverFoundation {
  readonly waiverRead: WaiverRead;
  readonly ledgerRead: LedgerRead;
  readonly withLedger: ReturnType<typeof composeAppends>['withLedger'];
  readonly authoriser: Authoriser;
  readonly authors: ArtefactAuthors;
  readonly findings: ArtefactFindings;
  readonly evidenceRead: Pick<EvidenceRead, 'byDigest'>;
}

export function composeWaivers({ clock, database }: Platform, foundation: WaiverFoundation) {
  const { waiverRead, ledgerRead, withLedger, authors, findings, evidenceRead } = foundation;
  const { manager } = database;
  const policy = new RegoWaiverPolicy(foundation.authoriser);
  const approvers = new GrantedApprovers(
    manager,
    ofOrganisations(manager, PgGateRead),
    ofOrganisations(manager, AssignedProcessRoles),
  );
  const delegations = ofOrganisations(manager, PgDelegationRead);
  const files = new StoredEvidence(evidenceRead);
  const permits = new WaiverPermits(waiverRead, policy, { authors, approvers, files, delegations }, clock);
  const waivers = new WaiverService(
    withLedger((on) => ({
      waivers: ofOrganisations(on, PgWaiverStore),
      delegations: ofOrganisations(on, PgDelegationStore),
    })),
    waiverRead,
    permits,
    clock,
  );
  return {
    waiverDesk: new WaiverDesk(waiverRead, new LedgerTexts(waiverRead, ledgerRead), authors, clock),
    waivers,
    waiverPermits: permits,
    waiverClock: new WaiverClock(withLedger(timeStores), clock),
    delegations: new DelegationService(
      withLedger((on) => ({ delegations: ofOrganisations(on, PgDelegationStore) })),
      delegations,
      policy,
      approvers,
      clock,
    ),
    suppressions: new SuppressionImporter(waivers, findings),
  };
}

const timeStores = (on: EntityManager) => ({
  due: ofOrganisations(on, PgDueStore, 'next'),
  waivers: ofOrganisations(on, PgWaiverStore),
});
