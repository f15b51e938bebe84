import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PgArtefactRead } from '../../evidence/artefact.read.pg.js';
import { ArtefactService } from '../../evidence/artefact.service.js';
import { PgArtefactStore } from '../../evidence/artefact.store.pg.js';
import { AttestationService } from '../../evidence/attestation.service.js';
import { DifferenceService } from '../../evidence/difference/difference.service.js';
import { EvidenceDesk } from '../../evidence/evidence-desk.service.js';
import { PgEvidenceRead } from '../../evidence/evidence.read.pg.js';
import { EvidenceService } from '../../evidence/evidence.service.js';
import { PgEvidenceStore } from '../../evidence/evidence.store.pg.js';
import { NORMALISER_LIMITS, ThreadedNormaliser } from '../../evidence/large/threaded-normaliser.io.js';
import { maskingKey } from '../../evidence/masking/mask.js';
import { StoredDocuments } from '../../evidence/stored-documents.service.js';
import { PgDispatchStore } from '../../ledger/dispatch.store.pg.js';
import { ofAll, ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { traceEvidence } from '../tracing/traced-services.js';
import { trustedKeys } from '../platform/trusted-keys.io.js';
import { StoredFindings } from './artefact-findings.js';
import type { Foundation } from './foundation.js';
import { RegisteredAuthors, RegisteredSubjects } from './registered-subjects.js';

/** Compiled ahead: a worker thread cannot run TypeScript. */
const NORMALISING_THREAD = ['dist', 'src', 'evidence', 'large', 'normalise-thread.io.js'];

export type EvidenceReads = ReturnType<typeof composeEvidence>['reads'];

/** Artefacts and their evidence; `reads` is what other features may ask of them. */
export function composeEvidence(
  { config, database, blobs, keys, clock, tracing }: Platform,
  { principals, withLedger }: Foundation,
) {
  const artefactRead = ofOrganisations(database.manager, PgArtefactRead);
  const evidenceRead = ofOrganisations(database.manager, PgEvidenceRead);
  const installationKey = keys.pseudonym();
  const documents = new StoredDocuments(blobs);
  const evidence = new EvidenceService(
    withLedger((on) => ({
      artefacts: ofOrganisations(on, PgArtefactStore),
      evidence: ofOrganisations(on, PgEvidenceStore),
      dispatch: new PgDispatchStore(ofAll(on)),
    })),
    blobs,
    new ThreadedNormaliser(blobs, {
      ...NORMALISER_LIMITS,
      threadFile: pathToFileURL(join(config.root, ...NORMALISING_THREAD)),
      scratch: join(config.dataDir, 'scratch'),
    }),
    {
      maskingKey: (orgId) => maskingKey(installationKey, orgId),
      limitBytes: config.uploadLimitBytes,
      trustedKeys: trustedKeys(config),
    },
    clock,
  );
  if (tracing) traceEvidence(tracing, evidence);
  return {
    reads: {
      evidenceRead,
      authors: new RegisteredAuthors(artefactRead),
      subjects: new RegisteredSubjects(artefactRead, evidenceRead),
      findings: new StoredFindings(artefactRead, evidenceRead, documents),
    },
    services: {
      artefacts: new ArtefactService(
        withLedger((on) => ({ artefacts: ofOrganisations(on, PgArtefactStore) })),
        { projectId: async (orgId, slug) => (await principals.projectBySlug(orgId, slug))?.projectId },
        clock,
      ),
      evidenceDesk: new EvidenceDesk(artefactRead, evidenceRead, blobs),
      differences: new DifferenceService(artefactRead, evidenceRead, documents),
      evidence,
      attestations: new AttestationService(evidence, clock),
    },
  };
}
