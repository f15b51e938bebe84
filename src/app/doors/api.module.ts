import { join } from 'node:path';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import {
  AdministrationResolver,
  GrantResolver,
  PrincipalResolver,
} from '../../access/administration.resolver.js';
import { AdministrationDesk } from '../../access/administration-desk.service.js';
import { AdministrationService } from '../../access/administration.service.js';
import { AccessResolver } from '../../access/access.resolver.js';
import { AuthenticationService } from '../../access/authentication.service.js';
import { AccessGuard, actorOf } from '../../api/access.guard.js';
import { BusyFilter } from '../../api/busy.js';
import { OutOfSpaceInterceptor, Storage, StorageGuard } from '../../api/storage.guard.js';
import { ChangeListener } from './change-listener.io.js';
import { FreeDisk } from '../platform/free-disk.io.js';
import type { AuthenticatedRequest } from '../../api/caller.js';
import { admit } from '../../api/admission.js';
import { persistedOperations } from '../../api/persisted-operations.js';
import { RateLimiter } from '../../access/rate-limiter.service.js';
import { readOperations } from './operations.io.js';
import { MAX_QUERY_DEPTH, refuseCostly, type QueryCost } from '../../api/limits.js';
import { httpStatus, isInternal, publicErrors } from '../../api/public-errors.js';
import { SubscriptionGuard } from '../../api/subscription.guard.js';
import { renewCaller, showSubscribeErrors, subscriptions, type ShowErrors } from '../../api/subscriptions.js';
import { Changes } from '../../api/watch.js';
import { SCALARS } from '../../api/scalars.js';
import { refuseUnstorable } from '../../api/storable-text.js';
import { ArtefactResolver } from '../../evidence/artefact.resolver.js';
import { ArtefactService } from '../../evidence/artefact.service.js';
import { DifferenceResolver } from '../../evidence/difference/difference.resolver.js';
import { DifferenceService } from '../../evidence/difference/difference.service.js';
import { AttestationResolver } from '../../evidence/attestation.resolver.js';
import { AttestationService } from '../../evidence/attestation.service.js';
import { EvidenceDesk } from '../../evidence/evidence-desk.service.js';
import { EvidenceController } from '../../evidence/evidence.controller.js';
import { EvidenceResolver } from '../../evidence/evidence.resolver.js';
import { EvidenceService } from '../../evidence/evidence.service.js';
import { DecisionResolver } from '../../gate/decision.resolver.js';
import { ExplainResolver } from '../../gate/explain.resolver.js';
import { ExplainService } from '../../gate/explain.service.js';
import { GateBatchService } from '../../gate/gate-batch.service.js';
import { VerdictAtService } from '../../gate/verdict-at.service.js';
import { VerdictResolver } from '../../gate/verdict.resolver.js';
import { GateDefinitionResolver } from '../../gate/gate-definition.resolver.js';
import { GateDefinitionService } from '../../gate/gate-definition.service.js';
import { GateDesk } from '../../gate/gate-desk.service.js';
import { GateResolver } from '../../gate/gate.resolver.js';
import { GateService } from '../../gate/gate.service.js';
import { GateRunDesk } from '../../gate/run/run-desk.service.js';
import { DecisionRunsResolver, GateRunResolver } from '../../gate/run/run.resolver.js';
import { GateRunService } from '../../gate/run/run.service.js';
import { GateStatusResolver } from '../../gate/run/gate-status.resolver.js';
import { DriftDesk } from '../../gate/drift/drift-desk.service.js';
import { DriftResolver } from '../../gate/drift/drift.resolver.js';
import { RejudgingResolver } from '../../gate/drift/rejudging.resolver.js';
import { DocumentationResolver } from '../../policy/documentation.resolver.js';
import { WhatIfResolver } from '../../gate/drift/what-if.resolver.js';
import { WhatIfService } from '../../gate/drift/what-if.service.js';
import { StatusIndexController } from '../../gate/drift/status-index.controller.js';
import { StatusIndexService } from '../../gate/drift/status-index.service.js';
import { InboxResolver } from '../../gate/inbox/inbox.resolver.js';
import { InboxService } from '../../gate/inbox/inbox.service.js';
import { InsightDesk } from '../../insight/insight-desk.service.js';
import { InsightResolver } from '../../insight/insight.resolver.js';
import { ErasureService } from '../../ledger/erasure.service.js';
import { HoldService } from '../../ledger/hold.service.js';
import { LedgerDesk } from '../../ledger/ledger-desk.service.js';
import { LedgerResolver } from '../../ledger/ledger.resolver.js';
import { ProofDesk } from '../../ledger/proof-desk.service.js';
import { ProofResolver } from '../../ledger/proof.resolver.js';
import { TileServer } from '../../ledger/tile-server.service.js';
import { PublicTileController, TileController } from '../../ledger/tile.controller.js';
import { ProtectionDesk } from '../../ledger/protection-desk.service.js';
import {
  ErasureResolver,
  HoldResolver,
  PersonResolver,
  ProtectionResolver,
} from '../../ledger/protection.resolver.js';
import { AuthoringService } from '../../policy/authoring.service.js';
import { ActivationService } from '../../policy/checklist/activation.service.js';
import { ChecklistDesk } from '../../policy/checklist/desk.service.js';
import { ChecklistPublisher } from '../../policy/checklist/publisher.service.js';
import { ActivationResolver, ChecklistResolver } from '../../policy/checklist/checklist.resolver.js';
import { DraftDesk } from '../../policy/draft/desk.service.js';
import { DraftResolver } from '../../policy/draft/draft.resolver.js';
import { DraftService } from '../../policy/draft/draft.service.js';
import { DraftTools } from '../../policy/draft/tools.service.js';
import { GateChecklistResolver } from '../../policy/checklist/gate-checklist.resolver.js';
import { PolicyPublicationService } from '../../policy/draft/publication.service.js';
import { PolicyVersionResolver } from '../../policy/policy-version.resolver.js';
import { Finder } from '../../api/find.port.js';
import { FindResolver } from '../../api/find.resolver.js';
import { QuestionResolver } from '../../policy/question/question.resolver.js';
import { QuestionService } from '../../policy/question/question.service.js';
import { PolicyResolver } from '../../policy/policy.resolver.js';
import { ReviewOutcomeResolver, ReviewResolver } from '../../policy/draft/review.resolver.js';
import { ReviewService } from '../../policy/draft/review.service.js';
import { WaiverPreviewResolver } from '../../gate/preview/waiver-preview.resolver.js';
import { WaiverPreviewService } from '../../gate/preview/waiver-preview.service.js';
import { DelegationResolver } from '../../waiver/delegation/delegation.resolver.js';
import { DelegationService } from '../../waiver/delegation/delegation.service.js';
import { WaiverDesk } from '../../waiver/waiver-desk.service.js';
import { WaiverResolver } from '../../waiver/waiver.resolver.js';
import { WaiverService } from '../../waiver/waiver.service.js';
import { SuppressionImporter } from '../../waiver/suppression/suppression-import.service.js';
import { SuppressionResolver } from '../../waiver/suppression/suppression.resolver.js';
import { ExportDesk } from '../../outbound/export/export-desk.service.js';
import { ExportController } from '../../outbound/export/export.controller.js';
import { ExportResolver } from '../../outbound/export/export.resolver.js';
import { ExportService } from '../../outbound/export/export.service.js';
import { ScanDesk } from '../../scan/scan-desk.service.js';
import { ScanResolver } from '../../scan/scan.resolver.js';
import { ScanService } from '../../scan/scan.service.js';
import { SourceController } from '../../scan/source.controller.js';
import { SourceService } from '../../scan/source.service.js';
import { ConformanceService } from '../../process/conformance.service.js';
import { CriterionService } from '../../process/criterion.service.js';
import { FixTaskService } from '../../process/fix-task.service.js';
import { ProcessDesk } from '../../process/process-desk.service.js';
import { ProcessRoleService } from '../../process/process-role.service.js';
import { CriterionResolver, RelationResolver } from '../../process/relation.resolver.js';
import { RelationService } from '../../process/relation.service.js';
import { RouteService } from '../../process/route.service.js';
import { StepResolver } from '../../process/step.resolver.js';
import { StepService } from '../../process/step.service.js';
import { TemplateResolver } from '../../process/template.resolver.js';
import { TemplateService } from '../../process/template.service.js';
import { WorkItemResolver } from '../../process/work-item.resolver.js';
import { WorkItemService } from '../../process/work-item.service.js';
import type { Platform } from '../platform/platform.js';
import type { Services } from '../compose/services.js';
import type { TracedRequests } from '../tracing/traced-requests.js';

