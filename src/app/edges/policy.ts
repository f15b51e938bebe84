import { AuthoringService } from '../../policy/authoring.service.js';
import { ActivationService } from '../../policy/checklist/activation.service.js';
import { ActivationResolver, ChecklistResolver } from '../../policy/checklist/checklist.resolver.js';
import { ChecklistDesk } from '../../policy/checklist/desk.service.js';
import { GateChecklistResolver } from '../../policy/checklist/gate-checklist.resolver.js';
import { ChecklistPublisher } from '../../policy/checklist/publisher.service.js';
import { DocumentationResolver } from '../../policy/documentation.resolver.js';
import { DraftDesk } from '../../policy/draft/desk.service.js';
import { DraftResolver } from '../../policy/draft/draft.resolver.js';
import { DraftService } from '../../policy/draft/draft.service.js';
import { PolicyPublicationService } from '../../policy/draft/publication.service.js';
import { ReviewOutcomeResolver, ReviewResolver } from '../../policy/draft/review.resolver.js';
import { ReviewService } from '../../policy/draft/review.service.js';
import { DraftTools } from '../../policy/draft/tools.service.js';
import { PolicyVersionResolver } from '../../policy/policy-version.resolver.js';
import { PolicyResolver } from '../../policy/policy.resolver.js';
import { QuestionResolver } from '../../policy/question/question.resolver.js';
import { QuestionService } from '../../policy/question/question.service.js';
import { supply, type Edge } from './edge.js';

export const policyEdge: Edge = {
  resolvers: [
    PolicyResolver,
    PolicyVersionResolver,
    DocumentationResolver,
    DraftResolver,
    ReviewResolver,
    ReviewOutcomeResolver,
    ChecklistResolver,
    ActivationResolver,
    GateChecklistResolver,
    QuestionResolver,
  ],
  services: (services) => [
    supply(AuthoringService, services.authoring),
    supply(PolicyPublicationService, services.policyPublication),
    supply(DraftService, services.drafts),
    supply(DraftTools, services.draftTools),
    supply(DraftDesk, services.draftDesk),
    supply(ReviewService, services.policyReviews),
    supply(ChecklistPublisher, services.checklistPublisher),
    supply(ChecklistDesk, services.checklistDesk),
    supply(ActivationService, services.activations),
    supply(QuestionService, services.questions),
  ],
};
