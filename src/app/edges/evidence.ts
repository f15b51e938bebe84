import { ArtefactResolver } from '../../evidence/artefact.resolver.js';
import { ArtefactService } from '../../evidence/artefact.service.js';
import { AttestationResolver } from '../../evidence/attestation.resolver.js';
import { AttestationService } from '../../evidence/attestation.service.js';
import { DifferenceResolver } from '../../evidence/difference/difference.resolver.js';
import { DifferenceService } from '../../evidence/difference/difference.service.js';
import { EvidenceDesk } from '../../evidence/evidence-desk.service.js';
import { EvidenceController } from '../../evidence/evidence.controller.js';
import { EvidenceResolver } from '../../evidence/evidence.resolver.js';
import { EvidenceService } from '../../evidence/evidence.service.js';
import { supply, type Edge } from './edge.js';

export const evidenceEdge: Edge = {
  resolvers: [ArtefactResolver, EvidenceResolver, AttestationResolver, DifferenceResolver],
  controllers: [EvidenceController],
  services: (services) => [
    supply(ArtefactService, services.artefacts),
    supply(EvidenceService, services.evidence),
    supply(EvidenceDesk, services.evidenceDesk),
    supply(AttestationService, services.attestations),
    supply(DifferenceService, services.differences),
  ],
};
