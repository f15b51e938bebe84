import type { Catalogue } from '../kernel/message.js';
import type { ConformanceCode } from './conformance.js';
import type { ProcessProblem } from './problem.js';

/** English texts of what can come of a change of the process. */
export const PROCESS_MESSAGES: {
  readonly [K in ProcessProblem['kind']]: (problem: Extract<ProcessProblem, { kind: K }>) => string;
} = {
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
  CaseNotFound: ({ caseId }) => `There is no case ${caseId}.`,
  CaseClosed: ({ caseId, status }) => `Case ${caseId} is ${status}: reopen it first.`,
  CaseWithoutTemplate: ({ caseId }) => `Case ${caseId} follows no template.`,
  WorkItemStale: ({ caseId, expectedVersion, theirs }) =>
    `Case ${caseId} is at version ${String(theirs?.version ?? 0)}, not at ${String(expectedVersion)}.`,
  CriterionStale: ({ caseId, criterionId, expectedVersion, theirs }) =>
    `${criterionId} of ${caseId} is at version ${String(theirs?.version ?? 0)}, not at ${String(expectedVersion)}.`,
  ProjectNotFound: ({ project }) => `There is no project ${project}.`,
  ParentRefused: ({ caseId, parentId, reasonCode }) =>
    `Case ${caseId} may not stand below ${parentId ?? 'nothing'}: ${reasonCode}.`,
  TemplateNotFound: ({ templateId, version }) =>
    `There is no template ${templateId}${version === null ? '' : `@${String(version)}`}.`,
  TemplateStale: ({ templateId, expectedVersion, theirs }) =>
    `Template ${templateId} is at version ${String(theirs?.version ?? 0)}, not at ${String(expectedVersion)}.`,
  ArtefactNotFound: ({ artId, digest }) => `${artId} is not registered with digest ${digest}.`,
  RelationCycle: ({ artId }) => `The relation would make ${artId} hang on itself.`,
  PrincipalNotFound: ({ principalId }) => `There is no principal ${principalId}.`,
  FixTaskNotFound: ({ fixTaskId }) => `There is no fix task ${fixTaskId}.`,
  FixTaskClosed: ({ fixTaskId, status }) => `Fix task ${fixTaskId} is ${status} already.`,
  ProcessPolicyMissing: ({ reasonCode }) => `No process policy could be asked: ${reasonCode}.`,
};

/** What is wrong with a step, and in which words. */
export const CONFORMANCE_MESSAGES: Catalogue & Readonly<Record<ConformanceCode, { en: string; nl: string }>> =
  {
    'wrong-order': {
      en: 'It was begun before {before} was finished.',
      nl: 'Dit is begonnen voordat {before} klaar was.',
    },
    'missing-artefact': {
      en: 'An artefact is missing that it {use}.',
      nl: 'Er ontbreekt een artefact ({use}).',
    },
    'missing-gate': {
      en: 'It was begun without a decision of {gateId}.',
      nl: 'Dit is begonnen zonder een beslissing van {gateId}.',
    },
    'failed-gate': {
      en: 'It was begun although {gateId} said {verdict}.',
      nl: 'Dit is begonnen hoewel {gateId} {verdict} zei.',
    },
    'drifted-checklist': {
      en: '{gateId} judged with {used}; in force is {inForce}.',
      nl: '{gateId} oordeelde met {used}; van kracht is {inForce}.',
    },
    'wrong-role': {
      en: 'The process role that acts is {expected}, and it was {given}.',
      nl: 'De procesrol die handelt is {expected}, en het was {given}.',
    },
    'role-not-held': {
      en: 'Whoever acted as {role} did not have that process role on the project.',
      nl: 'Wie als {role} handelde, had die procesrol niet in het project.',
    },
    'not-started': {
      en: 'It was finished without having been started.',
      nl: 'Dit is afgerond zonder te zijn begonnen.',
    },
    'not-finished': {
      en: 'The case is done, and this was not finished.',
      nl: 'De zaak is klaar, en dit is niet afgerond.',
    },
    'activity-missing': {
      en: 'It was left out, which route {route} does not allow.',
      nl: 'Dit is overgeslagen, wat route {route} niet toestaat.',
    },
    'skipped-without-control': {
      en: 'It was skipped, and the compensating control {gateId} does not hold.',
      nl: 'Dit is overgeslagen, en de vervangende maatregel {gateId} houdt geen stand.',
    },
    'not-in-template': {
      en: '{actId} is not an activity of the template.',
      nl: '{actId} is geen activiteit van het sjabloon.',
    },
    'route-outgrown': {
      en: 'The case has outgrown its route {route}.',
      nl: 'De zaak is haar route {route} ontgroeid.',
    },
    'route-unknown': {
      en: 'Whether route {route} still fits could not be judged.',
      nl: 'Of route {route} nog past, kon niet worden beoordeeld.',
    },
  };
