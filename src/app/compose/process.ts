import type { DataSource } from 'typeorm';
import type { PrincipalRead } from '../../access/principal.read.js';
import { PgArtefactRead } from '../../evidence/artefact.read.pg.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { Clock } from '../../kernel/clock.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { ChecklistRead } from '../../policy/checklist/checklist.read.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import type { ProcessDirectory } from '../../process/directory.port.js';
import { ConformanceService } from '../../process/conformance.service.js';
import { CriterionService } from '../../process/criterion.service.js';
import { FixTaskService } from '../../process/fix-task.service.js';
import { ProcessDesk } from '../../process/process-desk.service.js';
import { PgProcessRead } from '../../process/process.read.pg.js';
import { ProcessRoleService } from '../../process/process-role.service.js';
import type { ProcessTexts } from '../../process/process-texts.port.js';
import { PgRecordStore } from '../../process/record.store.pg.js';
import { RelationService } from '../../process/relation.service.js';
import { RouteService } from '../../process/route.service.js';
import { StepService } from '../../process/step.service.js';
import { TemplateService } from '../../process/template.service.js';
import { WorkItemService } from '../../process/work-item.service.js';
import type { Engine } from '../../rego/engine.port.js';
import type { composeAppends } from './appends.js';
import { RecordedGateResults } from './gate-results.js';
import { RegoProcessPolicy } from './process-policy.js';
import { ofOrganisations, recordsOfOrganisations } from '../database/on-behalf-of.js';

interface Foundation {
  readonly engine: Engine;
  readonly policyRead: PolicyRead;
  readonly checklistRead: ChecklistRead;
  readonly principals: PrincipalRead;
  readonly ledgerRead: LedgerRead;
  readonly withLedger: ReturnType<typeof composeAppends>['withLedger'];
  readonly gateRead: GateRead;
}

/** The delivery process: what it asks of access, gates and policies it asks through ports. */
export function composeProcess(
  { database, clock }: { readonly database: DataSource; readonly clock: Clock },
  foundation: Foundation,
) {
  const { engine, policyRead, checklistRead, principals, ledgerRead, withLedger, gateRead } = foundation;
  const stores = withLedger((on) => ({
    records: recordsOfOrganisations(on, PgRecordStore),
    graph: recordsOfOrganisations(on, PgProcessRead),
  }));
  const read = recordsOfOrganisations(database.manager, PgProcessRead);
  const artefacts = ofOrganisations(database.manager, PgArtefactRead);
  const directory = new KnownDirectory(principals);
  const policy = new RegoProcessPolicy(engine, policyRead, checklistRead, clock);
  const routes = new RouteService(stores, read, policy, clock);
  const fixTasks = new FixTaskService(stores, clock);
  return {
    fixTasks,
    routes,
    workItems: new WorkItemService(stores, directory, routes, clock),
    templates: new TemplateService(stores, clock),
    steps: new StepService(stores, artefacts, clock),
    criteria: new CriterionService(stores, clock),
    processRoles: new ProcessRoleService(stores, directory, clock),
    relations: new RelationService(stores, artefacts, clock),
    conformance: new ConformanceService(
      read,
      new RecordedGateResults(gateRead, checklistRead),
      routes,
      policy,
      fixTasks,
    ),
    processRead: read,
    processDesk: new ProcessDesk(read, routes, new EntryTexts(ledgerRead), directory),
  };
}

class KnownDirectory implements ProcessDirectory {
  constructor(private readonly principals: PrincipalRead) {}

  async projectId(orgId: string, slug: string): Promise<string | undefined> {
    return (await this.principals.projectBySlug(orgId, slug))?.projectId;
  }

  async isPrincipal(orgId: string, principalId: string): Promise<boolean> {
    return (await this.principals.viewer(orgId, principalId)) !== undefined;
  }
}

/** Personal fields where they live: encrypted beside the entry. */
class EntryTexts implements ProcessTexts {
  constructor(private readonly ledger: LedgerRead) {}

  async fieldOf(orgId: string, key: IdempotencyKey, field: string): Promise<string | null> {
    for (const person of await this.ledger.personalFields(orgId, key))
      if (person.status === 'present') return person.fields[field] ?? null;
    return null;
  }
}