const RESOLVERS: Type[] = [
  ...[QuestionResolver, FindResolver],
  ...[AdministrationResolver, PrincipalResolver, GrantResolver],
  ...[DraftResolver, ReviewResolver, ReviewOutcomeResolver, PolicyVersionResolver],
  ...[ChecklistResolver, ActivationResolver],
  ...[
    AccessResolver,
    PolicyResolver,
    GateChecklistResolver,
    ArtefactResolver,
    EvidenceResolver,
    AttestationResolver,
    DifferenceResolver,
  ],
  ...[
    WaiverResolver,
    DelegationResolver,
    WaiverPreviewResolver,
    SuppressionResolver,
    GateResolver,
    GateDefinitionResolver,
    VerdictResolver,
    GateRunResolver,
    GateStatusResolver,
    DecisionRunsResolver,
    DecisionResolver,
    ExplainResolver,
    LedgerResolver,
    ProofResolver,
  ],
  ...[WorkItemResolver, TemplateResolver, StepResolver, RelationResolver, CriterionResolver],
  ExportResolver,
  DriftResolver,
  RejudgingResolver,
  WhatIfResolver,
  DocumentationResolver,
  InboxResolver,
  InsightResolver,
  ScanResolver,
  ...[ProtectionResolver, PersonResolver, ErasureResolver, HoldResolver],
];
const CONTROLLERS: Type[] = [EvidenceController, ExportController, SourceController, StatusIndexController];

