import { DelegationResolver } from '../../waiver/delegation/delegation.resolver.js';
import { DelegationService } from '../../waiver/delegation/delegation.service.js';
import { SuppressionImporter } from '../../waiver/suppression/suppression-import.service.js';
import { SuppressionResolver } from '../../waiver/suppression/suppression.resolver.js';
import { WaiverDesk } from '../../waiver/waiver-desk.service.js';
import { WaiverResolver } from '../../waiver/waiver.resolver.js';
import { WaiverService } from '../../waiver/waiver.service.js';
import { supply, type Edge } from './edge.js';

export const waiverEdge: Edge = {
  resolvers: [WaiverResolver, DelegationResolver, SuppressionResolver],
  services: (services) => [
    supply(WaiverService, services.waivers),
    supply(WaiverDesk, services.waiverDesk),
    supply(DelegationService, services.delegations),
    supply(SuppressionImporter, services.suppressions),
  ],
};
