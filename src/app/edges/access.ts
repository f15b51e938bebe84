import { AccessResolver } from '../../access/access.resolver.js';
import { AdministrationDesk } from '../../access/administration-desk.service.js';
import {
  AdministrationResolver,
  GrantResolver,
  PrincipalResolver,
} from '../../access/administration.resolver.js';
import { AdministrationService } from '../../access/administration.service.js';
import { AuthenticationService } from '../../access/authentication.service.js';
import { RateLimiter } from '../../access/rate-limiter.service.js';
import { supply, type Edge } from './edge.js';

export const accessEdge: Edge = {
  resolvers: [AccessResolver, AdministrationResolver, PrincipalResolver, GrantResolver],
  services: (services) => [
    supply(RateLimiter, services.rateLimiter),
    supply(AuthenticationService, services.authentication),
    supply(AdministrationService, services.administration),
    supply(AdministrationDesk, services.administrationDesk),
  ],
};