/** The API door: edges in front of services that are already built. */
@Module({})
export class ApiModule {
  /** `traced`: where requests are traced. */
  static register(
    platform: Platform,
    services: Services,
    controllers: Type[] = [],
    traced?: TracedRequests,
  ): DynamicModule {
    const { config } = platform;
    return {
      module: ApiModule,
      imports: [GraphQLModule.forRoot<MercuriusDriverConfig>(graphQlOptions(platform, services, traced))],
      controllers: [
        ...CONTROLLERS,
        config.logPublic === true ? PublicTileController : TileController,
        ...controllers,
      ],
      providers: [
        ...RESOLVERS,
        ...SCALARS,
        ...servicesAsProviders(services),
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: SubscriptionGuard },
        { provide: Changes, useValue: new ChangeListener(platform.databaseUrl, platform.logger) },
        { provide: Storage, useValue: new FreeDisk(config.dataDir, config.minFreeDiskBytes) },
        { provide: APP_GUARD, useClass: StorageGuard },
        { provide: APP_INTERCEPTOR, useClass: OutOfSpaceInterceptor },
        { provide: APP_FILTER, useClass: BusyFilter },
      ],
    };
  }
}

const servicesAsProviders = (services: Services): Provider[] => [
  { provide: Finder, useValue: services.finder },
  { provide: QuestionService, useValue: services.questions },
  { provide: RateLimiter, useValue: services.rateLimiter },
  { provide: AdministrationService, useValue: services.administration },
  { provide: AdministrationDesk, useValue: services.administrationDesk },
  { provide: AuthenticationService, useValue: services.authentication },
  { provide: AuthoringService, useValue: services.authoring },
  { provide: ChecklistPublisher, useValue: services.checklistPublisher },
  { provide: ActivationService, useValue: services.activations },
  { provide: ChecklistDesk, useValue: services.checklistDesk },
  { provide: DraftService, useValue: services.drafts },
  { provide: DraftTools, useValue: services.draftTools },
  { provide: DraftDesk, useValue: services.draftDesk },
  { provide: ReviewService, useValue: services.policyReviews },
  { provide: PolicyPublicationService, useValue: services.policyPublication },
  { provide: ArtefactService, useValue: services.artefacts },
  { provide: EvidenceService, useValue: services.evidence },
  { provide: AttestationService, useValue: services.attestations },
  { provide: EvidenceDesk, useValue: services.evidenceDesk },
  { provide: DifferenceService, useValue: services.differences },
  { provide: WaiverService, useValue: services.waivers },
  { provide: SuppressionImporter, useValue: services.suppressions },
  { provide: WaiverPreviewService, useValue: services.waiverPreviews },
  { provide: DelegationService, useValue: services.delegations },
  { provide: WaiverDesk, useValue: services.waiverDesk },
  { provide: GateService, useValue: services.gates },
  { provide: GateDesk, useValue: services.gateDesk },
  { provide: GateRunService, useValue: services.gateRuns },
  { provide: GateRunDesk, useValue: services.gateRunDesk },
  { provide: GateBatchService, useValue: services.gateBatch },
  { provide: VerdictAtService, useValue: services.verdictsAt },
  { provide: GateDefinitionService, useValue: services.gateDefinitions },
  { provide: ExplainService, useValue: services.explaining },
  { provide: InboxService, useValue: services.inbox },
  { provide: InsightDesk, useValue: services.insightDesk },
  { provide: WhatIfService, useValue: services.whatIf },
  { provide: DriftDesk, useValue: services.driftDesk },
  { provide: StatusIndexService, useValue: services.statusIndex },
  { provide: LedgerDesk, useValue: services.ledgerDesk },
  { provide: ProofDesk, useValue: services.proofDesk },
  { provide: TileServer, useValue: services.tileServer },
  { provide: ExportService, useValue: services.exports },
  { provide: ExportDesk, useValue: services.exportDesk },
  { provide: SourceService, useValue: services.sources },
  { provide: ScanService, useValue: services.scans },
  { provide: ScanDesk, useValue: services.scanDesk },
  { provide: WorkItemService, useValue: services.workItems },
  { provide: RouteService, useValue: services.routes },
  { provide: TemplateService, useValue: services.templates },
  { provide: ProcessRoleService, useValue: services.processRoles },
  { provide: StepService, useValue: services.steps },
  { provide: CriterionService, useValue: services.criteria },
  { provide: ConformanceService, useValue: services.conformance },
  { provide: FixTaskService, useValue: services.fixTasks },
  { provide: RelationService, useValue: services.relations },
  { provide: ProcessDesk, useValue: services.processDesk },
  { provide: ErasureService, useValue: services.erasing },
  { provide: HoldService, useValue: services.holding },
  { provide: ProtectionDesk, useValue: services.protectionDesk },
];

