import type { EntityManager } from 'typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AuthenticationService } from '../../access/authentication.service.js';
import { Authoriser } from '../../access/authoriser.service.js';
import { ConfiguredKey, JwksKeys } from '../../access/issuer-keys.io.js';
import { JwtVerifier } from '../../access/jwt-verifier.io.js';
import { OrganisationService } from '../../access/organisation.service.js';
import { PgOrganisationStore } from '../../access/organisation.store.pg.js';
import { PgPrincipalRead } from '../../access/principal.read.pg.js';
import { PgArtefactRead } from '../../evidence/artefact.read.pg.js';
import { ArtefactService } from '../../evidence/artefact.service.js';
import { PgArtefactStore } from '../../evidence/artefact.store.pg.js';
import { AttestationService } from '../../evidence/attestation.service.js';
import { EvidenceDesk } from '../../evidence/evidence-desk.service.js';
import { PgEvidenceRead } from '../../evidence/evidence.read.pg.js';
import { EvidenceService } from '../../evidence/evidence.service.js';
import { PgEvidenceStore } from '../../evidence/evidence.store.pg.js';
import { NORMALISER_LIMITS, ThreadedNormaliser } from '../../evidence/large/threaded-normaliser.io.js';
import { maskingKey } from '../../evidence/masking/mask.js';
import { trustedKeys } from '../platform/trusted-keys.io.js';
import { PgDecisionStore } from '../../gate/decision.store.pg.js';
import { EvidenceGatherer } from '../../gate/evidence-gatherer.service.js';
import { GateDefinitionService } from '../../gate/gate-definition.service.js';
import { GateDesk } from '../../gate/gate-desk.service.js';
import { GateInputReader } from '../../gate/gate-inputs.service.js';
import { PgGateRead } from '../../gate/gate.read.pg.js';
import { GateService } from '../../gate/gate.service.js';
import { PgGateStore } from '../../gate/gate.store.pg.js';
import { PgGateRunStore } from '../../gate/run/run.store.pg.js';
import { RuleJudge } from '../../gate/rule-judge.service.js';
import type { BlobStore } from '../../kernel/blob.js';
import { PgDispatchStore } from '../../ledger/dispatch.store.pg.js';
import { LedgerDesk } from '../../ledger/ledger-desk.service.js';
import { ProofDesk } from '../../ledger/proof-desk.service.js';
import { TileServer } from '../../ledger/tile-server.service.js';
import { PgTileRead } from '../../ledger/tile.read.pg.js';
import type { LedgerKeys } from '../../ledger/keys.js';
import { PgLedgerRead } from '../../ledger/ledger.read.pg.js';
import { formatVkey } from '../../ledger/signed-note.js';
import { ActivationService } from '../../policy/checklist/activation.service.js';
import { AuthoringService } from '../../policy/authoring.service.js';
import type { BundleSources } from '../../policy/bundle-sources.port.js';
import { BundleStore } from '../../policy/bundle-store.service.js';
import { ACCESS_CHECKLIST } from '../../policy/checklist/checklist.js';
import { ChecklistDesk } from '../../policy/checklist/desk.service.js';
import { ChecklistLinker } from '../../policy/checklist/linker.service.js';
import { ChecklistPublisher } from '../../policy/checklist/publisher.service.js';
import { PgChecklistRead } from '../../policy/checklist/checklist.read.pg.js';
import { PgChecklistStore } from '../../policy/checklist/checklist.store.pg.js';
import type { ModuleStore } from '../../policy/module-store.port.js';
import { PgPolicyRead } from '../../policy/policy.read.pg.js';
import { PgPolicyStore } from '../../policy/policy.store.pg.js';
import { QuestionService } from '../../policy/question/question.service.js';
import { PublishService } from '../../policy/publish.service.js';
import { ThreadedEngine } from '../../rego/host/engine.io.js';
import { OpaToolchain } from '../../rego/opa/opa.io.js';
import { PgWaiverRead } from '../../waiver/waiver.read.pg.js';
import { PgWaiverStore } from '../../waiver/waiver.store.pg.js';
import { AdministrationDesk } from '../../access/administration-desk.service.js';
import { PgAdministrationRead } from '../../access/administration.read.pg.js';
import { AdministrationService } from '../../access/administration.service.js';
import { PgAdministrationStore } from '../../access/administration.store.pg.js';
import { RateLimiter } from '../../access/rate-limiter.service.js';
import { PgRateStore } from '../../access/rate.store.pg.js';
import { StoredProjectOf } from './project-of.js';
import { RegoAccessTrial } from './access-trial.js';
import { composeAppends } from './appends.js';
import { composeDrift } from './drift.js';
import { composeInbox } from './inbox.js';
import { composeInsight } from './insight.js';
import { composeExports } from './exports.js';
import { composeScans } from './scans.js';
import { PgFinder } from './find.js';
import { findOpa } from './find-opa.io.js';
import { ActivationReasons } from './ledger-texts.js';
import type { Platform } from '../platform/platform.js';
import { witnessPolicy } from '../platform/witness-policy.io.js';
import { DifferenceService } from '../../evidence/difference/difference.service.js';
import { StoredDocuments } from '../../evidence/stored-documents.service.js';
import { StoredFindings } from './artefact-findings.js';
import { composeProtection } from './protection.js';
import { BlobBundles, ChecklistPolicies, MODULES, PinnedChecklists } from './policy-sources.js';
import { composePolicyWork } from './policy-work.js';
import { composeProcess } from './process.js';
import { composeRuns } from './runs.js';
import { composeVerdicts } from './verdicts.js';
import { composeReplays } from './replays.js';
import { composeWaivers } from './waivers.js';
import { RegisteredAuthors, RegisteredSubjects } from './registered-subjects.js';

