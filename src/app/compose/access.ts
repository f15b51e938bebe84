import { AdministrationDesk } from '../../access/administration-desk.service.js';
import { PgAdministrationRead } from '../../access/administration.read.pg.js';
import { AdministrationService } from '../../access/administration.service.js';
import { PgAdministrationStore } from '../../access/administration.store.pg.js';
import { AuthenticationService } from '../../access/authentication.service.js';
import { Authoriser } from '../../access/authoriser.service.js';
import { ConfiguredKey, JwksKeys } from '../../access/issuer-keys.io.js';
import { JwtVerifier } from '../../access/jwt-verifier.io.js';
import { OrganisationService } from '../../access/organisation.service.js';
import { PgOrganisationStore } from '../../access/organisation.store.pg.js';
import { RateLimiter } from '../../access/rate-limiter.service.js';
import { PgRateStore } from '../../access/rate.store.pg.js';
import { ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { PgFinder } from './find.js';
import type { Foundation } from './foundation.js';
import { StoredProjectOf } from './project-of.js';

/** Who asks, what they may, how often, and the administration of that. */
export function composeAccess({ config, database, keys, clock }: Platform, foundation: Foundation) {
  const { engine, principals, accessPolicies, withLedger, appender } = foundation;
  const issuerPem = keys.tokenIssuerPem();
  const issuerKeys =
    issuerPem === undefined ? new JwksKeys(config.jwtJwksUrl ?? '', clock) : new ConfiguredKey(issuerPem);
  const verifier = new JwtVerifier(
    issuerKeys,
    { issuer: config.jwtIssuer, audience: config.jwtAudience, algorithm: config.jwtAlgorithm },
    clock,
  );
  const authoriser = new Authoriser(engine, accessPolicies, clock);
  return {
    authoriser,
    principals,
    authentication: new AuthenticationService(
      verifier,
      principals,
      authoriser,
      appender,
      ofOrganisations(database.manager, StoredProjectOf),
      clock,
    ),
    finder: ofOrganisations(database.manager, PgFinder),
    rateLimiter: new RateLimiter(
      ofOrganisations(database.manager, PgRateStore),
      { person: config.ratePerson, service: config.rateService, agent: config.rateAgent },
      () => performance.now(),
    ),
    administration: new AdministrationService(
      withLedger((on) => ({
        administration: ofOrganisations(on, PgAdministrationStore),
        organisations: ofOrganisations(on, PgOrganisationStore),
      })),
      authoriser,
      clock,
      config.jwtIssuer,
    ),
    administrationDesk: new AdministrationDesk(
      ofOrganisations(database.manager, PgAdministrationRead),
      principals,
      authoriser,
    ),
    organisations: new OrganisationService(
      withLedger((on) => ({ organisations: ofOrganisations(on, PgOrganisationStore) })),
      clock,
    ),
  };
}
