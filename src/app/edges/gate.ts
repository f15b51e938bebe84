import { DecisionResolver } from '../../gate/decision.resolver.js';
import { DriftDesk } from '../../gate/drift/drift-desk.service.js';
import { DriftResolver } from '../../gate/drift/drift.resolver.js';
import { RejudgingResolver } from '../../gate/drift/rejudging.resolver.js';
import { StatusIndexController } from '../../gate/drift/status-index.controller.js';
import { StatusIndexService } from '../../gate/drift/status-index.service.js';
import { WhatIfResolver } from '../../gate/drift/what-if.resolver.js';
import { WhatIfService } from '../../gate/drift/what-if.service.js';
import { ExplainResolver } from '../../gate/explain.resolver.js';
import { ExplainService } from '../../gate/explain.service.js';
import { GateBatchService } from '../../gate/gate-batch.service.js';
import { GateDefinitionResolver } from '../../gate/gate-definition.resolver.js';
import { GateDefinitionService } from '../../gate/gate-definition.service.js';
import { GateDesk } from '../../gate/gate-desk.service.js';
import { GateResolver } from '../../gate/gate.resolver.js';
import { GateService } from '../../gate/gate.service.js';
import { InboxResolver } from '../../gate/inbox/inbox.resolver.js';
import { InboxService } from '../../gate/inbox/inbox.service.js';
import { WaiverPreviewResolver } from '../../gate/preview/waiver-preview.resolver.js';
import { WaiverPreviewService } from '../../gate/preview/waiver-preview.service.js';
import { GateStatusResolver } from '../../gate/run/gate-status.resolver.js';
import { GateRunDesk } from '../../gate/run/run-desk.service.js';
import { DecisionRunsResolver, GateRunResolver } from '../../gate/run/run.resolver.js';
import { GateRunService } from '../../gate/run/run.service.js';
import { VerdictAtService } from '../../gate/verdict-at.service.js';
import { VerdictResolver } from '../../gate/verdict.resolver.js';
import { supply, type Edge } from './edge.js';

export const gateEdge: Edge = {
  resolvers: [
    GateResolver,
    GateDefinitionResolver,
    VerdictResolver,
    GateRunResolver,
    GateStatusResolver,
    DecisionRunsResolver,
    DecisionResolver,
    ExplainResolver,
    DriftResolver,
    RejudgingResolver,
    WhatIfResolver,
    InboxResolver,
    WaiverPreviewResolver,
  ],
  controllers: [StatusIndexController],
  services: (services) => [
    supply(GateService, services.gates),
    supply(GateDesk, services.gateDesk),
    supply(GateBatchService, services.gateBatch),
    supply(GateDefinitionService, services.gateDefinitions),
    supply(VerdictAtService, services.verdictsAt),
    supply(ExplainService, services.explaining),
    supply(GateRunService, services.gateRuns),
    supply(GateRunDesk, services.gateRunDesk),
    supply(DriftDesk, services.driftDesk),
    supply(WhatIfService, services.whatIf),
    supply(StatusIndexService, services.statusIndex),
    supply(InboxService, services.inbox),
    supply(WaiverPreviewService, services.waiverPreviews),
  ],
};