/** Compiled beside this file: a worker thread cannot run TypeScript. */
const EVALUATION_THREAD = ['dist', 'src', 'rego', 'host', 'evaluate.io.js'];

const NORMALISING_THREAD = ['dist', 'src', 'evidence', 'large', 'normalise-thread.io.js'];

/** Every use case of the application, ready to be called by whichever door is open. */
export type Services = ReturnType<typeof composeServices>;

/**
 * Builds the application on a platform, in the order of the dependency rule. The doors differ only in what they
 * put in front of this. `close` ends the evaluation threads.
 */
export function composeServices(platform: Platform) {
  const foundation = composeFoundation(platform);
  const access = composeAccess(platform, foundation);
  const policy = composePolicy(platform, foundation);
  const checklists = composeChecklists(platform, foundation, { ...access, ...policy });
  const policyWork = composePolicyWork(platform, { ...foundation, ...access, ...policy });
  const evidence = composeEvidence(platform, foundation);
  const waiver = composeWaivers(platform, {
    ...foundation,
    ...evidence.reads,
    authoriser: access.authoriser,
  });
  const gate = composeGates(platform, foundation, { ...evidence.reads, authoriser: access.authoriser });
  const replay = composeReplays(platform, { ...foundation, ...policy, ...evidence.reads, ...gate });
  const log = composeLogServing(platform);
  const runs = composeRuns(platform, { ...foundation, ...access, ...evidence.reads, ...gate });
  const drift = composeDrift(platform, { ...foundation, ...waiver, ...evidence.reads, ...gate });
  return {
    ...access,
    ...policy,
    ...checklists,
    ...policyWork,
    ...evidence.services,
    ...waiver,
    ...gate,
    ...runs,
    ...composeVerdicts(platform, { ...foundation, ...evidence.reads, ...gate }),
    ...replay,
    ...composeInsight(platform, foundation),
    ...drift,
    ...composeInbox(platform, { ...access, ...waiver, ...drift, ...runs }),
    ...composeProcess(platform, { ...foundation, ...gate }),
    ...composeScans(platform, { ...foundation, evidence: evidence.services.evidence }),
    ...composeExports(platform, { ...foundation, ...access, ...log }),
    ledgerDesk: foundation.ledgerDesk,
    appends: foundation.appender,
    ...log,
    ...composeProtection(platform, foundation),
    close: () => foundation.engine.close(),
  };
}

/** The log for strangers: tiles, checkpoints, proofs. */
function composeLogServing({ config, database, keys }: Platform) {
  const read = new PgTileRead(database.manager);
  const witnesses = witnessPolicy(config, formatVkey(keys.logOrigin(), keys.logPublic()));
  return { witnesses, proofDesk: new ProofDesk(read), tileServer: new TileServer(read, witnesses.hasQuorum) };
}

type Foundation = ReturnType<typeof composeFoundation>;

/** What several features stand on: the ledger, the engine, and what each may ask of the others. */
function composeFoundation({ config, database, blobs, keys, clock }: Platform) {
  const ledgerKeys: LedgerKeys = {
    decision: keys.decision(),
    pseudonym: keys.pseudonym(),
    keyEncryption: keys.keyEncryption(),
  };
  const { manager } = database;
  const ledgerRead = new PgLedgerRead(manager, ledgerKeys.keyEncryption);
  const policyRead = new PgPolicyRead(manager);
  const checklistRead = new PgChecklistRead(manager);
  const principals = new PgPrincipalRead(manager);
  const thread = pathToFileURL(join(config.root, ...EVALUATION_THREAD));
  const bundles = new BlobBundles(blobs);
  return {
    engine: new ThreadedEngine(bundles, thread),
    bundles,
    /** What published bundles were made of: for tracing, replaying and pulling. */
    bundleSources: bundles as BundleSources,
    ledgerKeys,
    ledgerRead,
    ledgerDesk: new LedgerDesk(ledgerRead, formatVkey(keys.logOrigin(), keys.logPublic())),
    policyRead,
    principals,
    checklistRead,
    accessPolicies: new ChecklistPolicies(policyRead, checklistRead, clock, ACCESS_CHECKLIST),
    checklists: new PinnedChecklists(policyRead, checklistRead),
    waiverRead: new PgWaiverRead(manager),
    ...composeAppends(database, ledgerKeys),
  };
}

