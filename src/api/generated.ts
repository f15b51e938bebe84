// Generated from graphql/*.graphql by `npm run generate`. Do not edit.
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { JsonValue } from '../kernel/canonical-json.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  /** RFC 3339 date-time in UTC with milliseconds, e.g. 2026-11-20T19:30:00.000Z. */
  DateTime: { input: Instant; output: Instant };
  /** Algorithm and lower-case hex: sha256:… (64 digits) or gitCommit:… (40 or 64 digits). */
  Digest: { input: Digest; output: Digest };
  /** Any JSON value, exactly as recorded. */
  JSON: { input: JsonValue; output: JsonValue };
  /** An integer that may exceed 32 bits, at most 2^53 - 1. */
  Long: { input: number; output: number };
};

export type Query = {
  __typename?: 'Query';
  /** Who I am here and what I may do. */
  viewer: Viewer;
  projects: Array<Project>;
  /**
   * Why somebody may do something here, or may not: the answer of the access policy in force, the rule that gave it and
   * the roles that were reason enough. About others only for who may ask that.
   */
  explainAccess: ExplainAccessResult;
  /** Who can be let in, by id. Erased ones are not listed. */
  principals: PrincipalConnection;
  principal: Maybe<Principal>;
  /** Roles that were given, newest first; without inForce also those that were revoked. */
  grants: GrantConnection;
  /** An artefact version by digest, or by a prefix of at least 8 hex digits; null when none or several match. */
  artefact: Maybe<ArtefactVersion>;
  /** Checklist versions, by checklist and newest first. */
  checklists: ChecklistConnection;
  /**
   * What is new, unchanged and fixed in an artefact version against another one, by the identity of each finding: moved
   * lines and renamed files change nothing. What cannot be told for sure is unknown, and why is said by tool.
   */
  differential: DifferentialResult;
  /**
   * The decision that stands for each artefact version at each gate: the one with the latest as-of. With whether it is
   * stale, i.e. the gate would judge with something else today.
   */
  standingDecisions: StandingDecisionConnection;
  /** How far what became stale has been judged again: because of one entry of the ledger, or all of it. */
  rejudging: Rejudging;
  /**
   * The current result of every artefact version at every gate, as of a size of the ledger: a page of what
   * GET /status-index.json answers whole. Equal sizes give equal results.
   */
  statusIndex: StatusIndex;
  /** Why the second decision is not what the first one was, split by cause. */
  decisionDiff: DecisionDiffResult;
  /** A recorded decision as a tree of policies, rules and what they found: as data, Markdown and Mermaid. */
  decisionPicture: Maybe<DecisionPicture>;
  /** What happened in a case, in the order of the ledger: as data and as a Mermaid timeline. At most 200 entries. */
  caseTimeline: CaseTimeline;
  /** Everybody this organisation's record can name, erased ones included: by id. */
  persons: PersonConnection;
  /** Erasures on record, oldest first. */
  erasures: ErasureConnection;
  /** Legal holds, oldest first; with inForce only those that keep something from being erased now. */
  holds: HoldConnection;
  /**
   * Evidence by the digest of its stored bytes, or by a prefix of at least 8 hex digits: the first receipt when the same
   * bytes came more than once. Or by its id, which is exactly one receipt. One of the two.
   */
  evidence: Maybe<Evidence>;
  /**
   * Judges a recorded decision again, with exactly what it was judged with, and compares byte for byte. Records
   * nothing.
   */
  replayDecision: ReplayDecisionResult;
  /**
   * Why a rule of a recorded decision said what it said: the steps of the official OPA's evaluator with the same
   * inputs at the same instant, and whether it agrees with what judged. Needs OPA; changes nothing.
   */
  explainDecision: ExplainDecisionResult;
  /** An evidence pack that was asked for; null when this organisation asked for none of that id. */
  export: Maybe<EvidenceExport>;
  /** Evidence packs that were asked for, newest first. */
  exports: EvidenceExportConnection;
  /**
   * What bears this name: an id (artefact, gate, policy, checklist, decision, waiver, export), a digest or at least its
   * first eight digits, the id of a rule, or the purl of a component. Of this organisation, and of the kinds that the
   * caller may read; exact matches first. Components are looked for in waivers and in the latest 1,000 decisions.
   */
  find: FindResult;
  gateRun: Maybe<GateRun>;
  /** Newest first. */
  gateRuns: GateRunConnection;
  gate: Maybe<Gate>;
  gates: Array<Gate>;
  decision: Maybe<Decision>;
  /**
   * What waits for the viewer, ends soon or is behind: one section of it, most urgent first. At most 2000 things of a
   * section are looked at.
   */
  inbox: InboxConnection;
  /** How much there is in each section. */
  inboxCounts: Array<InboxCount>;
  /**
   * Key figures, computed from the ledger: for a project, a gate, a period, and split by one of these. docs/OPERATING.md,
   * "Key figures", says what each counts. At most 1000 rows.
   */
  kpis: Array<Kpis>;
  /** Entries of this organisation in ledger order, newest last. */
  ledger: LedgerConnection;
  /** One entry by its number; null when there is none, or it is another organisation's. */
  ledgerEntry: Maybe<LedgerEntry>;
  /** The signed tree head of exactly this size, or the latest: a C2SP checkpoint; null when none was signed. */
  checkpoint: Maybe<Checkpoint>;
  /** That entry `seq` is in the tree of `size` entries, `size` being at most the latest checkpoint's (RFC 9162 §2.1.3). */
  inclusionProof: InclusionProof;
  /** That the tree of `to` entries continues the tree of `from` (RFC 9162 §2.1.4). */
  consistencyProof: ConsistencyProof;
  /** Published policy versions, newest first. */
  policies: Array<PolicyVersion>;
  /** By its number, its digest, or the first eight or more hexadecimal digits of that. Null where several begin so. */
  policyVersion: Maybe<PolicyVersion>;
  /** Work on policies, by policy. Without a state all but those that were thrown away. */
  policyDrafts: PolicyDraftConnection;
  /** The draft as it stands, or one of its versions; each saved one stays readable. */
  policyDraft: Maybe<PolicyDraft>;
  policyReview: Maybe<PolicyReview>;
  policyDiff: PolicyDiffResult;
  checklist: Maybe<ChecklistVersion>;
  /** A work item (case) as it stands; null when there is none. */
  workItem: Maybe<WorkItem>;
  /** Work items as they stand, by case id. */
  workItems: WorkItemConnection;
  /** A process template: the newest version unless one is named. */
  template: Maybe<ProcessTemplate>;
  /** The newest version of each process template, by id. */
  templates: ProcessTemplateConnection;
  /** Whether a case went by its template: computed from what was recorded, never declared. */
  conformance: ConformanceResult;
  /** Rework that somebody owes, or owed, by id. */
  fixTasks: FixTaskConnection;
  /** Who acts in which capacity on a project, now. Not what they may do: see access roles. */
  processRoles: Array<ProcessRoleHolder>;
  /** A scan that was asked for; null when this organisation asked for none of that id. */
  scan: Maybe<Scan>;
  /** Scans of one artefact version, newest first; at most 100. */
  scans: Array<Scan>;
  /** Scanners that can be asked for. Which of them are installed, `assay scanners` says on the worker. */
  scanners: Array<Scanner>;
  /**
   * What the gate would have said at an instant, judged now and recorded nowhere: by the gate and the checklist version that
   * stood then, on evidence received until then, with waivers as approvals and endings until then had left them. The same
   * function as `evaluateGate`.
   */
  verdictAt: VerdictAtResult;
  /**
   * What a waiver would do if all had approved it: nothing of it is recorded. Exactly one of the two is given: a waiver
   * that was asked for, or a request as it might be made.
   */
  waiverPreview: WaiverPreviewResult;
  waiver: Maybe<Waiver>;
  waivers: WaiverConnection;
  /** Who may approve in whose place. */
  waiverDelegations: WaiverDelegationConnection;
  /**
   * Which verdicts that stand would be others, if: another version of a checklist or of a policy were in force, a waiver
   * were approved or revoked, or an advisory came out. Judged like every decision, and not recorded. A page looks at up
   * to 50 standing decisions; go on with its cursor for the rest.
   */
  whatChangesIf: WhatChangesIfResult;
};

