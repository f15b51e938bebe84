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
import { supply, type Edge } from './edge.js';

export const processEdge: Edge = {
  resolvers: [WorkItemResolver, TemplateResolver, StepResolver, RelationResolver, CriterionResolver],
  services: (services) => [
    supply(WorkItemService, services.workItems),
    supply(RouteService, services.routes),
    supply(TemplateService, services.templates),
    supply(ProcessRoleService, services.processRoles),
    supply(StepService, services.steps),
    supply(CriterionService, services.criteria),
    supply(ConformanceService, services.conformance),
    supply(FixTaskService, services.fixTasks),
    supply(RelationService, services.relations),
    supply(ProcessDesk, services.processDesk),
  ],
};