/**
 * Headers that no form or simple request of another site's page can send: Mercurius's two, and the one that a browser
 * itself sends with a WebSocket's handshake, which a script cannot set (RFC 6455 §11.3.1, a forbidden request-header). What
 * such a page then says on the socket is judged by its token alone: there are no cookies.
 */
const CSRF_HEADERS = ['x-mercurius-operation-name', 'mercurius-require-preflight', 'sec-websocket-key'];

function graphQlOptions(
  { config, logger }: Platform,
  { authentication, rateLimiter }: Services,
  traced: TracedRequests | undefined,
): MercuriusDriverConfig {
  const show: ShowErrors = (error, id) => {
    const shown = publicErrors(error, id);
    if (shown.some(isInternal))
      logger.error({ reqId: id, err: error.originalError ?? error }, 'internal error');
    return shown;
  };
  return {
    driver: MercuriusDriver,
    transformSchema: (schema) => showSubscribeErrors(schema, show),
    typePaths: [join(config.root, 'graphql', '*.graphql')],
    jit: 1,
    graphiql: false,
    persistedQueryProvider: persistedOperations(readOperations(config.root), config.onlyPersisted === true),
    queryDepth: MAX_QUERY_DEPTH,
    hooks: {
      // Before the query is even read: what is wrong with it would tell a stranger the schema, field by field.
      preParsing: async (_schema, _source, context) => {
        const { req } = context as unknown as { req: AuthenticatedRequest };
        req.actor ??= await actorOf(authentication, req.headers.authorization);
        await admit(rateLimiter, req);
      },
      preSubscriptionExecution: (_schema, _document, context) =>
        renewCaller(authentication, rateLimiter, { context, show }),
      preExecution: (schema, document, context, variables) => {
        traced?.graphQl((context as unknown as { req: object }).req, document);
        refuseUnstorable(document, variables);
        const cost = refuseCostly(schema, document, variables as Record<string, unknown> | undefined);
        (context as { cost?: QueryCost }).cost = cost;
      },
      onResolution: (execution, context) => {
        const { cost } = context as { cost?: QueryCost };
        if (cost) execution.extensions = { ...execution.extensions, cost };
      },
    },
    subscription: subscriptions(authentication),
    csrfPrevention: { requiredHeaders: CSRF_HEADERS },
    fieldResolverEnhancers: ['guards'],
    context: (req: FastifyRequest) => ({ req }),
    errorFormatter: (result: ExecutionResult, context) => {
      const { req } = context as unknown as { req: FastifyRequest };
      const errors = (result.errors ?? []).flatMap((error) => show(error, req.id));
      traced?.graphQlFailed(req, errors[0]?.extensions['code']);
      const statusCode = httpStatus(result.errors?.[0]);
      return { statusCode, response: { data: result.data ?? null, errors } };
    },
  };
}