export type QueryExplainAccessArgs = {
  permission: Scalars['String']['input'];
  principalId?: InputMaybe<Scalars['ID']['input']>;
  project?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryPrincipalsArgs = {
  kind?: InputMaybe<PrincipalKind>;
  disabled?: InputMaybe<Scalars['Boolean']['input']>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryPrincipalArgs = {
  id: Scalars['ID']['input'];
};

export type QueryGrantsArgs = {
  principalId?: InputMaybe<Scalars['ID']['input']>;
  role?: InputMaybe<Scalars['String']['input']>;
  project?: InputMaybe<Scalars['ID']['input']>;
  inForce?: Scalars['Boolean']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryArtefactArgs = {
  digest: Scalars['String']['input'];
};

export type QueryChecklistsArgs = {
  chkId?: InputMaybe<Scalars['ID']['input']>;
  active?: InputMaybe<Scalars['Boolean']['input']>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryDifferentialArgs = {
  artefact: ArtefactVersionInput;
  baseline: ArtefactVersionInput;
  states?: InputMaybe<Array<DifferenceState>>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryStandingDecisionsArgs = {
  gateId?: InputMaybe<Scalars['ID']['input']>;
  project?: InputMaybe<Scalars['String']['input']>;
  stale?: InputMaybe<Scalars['Boolean']['input']>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryRejudgingArgs = {
  causeSeq?: InputMaybe<Scalars['Long']['input']>;
};

export type QueryStatusIndexArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryDecisionDiffArgs = {
  a: Scalars['ID']['input'];
  b: Scalars['ID']['input'];
};

export type QueryDecisionPictureArgs = {
  id: Scalars['ID']['input'];
};

export type QueryCaseTimelineArgs = {
  caseId: Scalars['String']['input'];
};

export type QueryPersonsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryErasuresArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryHoldsArgs = {
  inForce?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryEvidenceArgs = {
  digest?: InputMaybe<Scalars['String']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryReplayDecisionArgs = {
  id: Scalars['ID']['input'];
};

export type QueryExplainDecisionArgs = {
  id: Scalars['ID']['input'];
  ruleId: Scalars['ID']['input'];
  mode?: TraceMode;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryExportArgs = {
  id: Scalars['ID']['input'];
};

export type QueryExportsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryFindArgs = {
  text: Scalars['String']['input'];
  first?: Scalars['Int']['input'];
};

export type QueryGateRunArgs = {
  id: Scalars['ID']['input'];
};

export type QueryGateRunsArgs = {
  state?: InputMaybe<GateRunState>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  ownerRole?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryGateArgs = {
  gateId: Scalars['ID']['input'];
};

export type QueryDecisionArgs = {
  id: Scalars['ID']['input'];
};

export type QueryInboxArgs = {
  section: InboxSection;
  withinDays?: Scalars['Int']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryInboxCountsArgs = {
  withinDays?: Scalars['Int']['input'];
};

export type QueryKpisArgs = {
  project?: InputMaybe<Scalars['String']['input']>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  by?: InputMaybe<KpiDimension>;
};

export type QueryLedgerArgs = {
  filter?: InputMaybe<LedgerFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryLedgerEntryArgs = {
  seq: Scalars['Long']['input'];
};

export type QueryCheckpointArgs = {
  size?: InputMaybe<Scalars['Long']['input']>;
};

export type QueryInclusionProofArgs = {
  seq: Scalars['Long']['input'];
  size: Scalars['Long']['input'];
};

export type QueryConsistencyProofArgs = {
  from: Scalars['Long']['input'];
  to: Scalars['Long']['input'];
};

export type QueryPolicyVersionArgs = {
  policyId: Scalars['ID']['input'];
  version: Scalars['String']['input'];
};

export type QueryPolicyDraftsArgs = {
  state?: InputMaybe<PolicyState>;
  authorId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryPolicyDraftArgs = {
  policyId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryPolicyReviewArgs = {
  id: Scalars['ID']['input'];
};

export type QueryPolicyDiffArgs = {
  policyId: Scalars['ID']['input'];
  from: PolicySideInput;
  to: PolicySideInput;
};

export type QueryChecklistArgs = {
  chkId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryWorkItemArgs = {
  caseId: Scalars['ID']['input'];
};

export type QueryWorkItemsArgs = {
  project?: InputMaybe<Scalars['String']['input']>;
  kind?: InputMaybe<WorkItemKind>;
  parentId?: InputMaybe<Scalars['ID']['input']>;
  status?: InputMaybe<WorkItemStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryTemplateArgs = {
  templateId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryTemplatesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryConformanceArgs = {
  caseId: Scalars['ID']['input'];
};

export type QueryFixTasksArgs = {
  caseId?: InputMaybe<Scalars['ID']['input']>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  status?: InputMaybe<WorkItemStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryProcessRolesArgs = {
  project: Scalars['String']['input'];
};

export type QueryScanArgs = {
  id: Scalars['ID']['input'];
};

export type QueryScansArgs = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
};

export type QueryVerdictAtArgs = {
  gateId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  artId?: InputMaybe<Scalars['ID']['input']>;
  asOf: Scalars['DateTime']['input'];
};

export type QueryWaiverPreviewArgs = {
  waiverId?: InputMaybe<Scalars['ID']['input']>;
  request?: InputMaybe<WaiverPreviewInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryWaiverArgs = {
  id: Scalars['ID']['input'];
};

export type QueryWaiversArgs = {
  state?: InputMaybe<WaiverState>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryWaiverDelegationsArgs = {
  state?: InputMaybe<DelegationState>;
  delegator?: InputMaybe<Scalars['ID']['input']>;
  delegate?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryWhatChangesIfArgs = {
  if: HypothesisInput;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Makes an artefact version known by its digest. Registering the same version again answers the first. */
  registerArtefact: RegisterArtefactResult;
  /** Lets somebody in: whoever bears a token with this issuer and subject. They may do nothing before a grant is given. */
  addPrincipal: AddPrincipalResult;
  /** Shuts somebody out, at once. Their grants stay, and hold again once they are let in again. */
  disablePrincipal: ChangePrincipalResult;
  enablePrincipal: ChangePrincipalResult;
  /** Gives a role, everywhere or in one project. Nobody gives one to themselves. */
  giveGrant: GiveGrantResult;
  /** Ends a grant. The last one who may give roles keeps theirs. */
  revokeGrant: RevokeGrantResult;
  /**
   * Publishes the checklist's next version: policy versions, values of their parameters, freshness. It judges
   * nothing before it is activated. Content that was published before is answered as it was.
   */
  publishChecklist: PublishChecklistResult;
  /**
   * Puts a published version in force, at once and everywhere; an earlier one to go back. Gates that follow the
   * checklist judge with it from then on. Decisions already recorded keep what they said.
   */
  activateChecklist: ActivateChecklistResult;
  /**
   * Destroys a person's data keys, names, reasons and notes, and records that it was done. Decisions, proofs and
   * figures stay as they are. Cannot be undone.
   */
  erasePerson: ErasePersonResult;
  /** Keeps what it names from being erased. */
  setHold: SetHoldResult;
  liftHold: LiftHoldResult;
  /**
   * Submits a report of at most 1 MB as text. Larger or binary ones go to POST /evidence as a stream. Secrets
   * are masked before the first write.
   */
  submitEvidence: SubmitEvidenceResult;
  /**
   * Vouches for items of a checklist that no tool can show, as the person who is logged in. It becomes evidence of kind
   * attestation, by that person; the log has when they logged in, and how. Persons only. What was said is not taken back: an
   * item that is answered again has both answers, and a no stands.
   */
  attest: SubmitEvidenceResult;
  /**
   * Asks for an evidence pack: the whole log, and of this organisation's decisions those that the input selects, in
   * a form that other people's tools verify offline. It covers what the latest checkpoint covers. The request is an
   * entry of the ledger, and so is the pack when it is made, and each time that somebody takes it.
   */
  requestExport: RequestExportResult;
  /**
   * Defines a gate, or changes one: the whole definition, as it is to stand. A verdict is judged with the definition that
   * stands when it is asked for; recorded decisions keep what they were judged with.
   */
  defineGate: DefineGateResult;
  /** Has a run that waits for a person tried once more, at once. */
  resumeRun: ResumeRunResult;
  /**
   * Lets an artefact go on that could not be judged. Only where active waivers stand for every rule that was not judged,
   * up to critical; the recorded ERROR stays what it is.
   */
  overrideRun: OverrideRunResult;
  /** Sends the artefact back: opens a fix task that is linked to the run, and counts as rework. */
  rejectRun: RejectRunResult;
  /**
   * Asks a gate for a verdict on an artefact version. The answer is given after the decision and its ledger
   * entry are committed. Asked again with equal inputs it answers the recorded decision while that is valid.
   */
  evaluateGate: EvaluateGateResult;
  /** Checks Rego with the official OPA: every error at once, with file, row and column. Stores nothing. */
  checkPolicy: CheckPolicyResult;
  /** Saves a whole draft, also half done. Refused with both sides when somebody saved since `expectedVersion`. */
  savePolicyDraft: SavePolicyDraftResult;
  /** Throws the draft away; its versions stay readable, and an open review of it is over. */
  discardPolicyDraft: DiscardPolicyDraftResult;
  /** Manifest, texts, Rego, house rules and entrypoints: every mistake at once, with file, row and column. */
  checkPolicyDraft: CheckPolicyDraftResult;
  /** Rego in the official layout. Saved only if asked. */
  formatPolicyDraft: FormatPolicyDraftResult;
  testPolicyDraft: TestPolicyDraftResult;
  /** Freezes the draft for others to look at. Only what compiles and is tested well enough. */
  requestPolicyReview: RequestPolicyReviewResult;
  /** No author approves; an author may request changes, which withdraws the review. */
  reviewPolicy: ReviewPolicyResult;
  /** Publishes exactly what was reviewed, when enough others approved it. Asked again, it answers the version. */
  publishPolicy: PublishPolicyResult;
  /** Takes a version out of choice for new checklist versions. Those that pin it go on judging with it. */
  retirePolicy: RetirePolicyResult;
  /** Creates or edits a work item, whole. Every edit is another version. */
  saveWorkItem: SaveWorkItemResult;
  /** Gives a case the route that the policy says, now. Recorded with the policy's digest. */
  chooseRoute: ChooseRouteResult;
  /** Publishes a version of a process template. Cases keep the version they were given. */
  publishTemplate: PublishTemplateResult;
  /** Records that an activity was started or finished on a case, in the context's role and by its agent. */
  recordStep: RecordStepResult;
  /** Creates or edits an acceptance criterion and the tests that show it, whole. */
  stateCriterion: StateCriterionResult;
  /** Assigns a process role on a project, or takes it back. */
  changeProcessRole: ChangeProcessRoleResult;
  /** States how one artefact version hangs on another. Stated once, never taken back. */
  relateArtefacts: RelateArtefactsResult;
  /** Opens a fix task for every deviation of a case that has no open one. Which remedy is due, the policy says. */
  remediateCase: RemediateCaseResult;
  /** Says how a fix ended. A fix that is closed stays closed. */
  closeFixTask: CloseFixTaskResult;
  /**
   * Asks a published policy version something of one's own. The answer is recorded before it is given (entry
   * `policy-decision`), unless a grant of the caller's says that this policy's answers are not.
   */
  evaluatePolicy: EvaluatePolicyResult;
  /** Many inputs to one policy version at once, each an answer and an entry of its own, in the order of the inputs. */
  evaluatePolicies: Array<EvaluatePolicyResult>;
  /**
   * Asks for scans of a source on behalf of an artefact version: one job per scanner, each without a network and with
   * limits. Whatever comes of one is evidence about the artefact, also that it did not run. An archive is handed in
   * before by POST /sources, which answers its digest; it is removed when its scans are done. That the source is what
   * the artefact was made from is the caller's word, and recorded as such.
   */
  requestScan: RequestScanResult;
  /**
   * Asks for waivers for what a repository or a tool suppresses: one request for each finding that stands there now,
   * naming the finding and not its place. Nothing is excused before others have approved. Ends at the first request
   * that is refused; asked again with the same key it goes on from there.
   */
  importSuppressions: ImportSuppressionsResult;
  /**
   * Asks many questions at once, each like `evaluateGate`: its own answer, its own decision, its own signed entry. The
   * evidence of an artefact is read once for all of them. One bad question never fails another.
   */
  evaluateGates: EvaluateGatesResult;
  /** Asks that something be excused for a time. Excuses nothing until others have approved it. */
  requestWaiver: RequestWaiverResult;
  /** Approves a request. The requester and the artefact's author never can. */
  approveWaiver: ReviewWaiverResult;
  refuseWaiver: ReviewWaiverResult;
  /** Takes back a request of one's own that is still open. */
  withdrawWaiver: WithdrawWaiverResult;
  /** Approves in the place of somebody who delegated that: with what they may approve, and no more. */
  approveWaiverAsDelegate: ApproveAsDelegateResult;
  /** Lets another person approve in one's place, for a time. */
  delegateWaiverApproval: DelegateWaiverApprovalResult;
  /** Ends a delegation now. Approvals already given under it stand. */
  withdrawWaiverDelegation: WithdrawWaiverDelegationResult;
  /** Ends an approved waiver now. Decisions already recorded keep what they said. */
  revokeWaiver: ReviewWaiverResult;
};

export type MutationRegisterArtefactArgs = {
  input: RegisterArtefactInput;
};

export type MutationAddPrincipalArgs = {
  input: AddPrincipalInput;
};

export type MutationDisablePrincipalArgs = {
  input: ChangePrincipalInput;
};

export type MutationEnablePrincipalArgs = {
  input: ChangePrincipalInput;
};

export type MutationGiveGrantArgs = {
  input: GiveGrantInput;
};

export type MutationRevokeGrantArgs = {
  input: RevokeGrantInput;
};

export type MutationPublishChecklistArgs = {
  input: PublishChecklistInput;
};

export type MutationActivateChecklistArgs = {
  input: ActivateChecklistInput;
};

export type MutationErasePersonArgs = {
  input: ErasePersonInput;
};

export type MutationSetHoldArgs = {
  input: SetHoldInput;
};

export type MutationLiftHoldArgs = {
  input: LiftHoldInput;
};

export type MutationSubmitEvidenceArgs = {
  input: SubmitEvidenceInput;
};

export type MutationAttestArgs = {
  input: AttestInput;
};

export type MutationRequestExportArgs = {
  input: RequestExportInput;
};

export type MutationDefineGateArgs = {
  input: DefineGateInput;
};

export type MutationResumeRunArgs = {
  input: ResolveRunInput;
};

export type MutationOverrideRunArgs = {
  input: ResolveRunInput;
};

export type MutationRejectRunArgs = {
  input: RejectRunInput;
};

export type MutationEvaluateGateArgs = {
  input: EvaluateGateInput;
};

export type MutationCheckPolicyArgs = {
  files: Array<RegoFileInput>;
};

export type MutationSavePolicyDraftArgs = {
  input: SavePolicyDraftInput;
};

export type MutationDiscardPolicyDraftArgs = {
  input: DiscardPolicyDraftInput;
};

export type MutationCheckPolicyDraftArgs = {
  policyId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type MutationFormatPolicyDraftArgs = {
  input: FormatPolicyDraftInput;
};

export type MutationTestPolicyDraftArgs = {
  policyId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type MutationRequestPolicyReviewArgs = {
  input: RequestPolicyReviewInput;
};

export type MutationReviewPolicyArgs = {
  input: ReviewPolicyInput;
};

export type MutationPublishPolicyArgs = {
  input: PublishPolicyInput;
};

export type MutationRetirePolicyArgs = {
  input: RetirePolicyInput;
};

export type MutationSaveWorkItemArgs = {
  input: SaveWorkItemInput;
};

export type MutationChooseRouteArgs = {
  input: CaseCommandInput;
};

export type MutationPublishTemplateArgs = {
  input: PublishTemplateInput;
};

export type MutationRecordStepArgs = {
  input: RecordStepInput;
};

export type MutationStateCriterionArgs = {
  input: StateCriterionInput;
};

export type MutationChangeProcessRoleArgs = {
  input: ChangeProcessRoleInput;
};

export type MutationRelateArtefactsArgs = {
  input: RelateArtefactsInput;
};

export type MutationRemediateCaseArgs = {
  input: CaseCommandInput;
};

export type MutationCloseFixTaskArgs = {
  input: CloseFixTaskInput;
};

export type MutationEvaluatePolicyArgs = {
  input: EvaluatePolicyInput;
};

export type MutationEvaluatePoliciesArgs = {
  input: EvaluatePoliciesInput;
};

export type MutationRequestScanArgs = {
  input: RequestScanInput;
};

export type MutationImportSuppressionsArgs = {
  input: ImportSuppressionsInput;
};

export type MutationEvaluateGatesArgs = {
  input: EvaluateGatesInput;
};

export type MutationRequestWaiverArgs = {
  input: RequestWaiverInput;
};

export type MutationApproveWaiverArgs = {
  input: ReviewWaiverInput;
};

export type MutationRefuseWaiverArgs = {
  input: ReviewWaiverInput;
};

export type MutationWithdrawWaiverArgs = {
  input: ReviewWaiverInput;
};

export type MutationApproveWaiverAsDelegateArgs = {
  input: ApproveAsDelegateInput;
};

export type MutationDelegateWaiverApprovalArgs = {
  input: DelegateWaiverApprovalInput;
};

export type MutationWithdrawWaiverDelegationArgs = {
  input: WithdrawWaiverDelegationInput;
};

export type MutationRevokeWaiverArgs = {
  input: ReviewWaiverInput;
};

export type Viewer = {
  __typename?: 'Viewer';
  principalId: Scalars['ID']['output'];
  organisation: Organisation;
  kind: PrincipalKind;
  displayName: Scalars['String']['output'];
  /** Held everywhere in the organisation. */
  roles: Array<Scalars['String']['output']>;
  /** Held in one project only, beside those. */
  projectRoles: Array<ProjectRoles>;
  /** What the roles that are held everywhere permit. */
  permissions: Array<Scalars['String']['output']>;
};

/** Roles that hold in one project only. */
export type ProjectRoles = {
  __typename?: 'ProjectRoles';
  project: Project;
  roles: Array<Scalars['String']['output']>;
  /** What they permit there, together with the roles that are held everywhere. */
  permissions: Array<Scalars['String']['output']>;
};

export type PrincipalKind = 'PERSON' | 'SERVICE' | 'AGENT';

export type Organisation = {
  __typename?: 'Organisation';
  slug: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  timeZone: Scalars['String']['output'];
  locale: Scalars['String']['output'];
};

export type Project = {
  __typename?: 'Project';
  slug: Scalars['ID']['output'];
  name: Scalars['String']['output'];
};

export type AddPrincipalInput = {
  /** The sub of their tokens. */
  subject: Scalars['String']['input'];
  /** The iss of their tokens. Without it the installation's own. */
  issuer?: InputMaybe<Scalars['String']['input']>;
  kind: PrincipalKind;
  /** Kept so that an erasure blanks it. */
  displayName: Scalars['String']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ChangePrincipalInput = {
  principalId: Scalars['ID']['input'];
  /** The principal's version as last seen. */
  expectedVersion: Scalars['Int']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type GiveGrantInput = {
  principalId: Scalars['ID']['input'];
  /** service, developer, officer, approver, auditor, admin or data-protection */
  role: Scalars['String']['input'];
  /** Slug: in this project only. */
  project?: InputMaybe<Scalars['ID']['input']>;
  /** How often a service or an agent may ask, in place of what its class may. */
  requestsPerMinute?: InputMaybe<Scalars['Int']['input']>;
  /** Policies whose answers to the holder's questions (evaluatePolicy) are not recorded. */
  unrecordedPolicies?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RevokeGrantInput = {
  grantId: Scalars['ID']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type AddPrincipalResult =
  Principal | PrincipalKnown | NotPermitted | InvalidInput | IdempotencyConflict;

export type ChangePrincipalResult =
  Principal | PrincipalNotFound | PrincipalStale | NotPermitted | InvalidInput | IdempotencyConflict;

export type GiveGrantResult =
  | Grant
  | PrincipalNotFound
  | ProjectNotFound
  | GrantStands
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

export type RevokeGrantResult =
  Grant | GrantNotFound | GrantOver | PrincipalNotFound | NotPermitted | InvalidInput | IdempotencyConflict;

export type ExplainAccessResult =
  AccessExplained | PrincipalNotFound | ProjectNotFound | NotPermitted | InvalidInput;

/** What the access policy in force says of one permission, and why. */
export type AccessExplained = {
  __typename?: 'AccessExplained';
  permission: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
  project: Maybe<Project>;
  allowed: Scalars['Boolean']['output'];
  /** Code and text of the answer, as the access policy has them. */
  reason: Message;
  /** The rule of the policy that answered. Null where no access policy is in force. */
  rule: Maybe<AccessRule>;
  /** Every role that the principal holds where the question is about, and whether it was reason enough. */
  roles: Array<AccessRoleHeld>;
  /** What to do about it, as the policy says; null where it is permitted. */
  remedy: Maybe<Scalars['String']['output']>;
};

export type AccessRule = {
  __typename?: 'AccessRule';
  policyId: Scalars['ID']['output'];
  policyVersion: Scalars['String']['output'];
  policyDigest: Scalars['Digest']['output'];
  ruleId: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  /** Entrypoint of the policy: assay/access/authorise/decision */
  entrypoint: Scalars['String']['output'];
};

export type AccessRoleHeld = {
  __typename?: 'AccessRoleHeld';
  role: Scalars['String']['output'];
  /** Whether this role permits it. */
  permits: Scalars['Boolean']['output'];
  /** The grants in force that gave it. */
  grants: Array<Grant>;
};

export type PrincipalStanding = 'ENABLED' | 'DISABLED';

/** Somebody who can be let in: a person, a service or an agent. */
export type Principal = {
  __typename?: 'Principal';
  id: Scalars['ID']['output'];
  kind: PrincipalKind;
  issuer: Scalars['String']['output'];
  subject: Scalars['String']['output'];
  displayName: Scalars['String']['output'];
  addedAt: Scalars['DateTime']['output'];
  standing: PrincipalStanding;
  /** Rises with every change of the standing: pass it as `expectedVersion`. 0 as added. */
  version: Scalars['Int']['output'];
  standingChangedAt: Maybe<Scalars['DateTime']['output']>;
  standingChangedBy: Maybe<Scalars['ID']['output']>;
  /** Held everywhere by grants in force. */
  roles: Array<Scalars['String']['output']>;
  /** disable, enable and give, where the access policy lets the caller */
  viewerCan: Array<ViewerCan>;
};

export type PrincipalConnection = {
  __typename?: 'PrincipalConnection';
  nodes: Array<Principal>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** A role that was given. It never changes: it ends by being revoked. */
export type Grant = {
  __typename?: 'Grant';
  id: Scalars['ID']['output'];
  principalId: Scalars['ID']['output'];
  role: Scalars['String']['output'];
  /** Null: everywhere in the organisation. */
  project: Maybe<Scalars['ID']['output']>;
  requestsPerMinute: Maybe<Scalars['Int']['output']>;
  /** Policies whose answers to the holder's questions are not recorded. */
  unrecordedPolicies: Array<Scalars['ID']['output']>;
  grantedAt: Scalars['DateTime']['output'];
  /** Null: the installation itself. */
  grantedBy: Maybe<Scalars['ID']['output']>;
  /** Null while it is in force. */
  revokedAt: Maybe<Scalars['DateTime']['output']>;
  revokedBy: Maybe<Scalars['ID']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type GrantConnection = {
  __typename?: 'GrantConnection';
  nodes: Array<Grant>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** Returned when no such principal is known in this organisation, or it was erased. */
export type PrincipalNotFound = Problem & {
  __typename?: 'PrincipalNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
};

/** Returned when whoever bears such tokens is known already. */
export type PrincipalKnown = Problem & {
  __typename?: 'PrincipalKnown';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
};

/** Returned when somebody changed the principal's standing in between: both sides. Nothing was stored. */
export type PrincipalStale = Problem & {
  __typename?: 'PrincipalStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  currentVersion: Scalars['Int']['output'];
  /** What was sent. */
  yours: PrincipalStanding;
  /** What stands. */
  theirs: PrincipalStanding;
  changedBy: Maybe<Scalars['ID']['output']>;
  changedAt: Maybe<Scalars['DateTime']['output']>;
};

/** Returned when no such grant is known in this organisation. */
export type GrantNotFound = Problem & {
  __typename?: 'GrantNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  grantId: Scalars['ID']['output'];
};

/** Returned when a grant in force gives the same role in the same place already. */
export type GrantStands = Problem & {
  __typename?: 'GrantStands';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  grantId: Scalars['ID']['output'];
  role: Scalars['String']['output'];
};

/** Returned when the grant was revoked before. */
export type GrantOver = Problem & {
  __typename?: 'GrantOver';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  grantId: Scalars['ID']['output'];
  since: Scalars['DateTime']['output'];
};

export type RegisterArtefactInput = {
  /** Slug of the project it belongs to. */
  project: Scalars['String']['input'];
  /** ART_*: names the logical artefact, unique in the organisation. */
  artId: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  digest: Scalars['Digest']['input'];
  /** Principal who made this version, where known: they can never approve a waiver for it. */
  authorId?: InputMaybe<Scalars['ID']['input']>;
  /** When an agent made it: with what (model governance). */
  agent?: InputMaybe<AgentHeaderInput>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type AgentHeaderInput = {
  agentId: Scalars['String']['input'];
  modelName: Scalars['String']['input'];
  modelVersion: Scalars['String']['input'];
  temperature: Scalars['String']['input'];
  presetId: Scalars['String']['input'];
  promptHash: Scalars['String']['input'];
};

export type AgentHeader = {
  __typename?: 'AgentHeader';
  agentId: Scalars['String']['output'];
  modelName: Scalars['String']['output'];
  modelVersion: Scalars['String']['output'];
  temperature: Scalars['String']['output'];
  presetId: Scalars['String']['output'];
  promptHash: Scalars['String']['output'];
};

export type RegisterArtefactResult = ArtefactVersion | ProjectNotFound | InvalidInput | IdempotencyConflict;

/** A logical artefact (ART_*) at one content. Immutable. */
export type ArtefactVersion = {
  __typename?: 'ArtefactVersion';
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
  name: Scalars['String']['output'];
  agent: Maybe<AgentHeader>;
  registeredAt: Scalars['DateTime']['output'];
  evidence: Array<Evidence>;
  decisions: Array<Decision>;
  /** Relations in which this version is on the one or the other side. */
  relations: Array<ArtefactRelation>;
};

/** A logical artefact (ART_*) at one content. Immutable. */
export type ArtefactVersionDecisionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** An artefact version: the logical thing and its content. */
export type ArtefactVersionInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
};

export type PublishChecklistInput = {
  chkId: Scalars['ID']['input'];
  title: LocalisedTextInput;
  policies: Array<PinnedPolicyInput>;
  /** Days by kind of evidence; what is not named is as the policies say, the stricter one where they differ. */
  freshness?: InputMaybe<Scalars['JSON']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type LocalisedTextInput = {
  en: Scalars['String']['input'];
  nl: Scalars['String']['input'];
};

export type PinnedPolicyInput = {
  policyId: Scalars['ID']['input'];
  version: Scalars['String']['input'];
  /** Values by name; only what differs from the policy's defaults. */
  parameters?: InputMaybe<Scalars['JSON']['input']>;
};

export type ActivateChecklistInput = {
  chkId: Scalars['ID']['input'];
  version: Scalars['Int']['input'];
  /** The checklist's `activation` as last seen; 0 when there was none. */
  expectedActivation: Scalars['Int']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type PublishChecklistResult =
  ChecklistVersion | ChecklistInvalid | PolicyNotPublished | InvalidInput | IdempotencyConflict;

export type ActivateChecklistResult =
  | ChecklistVersion
  | ChecklistNotFound
  | PolicyNotPublished
  | ActivationStale
  | AccessWouldBeLost
  | InvalidInput
  | IdempotencyConflict;

/** Returned when a checklist cannot be published as it is composed: every mistake with its place. */
export type ChecklistInvalid = Problem & {
  __typename?: 'ChecklistInvalid';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  errors: Array<ChecklistError>;
};

export type ChecklistError = {
  __typename?: 'ChecklistError';
  /** Counted from 0: policies.0.parameters.coverage_floor */
  path: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

/** Returned when a checklist pins a policy version that is not published here, or was retired. */
export type PolicyNotPublished = Problem & {
  __typename?: 'PolicyNotPublished';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  policyVersion: Scalars['String']['output'];
  /** unknown or retired */
  reasonCode: Scalars['String']['output'];
};

/** Returned when the caller could not activate another access policy under this one: nobody might be left who can. */
export type AccessWouldBeLost = Problem & {
  __typename?: 'AccessWouldBeLost';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  chkId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
};

/** Returned when somebody else activated a version meanwhile: what was expected, and what stands. */
export type ActivationStale = Problem & {
  __typename?: 'ActivationStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  chkId: Scalars['ID']['output'];
  expectedActivation: Scalars['Int']['output'];
  actualActivation: Scalars['Int']['output'];
  /** What is in force: their side. */
  activeVersion: Maybe<Scalars['Int']['output']>;
  /** The version that was to be put in force. */
  yours: Scalars['Int']['output'];
};

export type ChecklistConnection = {
  __typename?: 'ChecklistConnection';
  nodes: Array<ChecklistVersion>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** A checklist at one version: pins policy versions and thresholds. Immutable. */
export type ChecklistVersion = {
  __typename?: 'ChecklistVersion';
  /** The module that all its policies were linked into; null when each judges with its own. */
  bundle: Maybe<Scalars['Digest']['output']>;
  /** Whether this version is in force. */
  active: Scalars['Boolean']['output'];
  /** The version of this checklist that is in force. */
  activeVersion: Maybe<Scalars['Int']['output']>;
  /** Number of the checklist's latest activation, 0 when there was none: what `activateChecklist` expects. */
  activation: Scalars['Int']['output'];
  /** Of all versions of this checklist, newest first. */
  activations: ActivationConnection;
  viewerCan: Array<ViewerCan>;
  chkId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  title: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
  policies: Array<PolicyRef>;
  parameters: Scalars['JSON']['output'];
  /** Days after which evidence of a kind is stale. */
  freshness: Scalars['JSON']['output'];
  publishedAt: Scalars['DateTime']['output'];
};

/** A checklist at one version: pins policy versions and thresholds. Immutable. */
export type ChecklistVersionActivationsArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type ActivationConnection = {
  __typename?: 'ActivationConnection';
  nodes: Array<ChecklistActivation>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** One version of a checklist put in force. */
export type ChecklistActivation = {
  __typename?: 'ChecklistActivation';
  /** Counts the checklist's activations, from 1. */
  number: Scalars['Int']['output'];
  version: Scalars['Int']['output'];
  /** In force before; null when none was. */
  previousVersion: Maybe<Scalars['Int']['output']>;
  /** An earlier version than the one before. */
  rollback: Scalars['Boolean']['output'];
  activatedAt: Scalars['DateTime']['output'];
  /** Null: the installation itself. */
  activatedBy: Maybe<Scalars['ID']['output']>;
  /** Null when the installation did it, and after the person's data was erased. */
  reason: Maybe<Scalars['String']['output']>;
};

/**
 * An expected outcome other than success. `code` is stable and listed in problem-codes.txt; `message` is its
 * English text. Each problem carries its own facts in fields of its own.
 */
export type Problem = {
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

/** One text that can be rendered in any catalogue: a stable code and its parameters, beside the English text. */
export type Message = {
  __typename?: 'Message';
  code: Scalars['String']['output'];
  params: Scalars['JSON']['output'];
  text: Scalars['String']['output'];
};

export type PageInfo = {
  __typename?: 'PageInfo';
  /** Pass as `after` to continue; null when the page is empty. */
  endCursor: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
};

export type Severity =
  | 'CRITICAL'
  | 'HIGH'
  | 'MEDIUM'
  | 'LOW'
  | 'NONE'
  /** Present, but nobody said how severe. A policy must name it; it never passes silently. */
  | 'UNKNOWN';

/** Where in the delivery process a command happens. All optional, all recorded in the ledger. */
export type ProcessContextInput = {
  /** Work item (case) this belongs to. */
  caseId?: InputMaybe<Scalars['String']['input']>;
  /** Activity, ACT_*. */
  actId?: InputMaybe<Scalars['String']['input']>;
  /** Process role in which the caller acts: PO, PM, ARCH, QA, SEC, DEV, OPS … */
  role?: InputMaybe<Scalars['String']['input']>;
  /** When an AI agent gives the command: which one, and with what. Not who made the artefact. */
  agent?: InputMaybe<AgentHeaderInput>;
};

export type DifferentialResult = Differential | ArtefactNotFound | EvidencePending | DifferenceTooLarge;

/** Returned when a version has more findings than are compared at once. Never a part of them. */
export type DifferenceTooLarge = Problem & {
  __typename?: 'DifferenceTooLarge';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
  count: Scalars['Int']['output'];
  limit: Scalars['Int']['output'];
};

export type DifferenceState =
  | 'NEW'
  /** Nobody can say whether it was there before. */
  | 'UNKNOWN'
  /** In the baseline only, and nobody can say that it is gone. */
  | 'PERHAPS_FIXED'
  | 'FIXED'
  | 'UNCHANGED';

/** Exact, whatever the page. */
export type Differential = {
  __typename?: 'Differential';
  new: Scalars['Int']['output'];
  unknown: Scalars['Int']['output'];
  perhapsFixed: Scalars['Int']['output'];
  fixed: Scalars['Int']['output'];
  unchanged: Scalars['Int']['output'];
  /** Tools whose findings cannot be told new from old. */
  incomparable: Array<IncomparableTool>;
  /** What needs looking at first: by state as listed there, then worst first, then by place. */
  items: DifferenceConnection;
};

export type IncomparableTool = {
  __typename?: 'IncomparableTool';
  tool: Scalars['String']['output'];
  why: IncomparableReason;
};

export type IncomparableReason =
  /** It did not look at the baseline. */
  | 'NO_BASELINE'
  /** One of its runs failed, is missing, or is part of a set that is not whole. */
  | 'NOT_COMPLETE'
  /** It judged with other rules. */
  | 'OTHER_RULE_SET'
  /** Identities were computed in another way. */
  | 'OTHER_IDENTITY';

export type DifferenceConnection = {
  __typename?: 'DifferenceConnection';
  nodes: Array<DifferenceItem>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

/** An open finding or known vulnerability of either version. */
export type DifferenceItem = {
  __typename?: 'DifferenceItem';
  state: DifferenceState;
  /** sast, secret, misconfiguration, dast, quality, licence or vulnerability. */
  kind: Scalars['String']['output'];
  tool: Scalars['String']['output'];
  /** The tool's rule, or the id of the advisory. */
  rule: Scalars['String']['output'];
  severity: Severity;
  message: Scalars['String']['output'];
  path: Maybe<Scalars['String']['output']>;
  startLine: Maybe<Scalars['Int']['output']>;
  /** The component that a vulnerability is in. */
  component: Maybe<Scalars['String']['output']>;
  /** The path in the baseline, where the file was renamed. */
  renamedFrom: Maybe<Scalars['String']['output']>;
  identity: FindingIdentity;
  /** Digest of the evidence that says so. */
  evidence: Scalars['Digest']['output'];
};

export type PolicyVersion = {
  __typename?: 'PolicyVersion';
  /** The version as a Markdown document, from its manifest and the METADATA of its rules. */
  documentation: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
  /** Over manifest, Rego sources and WASM. */
  digest: Scalars['Digest']['output'];
  title: Scalars['String']['output'];
  state: PolicyState;
  rules: Array<PolicyRule>;
  parameters: Scalars['JSON']['output'];
  /** Titles of what people vouch for where no tool can show it. */
  items: Array<AttestedItem>;
  publishedAt: Scalars['DateTime']['output'];
  /** What it was made of: all that its authors wrote, or the Rego it was compiled from. Null where that was not kept. */
  sources: Maybe<Array<PolicyFile>>;
  viewerCan: Array<ViewerCan>;
};

export type PolicyVersionDocumentationArgs = {
  language?: DocumentationLanguage;
};

export type DocumentationLanguage =
  | 'EN'
  /** Titles, descriptions and messages where the policy has them in Dutch. */
  | 'NL';

export type Subscription = {
  __typename?: 'Subscription';
  /**
   * How far what an entry of the ledger made stale has been judged again: at once, as it goes on, and last when all is
   * done; then the subscription completes. It waits for an entry that nobody has looked at yet. It also ends after a
   * quarter of an hour: subscribe again, the first answer is how it stands then.
   */
  rejudgingProgress: Rejudging;
  /**
   * How far an evidence pack is: at once, at each step, and last when it is made or cannot be; then the subscription
   * completes. Null, and then nothing more, when this organisation asked for none of that id. It also ends after a
   * quarter of an hour: subscribe again, the first answer is how it stands then.
   */
  exportProgress: Maybe<EvidenceExport>;
  /**
   * What a gate says of an artefact version: at once how it stands, then after each entry of the ledger about the two and
   * each change of the run that is under way. Several changes that come at once are told as one; `seq` says up to which
   * entry, so that `ledger` tells what lay between. Null, and then nothing more, where this organisation has no such gate
   * or artefact version. It ends after a quarter of an hour: subscribe again, the first answer is how it stands then.
   */
  gateStatus: Maybe<GateStatus>;
  /**
   * How far a scan is: at once, as each scanner begins and ends, and last when all are done; then the subscription
   * completes. Null, and then nothing more, when this organisation asked for none of that id. It also ends after a
   * quarter of an hour: subscribe again, the first answer is how it stands then.
   */
  scanProgress: Maybe<Scan>;
};

export type SubscriptionRejudgingProgressArgs = {
  causeSeq: Scalars['Long']['input'];
};

export type SubscriptionExportProgressArgs = {
  id: Scalars['ID']['input'];
};

export type SubscriptionGateStatusArgs = {
  gateId: Scalars['ID']['input'];
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
};

export type SubscriptionScanProgressArgs = {
  id: Scalars['ID']['input'];
};

export type StandingDecisionConnection = {
  __typename?: 'StandingDecisionConnection';
  nodes: Array<StandingDecision>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type StandingDecision = {
  __typename?: 'StandingDecision';
  gateId: Scalars['ID']['output'];
  locus: Locus;
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  decisionId: Scalars['ID']['output'];
  verdict: Verdict;
  verdictWithoutWaivers: Verdict;
  asOf: Scalars['DateTime']['output'];
  validUntil: Maybe<Scalars['DateTime']['output']>;
  /** On record as stale. It keeps what it said; it is judged again. */
  stale: Scalars['Boolean']['output'];
  /** Why, oldest first. */
  causes: Array<StaleCause>;
};

export type StaleCause = {
  __typename?: 'StaleCause';
  kind: StaleCauseKind;
  /** Of the entry that made it stale; null where the clock did. */
  seq: Maybe<Scalars['Long']['output']>;
  foundAt: Scalars['DateTime']['output'];
};

export type StaleCauseKind =
  | 'CHECKLIST_ACTIVATED'
  | 'EVIDENCE_NORMALISED'
  | 'GATE_DEFINED'
  | 'WAIVER_APPROVED'
  | 'WAIVER_REVOKED'
  | 'WAIVER_EXPIRED'
  | 'VALID_UNTIL';

export type Rejudging = {
  __typename?: 'Rejudging';
  done: Scalars['Int']['output'];
  total: Scalars['Int']['output'];
  /** Decisions that may still turn out to be stale. */
  unchecked: Scalars['Int']['output'];
  /** Milliseconds until all are done, from the pace so far; null while nobody can tell. */
  etaMs: Maybe<Scalars['Long']['output']>;
};

export type StatusIndex = {
  __typename?: 'StatusIndex';
  /** Entries of the ledger that it is made of. */
  ledgerSize: Scalars['Long']['output'];
  nodes: Array<StatusIndexItem>;
  totalCount: Scalars['Int']['output'];
  pageInfo: PageInfo;
};

/** As a member of `items` of status-index.json; docs/AUDITING.md describes that. */
export type StatusIndexItem = {
  __typename?: 'StatusIndexItem';
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactHash: Scalars['Digest']['output'];
  result: Verdict;
  resultWithoutWaivers: Verdict;
  /** CHK_X@3 */
  checklistVersion: Scalars['String']['output'];
  checklistHash: Scalars['Digest']['output'];
  inputsHash: Scalars['Digest']['output'];
  decisionHash: Scalars['Digest']['output'];
  decisionId: Scalars['ID']['output'];
  /** Of the decision's entry. */
  seq: Scalars['Long']['output'];
  asOf: Scalars['DateTime']['output'];
  validUntil: Maybe<Scalars['DateTime']['output']>;
  stale: Scalars['Boolean']['output'];
};

export type DecisionDiffResult = DecisionDiff | DecisionNotFound | ChecklistNotFound;

export type DiffCause =
  /** Another artefact version, or another header of it. */
  | 'ARTEFACT'
  /** The gate's own definition. */
  | 'GATE'
  | 'EVIDENCE'
  /** Rules, their effects, or the modules that judged. */
  | 'POLICY'
  /** Parameters and freshness that the checklist sets. */
  | 'DATA'
  | 'WAIVERS'
  /** Something changed its value with time alone. */
  | 'CLOCK';

export type DecisionDiff = {
  __typename?: 'DecisionDiff';
  verdictBefore: Verdict;
  verdictAfter: Verdict;
  /** Empty when both were judged with the same, at instants that make no difference. */
  causes: Array<DiffCause>;
  inputs: Array<InputChange>;
  rules: Array<RuleChange>;
};

export type InputChange = {
  __typename?: 'InputChange';
  cause: DiffCause;
  /** evidence sha256:…, parameter POLICY.NAME, freshness KIND, waiver ID … */
  what: Scalars['String']['output'];
  before: Maybe<Scalars['JSON']['output']>;
  after: Maybe<Scalars['JSON']['output']>;
};

export type RuleChange = {
  __typename?: 'RuleChange';
  policyId: Scalars['ID']['output'];
  ruleId: Scalars['ID']['output'];
  /** Null where that decision asked no such rule. */
  before: Maybe<Outcome>;
  after: Maybe<Outcome>;
  /** Which of the causes can be the reason. */
  because: Array<DiffCause>;
  /** How many violations only the second has, and only the first had. */
  appeared: Scalars['Int']['output'];
  disappeared: Scalars['Int']['output'];
};

export type DecisionPicture = {
  __typename?: 'DecisionPicture';
  decisionId: Scalars['ID']['output'];
  /** Parents before their children. Of each rule the first 20 findings. */
  nodes: Array<DecisionNode>;
  markdown: Scalars['String']['output'];
  mermaid: Scalars['String']['output'];
};

export type DecisionNodeKind = 'DECISION' | 'POLICY' | 'RULE' | 'VIOLATION' | 'GAP' | 'MORE';

export type DecisionNode = {
  __typename?: 'DecisionNode';
  id: Scalars['ID']['output'];
  parentId: Maybe<Scalars['ID']['output']>;
  kind: DecisionNodeKind;
  label: Scalars['String']['output'];
  /** A verdict or an outcome. */
  outcome: Maybe<Scalars['String']['output']>;
  evidence: Maybe<Scalars['Digest']['output']>;
  where: Maybe<Scalars['String']['output']>;
  remedy: Maybe<Scalars['String']['output']>;
  waivedBy: Maybe<Scalars['ID']['output']>;
};

export type CaseTimeline = {
  __typename?: 'CaseTimeline';
  caseId: Scalars['String']['output'];
  events: Array<CaseEvent>;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
  mermaid: Scalars['String']['output'];
};

export type CaseEvent = {
  __typename?: 'CaseEvent';
  seq: Scalars['Long']['output'];
  kind: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
  result: Maybe<Scalars['String']['output']>;
  gateId: Maybe<Scalars['ID']['output']>;
  artId: Maybe<Scalars['ID']['output']>;
  actId: Maybe<Scalars['ID']['output']>;
  role: Maybe<Scalars['String']['output']>;
};

export type ErasePersonInput = {
  principalId: Scalars['ID']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  /** Number of the request in your files. Recorded in clear: no names. */
  reference?: InputMaybe<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

/** Exactly one member must be given. */
export type HoldScopeInput =
  /** True: nobody of this organisation can be erased. */
  | { everything: Scalars['Boolean']['input']; principalId?: never; caseId?: never; artId?: never }
  | {
      everything?: never;
      principalId: Scalars['ID']['input'];
      caseId?: never;
      artId?: never;
    } /** Everybody who appears in an entry of this case. */
  | {
      everything?: never;
      principalId?: never;
      caseId: Scalars['ID']['input'];
      artId?: never;
    } /** Everybody who appears in an entry about this artefact. */
  | { everything?: never; principalId?: never; caseId?: never; artId: Scalars['ID']['input'] };

export type SetHoldInput = {
  scope: HoldScopeInput;
  /** Lapses by itself then; without it, only when it is lifted. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  /** Number of the matter. Recorded in clear: no names. */
  reference?: InputMaybe<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type LiftHoldInput = {
  holdId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
  reference?: InputMaybe<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ErasePersonResult =
  | Erasure
  | PersonNotFound
  | UnderLegalHold
  | OwnErasure
  | LastAdministrator
  | InvalidInput
  | IdempotencyConflict;

export type SetHoldResult = Hold | InvalidInput | IdempotencyConflict;

export type LiftHoldResult = Hold | HoldNotFound | HoldLifted | InvalidInput | IdempotencyConflict;

/** Returned when no such principal exists in this organisation. */
export type PersonNotFound = Problem & {
  __typename?: 'PersonNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
};

/** Returned when nobody else would be left who may give roles. Nothing was erased. */
export type LastAdministrator = Problem & {
  __typename?: 'LastAdministrator';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
};

/** Returned when a legal hold in force touches the person. Nothing was erased. */
export type UnderLegalHold = Problem & {
  __typename?: 'UnderLegalHold';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  holdIds: Array<Scalars['ID']['output']>;
};

/** Returned when somebody tries to erase themselves. */
export type OwnErasure = Problem & {
  __typename?: 'OwnErasure';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
};

/** Returned when no such hold exists in this organisation. */
export type HoldNotFound = Problem & {
  __typename?: 'HoldNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  holdId: Scalars['ID']['output'];
};

/** Returned when another command lifted the hold before. */
export type HoldLifted = Problem & {
  __typename?: 'HoldLifted';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  holdId: Scalars['ID']['output'];
  /** The entry that says so. */
  entrySeq: Scalars['Long']['output'];
};

export type PersonConnection = {
  __typename?: 'PersonConnection';
  nodes: Array<Person>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Person = {
  __typename?: 'Person';
  principalId: Scalars['ID']['output'];
  kind: PrincipalKind;
  /** Null once erased. */
  displayName: Maybe<Scalars['String']['output']>;
  erasedAt: Maybe<Scalars['DateTime']['output']>;
  /** Personal records in the ledger that have not been erased. */
  records: Scalars['Int']['output'];
  viewerCan: Array<ViewerCan>;
};

export type ErasureConnection = {
  __typename?: 'ErasureConnection';
  nodes: Array<Erasure>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Erasure = {
  __typename?: 'Erasure';
  /** The entry that records it. */
  entrySeq: Scalars['Long']['output'];
  at: Scalars['DateTime']['output'];
  principalId: Scalars['ID']['output'];
  reference: Maybe<Scalars['String']['output']>;
  /** Null once whoever gave it was erased in turn. */
  reason: Maybe<Scalars['String']['output']>;
};

export type HoldState =
  | 'IN_FORCE'
  /** Its time has passed. */
  | 'LAPSED'
  | 'LIFTED';

export type HoldConnection = {
  __typename?: 'HoldConnection';
  nodes: Array<Hold>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Hold = {
  __typename?: 'Hold';
  id: Scalars['ID']['output'];
  state: HoldState;
  /** everything, person:<pseudonym>, case:<id> or artefact:<id> */
  scope: Scalars['String']['output'];
  until: Maybe<Scalars['DateTime']['output']>;
  setAt: Scalars['DateTime']['output'];
  /** The entry that set it. */
  setSeq: Scalars['Long']['output'];
  /** The entry that lifted it. */
  liftedSeq: Maybe<Scalars['Long']['output']>;
  /** Why it was set; null once whoever set it was erased. */
  reason: Maybe<Scalars['String']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type AttestInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  /** The checklist whose items are answered, e.g. CHK_RELEASE. */
  checklistId: Scalars['ID']['input'];
  /** Each item once, at least one and at most 1000. */
  items: Array<AttestedItemInput>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type AttestedItemInput = {
  itemId: Scalars['ID']['input'];
  answer: AttestationAnswer;
  /** At most 4000 characters. Kept as it is with the evidence: no personal data. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** Digests of what the person looked at. */
  evidence?: InputMaybe<Array<Scalars['Digest']['input']>>;
};

export type AttestationAnswer =
  | 'YES'
  | 'NO'
  /** Whether that may stand is for the checklist to say. */
  | 'NOT_APPLICABLE';

export type SubmitEvidenceInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  /** The report. Without it, `sameAs`. */
  text?: InputMaybe<Scalars['String']['input']>;
  /**
   * Digest, stored or received, of evidence that was handed in before and says the same about this version: then
   * nothing is sent or read again. In place of `text`.
   */
  sameAs?: InputMaybe<Scalars['Digest']['input']>;
  /** Which part of which set it is. A set is judged as one, and only when all its parts are there and complete. */
  part?: InputMaybe<EvidencePartInput>;
  /** Only when the content cannot tell (an empty array, say). A declaration that the content belies is an error. */
  declaredFormat?: InputMaybe<Scalars['String']['input']>;
  /** Where it comes from: a pipeline, a tool, a person's upload. */
  source: Scalars['String']['input'];
  /** When the tool ran. Evidence grows stale from here. */
  collectedAt?: InputMaybe<Scalars['DateTime']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type EvidencePartInput = {
  /** Names the set, uniquely within the artefact version, e.g. sast/build-17. */
  set: Scalars['String']['input'];
  /** From 1. */
  part: Scalars['Int']['input'];
  /** How many parts there are; the same for each of them. */
  of: Scalars['Int']['input'];
};

export type SubmitEvidenceResult =
  Evidence | ArtefactNotFound | EvidenceTooLarge | InvalidInput | IdempotencyConflict;

/** Returned when the report exceeds the limit. Nothing was stored. */
export type EvidenceTooLarge = Problem & {
  __typename?: 'EvidenceTooLarge';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  limitBytes: Scalars['Long']['output'];
};

/** RECEIVED until a worker has normalised it; then what the report says of itself. Only COMPLETE can pass a gate. */
export type EvidenceState = 'RECEIVED' | 'COMPLETE' | 'INCOMPLETE' | 'ERROR' | 'NOT_MEASURED' | 'UNKNOWN';

export type EvidencePart = {
  __typename?: 'EvidencePart';
  set: Scalars['String']['output'];
  part: Scalars['Int']['output'];
  of: Scalars['Int']['output'];
};

export type EvidenceTool = {
  __typename?: 'EvidenceTool';
  name: Scalars['String']['output'];
  version: Maybe<Scalars['String']['output']>;
  /** file: what the report claims, which is often wrong; worker: what ran. */
  versionFrom: Scalars['String']['output'];
};

export type Evidence = {
  __typename?: 'Evidence';
  id: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  /** Digest of the bytes as stored (secrets masked). Decisions quote this one. */
  digest: Scalars['Digest']['output'];
  /** Digest of the bytes as received. */
  receivedDigest: Scalars['Digest']['output'];
  /** Of the stored bytes, which are not compressed. */
  sizeBytes: Scalars['Long']['output'];
  /** How it was compressed when it was received: gzip, deflate, br, zstd; null when it was not. */
  encoding: Maybe<Scalars['String']['output']>;
  /** Which part of which set; null for evidence that is whole by itself. */
  part: Maybe<EvidencePart>;
  /** How many secrets were masked before the first write. */
  maskedCount: Scalars['Int']['output'];
  /** The principal who handed it in. */
  uploadedBy: Scalars['ID']['output'];
  source: Scalars['String']['output'];
  /** When the tool ran. */
  collectedAt: Scalars['DateTime']['output'];
  receivedAt: Scalars['DateTime']['output'];
  /** Which tools made it, and who says which version; empty until normalised, or where nobody says. */
  tools: Array<EvidenceTool>;
  state: EvidenceState;
  format: Maybe<Scalars['String']['output']>;
  formatVersion: Maybe<Scalars['String']['output']>;
  kinds: Array<Scalars['String']['output']>;
  reasons: Array<Message>;
  /** The normal form that policies judge; null until normalised. */
  document: Maybe<Scalars['JSON']['output']>;
  /** Of a coverage report; null for other evidence, and where its basis is unknown. */
  coverage: Maybe<CoverageMetric>;
};

/**
 * What a coverage report counts, as the common metric `coverage.statements`: whole numbers, compared as such. Tools mean
 * different things by a statement; `basis` says which, and figures of two bases are never added or compared.
 */
export type CoverageMetric = {
  __typename?: 'CoverageMetric';
  /** Always coverage.statements. */
  name: Scalars['String']['output'];
  /** Recomputed from the finest data in the report. */
  covered: Scalars['Long']['output'];
  /** 0 is not 100 per cent: nothing was measured. */
  total: Scalars['Long']['output'];
  basis: CoverageBasis;
  /** What the report says of itself, where it does; it may be wrong. */
  declaredCovered: Maybe<Scalars['Long']['output']>;
  declaredTotal: Maybe<Scalars['Long']['output']>;
  /** How many files the report lists. */
  files: Scalars['Int']['output'];
};

export type CoverageBasis =
  /** Statements of the syntax tree: Istanbul, OpenClover. */
  | 'STATEMENT'
  /** Lines: coverage.py, c8, LCOV, Cobertura, and Clover of Istanbul, PHPUnit or gcovr. */
  | 'LINE'
  /** Statements, counted by basic block: Go. */
  | 'BLOCK_STATEMENT'
  /** Bytecode instructions: JaCoCo. */
  | 'INSTRUCTION';

export type ReplayDecisionResult = DecisionReplayed | DecisionNotFound | ReplayImpossible;

export type ExplainDecisionResult =
  | RuleExplained
  | DecisionNotFound
  | ReplayImpossible
  | RuleNotAsked
  | PolicySourcesMissing
  | TraceTooLarge
  | OpaUnavailable
  | OpaBusy
  | RegoInvalid
  | InvalidInput;

export type DecisionReplayed = {
  __typename?: 'DecisionReplayed';
  decisionId: Scalars['ID']['output'];
  /** Whether the same bytes came out. */
  same: Scalars['Boolean']['output'];
  /** Of what came out now. */
  documentDigest: Scalars['Digest']['output'];
  /** Members that differ, as paths: $.rules.0.outcome. The first 100. */
  differs: Array<Scalars['String']['output']>;
};

export type TraceMode =
  /** Every step. */
  | 'FULL'
  /** What trace() said, with the way there. */
  | 'NOTES'
  /** Every expression that failed, with the way there. */
  | 'FAILS';

export type RuleExplained = {
  __typename?: 'RuleExplained';
  ruleId: Scalars['ID']['output'];
  /** Whether what judged and the official OPA say the same, byte for byte. */
  agree: Scalars['Boolean']['output'];
  /** What judged: the compiled module. */
  engine: Answer;
  opa: Answer;
  events: Array<TraceEvent>;
  /** Of all steps. Only the first 10000 can be paged through. */
  totalEvents: Scalars['Int']['output'];
  pageInfo: PageInfo;
};

/** What an evaluator said of a rule: a value, or why there is none. */
export type Answer = {
  __typename?: 'Answer';
  value: Maybe<Scalars['JSON']['output']>;
  problem: Maybe<Scalars['String']['output']>;
};

export type TraceEvent = {
  __typename?: 'TraceEvent';
  /** Enter, Eval, Exit, Redo, Fail, Index, Note … */
  op: Scalars['String']['output'];
  /** How many queries enclose it. */
  depth: Scalars['Int']['output'];
  /** Empty for the query itself. */
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  /** The expression or rule as Rego; cut where it is long. */
  node: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Variables of the expression that have a value, as {name: value}; long values are cut. Or empty. */
  locals: Scalars['String']['output'];
};

/** Returned when no such decision was recorded in this organisation. */
export type DecisionNotFound = Problem & {
  __typename?: 'DecisionNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  decisionId: Scalars['ID']['output'];
};

/** Returned when something a decision was made with is gone or was changed: everything that could be found at once. */
export type ReplayImpossible = Problem & {
  __typename?: 'ReplayImpossible';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  gaps: Array<ReplayGap>;
};

export type ReplayGap = {
  __typename?: 'ReplayGap';
  what: ReplayGapKind;
  /** Which one: an id or a digest. */
  name: Scalars['String']['output'];
  state: ReplayGapState;
};

export type ReplayGapKind =
  | 'DECISION'
  | 'CHECKLIST'
  | 'POLICY'
  | 'MODULE'
  | 'ARTEFACT'
  | 'EVIDENCE'
  | 'WAIVER'
  /** Something without a digest of its own: the whole does not have the recorded digest. */
  | 'INPUTS'
  | 'RUN';

export type ReplayGapState =
  | 'MISSING'
  | 'CHANGED'
  /** Our own deadline or fault ended the evaluation, which is nobody's input. */
  | 'CUT_SHORT';

/** Returned when the decision asked no such rule. */
export type RuleNotAsked = Problem & {
  __typename?: 'RuleNotAsked';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  ruleId: Scalars['ID']['output'];
};

/** Returned when a bundle was published before its sources were kept: it can judge, but not be explained. */
export type PolicySourcesMissing = Problem & {
  __typename?: 'PolicySourcesMissing';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  bundle: Scalars['Digest']['output'];
};

/** Returned when the trace exceeds what is taken of it: ask for the failures only. */
export type TraceTooLarge = Problem & {
  __typename?: 'TraceTooLarge';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

/** All that is given must match; nothing given selects every decision. */
export type RequestExportInput = {
  /** Decided at or after. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Decided before. */
  to?: InputMaybe<Scalars['DateTime']['input']>;
  /** Slug or id of the project under which the artefact was registered. */
  projectId?: InputMaybe<Scalars['ID']['input']>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  artefactDigest?: InputMaybe<Scalars['Digest']['input']>;
  /**
   * A checkpoint of this log that was kept from before, the signed note verbatim. The pack then carries it, and
   * whoever verifies the pack proves that the log only grew since.
   */
  previousCheckpoint?: InputMaybe<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RequestExportResult =
  | EvidenceExport
  | NoCheckpointYet
  | ProjectNotFound
  | GateNotFound
  | ArtefactNotFound
  | InvalidInput
  | IdempotencyConflict;

/** Returned while the integrator has not signed any tree. */
export type NoCheckpointYet = Problem & {
  __typename?: 'NoCheckpointYet';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

export type ExportState =
  /** The worker has not begun. */
  | 'REQUESTED'
  | 'RUNNING'
  | 'DONE'
  /** The last attempt failed; `failure` says why. */
  | 'FAILED';

export type EvidenceExport = {
  __typename?: 'EvidenceExport';
  id: Scalars['ID']['output'];
  state: ExportState;
  progress: ExportProgress;
  query: ExportQuery;
  /** The checkpoint that the pack covers: the latest one when it was asked for. */
  checkpoint: ExportCheckpoint;
  /**
   * Entries of the log that were recorded before the request and that its checkpoint does not cover. A handful is
   * what the integrator had still to do; many mean that it does not run, and that the pack ends early.
   */
  uncoveredEntries: Scalars['Long']['output'];
  /** SHA-256 of the earlier checkpoint that the request brought. */
  previousCheckpoint: Maybe<Scalars['Digest']['output']>;
  /** Null until it is made. */
  pack: Maybe<EvidencePack>;
  /** EXPORT_KEY_CHANGED: ask again. LEDGER_CONTRADICTS: an alarm, run the verifier. INTERRUPTED: it is tried again. */
  failure: Maybe<Scalars['String']['output']>;
  requestedBy: Scalars['ID']['output'];
  requestedAt: Scalars['DateTime']['output'];
  /** Sequence number of the entry that records the request. */
  seq: Scalars['Long']['output'];
  viewerCan: Array<ViewerCan>;
};

/** In files of the pack; the total is an estimate until it is made. */
export type ExportProgress = {
  __typename?: 'ExportProgress';
  done: Scalars['Long']['output'];
  total: Scalars['Long']['output'];
  /** Milliseconds until it is done, if it goes on as it did; null while nobody can tell. */
  etaMs: Maybe<Scalars['Long']['output']>;
};

export type ExportQuery = {
  __typename?: 'ExportQuery';
  from: Maybe<Scalars['DateTime']['output']>;
  to: Maybe<Scalars['DateTime']['output']>;
  projectId: Maybe<Scalars['ID']['output']>;
  gateId: Maybe<Scalars['ID']['output']>;
  artefactDigest: Maybe<Scalars['Digest']['output']>;
};

export type ExportCheckpoint = {
  __typename?: 'ExportCheckpoint';
  /** How many entries it covers: those with a smaller sequence number. */
  size: Scalars['Long']['output'];
  /** The signed note, verbatim. */
  note: Scalars['String']['output'];
  /** Public key of the log in C2SP vkey form. */
  vkey: Scalars['String']['output'];
};

export type EvidencePack = {
  __typename?: 'EvidencePack';
  /** Of the tar archive. */
  digest: Scalars['Digest']['output'];
  sizeBytes: Scalars['Long']['output'];
  madeAt: Scalars['DateTime']['output'];
  /** Where the archive is, below the address of this service. Permission export.read; each download is an entry. */
  path: Scalars['String']['output'];
  /** Entries of the whole log. */
  entries: Scalars['Long']['output'];
  /** Decisions that the query selects. */
  decisions: Scalars['Long']['output'];
  /** Personal fields of these decisions that were erased by then. */
  erased: Scalars['Long']['output'];
  /** Pieces of evidence behind these decisions of which secrets were masked. */
  masked: Scalars['Long']['output'];
};

export type EvidenceExportConnection = {
  __typename?: 'EvidenceExportConnection';
  nodes: Array<EvidenceExport>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type FindResult = {
  __typename?: 'FindResult';
  hits: Array<FindHit>;
  /** There are more than were asked for. */
  hasMore: Scalars['Boolean']['output'];
};

export type FindKind =
  'ARTEFACT' | 'EVIDENCE' | 'GATE' | 'DECISION' | 'POLICY' | 'RULE' | 'CHECKLIST' | 'WAIVER' | 'EXPORT';

export type FindMatch =
  | 'ID'
  | 'DIGEST'
  | 'RULE'
  /** The purl of a component. */
  | 'COMPONENT';

export type FindHit = {
  __typename?: 'FindHit';
  kind: FindKind;
  /** By which the thing's own query knows it; of a rule the policy's. */
  id: Scalars['ID']['output'];
  /** Of what has numbered versions. */
  version: Maybe<Scalars['String']['output']>;
  digest: Maybe<Scalars['Digest']['output']>;
  title: Scalars['String']['output'];
  matched: FindMatch;
};

/** What is left out is as every gate has it, also where the definition before said something else. */
export type DefineGateInput = {
  gateId: Scalars['ID']['input'];
  /** Slug of the project it belongs to. */
  project: Scalars['String']['input'];
  title: Scalars['String']['input'];
  locus: Locus;
  chkId: Scalars['ID']['input'];
  /** Judges with this version, whatever is in force; left out, it follows the version in force. */
  checklistVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Process role that answers for the gate, and acts when a run waits for a person. */
  ownerRole: Scalars['String']['input'];
  /** Longest attempt to judge, milliseconds, at most 600000. */
  maxRunMs: Scalars['Int']['input'];
  severityRules?: InputMaybe<Array<SeverityRuleInput>>;
  /** Milliseconds from asking to a decision, all attempts together; left out: as long as one attempt may take. */
  slaMs?: InputMaybe<Scalars['Long']['input']>;
  retry?: InputMaybe<RetryPolicyInput>;
  /** Milliseconds that a run which waits for a person may wait before it is late; a day unless said. */
  pauseMs?: InputMaybe<Scalars['Long']['input']>;
  /** Who hears of a run that is late, in this order. */
  escalation?: InputMaybe<Array<EscalationStepInput>>;
  /** Left out: the organisation's access policy alone says who may waive what. */
  waiverRights?: InputMaybe<Array<WaiverRightInput>>;
  /** The version this edit is based on; 0 for a new gate. */
  expectedVersion: Scalars['Int']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type SeverityRuleInput = {
  severity: Severity;
  effect: SeverityEffect;
};

export type RetryPolicyInput = {
  /** Attempts after the first one, at most 10. */
  count: Scalars['Int']['input'];
  /** Milliseconds before the second attempt; before each later one twice as long. */
  firstBackOffMs: Scalars['Long']['input'];
  /** Milliseconds; no wait is longer. */
  maxBackOffMs: Scalars['Long']['input'];
};

export type EscalationStepInput = {
  /** Process role. */
  role: Scalars['String']['input'];
  /** Milliseconds after the run became late; more than of the step before. */
  afterMs: Scalars['Long']['input'];
};

export type WaiverRightInput = {
  /** Process role. */
  role: Scalars['String']['input'];
  /** The worst severity that its waivers may excuse. */
  severity: Severity;
  maxDays: Scalars['Int']['input'];
};

export type DefineGateResult =
  | Gate
  | ChecklistNotFound
  | ChecklistNotActive
  | ProjectNotFound
  | GateStale
  | InvalidInput
  | IdempotencyConflict;

/** Returned when somebody else defined the gate meanwhile, or it exists already. Nothing was stored; both sides are here. */
export type GateStale = Problem & {
  __typename?: 'GateStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  gateId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  /** 0 when there is no such gate. */
  currentVersion: Scalars['Int']['output'];
  /** What stands; null when nothing does. */
  theirs: Maybe<Gate>;
  definedAt: Maybe<Scalars['DateTime']['output']>;
  /** Every field that is not the same on both sides. */
  fields: Array<GateFieldConflict>;
};

export type GateFieldConflict = {
  __typename?: 'GateFieldConflict';
  /** As in the ledger's entry: projectId, title, retry … */
  field: Scalars['String']['output'];
  changedBy: PolicySide;
  /** At `expectedVersion`; null when that never was. */
  base: Maybe<Scalars['JSON']['output']>;
  theirs: Maybe<Scalars['JSON']['output']>;
  yours: Maybe<Scalars['JSON']['output']>;
};

/** What the gate makes of a violation of this severity, whatever its rule says of itself. */
export type SeverityRule = {
  __typename?: 'SeverityRule';
  severity: Severity;
  effect: SeverityEffect;
};

export type SeverityEffect =
  /** Stops the artefact, also where its rule only warns. */
  | 'BLOCK'
  /** Is only reported, also where its rule blocks. */
  | 'WARN';

export type RetryPolicy = {
  __typename?: 'RetryPolicy';
  count: Scalars['Int']['output'];
  firstBackOffMs: Scalars['Long']['output'];
  maxBackOffMs: Scalars['Long']['output'];
};

export type EscalationStep = {
  __typename?: 'EscalationStep';
  role: Scalars['String']['output'];
  afterMs: Scalars['Long']['output'];
};

export type WaiverRight = {
  __typename?: 'WaiverRight';
  role: Scalars['String']['output'];
  severity: Severity;
  maxDays: Scalars['Int']['output'];
};

export type GateFallback =
  /** What cannot be judged does not pass. There is no other. */
  'CLOSED';

export type ResolveRunInput = {
  runId: Scalars['ID']['input'];
  /** Audit note, required. Kept encrypted, apart from the ledger's public facts. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RejectRunInput = {
  runId: Scalars['ID']['input'];
  /** Audit note, required. Kept encrypted, apart from the ledger's public facts. */
  note: Scalars['String']['input'];
  /** Why, as a code in kebab-case. */
  reasonCode: Scalars['String']['input'];
  remediation: RunRemediation;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RunRemediation = 'RERUN' | 'RE_SHARD' | 'REOPEN_STORY';

export type ResumeRunResult =
  GateRun | GateRunNotFound | RunStateForbids | NotPermitted | InvalidInput | IdempotencyConflict;

export type OverrideRunResult =
  | GateRun
  | GateRunNotFound
  | RunStateForbids
  | OverrideNotCovered
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

export type RejectRunResult =
  GateRun | GateRunNotFound | RunStateForbids | RunPassed | NotPermitted | InvalidInput | IdempotencyConflict;

/** One question on its way to a decision, through as many attempts as its gate allows. */
export type GateRun = {
  __typename?: 'GateRun';
  id: Scalars['ID']['output'];
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  caseId: Maybe<Scalars['String']['output']>;
  state: GateRunState;
  /** The attempt that is under way, or the last one; from 1. */
  attempt: Scalars['Int']['output'];
  /** So many attempts before it waits for a person. */
  attemptLimit: Scalars['Int']['output'];
  /** Process role that answers for the gate. */
  ownerRole: Scalars['String']['output'];
  requestedBy: Scalars['ID']['output'];
  startedAt: Scalars['DateTime']['output'];
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** After this it is late. Of a run that waits for a person: until when it may. */
  dueAt: Scalars['DateTime']['output'];
  late: Scalars['Boolean']['output'];
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  /** Why the last attempt failed, or why it was sent back. */
  reasonCode: Maybe<Scalars['String']['output']>;
  decision: Maybe<Decision>;
  /** What happened to it beside being decided, in order. */
  steps: Array<GateRunStep>;
  viewerCan: Array<ViewerCan>;
};

export type GateRunState =
  /** Waits for its next attempt. */
  | 'QUEUED'
  | 'RUNNING'
  /** Led to a decision. */
  | 'DECIDED'
  /** Given up; who asked was told why, and may ask again. */
  | 'FAILED'
  /** Waits for a person. */
  | 'PAUSED'
  /** Let go on without a verdict, on waivers. */
  | 'OVERRIDDEN'
  /** Sent back. */
  | 'REJECTED';

export type GateRunStep = {
  __typename?: 'GateRunStep';
  ordinal: Scalars['Int']['output'];
  kind: GateRunStepKind;
  at: Scalars['DateTime']['output'];
  /** Null: the service by itself. */
  by: Maybe<Scalars['ID']['output']>;
  attempt: Scalars['Int']['output'];
  stateBefore: GateRunState;
  stateAfter: GateRunState;
  reasonCode: Maybe<Scalars['String']['output']>;
  /** The ERROR that the attempt ended with. */
  decisionId: Maybe<Scalars['ID']['output']>;
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  dueAt: Maybe<Scalars['DateTime']['output']>;
  /** Process role: whom it waits for, or to whom it went. */
  role: Maybe<Scalars['String']['output']>;
  /** What an override rests on. */
  waiverIds: Array<Scalars['ID']['output']>;
  fixTaskId: Maybe<Scalars['ID']['output']>;
  /** How often this gate sent this ART_* back, this time included. */
  rework: Maybe<Scalars['Int']['output']>;
};

export type GateRunStepKind = 'RETRIED' | 'PAUSED' | 'RESUMED' | 'OVERRIDDEN' | 'REJECTED' | 'ESCALATED';

export type GateRunConnection = {
  __typename?: 'GateRunConnection';
  nodes: Array<GateRun>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** What a gate said about an artefact version, with everything it was judged with. Immutable. */
export type Decision = {
  __typename?: 'Decision';
  /** Runs that led to it, the newest first; of an ERROR those whose attempt it was. */
  runs: Array<GateRun>;
  id: Scalars['ID']['output'];
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  checklist: ChecklistRef;
  policies: Array<PolicyRef>;
  asOf: Scalars['DateTime']['output'];
  /** The earliest instant at which one of the inputs changes value; null when none ever does. */
  validUntil: Maybe<Scalars['DateTime']['output']>;
  verdict: Verdict;
  /** What it would have been without waivers. */
  verdictWithoutWaivers: Verdict;
  /** Every rule of the checklist, fired or not. */
  rules: Array<RuleResult>;
  /** Digests of all evidence that was judged. */
  evidence: Array<Scalars['Digest']['output']>;
  /** The earlier version that new findings were told from old ones by; null where none was named. */
  baseline: Maybe<BaselineRef>;
  /** Waivers that excused something. */
  waiverIds: Array<Scalars['ID']['output']>;
  /** Over all inputs except as-of. */
  inputsDigest: Scalars['Digest']['output'];
  /** Over the whole result: what the ledger's statement commits to. */
  documentDigest: Scalars['Digest']['output'];
  decidedAt: Scalars['DateTime']['output'];
  /** True when this answer is a recorded decision and not a new judgement. */
  reused: Scalars['Boolean']['output'];
  ledgerEntry: LedgerEntry;
};

/** Returned when there is no such run in this organisation. */
export type GateRunNotFound = Problem & {
  __typename?: 'GateRunNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  runId: Scalars['ID']['output'];
};

/** Returned when where the run stands does not allow the step. */
export type RunStateForbids = Problem & {
  __typename?: 'RunStateForbids';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  runId: Scalars['ID']['output'];
  runState: GateRunState;
};

/** Returned when the run was decided and let the artefact through: there is nothing to send back. */
export type RunPassed = Problem & {
  __typename?: 'RunPassed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  runId: Scalars['ID']['output'];
  decisionId: Scalars['ID']['output'];
};

/** Returned when active waivers do not stand for all that the run could not judge. Nothing was let through. */
export type OverrideNotCovered = Problem & {
  __typename?: 'OverrideNotCovered';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  runId: Scalars['ID']['output'];
  /** What nothing stands for; empty when nobody can tell what was judged. */
  rules: Array<UncoveredRule>;
};

export type UncoveredRule = {
  __typename?: 'UncoveredRule';
  ruleId: Scalars['ID']['output'];
  why: UncoveredReason;
};

export type UncoveredReason =
  /** An active waiver for the whole rule, up to critical, would stand for it. */
  | 'NOT_JUDGED'
  /** It was judged, and did not pass: ask the gate again with a waiver for what it found. */
  | 'NOT_PASSED';

/** Returned when the same question was asked before under this key, and its run waits: for its next attempt, or for a person. */
export type RunWaiting = Problem & {
  __typename?: 'RunWaiting';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  runId: Scalars['ID']['output'];
  runState: GateRunState;
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  ownerRole: Scalars['String']['output'];
};

export type GateStatus = {
  __typename?: 'GateStatus';
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  /** Of the newest entry about both; null where there is none yet. */
  seq: Maybe<Scalars['Long']['output']>;
  /** The decision that stands: the one with the latest as-of. Null before the first. */
  decisionId: Maybe<Scalars['ID']['output']>;
  verdict: Maybe<Verdict>;
  /** What it would have been without waivers. */
  verdictWithoutWaivers: Maybe<Verdict>;
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** Afterwards the verdict holds no longer, and nothing is told for that alone. */
  validUntil: Maybe<Scalars['DateTime']['output']>;
  /** The decision is on record as stale. */
  stale: Scalars['Boolean']['output'];
  /** The newest run. */
  run: Maybe<GateRun>;
};

export type EvaluateGateInput = {
  gateId: Scalars['ID']['input'];
  /** Needed only when the same digest is registered under several ART_* ids. */
  artId?: InputMaybe<Scalars['ID']['input']>;
  digest: Scalars['Digest']['input'];
  /** Judge as of this instant; now when absent. Not in the future. */
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Digest of an earlier version of the same artefact: rules that judge new findings only tell them from old ones by
   * it. Not needed where the checklist names one, and then no other may be named.
   */
  baseline?: InputMaybe<Scalars['Digest']['input']>;
  /** Judge anew even when a recorded decision is valid. */
  rejudge?: InputMaybe<Scalars['Boolean']['input']>;
  /** Wait up to this long for evidence that is still being normalised. At most 30000. */
  waitMs?: InputMaybe<Scalars['Int']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type EvaluateGateResult =
  | Decision
  | GateNotFound
  | ChecklistNotFound
  | ChecklistNotActive
  | ArtefactNotFound
  | ArtefactAmbiguous
  | BaselineNotFound
  | EvidencePending
  | RunWaiting
  | AsOfInFuture
  | InvalidInput
  | LedgerBusy
  | IdempotencyConflict;

/** Returned when no such gate is defined in this organisation. */
export type GateNotFound = Problem & {
  __typename?: 'GateNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  gateId: Scalars['ID']['output'];
};

/** Returned when the gate follows a checklist of which no version was put in force yet. */
export type ChecklistNotActive = Problem & {
  __typename?: 'ChecklistNotActive';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  chkId: Scalars['ID']['output'];
};

/** Returned when a checklist version is named that was never published here. */
export type ChecklistNotFound = Problem & {
  __typename?: 'ChecklistNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  chkId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
};

/** Returned when the digest is registered under several ART_* ids: say which is meant. */
export type ArtefactAmbiguous = Problem & {
  __typename?: 'ArtefactAmbiguous';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
  artIds: Array<Scalars['ID']['output']>;
};

/** Returned when the baseline is no registered version of the artefact. */
export type BaselineNotFound = Problem & {
  __typename?: 'BaselineNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
};

/** Returned while evidence of the artefact is still being normalised. No decision is recorded: ask again. */
export type EvidencePending = Problem & {
  __typename?: 'EvidencePending';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  awaited: Array<Scalars['Digest']['output']>;
};

/** Returned when asked to judge as of a later instant than now. */
export type AsOfInFuture = Problem & {
  __typename?: 'AsOfInFuture';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  asOf: Scalars['DateTime']['output'];
  now: Scalars['DateTime']['output'];
};

export type Locus = 'LOCAL' | 'PR' | 'RELEASE';

export type Gate = {
  __typename?: 'Gate';
  gateId: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  locus: Locus;
  project: Project;
  ownerRole: Scalars['String']['output'];
  chkId: Scalars['ID']['output'];
  /** The version it is pinned to; null when it follows the one in force. */
  checklistVersion: Maybe<Scalars['Int']['output']>;
  /** What it judges with now. */
  checklist: ChecklistVersion;
  /** Longest attempt to judge, milliseconds. */
  maxRunMs: Scalars['Int']['output'];
  /** Severities that count otherwise than their rules say. */
  severityRules: Array<SeverityRule>;
  /** Milliseconds from asking to a decision, all attempts together; null: as long as one attempt may take. */
  slaMs: Maybe<Scalars['Long']['output']>;
  /** What happens to a run that cannot judge for our own fault, before it waits for a person. */
  retry: RetryPolicy;
  /** Milliseconds that a run which waits for a person may wait before it is late. */
  pauseMs: Scalars['Long']['output'];
  /** Who hears of a run that is late. */
  escalation: Array<EscalationStep>;
  /** Who may approve waivers here; empty: the organisation's access policy alone says so. */
  waiverRights: Array<WaiverRight>;
  fallback: GateFallback;
  /** Counts definitions, from 1. */
  version: Scalars['Int']['output'];
  /** Over the whole definition: what its ledger entry commits to. */
  digest: Scalars['Digest']['output'];
  viewerCan: Array<ViewerCan>;
};

/** Precedence: ERROR > FAIL > INDETERMINATE > PASS_WITH_WAIVERS > PASS. */
export type Verdict =
  | 'PASS'
  | 'PASS_WITH_WAIVERS'
  /** Evidence missing, stale, partial, not run, crashed or unreadable. */
  | 'INDETERMINATE'
  | 'FAIL'
  /** Our own fault: engine, configuration, limit. Never reused. */
  | 'ERROR';

export type Outcome = 'PASS' | 'FAIL' | 'WAIVED' | 'INDETERMINATE' | 'NOT_APPLICABLE' | 'SKIPPED' | 'ERROR';

export type BaselineRef = {
  __typename?: 'BaselineRef';
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
  /** Digests of all evidence about it. */
  evidence: Array<Scalars['Digest']['output']>;
};

export type ChecklistRef = {
  __typename?: 'ChecklistRef';
  chkId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  digest: Scalars['Digest']['output'];
  /** The module that judged for all its policies; null when each was judged by its own. */
  bundle: Maybe<Scalars['Digest']['output']>;
};

export type RuleResult = {
  __typename?: 'RuleResult';
  ruleId: Scalars['ID']['output'];
  policyId: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  effect: Effect;
  severity: Severity;
  outcome: Outcome;
  /** What it would have been without waivers. */
  outcomeWithoutWaivers: Outcome;
  violations: Array<Violation>;
  /** What could not be judged, and why. */
  gaps: Array<Gap>;
  facts: Scalars['JSON']['output'];
  remediation: Scalars['String']['output'];
  controls: Array<Scalars['String']['output']>;
};

export type Violation = {
  __typename?: 'Violation';
  message: Message;
  severity: Severity;
  /** Its rule's, unless the gate says otherwise of this severity. */
  effect: Effect;
  /** path:line, or the component's purl. */
  where: Maybe<Scalars['String']['output']>;
  /** Stable identity of the finding: what a waiver names. */
  identity: Maybe<FindingIdentity>;
  /** Null when it was seen in the artefact's own header. */
  evidence: Maybe<Scalars['Digest']['output']>;
  /** The waiver that excuses it at as-of. */
  waivedBy: Maybe<Scalars['ID']['output']>;
};

export type FindingIdentity = {
  __typename?: 'FindingIdentity';
  scheme: Scalars['String']['output'];
  value: Scalars['String']['output'];
  occurrence: Scalars['Int']['output'];
};

export type Gap = {
  __typename?: 'Gap';
  message: Message;
  evidence: Maybe<Scalars['Digest']['output']>;
};

export type InboxSection =
  /** Requests that the viewer may approve: by role, and never their own. */
  | 'WAIVER_TO_REVIEW'
  /** Gate runs that wait for a person, where the viewer may do something about it. */
  | 'RUN_PAUSED'
  /** Waivers in force that end soon. */
  | 'WAIVER_EXPIRES'
  /** Standing decisions that hold no longer soon. */
  | 'DECISION_EXPIRES'
  /** Standing decisions that the gate would not make today; they are being judged again. */
  | 'DECISION_STALE'
  /** Gate runs that should be done by now. */
  | 'RUN_LATE';

export type InboxConnection = {
  __typename?: 'InboxConnection';
  nodes: Array<InboxItem>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type InboxItem = {
  __typename?: 'InboxItem';
  section: InboxSection;
  /** Of the waiver, the run or the decision. */
  id: Scalars['ID']['output'];
  gateId: Maybe<Scalars['ID']['output']>;
  artId: Maybe<Scalars['ID']['output']>;
  artefactDigest: Maybe<Scalars['Digest']['output']>;
  since: Scalars['DateTime']['output'];
  /** When it ends, or should be done; null where nothing says so. */
  due: Maybe<Scalars['DateTime']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type InboxCount = {
  __typename?: 'InboxCount';
  section: InboxSection;
  count: Scalars['Int']['output'];
  /** True when there may be more: no more were looked at. */
  isBound: Scalars['Boolean']['output'];
};

/** Periods are of the calendar, in UTC; a week begins on Monday. */
export type KpiDimension = 'PROJECT' | 'GATE' | 'DAY' | 'WEEK' | 'MONTH';

export type KpiState =
  | 'MEASURED'
  /** There was nothing to count, which is not 0 %. */
  | 'NOT_MEASURED';

export type Kpis = {
  __typename?: 'Kpis';
  /** A project's id, a gate's id, or the first instant of a period; null without a dimension. */
  key: Maybe<Scalars['String']['output']>;
  /** Of units first judged in the period: those whose first judgement let them through. */
  firstPassRate: KpiShare;
  /** Judgements beyond the first of each unit. */
  reworkCount: KpiCount;
  /** Fix tasks opened. */
  fixTasks: Scalars['Int']['output'];
  /** Of acceptance criteria first stated in the period and not withdrawn: those that a test is linked to. */
  criteriaTestCoverage: KpiShare;
  /** Milliseconds from the beginning of a unit to its first pass, of units that passed in the period. */
  cycleTime: KpiDurations;
  /** Milliseconds since their approval, of waivers approved in the period and in force at its end. */
  waiverAge: KpiDurations;
  /** Of waivers approved in the period: those that ever excused something. */
  waiverUsage: KpiShare;
};

export type KpiShare = {
  __typename?: 'KpiShare';
  state: KpiState;
  /** 0 to 1; null when not measured. */
  value: Maybe<Scalars['Float']['output']>;
  /** Things counted. */
  of: Scalars['Int']['output'];
};

export type KpiCount = {
  __typename?: 'KpiCount';
  state: KpiState;
  /** Null when not measured. */
  value: Maybe<Scalars['Int']['output']>;
  of: Scalars['Int']['output'];
};

export type KpiDurations = {
  __typename?: 'KpiDurations';
  state: KpiState;
  median: Maybe<Scalars['Float']['output']>;
  p90: Maybe<Scalars['Float']['output']>;
  of: Scalars['Int']['output'];
};

export type LedgerFilter = {
  kind?: InputMaybe<Scalars['String']['input']>;
  gateId?: InputMaybe<Scalars['ID']['input']>;
  artefactDigest?: InputMaybe<Scalars['Digest']['input']>;
  decisionId?: InputMaybe<Scalars['ID']['input']>;
  waiverId?: InputMaybe<Scalars['ID']['input']>;
  caseId?: InputMaybe<Scalars['ID']['input']>;
};

export type LedgerConnection = {
  __typename?: 'LedgerConnection';
  nodes: Array<LedgerEntry>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

/** One leaf of the Merkle log and the signed statement beside it, exactly as hashed. */
export type LedgerEntry = {
  __typename?: 'LedgerEntry';
  seq: Scalars['Long']['output'];
  at: Scalars['DateTime']['output'];
  kind: Scalars['String']['output'];
  /** SHA-256 of 0x00 and the leaf (RFC 6962). */
  leafHash: Scalars['Digest']['output'];
  /** The leaf's bytes, base64. */
  leaf: Scalars['String']['output'];
  /** The in-toto statement's bytes, base64. */
  statement: Scalars['String']['output'];
  /** Facts of the customer's event log, free of personal data. */
  facts: Scalars['JSON']['output'];
};

export type Checkpoint = {
  __typename?: 'Checkpoint';
  size: Scalars['Long']['output'];
  root: Scalars['String']['output'];
  /** The signed note, verifiable with the log's public key. */
  note: Scalars['String']['output'];
  /** The same note with the cosignatures of a quorum of witnesses; null while there is none. */
  cosigned: Maybe<Scalars['String']['output']>;
  /** Public key of the log in C2SP vkey form. */
  vkey: Scalars['String']['output'];
};

/** Hashes are 32 bytes, base64. */
export type InclusionProof = {
  __typename?: 'InclusionProof';
  seq: Scalars['Long']['output'];
  size: Scalars['Long']['output'];
  leafHash: Scalars['Digest']['output'];
  /** Of the tree of `size` entries; signed where there is a checkpoint of that size. */
  root: Scalars['String']['output'];
  /** The leaf's sibling first. */
  hashes: Array<Scalars['String']['output']>;
};

/** Hashes are 32 bytes, base64. */
export type ConsistencyProof = {
  __typename?: 'ConsistencyProof';
  from: Scalars['Long']['output'];
  to: Scalars['Long']['output'];
  fromRoot: Scalars['String']['output'];
  toRoot: Scalars['String']['output'];
  hashes: Array<Scalars['String']['output']>;
};

export type RegoFileInput = {
  /** Relative path, e.g. rules/my-rule/my_rule.rego */
  path: Scalars['String']['input'];
  text: Scalars['String']['input'];
};

export type CheckPolicyResult = PolicyChecked | RegoInvalid | OpaUnavailable | OpaBusy | InvalidInput;

export type PolicyChecked = {
  __typename?: 'PolicyChecked';
  files: Scalars['Int']['output'];
  opaVersion: Scalars['String']['output'];
};

/** Returned when Rego does not compile: all errors, sorted by file, row and column. */
export type RegoInvalid = Problem & {
  __typename?: 'RegoInvalid';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  errors: Array<RegoError>;
};

export type RegoError = {
  __typename?: 'RegoError';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  column: Scalars['Int']['output'];
};

export type AttestedItem = {
  __typename?: 'AttestedItem';
  chkId: Scalars['ID']['output'];
  itemId: Scalars['ID']['output'];
  en: Scalars['String']['output'];
  nl: Scalars['String']['output'];
};

export type PolicyRule = {
  __typename?: 'PolicyRule';
  ruleId: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  description: Scalars['String']['output'];
  effect: Effect;
  severity: Severity;
  remediation: Scalars['String']['output'];
  controls: Array<Scalars['String']['output']>;
};

export type Effect =
  /** A failure fails the gate. */
  | 'BLOCK'
  /** A failure is reported and does not count. */
  | 'WARN'
  | 'OFF';

export type PolicyRef = {
  __typename?: 'PolicyRef';
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
};

/** Where the work on a policy stands. Active is not among them: that is said by a checklist. */
export type PolicyState =
  | 'DRAFT'
  /** Exactly this content compiles and keeps the house rules. */
  | 'CHECKED'
  | 'IN_REVIEW'
  | 'PUBLISHED'
  /** In force where it is pinned, and not to be pinned again. */
  | 'RETIRED';

export type PolicyFile = {
  __typename?: 'PolicyFile';
  /** policy.yaml, messages.nl.yaml, README.md, cases/….yaml, rules/…, lib/…, data.json */
  path: Scalars['String']['output'];
  /** Of the text's UTF-8 bytes. */
  digest: Scalars['Digest']['output'];
  text: Scalars['String']['output'];
};

export type PolicyDraft = {
  __typename?: 'PolicyDraft';
  policyId: Scalars['ID']['output'];
  /** Rises by one with every save: pass it as `expectedVersion`. */
  version: Scalars['Int']['output'];
  /** The highest version there is. */
  latestVersion: Scalars['Int']['output'];
  state: Maybe<PolicyState>;
  /** Over the listing of its files. Null where this version threw the draft away. */
  digest: Maybe<Scalars['Digest']['output']>;
  savedBy: Scalars['ID']['output'];
  savedAt: Scalars['DateTime']['output'];
  /** Everybody who saved a version since the last publication. */
  authors: Array<Scalars['ID']['output']>;
  files: Array<PolicyFile>;
  /** All versions, newest first. */
  history: Array<PolicyRevision>;
  /** The latest review of this version. */
  review: Maybe<PolicyReview>;
  /** Of this policy, newest first. */
  reviews: Array<PolicyReview>;
  /** What this version was published as. */
  published: Maybe<PolicyRef>;
  viewerCan: Array<ViewerCan>;
};

export type PolicyRevision = {
  __typename?: 'PolicyRevision';
  version: Scalars['Int']['output'];
  digest: Maybe<Scalars['Digest']['output']>;
  savedBy: Scalars['ID']['output'];
  savedAt: Scalars['DateTime']['output'];
};

export type PolicyDraftConnection = {
  __typename?: 'PolicyDraftConnection';
  nodes: Array<PolicyDraft>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type PolicyReviewState =
  | 'OPEN'
  | 'CHANGES_REQUESTED'
  /** A later version of the draft was saved. */
  | 'SUPERSEDED'
  | 'PUBLISHED';

/** A draft frozen for others to look at, with the library modules that it uses. */
export type PolicyReview = {
  __typename?: 'PolicyReview';
  id: Scalars['ID']['output'];
  policyId: Scalars['ID']['output'];
  /** The policy's first, second … review. */
  ordinal: Scalars['Int']['output'];
  /** Of the draft. */
  draftVersion: Scalars['Int']['output'];
  /** The number under which it would be published. */
  version: Scalars['String']['output'];
  state: PolicyReviewState;
  /** Over the listing of its files. */
  digest: Scalars['Digest']['output'];
  /** Their approval counts for nothing. */
  authors: Array<Scalars['ID']['output']>;
  requestedBy: Scalars['ID']['output'];
  requestedAt: Scalars['DateTime']['output'];
  /** Null after the requester's personal data was erased. */
  note: Maybe<Scalars['String']['output']>;
  outcomes: Array<PolicyReviewOutcome>;
  /** By persons who wrote none of it. */
  approvals: Scalars['Int']['output'];
  files: Array<PolicyFile>;
  viewerCan: Array<ViewerCan>;
};

export type PolicyVerdict = 'APPROVE' | 'REQUEST_CHANGES';

export type PolicyReviewOutcome = {
  __typename?: 'PolicyReviewOutcome';
  outcome: PolicyVerdict;
  reviewedBy: Scalars['ID']['output'];
  at: Scalars['DateTime']['output'];
  /** Null after the reviewer's personal data was erased. */
  comment: Maybe<Scalars['String']['output']>;
};

/** One side of a comparison. */
export type PolicySideInput =
  | {
      draftVersion: Scalars['Int']['input'];
      publishedVersion?: never;
    } /** Number, digest or its first digits. */
  | { draftVersion?: never; publishedVersion: Scalars['String']['input'] };

export type SavePolicyDraftInput = {
  policyId: Scalars['ID']['input'];
  /** The version that the edit was based on; 0 where there is no draft. */
  expectedVersion: Scalars['Int']['input'];
  /** The whole draft: what is not here is removed. */
  files: Array<RegoFileInput>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type DiscardPolicyDraftInput = {
  policyId: Scalars['ID']['input'];
  expectedVersion: Scalars['Int']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type FormatPolicyDraftInput = {
  policyId: Scalars['ID']['input'];
  expectedVersion: Scalars['Int']['input'];
  /** Otherwise the formatted files are only shown. */
  save?: InputMaybe<Scalars['Boolean']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RequestPolicyReviewInput = {
  policyId: Scalars['ID']['input'];
  expectedVersion: Scalars['Int']['input'];
  /** What changed and why. Kept encrypted, apart from the ledger's public facts. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ReviewPolicyInput = {
  reviewId: Scalars['ID']['input'];
  outcome: PolicyVerdict;
  /** Required, kept encrypted. */
  comment: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type PublishPolicyInput = {
  reviewId: Scalars['ID']['input'];
  context?: InputMaybe<ProcessContextInput>;
  /** Publishing what is published answers it, whatever the key. */
  idempotencyKey: Scalars['String']['input'];
};

export type RetirePolicyInput = {
  policyId: Scalars['ID']['input'];
  version: Scalars['String']['input'];
  /** Required, kept encrypted. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type SavePolicyDraftResult =
  PolicyDraft | PolicyDraftStale | PolicyStateForbids | InvalidInput | IdempotencyConflict;

export type DiscardPolicyDraftResult =
  | PolicyDraft
  | PolicyDraftNotFound
  | PolicyDraftStale
  | PolicyStateForbids
  | InvalidInput
  | IdempotencyConflict;

export type CheckPolicyDraftResult =
  PolicyDraftChecked | PolicyInvalid | PolicyDraftNotFound | OpaUnavailable | OpaBusy | InvalidInput;

export type FormatPolicyDraftResult =
  | PolicyDraftFormatted
  | PolicyInvalid
  | PolicyDraftNotFound
  | PolicyDraftStale
  | PolicyStateForbids
  | OpaUnavailable
  | OpaBusy
  | InvalidInput
  | IdempotencyConflict;

export type TestPolicyDraftResult =
  PolicyTestReport | PolicyInvalid | PolicyDraftNotFound | OpaUnavailable | OpaBusy | InvalidInput;

export type RequestPolicyReviewResult =
  | PolicyReview
  | PolicyDraftNotFound
  | PolicyDraftStale
  | PolicyStateForbids
  | PolicyInvalid
  | PolicyTestsMissing
  | PolicyTestsFailed
  | PolicyCoverageTooLow
  | PolicyVersionTaken
  | OpaUnavailable
  | OpaBusy
  | InvalidInput
  | IdempotencyConflict;

export type ReviewPolicyResult =
  | PolicyReview
  | PolicyReviewNotFound
  | PolicyReviewClosed
  | PolicyStateForbids
  | ReviewerIsAuthor
  | AlreadyReviewed
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

export type PublishPolicyResult =
  | PolicyVersion
  | PolicyReviewNotFound
  | PolicyReviewClosed
  | PolicyNotApproved
  | PolicyInvalid
  | PolicyTestsMissing
  | PolicyTestsFailed
  | PolicyCoverageTooLow
  | PolicyVersionTaken
  | NotPermitted
  | OpaUnavailable
  | OpaBusy
  | InvalidInput
  | IdempotencyConflict;

export type RetirePolicyResult =
  PolicyVersion | PolicyVersionNotFound | PolicyStateForbids | InvalidInput | IdempotencyConflict;

export type PolicyDiffResult = PolicyDiff | PolicyDraftNotFound | PolicyVersionNotFound;

export type PolicyDraftChecked = {
  __typename?: 'PolicyDraftChecked';
  draft: PolicyDraft;
  /** The library modules that the draft did not bring are counted, too. */
  files: Scalars['Int']['output'];
  opaVersion: Scalars['String']['output'];
};

export type PolicyDraftFormatted = {
  __typename?: 'PolicyDraftFormatted';
  /** The draft as saved, or as it was where nothing was saved. */
  draft: PolicyDraft;
  files: Array<PolicyFile>;
  changed: Array<Scalars['String']['output']>;
};

export type PolicyTestReport = {
  __typename?: 'PolicyTestReport';
  passed: Scalars['Int']['output'];
  failed: Scalars['Int']['output'];
  /** The draft's own, not the library's. */
  outcomes: Array<PolicyTestOutcome>;
  /** Null where a test fails, or there is none. */
  coverage: Maybe<PolicyCoverage>;
};

export type PolicyTestResult = 'PASS' | 'FAIL' | 'SKIP' | 'ERROR';

export type PolicyTestOutcome = {
  __typename?: 'PolicyTestOutcome';
  name: Scalars['String']['output'];
  package: Scalars['String']['output'];
  outcome: PolicyTestResult;
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  /** The error, or what the test printed. */
  output: Scalars['String']['output'];
  /** Where it first failed. */
  failedAt: Maybe<PolicyPlace>;
};

export type PolicyPlace = {
  __typename?: 'PolicyPlace';
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  column: Scalars['Int']['output'];
};

/** Of the files and rules that the draft's authors answer for. */
export type PolicyCoverage = {
  __typename?: 'PolicyCoverage';
  files: Array<PolicyFileCoverage>;
  rules: Array<PolicyRuleCoverage>;
};

export type PolicyFileCoverage = {
  __typename?: 'PolicyFileCoverage';
  file: Scalars['String']['output'];
  percent: Scalars['Float']['output'];
  notCovered: Array<PolicyRows>;
};

export type PolicyRuleCoverage = {
  __typename?: 'PolicyRuleCoverage';
  rule: Scalars['String']['output'];
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  column: Scalars['Int']['output'];
  covered: Scalars['Boolean']['output'];
  notCovered: Array<PolicyRows>;
};

/** Rows counted from 1, both ends included. */
export type PolicyRows = {
  __typename?: 'PolicyRows';
  fromRow: Scalars['Int']['output'];
  toRow: Scalars['Int']['output'];
};

export type PolicyDiff = {
  __typename?: 'PolicyDiff';
  files: Array<PolicyFileDifference>;
};

export type PolicyFileChange = 'ADDED' | 'CHANGED' | 'REMOVED';

/** One file that differs. A text is null where the file is not there. */
export type PolicyFileDifference = {
  __typename?: 'PolicyFileDifference';
  path: Scalars['String']['output'];
  change: PolicyFileChange;
  before: Maybe<Scalars['String']['output']>;
  after: Maybe<Scalars['String']['output']>;
};

export type PolicySide = 'YOURS' | 'THEIRS' | 'BOTH';

/** One file of a stale save that is not the same on both sides: all that a merge needs beside your own text. */
export type PolicyFileConflict = {
  __typename?: 'PolicyFileConflict';
  path: Scalars['String']['output'];
  changedBy: PolicySide;
  /** What they did to it; what you did where they left it alone. */
  change: PolicyFileChange;
  /** As it was at `expectedVersion`. */
  base: Maybe<Scalars['String']['output']>;
  theirs: Maybe<Scalars['String']['output']>;
};

/** Returned when somebody saved in between. Nothing was stored. */
export type PolicyDraftStale = Problem & {
  __typename?: 'PolicyDraftStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  currentVersion: Scalars['Int']['output'];
  currentDigest: Maybe<Scalars['Digest']['output']>;
  savedBy: Scalars['ID']['output'];
  savedAt: Scalars['DateTime']['output'];
  files: Array<PolicyFileConflict>;
};

/** Returned when nobody works on this policy, or this version of the draft was never saved. */
export type PolicyDraftNotFound = Problem & {
  __typename?: 'PolicyDraftNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
};

/** Returned when no such version of the policy is published. */
export type PolicyVersionNotFound = Problem & {
  __typename?: 'PolicyVersionNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
};

/** Returned when where the policy stands does not allow the step. */
export type PolicyStateForbids = Problem & {
  __typename?: 'PolicyStateForbids';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  /** Null where there is no draft. */
  policyState: Maybe<PolicyState>;
  action: Scalars['String']['output'];
};

/** Returned when a policy has mistakes: all of them, sorted by file, row and column. */
export type PolicyInvalid = Problem & {
  __typename?: 'PolicyInvalid';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  errors: Array<RegoError>;
};

/** Returned when a policy has no tests of its own. */
export type PolicyTestsMissing = Problem & {
  __typename?: 'PolicyTestsMissing';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
};

/** Returned when tests of the policy fail. */
export type PolicyTestsFailed = Problem & {
  __typename?: 'PolicyTestsFailed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  failed: Array<PolicyTestOutcome>;
};

/** Returned when the tests reach less of a file than the access policy demands. */
export type PolicyCoverageTooLow = Problem & {
  __typename?: 'PolicyCoverageTooLow';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  floor: Scalars['Float']['output'];
  files: Array<PolicyFileCoverage>;
};

/** Returned when the version number is published already. */
export type PolicyVersionTaken = Problem & {
  __typename?: 'PolicyVersionTaken';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
};

/** Returned when no such review exists in this organisation. */
export type PolicyReviewNotFound = Problem & {
  __typename?: 'PolicyReviewNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reviewId: Scalars['ID']['output'];
};

/** Returned when the review is over. */
export type PolicyReviewClosed = Problem & {
  __typename?: 'PolicyReviewClosed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reviewId: Scalars['ID']['output'];
  reviewState: PolicyReviewState;
};

/** Returned when somebody who wrote part of the policy tries to approve it. */
export type ReviewerIsAuthor = Problem & {
  __typename?: 'ReviewerIsAuthor';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reviewId: Scalars['ID']['output'];
};

/** Returned when this person has reviewed before. */
export type AlreadyReviewed = Problem & {
  __typename?: 'AlreadyReviewed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reviewId: Scalars['ID']['output'];
};

/** Returned when too few others have approved. */
export type PolicyNotApproved = Problem & {
  __typename?: 'PolicyNotApproved';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reviewId: Scalars['ID']['output'];
  approvals: Scalars['Int']['output'];
  requiredApprovals: Scalars['Int']['output'];
};

/** Returned when the compiler has no room for one more caller. Nothing was done; ask again. */
export type OpaBusy = Problem & {
  __typename?: 'OpaBusy';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  running: Scalars['Int']['output'];
  waiting: Scalars['Int']['output'];
};

/** Returned when an id, digest, selector or time does not have the required form. */
export type InvalidInput = Problem & {
  __typename?: 'InvalidInput';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Which argument, as a path: input.digest */
  path: Scalars['String']['output'];
  expected: Scalars['String']['output'];
};

/** Returned when the artefact version is not registered in this organisation. */
export type ArtefactNotFound = Problem & {
  __typename?: 'ArtefactNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  artId: Maybe<Scalars['ID']['output']>;
  digest: Maybe<Scalars['Digest']['output']>;
};

/** Returned when the project is not known in this organisation. */
export type ProjectNotFound = Problem & {
  __typename?: 'ProjectNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  project: Scalars['String']['output'];
};

/** Returned when the same idempotency key was used before for something else. Nothing was stored. */
export type IdempotencyConflict = Problem & {
  __typename?: 'IdempotencyConflict';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Ledger sequence number of the entry that holds the key. */
  seq: Maybe<Scalars['Long']['output']>;
};

/** Returned when as much waits to be recorded as this replica takes on. Nothing was recorded and nothing is lost: ask again in a moment, with the same idempotency key. What HTTP calls 503. */
export type LedgerBusy = Problem & {
  __typename?: 'LedgerBusy';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Entries accepted and not yet committed. */
  waiting: Scalars['Int']['output'];
};

/** Returned when the caller's roles allow the operation in general but a policy refuses this case. */
export type NotPermitted = Problem & {
  __typename?: 'NotPermitted';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Why, as the access policy says it: a code of policies/access. */
  refusal: Message;
  /** The whole refusal – why, and what would be needed – in each language that there is. */
  texts: Array<RefusalText>;
  /** The rule that refused. Null for a version of the access policy before 1.5.0, and where it could not be asked. */
  rule: Maybe<AccessRule>;
  /** What would have to be otherwise, as far as somebody could see to it. Null where the policy does not say. */
  needed: Maybe<NeededAccess>;
  /** What to do about it, as the policy says. */
  remedy: Maybe<Scalars['String']['output']>;
};

export type RefusalText = {
  __typename?: 'RefusalText';
  language: DocumentationLanguage;
  text: Scalars['String']['output'];
};

/** Each part that says something is needed; of a list one. Nothing of it is about anything but the caller's organisation. */
export type NeededAccess = {
  __typename?: 'NeededAccess';
  permission: Maybe<Scalars['String']['output']>;
  /** Access roles; with a permission those that have it. */
  roles: Array<Scalars['String']['output']>;
  processRoles: Array<Scalars['String']['output']>;
  /** A person, and no service or agent. */
  person: Scalars['Boolean']['output'];
  /** Somebody else, whatever roles the caller has. */
  anotherPerson: Scalars['Boolean']['output'];
  /** Where the roles must be held; whoever holds them in the whole organisation holds them in each project. */
  place: AccessPlace;
};

export type AccessPlace = 'PROJECT' | 'ORGANISATION';

/** Returned when the official OPA is needed (authoring) and could not be found. */
export type OpaUnavailable = Problem & {
  __typename?: 'OpaUnavailable';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** What the operator can do about it. */
  remedy: Scalars['String']['output'];
};

export type WorkItemKind =
  | 'PROJECT'
  | 'FEATURE'
  | 'STORY'
  /** Opened as a fix task, not saved. */
  | 'FIX';

export type WorkItemStatus = 'PLANNED' | 'ACTIVE' | 'DONE' | 'CANCELLED';

/** How much of the process a case goes through. */
export type ProcessRoute =
  | 'STANDARD'
  /** One to three stories. */
  | 'SMALL_FEATURE'
  /** One story of less than four hours. */
  | 'SINGLE_STORY';

export type SaveWorkItemInput = {
  caseId: Scalars['ID']['input'];
  /** 0 for a new one. */
  expectedVersion: Scalars['Int']['input'];
  /** Slug of the project it belongs to. */
  project: Scalars['String']['input'];
  kind: WorkItemKind;
  /** A feature stands below a project, a story below a feature. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** What people call it. Kept encrypted, apart from the ledger's public facts. */
  title: Scalars['String']['input'];
  /** In whole minutes: 3.5, 0.25. */
  estimatedHours?: InputMaybe<Scalars['Float']['input']>;
  status?: InputMaybe<WorkItemStatus>;
  /** TMP_*: the template that the case follows. */
  templateId?: InputMaybe<Scalars['ID']['input']>;
  /** The newest one unless said otherwise. */
  templateVersion?: InputMaybe<Scalars['Int']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type CaseCommandInput = {
  caseId: Scalars['ID']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

/** Exactly one member must be given. */
export type ArtefactRefInput =
  | {
      artId: Scalars['ID']['input'];
      kind?: never;
    } /** What a step says an artefact is to the process: PRD, ARCHITECTURE … */
  | { artId?: never; kind: Scalars['String']['input'] };

export type GateNeedInput = {
  gateId: Scalars['ID']['input'];
  on: ArtefactRefInput;
};

export type ControlInput = {
  gateId: Scalars['ID']['input'];
  on: ArtefactRefInput;
  /** One rule of what the gate judges with; without it the whole gate must pass. */
  ruleId?: InputMaybe<Scalars['ID']['input']>;
};

export type SkipInput = {
  route: ProcessRoute;
  /** What must hold instead. At least one. */
  controls: Array<ControlInput>;
};

export type ActivityInput = {
  actId: Scalars['ID']['input'];
  title: LocalisedTextInput;
  /** Process role that acts. */
  role: Scalars['String']['input'];
  /** What must be made before it starts, in the case or in one above it. */
  needs?: InputMaybe<Array<ArtefactRefInput>>;
  /** What it must have made when it is finished. */
  makes?: InputMaybe<Array<ArtefactRefInput>>;
  /** What must have passed before it starts; on is one of needs. */
  gates?: InputMaybe<Array<GateNeedInput>>;
  skips?: InputMaybe<Array<SkipInput>>;
};

export type PublishTemplateInput = {
  /** TMP_* */
  templateId: Scalars['ID']['input'];
  /** 0 for a new one. */
  expectedVersion: Scalars['Int']['input'];
  title: LocalisedTextInput;
  /** In order. */
  activities: Array<ActivityInput>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type StepEvent = 'STARTED' | 'FINISHED';

export type StepArtefactInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  /** What it is to the process: PRD, ARCHITECTURE … */
  kind?: InputMaybe<Scalars['String']['input']>;
};

export type RecordStepInput = {
  caseId: Scalars['ID']['input'];
  /** ACT_* */
  actId: Scalars['ID']['input'];
  event: StepEvent;
  /** What a finished activity made: registered versions. */
  artefacts?: InputMaybe<Array<StepArtefactInput>>;
  /** Its role is the process role that acted, its agent the one that did. */
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type StateCriterionInput = {
  caseId: Scalars['ID']['input'];
  /** Unique within the case: AC-1. */
  criterionId: Scalars['ID']['input'];
  /** 0 for a new one. */
  expectedVersion: Scalars['Int']['input'];
  /** What must hold. Kept encrypted. */
  text: Scalars['String']['input'];
  /** Tests that show it, as their runner names them. */
  testIds?: InputMaybe<Array<Scalars['String']['input']>>;
  /** No longer asked for. */
  withdrawn?: InputMaybe<Scalars['Boolean']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ChangeProcessRoleInput = {
  /** Slug. */
  project: Scalars['String']['input'];
  /** PO, PM, ARCH, QA, SEC, DEV, OPS … */
  role: Scalars['String']['input'];
  principalId: Scalars['ID']['input'];
  assigned: Scalars['Boolean']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ArtefactRelationKind = 'DERIVED_FROM' | 'SHARD_OF' | 'SUPERSEDES';

export type RelateArtefactsInput = {
  /** Is derived from, is a shard of, or supersedes `to`. */
  from: ArtefactVersionInput;
  relation: ArtefactRelationKind;
  to: ArtefactVersionInput;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type FixOutcome =
  | 'FIXED'
  /** No longer needed. */
  | 'OBSOLETE';

export type CloseFixTaskInput = {
  fixTaskId: Scalars['ID']['input'];
  outcome: FixOutcome;
  /** Audit note, required. Kept encrypted. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type SaveWorkItemResult =
  | WorkItem
  | WorkItemStale
  | ParentRefused
  | TemplateNotFound
  | ProjectNotFound
  | InvalidInput
  | IdempotencyConflict;

export type ChooseRouteResult = RouteRecord | CaseNotFound | ProcessPolicyMissing | IdempotencyConflict;

export type PublishTemplateResult = ProcessTemplate | TemplateStale | InvalidInput | IdempotencyConflict;

export type RecordStepResult =
  ProcessStep | CaseNotFound | CaseClosed | ArtefactNotFound | InvalidInput | IdempotencyConflict;

export type StateCriterionResult =
  AcceptanceCriterion | CriterionStale | CaseNotFound | InvalidInput | IdempotencyConflict;

export type ChangeProcessRoleResult =
  ProcessRoleHolder | ProjectNotFound | PrincipalNotFound | InvalidInput | IdempotencyConflict;

export type RelateArtefactsResult = ArtefactRelation | ArtefactNotFound | RelationCycle | IdempotencyConflict;

export type RemediateCaseResult =
  | Remediation
  | CaseNotFound
  | CaseWithoutTemplate
  | TemplateNotFound
  | ProcessPolicyMissing
  | IdempotencyConflict;

export type CloseFixTaskResult =
  FixTask | FixTaskNotFound | FixTaskClosed | InvalidInput | IdempotencyConflict;

export type ConformanceResult = CaseConformance | CaseNotFound | CaseWithoutTemplate | TemplateNotFound;

/** A case of the delivery process, at one version. */
export type WorkItem = {
  __typename?: 'WorkItem';
  caseId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  projectId: Scalars['ID']['output'];
  kind: WorkItemKind;
  parentId: Maybe<Scalars['ID']['output']>;
  /** Null after the personal data of whoever wrote it was erased. */
  title: Maybe<Scalars['String']['output']>;
  estimatedHours: Maybe<Scalars['Float']['output']>;
  status: WorkItemStatus;
  templateId: Maybe<Scalars['ID']['output']>;
  templateVersion: Maybe<Scalars['Int']['output']>;
  changedBy: Maybe<Scalars['ID']['output']>;
  changedAt: Scalars['DateTime']['output'];
  parent: Maybe<WorkItem>;
  children: Array<WorkItem>;
  /** The route it has, and whether the policy still says so. */
  route: CaseRoute;
  steps: Array<ProcessStep>;
  /** Those that were not withdrawn. */
  criteria: Array<AcceptanceCriterion>;
  /** How often something of it had to be mended, by gate. */
  rework: Array<Rework>;
  viewerCan: Array<ViewerCan>;
};

export type WorkItemConnection = {
  __typename?: 'WorkItemConnection';
  nodes: Array<WorkItem>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type CaseRoute = {
  __typename?: 'CaseRoute';
  /** STANDARD until another was chosen. */
  route: ProcessRoute;
  /** Null when the policy cannot be asked. */
  fits: Maybe<Scalars['Boolean']['output']>;
  /** What was recorded last; null when nothing was. */
  latest: Maybe<RouteRecord>;
};

export type RouteEvent =
  | 'CHOSEN'
  /** Hours or stories changed: the route that was chosen asks for less than the policy does. */
  | 'OUTGROWN'
  /** It fits again. */
  | 'REGAINED';

export type RouteRecord = {
  __typename?: 'RouteRecord';
  caseId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  event: RouteEvent;
  /** What the policy says. */
  route: ProcessRoute;
  reasonCode: Scalars['String']['output'];
  estimatedHours: Maybe<Scalars['Float']['output']>;
  stories: Scalars['Int']['output'];
  /** Of the process checklist's version: policy and parameters. */
  policyDigest: Scalars['Digest']['output'];
  recordedBy: Maybe<Scalars['ID']['output']>;
  recordedAt: Scalars['DateTime']['output'];
};

export type Bilingual = {
  __typename?: 'Bilingual';
  en: Scalars['String']['output'];
  nl: Scalars['String']['output'];
};

export type ProcessTemplate = {
  __typename?: 'ProcessTemplate';
  templateId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  title: Bilingual;
  activities: Array<Activity>;
  publishedBy: Maybe<Scalars['ID']['output']>;
  publishedAt: Scalars['DateTime']['output'];
};

export type ProcessTemplateConnection = {
  __typename?: 'ProcessTemplateConnection';
  nodes: Array<ProcessTemplate>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Activity = {
  __typename?: 'Activity';
  actId: Scalars['ID']['output'];
  title: Bilingual;
  role: Scalars['String']['output'];
  needs: Array<ArtefactRef>;
  makes: Array<ArtefactRef>;
  gates: Array<GateNeed>;
  skips: Array<ActivitySkip>;
};

/** By id or by kind: the other is null. */
export type ArtefactRef = {
  __typename?: 'ArtefactRef';
  artId: Maybe<Scalars['ID']['output']>;
  kind: Maybe<Scalars['String']['output']>;
};

export type GateNeed = {
  __typename?: 'GateNeed';
  gateId: Scalars['ID']['output'];
  on: ArtefactRef;
};

export type ActivitySkip = {
  __typename?: 'ActivitySkip';
  route: ProcessRoute;
  controls: Array<CompensatingControl>;
};

export type CompensatingControl = {
  __typename?: 'CompensatingControl';
  gateId: Scalars['ID']['output'];
  on: ArtefactRef;
  ruleId: Maybe<Scalars['ID']['output']>;
};

export type StepArtefact = {
  __typename?: 'StepArtefact';
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
  kind: Maybe<Scalars['String']['output']>;
};

export type ProcessStep = {
  __typename?: 'ProcessStep';
  caseId: Scalars['ID']['output'];
  ordinal: Scalars['Int']['output'];
  actId: Scalars['ID']['output'];
  event: StepEvent;
  role: Maybe<Scalars['String']['output']>;
  artefacts: Array<StepArtefact>;
  agent: Maybe<AgentHeader>;
  actorId: Scalars['ID']['output'];
  at: Scalars['DateTime']['output'];
};

export type AcceptanceCriterion = {
  __typename?: 'AcceptanceCriterion';
  caseId: Scalars['ID']['output'];
  criterionId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  /** Null after the personal data of whoever wrote it was erased. */
  text: Maybe<Scalars['String']['output']>;
  testIds: Array<Scalars['String']['output']>;
  withdrawn: Scalars['Boolean']['output'];
  changedBy: Scalars['ID']['output'];
  changedAt: Scalars['DateTime']['output'];
};

export type ProcessRoleHolder = {
  __typename?: 'ProcessRoleHolder';
  role: Scalars['String']['output'];
  principalId: Scalars['ID']['output'];
  assigned: Scalars['Boolean']['output'];
  changedBy: Maybe<Scalars['ID']['output']>;
  changedAt: Scalars['DateTime']['output'];
};

export type ArtefactRelation = {
  __typename?: 'ArtefactRelation';
  from: RelatedVersion;
  relation: ArtefactRelationKind;
  to: RelatedVersion;
  statedBy: Scalars['ID']['output'];
  statedAt: Scalars['DateTime']['output'];
};

export type RelatedVersion = {
  __typename?: 'RelatedVersion';
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
};

export type RemediationKind = 'RERUN' | 'RE_SHARD' | 'REOPEN_STORY';

/** Something to be mended: a work item of kind FIX, linked to what broke. */
export type FixTask = {
  __typename?: 'FixTask';
  fixTaskId: Scalars['ID']['output'];
  status: WorkItemStatus;
  /** Of its work item. */
  version: Scalars['Int']['output'];
  projectId: Scalars['ID']['output'];
  caseId: Maybe<Scalars['ID']['output']>;
  actId: Maybe<Scalars['ID']['output']>;
  gateId: Maybe<Scalars['ID']['output']>;
  runId: Maybe<Scalars['ID']['output']>;
  artId: Maybe<Scalars['ID']['output']>;
  artefactDigest: Maybe<Scalars['Digest']['output']>;
  reasonCode: Scalars['String']['output'];
  remediation: RemediationKind;
  openedBy: Maybe<Scalars['ID']['output']>;
  openedAt: Scalars['DateTime']['output'];
  viewerCan: Array<ViewerCan>;
};

export type FixTaskConnection = {
  __typename?: 'FixTaskConnection';
  nodes: Array<FixTask>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Rework = {
  __typename?: 'Rework';
  gateId: Maybe<Scalars['ID']['output']>;
  count: Scalars['Int']['output'];
};

/** The fix tasks of a case's deviations, opened now or open already. */
export type Remediation = {
  __typename?: 'Remediation';
  fixTasks: Array<FixTask>;
};

export type ActivityState = 'PENDING' | 'RUNNING' | 'FINISHED' | 'SKIPPED';

export type CaseConformance = {
  __typename?: 'CaseConformance';
  caseId: Scalars['ID']['output'];
  templateId: Scalars['ID']['output'];
  templateVersion: Scalars['Int']['output'];
  route: ProcessRoute;
  conformant: Scalars['Boolean']['output'];
  /** In the template's order. */
  activities: Array<ActivityConformance>;
  /** Of the case as a whole. */
  deviations: Array<Message>;
};

export type ActivityConformance = {
  __typename?: 'ActivityConformance';
  actId: Scalars['ID']['output'];
  state: ActivityState;
  conformant: Scalars['Boolean']['output'];
  deviations: Array<Message>;
  /** Where it was skipped: what held instead. */
  controls: Array<CompensatingControl>;
};

/** Returned when no such case exists in this organisation. */
export type CaseNotFound = Problem & {
  __typename?: 'CaseNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
};

/** Returned when the case is done or cancelled: reopen it first. */
export type CaseClosed = Problem & {
  __typename?: 'CaseClosed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
  status: WorkItemStatus;
};

/** Returned when the case follows no template: there is nothing that it could conform to. */
export type CaseWithoutTemplate = Problem & {
  __typename?: 'CaseWithoutTemplate';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
};

/** Returned when somebody saved in between. Both sides are here; theirs is null where nothing stands. */
export type WorkItemStale = Problem & {
  __typename?: 'WorkItemStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  theirs: Maybe<WorkItem>;
  yours: WorkItem;
};

/** Returned when somebody saved in between. Both sides are here; theirs is null where nothing stands. */
export type CriterionStale = Problem & {
  __typename?: 'CriterionStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
  criterionId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  theirs: Maybe<AcceptanceCriterion>;
  yours: AcceptanceCriterion;
};

/** Returned when the case may not stand there. */
export type ParentRefused = Problem & {
  __typename?: 'ParentRefused';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  caseId: Scalars['ID']['output'];
  parentId: Maybe<Scalars['ID']['output']>;
  /** kind, project, cycle or missing */
  reasonCode: Scalars['String']['output'];
};

/** Returned when there is no such template, or no such version of it. */
export type TemplateNotFound = Problem & {
  __typename?: 'TemplateNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  templateId: Scalars['ID']['output'];
  version: Maybe<Scalars['Int']['output']>;
};

/** Returned when somebody published in between. Both sides are here; theirs is null where nothing stands. */
export type TemplateStale = Problem & {
  __typename?: 'TemplateStale';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  templateId: Scalars['ID']['output'];
  expectedVersion: Scalars['Int']['output'];
  theirs: Maybe<ProcessTemplate>;
  yours: ProcessTemplate;
};

/** Returned when the relation would close a cycle. */
export type RelationCycle = Problem & {
  __typename?: 'RelationCycle';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
};

/** Returned when there is no such fix task. */
export type FixTaskNotFound = Problem & {
  __typename?: 'FixTaskNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  fixTaskId: Scalars['ID']['output'];
};

/** Returned when the fix task was closed before. */
export type FixTaskClosed = Problem & {
  __typename?: 'FixTaskClosed';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  fixTaskId: Scalars['ID']['output'];
  status: WorkItemStatus;
};

/** Returned when no process policy is in force, or it cannot be asked: nothing was chosen. */
export type ProcessPolicyMissing = Problem & {
  __typename?: 'ProcessPolicyMissing';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  reasonCode: Scalars['String']['output'];
};

export type EvaluatePolicyInput = {
  policyId: Scalars['ID']['input'];
  /** Its number. */
  version: Scalars['String']['input'];
  /** Rule path, such as assay/access/authorise/decision. Not needed where the version has only one. */
  entrypoint?: InputMaybe<Scalars['String']['input']>;
  /** What the rules see as `input`: at most 1 MiB. An object without `parameters` is given the policy's defaults. */
  input: Scalars['JSON']['input'];
  /** What the policy's clock says; now where absent. */
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  /** Without one each question is another. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

export type EvaluatePoliciesInput = {
  policyId: Scalars['ID']['input'];
  version: Scalars['String']['input'];
  entrypoint?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 500. */
  inputs: Array<Scalars['JSON']['input']>;
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  /** With the place of each input it makes the key of that one. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

export type EvaluatePolicyResult =
  | PolicyAnswer
  | PolicyVersionNotFound
  | EntrypointNotFound
  | PolicyInputTooLarge
  | PolicyUnanswered
  | LedgerBusy
  | InvalidInput
  | IdempotencyConflict;

export type PolicyAnswer = {
  __typename?: 'PolicyAnswer';
  value: Scalars['JSON']['output'];
  policy: PolicyRef;
  entrypoint: Scalars['String']['output'];
  asOf: Scalars['DateTime']['output'];
  /** Of what the policy was given, its parameters among it. */
  inputDigest: Scalars['Digest']['output'];
  answerDigest: Scalars['Digest']['output'];
  /** The entry that records it. Null where a grant of the caller's says that it is not recorded. */
  entrySeq: Maybe<Scalars['Long']['output']>;
};

/** Returned when this version has no such entrypoint, or several and none was named. */
export type EntrypointNotFound = Problem & {
  __typename?: 'EntrypointNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  entrypoint: Scalars['String']['output'];
  entrypoints: Array<Scalars['String']['output']>;
};

/** Returned when the input is larger than what is taken. */
export type PolicyInputTooLarge = Problem & {
  __typename?: 'PolicyInputTooLarge';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  sizeBytes: Scalars['Long']['output'];
  limitBytes: Scalars['Long']['output'];
};

export type UnansweredCause =
  /** No rule says anything of this input. */
  | 'UNDEFINED'
  /** The evaluation failed. */
  | 'FAULT'
  | 'DEADLINE'
  /** Nothing was evaluated: ask again. */
  | 'BUSY';

/** Returned when the policy has no answer. Nothing was recorded. */
export type PolicyUnanswered = Problem & {
  __typename?: 'PolicyUnanswered';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  cause: UnansweredCause;
  detail: Scalars['String']['output'];
};

export type RequestScanInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  /** sha256 digest of an archive that was handed in: tar, tar.gz or zip. With `checkout`, the commit as gitCommit. */
  source: Scalars['Digest']['input'];
  /**
   * Name of a git repository that the operator put into ASSAY_CHECKOUTS_FOLDER of the workers. Nothing is fetched: a commit
   * that is not there is evidence of that. When the artefact version is itself a commit, it must be this one.
   */
  checkout?: InputMaybe<Scalars['String']['input']>;
  /** Names as `scanners` lists them. */
  scanners: Array<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RequestScanResult = Scan | ArtefactNotFound | SourceNotFound | InvalidInput | IdempotencyConflict;

/** Returned when the source was never handed in, or was removed since: it is kept until it is scanned. */
export type SourceNotFound = Problem & {
  __typename?: 'SourceNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
};

export type Scan = {
  __typename?: 'Scan';
  id: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  source: Scalars['Digest']['output'];
  /** Of which repository the source is a commit; null for an archive. */
  checkout: Maybe<Scalars['String']['output']>;
  requestedBy: Scalars['ID']['output'];
  requestedAt: Scalars['DateTime']['output'];
  progress: ScanProgress;
  tasks: Array<ScanTask>;
};

/** In scanners. */
export type ScanProgress = {
  __typename?: 'ScanProgress';
  done: Scalars['Int']['output'];
  total: Scalars['Int']['output'];
  /** Milliseconds until all are done, from how long they usually take here; null while nobody can tell. */
  etaMs: Maybe<Scalars['Long']['output']>;
};

export type ScanState =
  /** No worker has begun. */
  'REQUESTED' | 'RUNNING' | 'DONE';

/**
 * FINISHED: the scanner ended as it does after its work. PARTIAL: so it did, and left something out. FAILED: it ended
 * otherwise, or was ended. NOT_RUN: it was never begun. NOTHING_TO_SCAN: the source holds nothing it looks at. Only
 * FINISHED can become COMPLETE evidence.
 */
export type ScanOutcome = 'FINISHED' | 'PARTIAL' | 'FAILED' | 'NOT_RUN' | 'NOTHING_TO_SCAN';

export type ScanTask = {
  __typename?: 'ScanTask';
  scanner: Scalars['String']['output'];
  state: ScanState;
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  startedAt: Maybe<Scalars['DateTime']['output']>;
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** Null until it is done. */
  outcome: Maybe<ScanOutcome>;
  /** What came of it, as any evidence; null until it is done. */
  evidenceId: Maybe<Scalars['ID']['output']>;
  /** Of the stored bytes. Other evidence may have the same: ask by `evidenceId`. */
  evidence: Maybe<Scalars['Digest']['output']>;
  /** Sequence number of the entry that records the request. */
  seq: Scalars['Long']['output'];
};

export type Scanner = {
  __typename?: 'Scanner';
  name: Scalars['String']['output'];
  /** The questions its reports speak to. */
  kinds: Array<Scalars['String']['output']>;
  /** Format of its report. */
  format: Scalars['String']['output'];
  /** The version that `assay scanners install` takes; null where the system brings it. */
  version: Maybe<Scalars['String']['output']>;
};

export type ImportSuppressionsInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  gateId: Scalars['ID']['input'];
  /** Absent: what the tools' own reports about this artefact say is suppressed. */
  ignoreFile?: InputMaybe<IgnoreFileInput>;
  /** The worst severity a request may excuse. */
  severity: Severity;
  effectiveUntil: Scalars['DateTime']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  reference?: InputMaybe<Scalars['String']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type IgnoreFileInput = {
  format: IgnoreFileFormat;
  /** Only the places are read; values that a baseline holds are neither stored nor logged. */
  text: Scalars['String']['input'];
};

export type IgnoreFileFormat =
  | 'GITLEAKSIGNORE'
  /** A gitleaks 8 report that serves as a baseline. */
  | 'GITLEAKS_BASELINE'
  | 'DETECT_SECRETS_BASELINE';

export type ImportSuppressionsResult =
  SuppressionImport | ArtefactNotFound | NotPermitted | WaiverTooLong | InvalidInput | IdempotencyConflict;

export type SuppressionImport = {
  __typename?: 'SuppressionImport';
  requested: Array<Waiver>;
  /** Suppressions that became no request. */
  unmatched: Array<UnmatchedSuppression>;
};

export type UnmatchedSuppression = {
  __typename?: 'UnmatchedSuppression';
  /** Of the ignore file, from 1; null for a baseline. */
  line: Maybe<Scalars['Int']['output']>;
  text: Scalars['String']['output'];
  why: UnmatchedReason;
};

export type UnmatchedReason =
  /** Nothing stands there now: the suppression can go. */
  | 'GONE'
  | 'UNREADABLE'
  /** The report names the place and not the value: a waiver would excuse whatever stands there next. */
  | 'NAMELESS';

export type EvaluateGatesInput = {
  /** 1 to 100; answered in their order. */
  questions: Array<GateQuestionInput>;
  /** Judge anew even when a recorded decision is valid. */
  rejudge?: InputMaybe<Scalars['Boolean']['input']>;
  /** Wait up to this long for evidence that is still being normalised. At most 30000. */
  waitMs?: InputMaybe<Scalars['Int']['input']>;
  context?: InputMaybe<ProcessContextInput>;
  /** Of the batch: sent again, each question is answered with what it led to, whatever their order. */
  idempotencyKey: Scalars['String']['input'];
};

export type GateQuestionInput = {
  gateId: Scalars['ID']['input'];
  artId?: InputMaybe<Scalars['ID']['input']>;
  digest: Scalars['Digest']['input'];
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};

export type EvaluateGatesResult = GateAnswers | InvalidInput;

export type GateAnswers = {
  __typename?: 'GateAnswers';
  answers: Array<EvaluateGateResult>;
};

export type VerdictAtResult =
  | UnrecordedVerdict
  | GateNotFound
  | ChecklistNotFound
  | ChecklistNotActive
  | ArtefactNotFound
  | ArtefactAmbiguous
  | EvidencePending
  | AsOfInFuture;

/** A judgement that nobody recorded: for looking, never for letting anything pass. */
export type UnrecordedVerdict = {
  __typename?: 'UnrecordedVerdict';
  /** Always false. */
  recorded: Scalars['Boolean']['output'];
  gateId: Scalars['ID']['output'];
  /** Of the gate's definition that stood then. */
  gateVersion: Scalars['Int']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  asOf: Scalars['DateTime']['output'];
  /** As far as was known then. */
  validUntil: Maybe<Scalars['DateTime']['output']>;
  verdict: Verdict;
  verdictWithoutWaivers: Verdict;
  checklist: ChecklistRef;
  rules: Array<RuleResult>;
  evidence: Array<Scalars['Digest']['output']>;
  waiverIds: Array<Scalars['ID']['output']>;
  inputsDigest: Scalars['Digest']['output'];
  documentDigest: Scalars['Digest']['output'];
};

/** A request as it might be made; no reason is needed to look. */
export type WaiverPreviewInput = {
  selectors: Array<WaiverSelectorInput>;
  severity: Severity;
  effectiveFrom?: InputMaybe<Scalars['DateTime']['input']>;
  effectiveUntil: Scalars['DateTime']['input'];
  renews?: InputMaybe<Scalars['ID']['input']>;
};

export type WaiverPreviewResult = WaiverPreview | WaiverNotFound | NotRenewable | InvalidInput;

export type WaiverPreview = {
  __typename?: 'WaiverPreview';
  /** Whether the viewer may ask for this, and the code of the access policy. */
  allowed: Scalars['Boolean']['output'];
  reasonCode: Scalars['String']['output'];
  /** Longest allowed, in days, and so until when at most. */
  maxDurationDays: Scalars['Int']['output'];
  longestUntil: Scalars['DateTime']['output'];
  approvalsNeeded: Scalars['Int']['output'];
  /** Of these, still to come. */
  approvalsMissing: Scalars['Int']['output'];
  /** What it would excuse in what stands now, of the decisions looked at. */
  excused: Array<PreviewedExcuse>;
  /** Verdicts that would be others. */
  flips: Array<PreviewedFlip>;
  /** Other waivers that are not over, whose scope and window have something in common with this one's. */
  overlaps: Array<OverlappingWaiver>;
  /** Decisions in its scope that were judged with it and without. */
  judged: Scalars['Int']['output'];
  /** Of those looked at, what cannot be judged now. */
  unjudged: Scalars['Int']['output'];
  /** Of the standing decisions at its gate, or at all; up to 10000, and 10001 for more. */
  totalCount: Scalars['Int']['output'];
  pageInfo: PageInfo;
};

export type PreviewedExcuse = {
  __typename?: 'PreviewedExcuse';
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  decisionId: Scalars['ID']['output'];
  ruleId: Scalars['ID']['output'];
  severity: Severity;
  where: Maybe<Scalars['String']['output']>;
  message: Scalars['String']['output'];
  /** The waiver that excuses it already. */
  excusedBy: Maybe<Scalars['ID']['output']>;
};

export type PreviewedFlip = {
  __typename?: 'PreviewedFlip';
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  decisionId: Scalars['ID']['output'];
  before: Verdict;
  after: Verdict;
};

export type OverlappingWaiver = {
  __typename?: 'OverlappingWaiver';
  waiverId: Scalars['ID']['output'];
  state: WaiverState;
  /** How its scope lies to the previewed one: SAME, WIDER, NARROWER or OVERLAPPING. */
  relation: ScopeRelation;
};

export type ScopeRelation = 'SAME' | 'WIDER' | 'NARROWER' | 'OVERLAPPING';

/** Exactly one member must be given. A waiver excuses what all of its selectors match. */
export type WaiverSelectorInput =
  | {
      gate: Scalars['ID']['input'];
      rule?: never;
      finding?: never;
      artefact?: never;
      artefactPattern?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule: Scalars['ID']['input'];
      finding?: never;
      artefact?: never;
      artefactPattern?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule?: never;
      finding: FindingIdentityInput;
      artefact?: never;
      artefactPattern?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact: ArtefactSelectorInput;
      artefactPattern?: never;
      path?: never;
      component?: never;
    } /** Glob over ids of artefacts: * stands for any characters, as in ART_SHOP_*. */
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact?: never;
      artefactPattern: Scalars['String']['input'];
      path?: never;
      component?: never;
    } /** Glob over repository paths: * within a segment, ** across. */
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact?: never;
      artefactPattern?: never;
      path: Scalars['String']['input'];
      component?: never;
    } /** purl of a component. */
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact?: never;
      artefactPattern?: never;
      path?: never;
      component: Scalars['String']['input'];
    };

export type FindingIdentityInput = {
  scheme: Scalars['String']['input'];
  value: Scalars['String']['input'];
  occurrence?: InputMaybe<Scalars['Int']['input']>;
  /** Of the finding's identity in its evidence document: the waiver then follows it into a renamed file. */
  content?: InputMaybe<Scalars['String']['input']>;
};

export type ArtefactSelectorInput = {
  artId: Scalars['ID']['input'];
  digest?: InputMaybe<Scalars['Digest']['input']>;
};

export type RequestWaiverInput = {
  selectors: Array<WaiverSelectorInput>;
  /** The worst severity it may excuse. */
  severity: Severity;
  effectiveFrom?: InputMaybe<Scalars['DateTime']['input']>;
  effectiveUntil: Scalars['DateTime']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  compensatingControl?: InputMaybe<Scalars['String']['input']>;
  reference?: InputMaybe<Scalars['String']['input']>;
  /** The waiver that this one continues: one that was granted, and has run or runs. Its dates stay what they are. */
  renews?: InputMaybe<Scalars['ID']['input']>;
  /** Evidence that is stored already. */
  attachments?: InputMaybe<Array<Scalars['Digest']['input']>>;
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ReviewWaiverInput = {
  waiverId: Scalars['ID']['input'];
  /** Audit note, required. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ApproveAsDelegateInput = {
  waiverId: Scalars['ID']['input'];
  delegationId: Scalars['ID']['input'];
  /** Audit note, required. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type DelegateWaiverApprovalInput = {
  /** Principal who may approve in the caller's place. */
  delegate: Scalars['ID']['input'];
  /** Now when absent. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  until: Scalars['DateTime']['input'];
  /** Why. Kept encrypted. */
  reason: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type WithdrawWaiverDelegationInput = {
  delegationId: Scalars['ID']['input'];
  /** Audit note, required. */
  note: Scalars['String']['input'];
  context?: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RequestWaiverResult =
  | Waiver
  | NotPermitted
  | WaiverTooLong
  | WaiverNotFound
  | NotRenewable
  | AttachmentNotFound
  | InvalidInput
  | IdempotencyConflict;

export type WithdrawWaiverResult =
  Waiver | WaiverNotFound | WaiverNotOpen | NotTheRequester | InvalidInput | IdempotencyConflict;

export type ApproveAsDelegateResult =
  | Waiver
  | WaiverNotFound
  | WaiverNotOpen
  | SelfApproval
  | ApproverIsAuthor
  | AlreadyApproved
  | DelegationNotFound
  | DelegationNotInForce
  | FreshLoginRequired
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

export type DelegateWaiverApprovalResult =
  WaiverDelegation | DelegateNotFound | NotPermitted | InvalidInput | IdempotencyConflict;

export type WithdrawWaiverDelegationResult =
  WaiverDelegation | DelegationNotFound | DelegationNotInForce | InvalidInput | IdempotencyConflict;

export type ReviewWaiverResult =
  | Waiver
  | WaiverNotFound
  | WaiverNotOpen
  | SelfApproval
  | ApproverIsAuthor
  | AlreadyApproved
  | FreshLoginRequired
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

/** Returned when no such waiver exists in this organisation. */
export type WaiverNotFound = Problem & {
  __typename?: 'WaiverNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the waiver's state does not allow the step. */
export type WaiverNotOpen = Problem & {
  __typename?: 'WaiverNotOpen';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
  state: WaiverState;
};

/** Returned when somebody else tries to take a request back. */
export type NotTheRequester = Problem & {
  __typename?: 'NotTheRequester';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when a request names a waiver that was never granted, or was taken away. */
export type NotRenewable = Problem & {
  __typename?: 'NotRenewable';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
  state: WaiverState;
};

/** Returned when an attachment is not evidence of this organisation. */
export type AttachmentNotFound = Problem & {
  __typename?: 'AttachmentNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
};

/** Returned when there is no such delegation to the caller, or of the caller. */
export type DelegationNotFound = Problem & {
  __typename?: 'DelegationNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  delegationId: Scalars['ID']['output'];
};

/** Returned when there is nobody of this id who could approve. */
export type DelegateNotFound = Problem & {
  __typename?: 'DelegateNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  delegateId: Scalars['ID']['output'];
};

/** Returned when a delegation has not begun, has ended or was withdrawn. */
export type DelegationNotInForce = Problem & {
  __typename?: 'DelegationNotInForce';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  delegationId: Scalars['ID']['output'];
  state: DelegationState;
};

/** Returned when the access policy demands a fresher or stronger login of an approver. The same person can log in again. */
export type FreshLoginRequired = Problem & {
  __typename?: 'FreshLoginRequired';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Minutes ago at most; null where any time will do. */
  maxAgeMinutes: Maybe<Scalars['Int']['output']>;
  /** Values of amr of which one is needed; empty where any will do. */
  methods: Array<Scalars['String']['output']>;
  /** Claims that fall short: auth_time, amr. */
  missing: Array<Scalars['String']['output']>;
};

/** Returned when the requester tries to approve their own request. */
export type SelfApproval = Problem & {
  __typename?: 'SelfApproval';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the author of the artefact tries to approve a waiver for it. */
export type ApproverIsAuthor = Problem & {
  __typename?: 'ApproverIsAuthor';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when this person has approved before. */
export type AlreadyApproved = Problem & {
  __typename?: 'AlreadyApproved';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the asked duration exceeds what the access policy allows for this severity. */
export type WaiverTooLong = Problem & {
  __typename?: 'WaiverTooLong';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  maxDurationDays: Scalars['Int']['output'];
};

/** Derived from the approvals and the clock, never stored. */
export type WaiverState =
  | 'REQUESTED'
  | 'REFUSED'
  /** Taken back by whoever asked. */
  | 'WITHDRAWN'
  /** Approved, but its window has not begun. */
  | 'APPROVED'
  | 'ACTIVE'
  | 'EXPIRED'
  | 'REVOKED';

export type WaiverConnection = {
  __typename?: 'WaiverConnection';
  nodes: Array<Waiver>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type Waiver = {
  __typename?: 'Waiver';
  id: Scalars['ID']['output'];
  state: WaiverState;
  selectors: Array<WaiverSelector>;
  severity: Severity;
  effectiveFrom: Scalars['DateTime']['output'];
  effectiveUntil: Scalars['DateTime']['output'];
  requestedAt: Scalars['DateTime']['output'];
  requestedBy: Scalars['ID']['output'];
  requiredApprovals: Scalars['Int']['output'];
  approvals: Array<WaiverApproval>;
  compensatingControl: Maybe<Scalars['String']['output']>;
  reference: Maybe<Scalars['String']['output']>;
  /** The waiver that this one continues. */
  renews: Maybe<Scalars['ID']['output']>;
  /** Waivers that name this one as what they continue, oldest first. */
  renewedBy: Array<Scalars['ID']['output']>;
  attachments: Array<Scalars['Digest']['output']>;
  /** Whose turn it is to look at an open request; null where nobody has to any more. */
  review: Maybe<WaiverReview>;
  /** To whom the request went, one after the other, because nobody had looked in time. */
  escalations: Array<WaiverEscalation>;
  /** Null after the requester's personal data was erased. */
  reason: Maybe<Scalars['String']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type WaiverSelector = {
  __typename?: 'WaiverSelector';
  /** gate, rule, finding, artefact, artefact-pattern, path or component */
  type: Scalars['String']['output'];
  value: Scalars['JSON']['output'];
};

export type WaiverApproval = {
  __typename?: 'WaiverApproval';
  approvedBy: Scalars['ID']['output'];
  at: Scalars['DateTime']['output'];
  /** In whose place; null where the approver spoke for themselves. */
  delegatedFrom: Maybe<Scalars['ID']['output']>;
  /** When the approver had proved who they are, as the token said. */
  authenticatedAt: Maybe<Scalars['DateTime']['output']>;
  /** How, as the token said (amr). */
  authenticationMethods: Array<Scalars['String']['output']>;
};

export type WaiverReview = {
  __typename?: 'WaiverReview';
  /** Process role. */
  role: Scalars['String']['output'];
  /** When it is late, and the request goes to the next role, if there is one. */
  dueAt: Scalars['DateTime']['output'];
};

export type WaiverEscalation = {
  __typename?: 'WaiverEscalation';
  step: Scalars['Int']['output'];
  role: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
};

/** Derived from the window, a withdrawal and the clock, never stored. */
export type DelegationState =
  /** Its window has not begun. */
  'PENDING' | 'ACTIVE' | 'EXPIRED' | 'WITHDRAWN';

export type WaiverDelegation = {
  __typename?: 'WaiverDelegation';
  id: Scalars['ID']['output'];
  state: DelegationState;
  delegator: Scalars['ID']['output'];
  delegate: Scalars['ID']['output'];
  from: Scalars['DateTime']['output'];
  until: Scalars['DateTime']['output'];
  givenAt: Scalars['DateTime']['output'];
  withdrawnAt: Maybe<Scalars['DateTime']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type WaiverDelegationConnection = {
  __typename?: 'WaiverDelegationConnection';
  nodes: Array<WaiverDelegation>;
  pageInfo: PageInfo;
  /** How many match: exact up to 10000; 10001 stands for more than that. */
  totalCount: Scalars['Int']['output'];
};

export type ViewerCan = {
  __typename?: 'ViewerCan';
  action: Scalars['String']['output'];
  allowed: Scalars['Boolean']['output'];
  reasonCode: Scalars['String']['output'];
};

/** Exactly one member must be given. */
export type HypothesisInput =
  | { checklistVersion: ChecklistVersionInput; policyVersion?: never; waiver?: never; advisory?: never }
  | { checklistVersion?: never; policyVersion: PolicyVersionInput; waiver?: never; advisory?: never }
  | { checklistVersion?: never; policyVersion?: never; waiver: WaiverHypothesisInput; advisory?: never }
  | { checklistVersion?: never; policyVersion?: never; waiver?: never; advisory: AdvisoryInput };

export type ChecklistVersionInput = {
  chkId: Scalars['ID']['input'];
  version: Scalars['Int']['input'];
};

export type PolicyVersionInput = {
  policyId: Scalars['ID']['input'];
  version: Scalars['String']['input'];
};

export type WaiverHypothesis =
  /** As if all approvals that it needs were there; judged when it begins, if that is later than now. */
  'APPROVED' | 'REVOKED';

export type WaiverHypothesisInput = {
  waiverId: Scalars['ID']['input'];
  as: WaiverHypothesis;
};

/** A vulnerability laid over the components that stored bills of materials list. */
export type AdvisoryInput = {
  /** CVE-…, GHSA-… */
  id: Scalars['String']['input'];
  /** Of the package, without a version: pkg:npm/lodash. */
  purl: Scalars['String']['input'];
  /** The first version that has it; every one when absent. */
  introduced?: InputMaybe<Scalars['String']['input']>;
  /** The first version that has it no more. */
  fixed?: InputMaybe<Scalars['String']['input']>;
  severity: Severity;
};

export type WhatChangesIfResult =
  WhatChangesIf | ChecklistNotFound | PolicyNotPublished | WaiverNotFound | InvalidInput;

export type WhatChangesIf = {
  __typename?: 'WhatChangesIf';
  flips: Array<VerdictFlip>;
  /** Of those looked at: decisions that the hypothesis concerns. */
  judged: Scalars['Int']['output'];
  /** Of those looked at: what cannot be judged now, e.g. while evidence is on its way. */
  unjudged: Scalars['Int']['output'];
  /** Standing decisions in all, up to 10000, and 10001 for more: those beyond the page are still to be looked at. */
  totalCount: Scalars['Int']['output'];
  pageInfo: PageInfo;
};

export type VerdictFlip = {
  __typename?: 'VerdictFlip';
  gateId: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  decisionId: Scalars['ID']['output'];
  before: Verdict;
  after: Verdict;
  rules: Array<RuleFlip>;
};

export type RuleFlip = {
  __typename?: 'RuleFlip';
  policyId: Scalars['ID']['output'];
  ruleId: Scalars['ID']['output'];
  /** Null where it would not be asked. */
  before: Maybe<Outcome>;
  after: Maybe<Outcome>;
};
