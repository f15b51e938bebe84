import { AccessGrantEntity } from '../../access/access-grant.entity.js';
import { AccessGrantRevocationEntity } from '../../access/access-grant-revocation.entity.js';
import { OrganisationEntity } from '../../access/organisation.entity.js';
import { PrincipalEntity } from '../../access/principal.entity.js';
import { PrincipalStandingEntity } from '../../access/principal-standing.entity.js';
import { ProjectEntity } from '../../access/project.entity.js';
import { RateWindowEntity } from '../../access/rate-window.entity.js';
import { ArtefactVersionEntity } from '../../evidence/artefact-version.entity.js';
import { ArtefactEntity } from '../../evidence/artefact.entity.js';
import { EvidenceReportEntity } from '../../evidence/evidence-report.entity.js';
import { EvidenceEntity } from '../../evidence/evidence.entity.js';
import { DecisionEntity } from '../../gate/decision.entity.js';
import { GateRunEntity } from '../../gate/gate-run.entity.js';
import { GateRunStepEntity } from '../../gate/run/gate-run-step.entity.js';
import { GateEntity } from '../../gate/gate.entity.js';
import { DecisionStaleEntity } from '../../gate/drift/decision-stale.entity.js';
import { KpiCriterionEntity } from '../../insight/kpi-criterion.entity.js';
import { KpiFixEntity } from '../../insight/kpi-fix.entity.js';
import { KpiStartEntity } from '../../insight/kpi-start.entity.js';
import { KpiUnitEntity } from '../../insight/kpi-unit.entity.js';
import { KpiWaiverEntity } from '../../insight/kpi-waiver.entity.js';
import { DriftCheckEntity } from '../../gate/drift/drift-check.entity.js';
import { StandingDecisionEntity } from '../../gate/drift/standing-decision.entity.js';
import { GateVersionEntity } from '../../gate/gate-version.entity.js';
import { ExportPackEntity } from '../../outbound/export/export-pack.entity.js';
import { ExportRunEntity } from '../../outbound/export/export-run.entity.js';
import { ExportEntity } from '../../outbound/export/export.entity.js';
import { ChecklistActivationEntity } from '../../policy/checklist/activation.entity.js';
import { ChecklistVersionEntity } from '../../policy/checklist/version.entity.js';
import { PolicyCheckEntity } from '../../policy/draft/check.entity.js';
import { PolicyRetirementEntity } from '../../policy/draft/retirement.entity.js';
import { PolicyReviewOutcomeEntity } from '../../policy/draft/review-outcome.entity.js';
import { PolicyReviewEntity } from '../../policy/draft/review.entity.js';
import { PolicyRevisionEntity } from '../../policy/draft/revision.entity.js';
import { PolicyVersionEntity } from '../../policy/policy-version.entity.js';
import { AcceptanceCriterionEntity } from '../../process/criterion.entity.js';
import { FixTaskEntity } from '../../process/fix-task.entity.js';
import { ProcessRoleEntity } from '../../process/process-role.entity.js';
import { ArtefactRelationEntity } from '../../process/relation.entity.js';
import { CaseRouteEntity } from '../../process/route.entity.js';
import { ProcessStepEntity } from '../../process/step.entity.js';
import { ProcessTemplateEntity } from '../../process/template.entity.js';
import { WorkItemEntity } from '../../process/work-item.entity.js';
import { ScanResultEntity } from '../../scan/scan-result.entity.js';
import { ScanRunEntity } from '../../scan/scan-run.entity.js';
import { ScanSourceEntity } from '../../scan/scan-source.entity.js';
import { ScanEntity } from '../../scan/scan.entity.js';
import { WaiverDueEntity } from '../../waiver/clock/due.entity.js';
import { WaiverEscalationEntity } from '../../waiver/clock/escalation.entity.js';
import { WaiverDelegationEntity } from '../../waiver/delegation/delegation.entity.js';
import { WaiverDelegationWithdrawalEntity } from '../../waiver/delegation/delegation-withdrawal.entity.js';
import { WaiverApprovalEntity } from '../../waiver/waiver-approval.entity.js';
import { WaiverRefusalEntity } from '../../waiver/waiver-refusal.entity.js';
import { WaiverRevocationEntity } from '../../waiver/waiver-revocation.entity.js';
import { WaiverEntity } from '../../waiver/waiver.entity.js';

/** Every mapped table, feature by feature. Named one by one, as in migrations/list.ts. */
export const ENTITIES: readonly (new () => object)[] = [
  ...[OrganisationEntity, ProjectEntity, PrincipalEntity, AccessGrantEntity],
  ...[AccessGrantRevocationEntity, PrincipalStandingEntity, RateWindowEntity],
  ...[ArtefactEntity, ArtefactVersionEntity, EvidenceEntity, EvidenceReportEntity],
  ...[PolicyRevisionEntity, PolicyCheckEntity, PolicyReviewEntity, PolicyReviewOutcomeEntity],
  ...[PolicyRetirementEntity],
  ...[PolicyVersionEntity, ChecklistVersionEntity, ChecklistActivationEntity],
  ...[WaiverEntity, WaiverApprovalEntity, WaiverRefusalEntity, WaiverRevocationEntity],
  ...[WaiverDelegationEntity, WaiverDelegationWithdrawalEntity, WaiverEscalationEntity, WaiverDueEntity],
  ...[GateEntity, GateVersionEntity, GateRunEntity, GateRunStepEntity, DecisionEntity],
  ...[KpiStartEntity, KpiUnitEntity, KpiCriterionEntity, KpiWaiverEntity, KpiFixEntity],
  ...[StandingDecisionEntity, DriftCheckEntity, DecisionStaleEntity],
  ...[ExportEntity, ExportPackEntity, ExportRunEntity],
  ...[ScanEntity, ScanResultEntity, ScanRunEntity, ScanSourceEntity],
  ...[WorkItemEntity, ProcessTemplateEntity, ProcessStepEntity, AcceptanceCriterionEntity],
  ...[ProcessRoleEntity, ArtefactRelationEntity, CaseRouteEntity, FixTaskEntity],
];
