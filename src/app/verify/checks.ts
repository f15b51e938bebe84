import type { EntityManager } from 'typeorm';
import type { BlobStore } from '../../kernel/blob.js';
import type { DomainCheck } from '../../ledger/verify.js';
import { activationCheck } from './activation-check.js';
import { artefactCheck } from './artefact-check.js';
import { decisionCheck } from './decision-check.js';
import { delegationCheck } from './delegation-check.js';
import { draftCheck } from './draft-check.js';
import { erasureCheck } from './erasure-check.js';
import { evidenceCheck } from './evidence-check.js';
import { exportCheck } from './export-check.js';
import { gateCheck } from './gate-check.js';
import { gateRunCheck } from './gate-run-check.js';
import { grantCheck } from './grant-check.js';
import { linkCheck } from './link-check.js';
import { policyCheck } from './policy-check.js';
import { processCheck } from './process-check.js';
import { standingCheck } from './standing-check.js';
import { surplusCheck } from './surplus-check.js';
import { waiverCheck } from './waiver-check.js';

/** Everything that is held against the entries, for one pass on one snapshot. */
export const domainChecks = (
  manager: EntityManager,
  blobs: BlobStore,
  pseudonymKey: Buffer,
): readonly DomainCheck[] => [
  decisionCheck(manager),
  standingCheck(manager),
  waiverCheck(manager),
  delegationCheck(manager, pseudonymKey),
  policyCheck(manager),
  draftCheck(manager),
  activationCheck(manager, pseudonymKey),
  grantCheck(manager, pseudonymKey),
  gateCheck(manager),
  gateRunCheck(manager),
  artefactCheck(manager, pseudonymKey),
  evidenceCheck(manager, blobs),
  exportCheck(manager, blobs),
  erasureCheck(manager),
  processCheck(manager),
  linkCheck(manager, pseudonymKey),
  surplusCheck(manager),
];