function composeAccess({ config, database, keys, clock }: Platform, foundation: Foundation) {
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
      new StoredProjectOf(database.manager),
      clock,
    ),
    finder: new PgFinder(database.manager),
    rateLimiter: new RateLimiter(
      new PgRateStore(database.manager),
      { person: config.ratePerson, service: config.rateService, agent: config.rateAgent },
      () => performance.now(),
    ),
    administration: new AdministrationService(
      withLedger((on) => ({
        administration: new PgAdministrationStore(on),
        organisations: new PgOrganisationStore(on),
      })),
      authoriser,
      clock,
      config.jwtIssuer,
    ),
    administrationDesk: new AdministrationDesk(
      new PgAdministrationRead(database.manager),
      principals,
      authoriser,
    ),
    organisations: new OrganisationService(
      withLedger((on) => ({ organisations: new PgOrganisationStore(on) })),
      clock,
    ),
  };
}

const modulesIn = (blobs: BlobStore): ModuleStore => ({
  put: (bytes) => blobs.put(MODULES, bytes),
  get: (digest) => blobs.get(MODULES, digest),
});

function composePolicy(
  { config, blobs, clock }: Platform,
  { engine, policyRead, appender, withLedger }: Foundation,
) {
  const toolchain = new OpaToolchain({
    program: findOpa(config),
    regoFolder: join(config.root, 'rego'),
    cacheFolder: join(config.dataDir, 'cache', 'bundles'),
  });
  return {
    toolchain,
    policyRead,
    questions: new QuestionService(policyRead, engine, appender, clock),
    authoring: new AuthoringService(policyRead, toolchain),
    publishing: new PublishService(
      withLedger((on) => ({ policies: new PgPolicyStore(on) })),
      policyRead,
      toolchain,
      new BundleStore(modulesIn(blobs)),
      clock,
    ),
  };
}

function composeChecklists(
  { blobs, clock }: Platform,
  { engine, policyRead, checklistRead, ledgerRead, bundleSources, withLedger }: Foundation,
  { authoriser, toolchain }: { authoriser: Authoriser; toolchain: OpaToolchain },
) {
  const stores = withLedger((on) => ({ checklists: new PgChecklistStore(on) }));
  const linker = new ChecklistLinker(toolchain, bundleSources, new BundleStore(modulesIn(blobs)));
  return {
    checklistRead,
    checklistPublisher: new ChecklistPublisher(stores, policyRead, linker, clock),
    activations: new ActivationService(
      stores,
      policyRead,
      new RegoAccessTrial(engine, policyRead, clock),
      clock,
    ),
    checklistDesk: new ChecklistDesk(checklistRead, authoriser, new ActivationReasons(ledgerRead)),
  };
}

type EvidenceReads = ReturnType<typeof composeEvidence>['reads'];

function composeEvidence(
  { config, database, blobs, keys, clock }: Platform,
  { principals, withLedger }: Foundation,
) {
  const artefactRead = new PgArtefactRead(database.manager);
  const evidenceRead = new PgEvidenceRead(database.manager);
  const installationKey = keys.pseudonym();
  const documents = new StoredDocuments(blobs);
  const evidence = new EvidenceService(
    withLedger((on) => ({
      artefacts: new PgArtefactStore(on),
      evidence: new PgEvidenceStore(on),
      dispatch: new PgDispatchStore(on),
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
  return {
    reads: {
      evidenceRead,
      authors: new RegisteredAuthors(artefactRead),
      subjects: new RegisteredSubjects(artefactRead, evidenceRead),
      findings: new StoredFindings(artefactRead, evidenceRead, documents),
    },
    services: {
      artefacts: new ArtefactService(
        withLedger((on) => ({ artefacts: new PgArtefactStore(on) })),
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

function composeGates(
  { config, database, blobs, clock }: Platform,
  foundation: Foundation,
  evidence: EvidenceReads & { authoriser: Authoriser },
) {
  const { engine, checklists, principals, waiverRead, withLedger, appender } = foundation;
  const gateRead = new PgGateRead(database.manager);
  return {
    gateRead,
    gateDesk: new GateDesk(gateRead, principals, evidence.authoriser),
    gateDefinitions: new GateDefinitionService(
      withLedger((on) => ({ gates: new PgGateStore(on) })),
      checklists,
      clock,
    ),
    gates: new GateService(
      { alone: withLedger(decisionStores), inGroup: appender.inGroup(decisionStores) },
      gateRead,
      new GateInputReader(gateRead, checklists, evidence.subjects, waiverRead),
      new RuleJudge(engine, new EvidenceGatherer(blobs)),
      clock,
      { verifierId: `urn:assay:verifier:${config.logOrigin ?? 'embedded'}`, pause: (ms) => pause(ms) },
    ),
  };
}

const decisionStores = (on: EntityManager) => ({
  decisions: new PgDecisionStore(on),
  runs: new PgGateRunStore(on),
  waivers: new PgWaiverStore(on),
  checklists: new PgChecklistStore(on),
});
