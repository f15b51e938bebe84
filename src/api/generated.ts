// Generated from graphql/*.graphql by `npm run generate`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  /** RFC 3339 date-time in UTC with milliseconds, e.g. 2026-11-20T19:30:00.000Z. */
  DateTime: { input: string; output: string };
  /** Algorithm and lower-case hex: sha256:… (64 digits) or gitCommit:… (40 or 64 digits). */
  Digest: { input: string; output: string };
  /** Any JSON value, exactly as recorded. */
  JSON: { input: unknown; output: unknown };
  /** An integer that may exceed 32 bits, at most 2^53 - 1. */
  Long: { input: number; output: number };
};

export type Query = {
  __typename: 'Query';
  /** Who I am here and what I may do. */
  viewer: Viewer;
  projects: Array<Project>;
  /** An artefact version by digest, or by a prefix of at least 8 hex digits; null when none or several match. */
  artefact: Maybe<ArtefactVersion>;
  /** Evidence by the digest of its stored bytes, or by a prefix of at least 8 hex digits. */
  evidence: Maybe<Evidence>;
  gate: Maybe<Gate>;
  gates: Array<Gate>;
  decision: Maybe<Decision>;
  /** Entries of this organisation in ledger order, newest last. */
  ledger: LedgerConnection;
  /** The latest signed tree head, a C2SP checkpoint; null before the integrator has signed one. */
  checkpoint: Maybe<Checkpoint>;
  /** Published policy versions, newest first. */
  policies: Array<PolicyVersion>;
  checklist: Maybe<ChecklistVersion>;
  waiver: Maybe<Waiver>;
  waivers: WaiverConnection;
};

export type QueryArtefactArgs = {
  digest: Scalars['String']['input'];
};

export type QueryEvidenceArgs = {
  digest: Scalars['String']['input'];
};

export type QueryGateArgs = {
  gateId: Scalars['ID']['input'];
};

export type QueryDecisionArgs = {
  id: Scalars['ID']['input'];
};

export type QueryLedgerArgs = {
  filter: InputMaybe<LedgerFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
};

export type QueryChecklistArgs = {
  chkId: Scalars['ID']['input'];
  version: InputMaybe<Scalars['Int']['input']>;
};

export type QueryWaiverArgs = {
  id: Scalars['ID']['input'];
};

export type QueryWaiversArgs = {
  state: InputMaybe<WaiverState>;
  gateId: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename: 'Mutation';
  /** Makes an artefact version known by its digest. Registering the same version again answers the first. */
  registerArtefact: RegisterArtefactResult;
  /**
   * Submits a report of at most 1 MB as text. Larger or binary ones go to POST /evidence as a stream. Secrets
   * are masked before the first write.
   */
  submitEvidence: SubmitEvidenceResult;
  /**
   * Asks a gate for a verdict on an artefact version. The answer is given after the decision and its ledger
   * entry are committed. Asked again with equal inputs it answers the recorded decision while that is valid.
   */
  evaluateGate: EvaluateGateResult;
  /** Checks Rego with the official OPA: every error at once, with file, row and column. Stores nothing. */
  checkPolicy: CheckPolicyResult;
  /** Asks that something be excused for a time. Excuses nothing until others have approved it. */
  requestWaiver: RequestWaiverResult;
  /** Approves a request. The requester and the artefact's author never can. */
  approveWaiver: ReviewWaiverResult;
  refuseWaiver: ReviewWaiverResult;
  /** Ends an approved waiver now. Decisions already recorded keep what they said. */
  revokeWaiver: ReviewWaiverResult;
};

export type MutationRegisterArtefactArgs = {
  input: RegisterArtefactInput;
};

export type MutationSubmitEvidenceArgs = {
  input: SubmitEvidenceInput;
};

export type MutationEvaluateGateArgs = {
  input: EvaluateGateInput;
};

export type MutationCheckPolicyArgs = {
  files: Array<RegoFileInput>;
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

export type MutationRevokeWaiverArgs = {
  input: ReviewWaiverInput;
};

export type Viewer = {
  __typename: 'Viewer';
  principalId: Scalars['ID']['output'];
  organisation: Organisation;
  kind: PrincipalKind;
  displayName: Scalars['String']['output'];
  roles: Array<Scalars['String']['output']>;
  permissions: Array<Scalars['String']['output']>;
};

export type PrincipalKind = 'PERSON' | 'SERVICE' | 'AGENT';

export type Organisation = {
  __typename: 'Organisation';
  slug: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  timeZone: Scalars['String']['output'];
  locale: Scalars['String']['output'];
};

export type Project = {
  __typename: 'Project';
  slug: Scalars['ID']['output'];
  name: Scalars['String']['output'];
};

export type RegisterArtefactInput = {
  /** Slug of the project it belongs to. */
  project: Scalars['String']['input'];
  /** ART_*: names the logical artefact, unique in the organisation. */
  artId: Scalars['ID']['input'];
  name: InputMaybe<Scalars['String']['input']>;
  digest: Scalars['Digest']['input'];
  /** When an agent made it: with what (model governance). */
  agent: InputMaybe<AgentHeaderInput>;
  context: InputMaybe<ProcessContextInput>;
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
  __typename: 'AgentHeader';
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
  __typename: 'ArtefactVersion';
  artId: Scalars['ID']['output'];
  digest: Scalars['Digest']['output'];
  name: Scalars['String']['output'];
  agent: Maybe<AgentHeader>;
  registeredAt: Scalars['DateTime']['output'];
  evidence: Array<Evidence>;
  decisions: Array<Decision>;
};

/** A logical artefact (ART_*) at one content. Immutable. */
export type ArtefactVersionDecisionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
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
  __typename: 'Message';
  code: Scalars['String']['output'];
  params: Scalars['JSON']['output'];
  text: Scalars['String']['output'];
};

export type PageInfo = {
  __typename: 'PageInfo';
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
  caseId: InputMaybe<Scalars['String']['input']>;
  /** Activity, ACT_*. */
  actId: InputMaybe<Scalars['String']['input']>;
  /** Process role in which the caller acts: PO, PM, ARCH, QA, SEC, DEV, OPS … */
  role: InputMaybe<Scalars['String']['input']>;
};

export type SubmitEvidenceInput = {
  artId: Scalars['ID']['input'];
  digest: Scalars['Digest']['input'];
  text: Scalars['String']['input'];
  /** Only when the content cannot tell (an empty array, say). A declaration that the content belies is an error. */
  declaredFormat: InputMaybe<Scalars['String']['input']>;
  /** Where it comes from: a pipeline, a tool, a person's upload. */
  source: Scalars['String']['input'];
  /** When the tool ran. Evidence grows stale from here. */
  collectedAt: InputMaybe<Scalars['DateTime']['input']>;
  context: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type SubmitEvidenceResult =
  Evidence | ArtefactNotFound | EvidenceTooLarge | InvalidInput | IdempotencyConflict;

/** Returned when the report exceeds the limit. Nothing was stored. */
export type EvidenceTooLarge = Problem & {
  __typename: 'EvidenceTooLarge';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  limitBytes: Scalars['Long']['output'];
};

/** RECEIVED until a worker has normalised it; then what the report says of itself. Only COMPLETE can pass a gate. */
export type EvidenceState = 'RECEIVED' | 'COMPLETE' | 'INCOMPLETE' | 'ERROR' | 'NOT_MEASURED' | 'UNKNOWN';

export type Evidence = {
  __typename: 'Evidence';
  id: Scalars['ID']['output'];
  artId: Scalars['ID']['output'];
  artefactDigest: Scalars['Digest']['output'];
  /** Digest of the bytes as stored (secrets masked). Decisions quote this one. */
  digest: Scalars['Digest']['output'];
  /** Digest of the bytes as received. */
  receivedDigest: Scalars['Digest']['output'];
  sizeBytes: Scalars['Long']['output'];
  /** How many secrets were masked before the first write. */
  maskedCount: Scalars['Int']['output'];
  source: Scalars['String']['output'];
  collectedAt: Scalars['DateTime']['output'];
  receivedAt: Scalars['DateTime']['output'];
  state: EvidenceState;
  format: Maybe<Scalars['String']['output']>;
  formatVersion: Maybe<Scalars['String']['output']>;
  kinds: Array<Scalars['String']['output']>;
  reasons: Array<Message>;
  /** The normal form that policies judge; null until normalised. */
  document: Maybe<Scalars['JSON']['output']>;
};

export type EvaluateGateInput = {
  gateId: Scalars['ID']['input'];
  /** Needed only when the same digest is registered under several ART_* ids. */
  artId: InputMaybe<Scalars['ID']['input']>;
  digest: Scalars['Digest']['input'];
  /** Judge as of this instant; now when absent. Not in the future. */
  asOf: InputMaybe<Scalars['DateTime']['input']>;
  /** Judge anew even when a recorded decision is valid. */
  rejudge: InputMaybe<Scalars['Boolean']['input']>;
  /** Wait up to this long for evidence that is still being normalised. At most 30000. */
  waitMs: InputMaybe<Scalars['Int']['input']>;
  context: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type EvaluateGateResult =
  | Decision
  | GateNotFound
  | ArtefactNotFound
  | EvidencePending
  | AsOfInFuture
  | InvalidInput
  | IdempotencyConflict;

/** Returned when no such gate is defined in this organisation. */
export type GateNotFound = Problem & {
  __typename: 'GateNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  gateId: Scalars['ID']['output'];
};

/** Returned while evidence of the artefact is still being normalised. No decision is recorded: ask again. */
export type EvidencePending = Problem & {
  __typename: 'EvidencePending';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  awaited: Array<Scalars['Digest']['output']>;
};

/** Returned when asked to judge as of a later instant than now. */
export type AsOfInFuture = Problem & {
  __typename: 'AsOfInFuture';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  asOf: Scalars['DateTime']['output'];
  now: Scalars['DateTime']['output'];
};

export type Locus = 'LOCAL' | 'PR' | 'RELEASE';

export type Gate = {
  __typename: 'Gate';
  gateId: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  locus: Locus;
  project: Project;
  ownerRole: Scalars['String']['output'];
  checklist: ChecklistVersion;
  maxRunMs: Scalars['Int']['output'];
  version: Scalars['Int']['output'];
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

/** What a gate said about an artefact version, with everything it was judged with. Immutable. */
export type Decision = {
  __typename: 'Decision';
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

export type ChecklistRef = {
  __typename: 'ChecklistRef';
  chkId: Scalars['ID']['output'];
  version: Scalars['Int']['output'];
  digest: Scalars['Digest']['output'];
};

export type RuleResult = {
  __typename: 'RuleResult';
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
  __typename: 'Violation';
  message: Message;
  severity: Severity;
  /** path:line, or the component's purl. */
  where: Maybe<Scalars['String']['output']>;
  /** Stable identity of the finding: what a waiver names. */
  identity: Maybe<FindingIdentity>;
  evidence: Scalars['Digest']['output'];
  /** The waiver that excuses it at as-of. */
  waivedBy: Maybe<Scalars['ID']['output']>;
};

export type FindingIdentity = {
  __typename: 'FindingIdentity';
  scheme: Scalars['String']['output'];
  value: Scalars['String']['output'];
  occurrence: Scalars['Int']['output'];
};

export type Gap = {
  __typename: 'Gap';
  message: Message;
  evidence: Maybe<Scalars['Digest']['output']>;
};

export type LedgerFilter = {
  kind: InputMaybe<Scalars['String']['input']>;
  gateId: InputMaybe<Scalars['ID']['input']>;
  artefactDigest: InputMaybe<Scalars['Digest']['input']>;
  decisionId: InputMaybe<Scalars['ID']['input']>;
  waiverId: InputMaybe<Scalars['ID']['input']>;
  caseId: InputMaybe<Scalars['ID']['input']>;
};

export type LedgerConnection = {
  __typename: 'LedgerConnection';
  nodes: Array<LedgerEntry>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

/** One leaf of the Merkle log and the signed statement beside it, exactly as hashed. */
export type LedgerEntry = {
  __typename: 'LedgerEntry';
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
  __typename: 'Checkpoint';
  size: Scalars['Long']['output'];
  root: Scalars['String']['output'];
  /** The signed note, verifiable with the log's public key. */
  note: Scalars['String']['output'];
  /** Public key of the log in C2SP vkey form. */
  vkey: Scalars['String']['output'];
};

export type RegoFileInput = {
  /** Relative path, e.g. rules/my-rule/my_rule.rego */
  path: Scalars['String']['input'];
  text: Scalars['String']['input'];
};

export type CheckPolicyResult = PolicyChecked | RegoInvalid | OpaUnavailable | InvalidInput;

export type PolicyChecked = {
  __typename: 'PolicyChecked';
  files: Scalars['Int']['output'];
  opaVersion: Scalars['String']['output'];
};

/** Returned when Rego does not compile: all errors, sorted by file, row and column. */
export type RegoInvalid = Problem & {
  __typename: 'RegoInvalid';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  errors: Array<RegoError>;
};

export type RegoError = {
  __typename: 'RegoError';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  file: Scalars['String']['output'];
  row: Scalars['Int']['output'];
  column: Scalars['Int']['output'];
};

export type PolicyVersion = {
  __typename: 'PolicyVersion';
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
  /** Over manifest, Rego sources and WASM. */
  digest: Scalars['Digest']['output'];
  title: Scalars['String']['output'];
  state: Scalars['String']['output'];
  rules: Array<PolicyRule>;
  parameters: Scalars['JSON']['output'];
  publishedAt: Scalars['DateTime']['output'];
};

export type PolicyRule = {
  __typename: 'PolicyRule';
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

/** A checklist at one version: pins policy versions and thresholds. Immutable. */
export type ChecklistVersion = {
  __typename: 'ChecklistVersion';
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

export type PolicyRef = {
  __typename: 'PolicyRef';
  policyId: Scalars['ID']['output'];
  version: Scalars['String']['output'];
  digest: Scalars['Digest']['output'];
};

/** Returned when an id, digest, selector or time does not have the required form. */
export type InvalidInput = Problem & {
  __typename: 'InvalidInput';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Which argument, as a path: input.digest */
  path: Scalars['String']['output'];
  expected: Scalars['String']['output'];
};

/** Returned when the artefact version is not registered in this organisation. */
export type ArtefactNotFound = Problem & {
  __typename: 'ArtefactNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  artId: Maybe<Scalars['ID']['output']>;
  digest: Maybe<Scalars['Digest']['output']>;
};

/** Returned when the project is not known in this organisation. */
export type ProjectNotFound = Problem & {
  __typename: 'ProjectNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  project: Scalars['String']['output'];
};

/** Returned when the same idempotency key was used before for something else. Nothing was stored. */
export type IdempotencyConflict = Problem & {
  __typename: 'IdempotencyConflict';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Ledger sequence number of the entry that holds the key. */
  seq: Maybe<Scalars['Long']['output']>;
};

/** Returned when the caller's roles allow the operation in general but a policy refuses this case. */
export type NotPermitted = Problem & {
  __typename: 'NotPermitted';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** Why, as the access policy says it: a code of policies/access. */
  reason: Message;
};

/** Returned when the official OPA is needed (authoring) and could not be found. */
export type OpaUnavailable = Problem & {
  __typename: 'OpaUnavailable';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** What the operator can do about it. */
  remedy: Scalars['String']['output'];
};

/** Exactly one member must be given. A waiver excuses what all of its selectors match. */
export type WaiverSelectorInput =
  | {
      gate: Scalars['ID']['input'];
      rule?: never;
      finding?: never;
      artefact?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule: Scalars['ID']['input'];
      finding?: never;
      artefact?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule?: never;
      finding: FindingIdentityInput;
      artefact?: never;
      path?: never;
      component?: never;
    }
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact: ArtefactSelectorInput;
      path?: never;
      component?: never;
    } /** Glob over repository paths: * within a segment, ** across. */
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact?: never;
      path: Scalars['String']['input'];
      component?: never;
    } /** purl of a component. */
  | {
      gate?: never;
      rule?: never;
      finding?: never;
      artefact?: never;
      path?: never;
      component: Scalars['String']['input'];
    };

export type FindingIdentityInput = {
  scheme: Scalars['String']['input'];
  value: Scalars['String']['input'];
  occurrence: InputMaybe<Scalars['Int']['input']>;
};

export type ArtefactSelectorInput = {
  artId: Scalars['ID']['input'];
  digest: InputMaybe<Scalars['Digest']['input']>;
};

export type RequestWaiverInput = {
  selectors: Array<WaiverSelectorInput>;
  /** The worst severity it may excuse. */
  severity: Severity;
  effectiveFrom: InputMaybe<Scalars['DateTime']['input']>;
  effectiveUntil: Scalars['DateTime']['input'];
  /** Why. Kept encrypted, apart from the ledger's public facts. */
  reason: Scalars['String']['input'];
  compensatingControl: InputMaybe<Scalars['String']['input']>;
  reference: InputMaybe<Scalars['String']['input']>;
  context: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type ReviewWaiverInput = {
  waiverId: Scalars['ID']['input'];
  /** Audit note, required. */
  note: Scalars['String']['input'];
  context: InputMaybe<ProcessContextInput>;
  idempotencyKey: Scalars['String']['input'];
};

export type RequestWaiverResult = Waiver | NotPermitted | WaiverTooLong | InvalidInput | IdempotencyConflict;

export type ReviewWaiverResult =
  | Waiver
  | WaiverNotFound
  | WaiverNotOpen
  | SelfApproval
  | ApproverIsAuthor
  | AlreadyApproved
  | NotPermitted
  | InvalidInput
  | IdempotencyConflict;

/** Returned when no such waiver exists in this organisation. */
export type WaiverNotFound = Problem & {
  __typename: 'WaiverNotFound';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the waiver's state does not allow the step. */
export type WaiverNotOpen = Problem & {
  __typename: 'WaiverNotOpen';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
  state: WaiverState;
};

/** Returned when the requester tries to approve their own request. */
export type SelfApproval = Problem & {
  __typename: 'SelfApproval';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the author of the artefact tries to approve a waiver for it. */
export type ApproverIsAuthor = Problem & {
  __typename: 'ApproverIsAuthor';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when this person has approved before. */
export type AlreadyApproved = Problem & {
  __typename: 'AlreadyApproved';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  waiverId: Scalars['ID']['output'];
};

/** Returned when the asked duration exceeds what the access policy allows for this severity. */
export type WaiverTooLong = Problem & {
  __typename: 'WaiverTooLong';
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  maxDurationDays: Scalars['Int']['output'];
};

/** Derived from the approvals and the clock, never stored. */
export type WaiverState =
  | 'REQUESTED'
  | 'REFUSED'
  /** Approved, but its window has not begun. */
  | 'APPROVED'
  | 'ACTIVE'
  | 'EXPIRED'
  | 'REVOKED';

export type WaiverConnection = {
  __typename: 'WaiverConnection';
  nodes: Array<Waiver>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type Waiver = {
  __typename: 'Waiver';
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
  /** Null after the requester's personal data was erased. */
  reason: Maybe<Scalars['String']['output']>;
  viewerCan: Array<ViewerCan>;
};

export type WaiverSelector = {
  __typename: 'WaiverSelector';
  /** gate, rule, finding, artefact, path or component */
  type: Scalars['String']['output'];
  value: Scalars['JSON']['output'];
};

export type WaiverApproval = {
  __typename: 'WaiverApproval';
  approvedBy: Scalars['ID']['output'];
  at: Scalars['DateTime']['output'];
};

export type ViewerCan = {
  __typename: 'ViewerCan';
  action: Scalars['String']['output'];
  allowed: Scalars['Boolean']['output'];
  reasonCode: Scalars['String']['output'];
};

export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<
  TResult,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<
  TResult,
  TKey extends string,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<
  TTypes,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (parent: TParent, context: TContext, info: GraphQLResolveInfo) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  obj: T,
  context: TContext,
  info: GraphQLResolveInfo,
) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<
  TResult = Record<PropertyKey, never>,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  RegisterArtefactResult: ArtefactVersion | ProjectNotFound | InvalidInput | IdempotencyConflict;
  SubmitEvidenceResult: Evidence | ArtefactNotFound | EvidenceTooLarge | InvalidInput | IdempotencyConflict;
  EvaluateGateResult:
    | Decision
    | GateNotFound
    | ArtefactNotFound
    | EvidencePending
    | AsOfInFuture
    | InvalidInput
    | IdempotencyConflict;
  CheckPolicyResult: PolicyChecked | RegoInvalid | OpaUnavailable | InvalidInput;
  RequestWaiverResult: Waiver | NotPermitted | WaiverTooLong | InvalidInput | IdempotencyConflict;
  ReviewWaiverResult:
    | Waiver
    | WaiverNotFound
    | WaiverNotOpen
    | SelfApproval
    | ApproverIsAuthor
    | AlreadyApproved
    | NotPermitted
    | InvalidInput
    | IdempotencyConflict;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem:
    | EvidenceTooLarge
    | GateNotFound
    | EvidencePending
    | AsOfInFuture
    | RegoInvalid
    | InvalidInput
    | ArtefactNotFound
    | ProjectNotFound
    | IdempotencyConflict
    | NotPermitted
    | OpaUnavailable
    | WaiverNotFound
    | WaiverNotOpen
    | SelfApproval
    | ApproverIsAuthor
    | AlreadyApproved
    | WaiverTooLong;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Viewer: ResolverTypeWrapper<Viewer>;
  PrincipalKind: PrincipalKind;
  Organisation: ResolverTypeWrapper<Organisation>;
  Project: ResolverTypeWrapper<Project>;
  RegisterArtefactInput: RegisterArtefactInput;
  AgentHeaderInput: AgentHeaderInput;
  AgentHeader: ResolverTypeWrapper<AgentHeader>;
  RegisterArtefactResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RegisterArtefactResult']>;
  ArtefactVersion: ResolverTypeWrapper<ArtefactVersion>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Digest: ResolverTypeWrapper<Scalars['Digest']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Long: ResolverTypeWrapper<Scalars['Long']['output']>;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Message: ResolverTypeWrapper<Message>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Severity: Severity;
  ProcessContextInput: ProcessContextInput;
  SubmitEvidenceInput: SubmitEvidenceInput;
  SubmitEvidenceResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SubmitEvidenceResult']>;
  EvidenceTooLarge: ResolverTypeWrapper<EvidenceTooLarge>;
  EvidenceState: EvidenceState;
  Evidence: ResolverTypeWrapper<Evidence>;
  EvaluateGateInput: EvaluateGateInput;
  EvaluateGateResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['EvaluateGateResult']>;
  GateNotFound: ResolverTypeWrapper<GateNotFound>;
  EvidencePending: ResolverTypeWrapper<EvidencePending>;
  AsOfInFuture: ResolverTypeWrapper<AsOfInFuture>;
  Locus: Locus;
  Gate: ResolverTypeWrapper<Gate>;
  Verdict: Verdict;
  Outcome: Outcome;
  Decision: ResolverTypeWrapper<Decision>;
  ChecklistRef: ResolverTypeWrapper<ChecklistRef>;
  RuleResult: ResolverTypeWrapper<RuleResult>;
  Violation: ResolverTypeWrapper<Violation>;
  FindingIdentity: ResolverTypeWrapper<FindingIdentity>;
  Gap: ResolverTypeWrapper<Gap>;
  LedgerFilter: LedgerFilter;
  LedgerConnection: ResolverTypeWrapper<LedgerConnection>;
  LedgerEntry: ResolverTypeWrapper<LedgerEntry>;
  Checkpoint: ResolverTypeWrapper<Checkpoint>;
  RegoFileInput: RegoFileInput;
  CheckPolicyResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CheckPolicyResult']>;
  PolicyChecked: ResolverTypeWrapper<PolicyChecked>;
  RegoInvalid: ResolverTypeWrapper<RegoInvalid>;
  RegoError: ResolverTypeWrapper<RegoError>;
  PolicyVersion: ResolverTypeWrapper<PolicyVersion>;
  PolicyRule: ResolverTypeWrapper<PolicyRule>;
  Effect: Effect;
  ChecklistVersion: ResolverTypeWrapper<ChecklistVersion>;
  PolicyRef: ResolverTypeWrapper<PolicyRef>;
  InvalidInput: ResolverTypeWrapper<InvalidInput>;
  ArtefactNotFound: ResolverTypeWrapper<ArtefactNotFound>;
  ProjectNotFound: ResolverTypeWrapper<ProjectNotFound>;
  IdempotencyConflict: ResolverTypeWrapper<IdempotencyConflict>;
  NotPermitted: ResolverTypeWrapper<NotPermitted>;
  OpaUnavailable: ResolverTypeWrapper<OpaUnavailable>;
  WaiverSelectorInput: WaiverSelectorInput;
  FindingIdentityInput: FindingIdentityInput;
  ArtefactSelectorInput: ArtefactSelectorInput;
  RequestWaiverInput: RequestWaiverInput;
  ReviewWaiverInput: ReviewWaiverInput;
  RequestWaiverResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RequestWaiverResult']>;
  ReviewWaiverResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ReviewWaiverResult']>;
  WaiverNotFound: ResolverTypeWrapper<WaiverNotFound>;
  WaiverNotOpen: ResolverTypeWrapper<WaiverNotOpen>;
  SelfApproval: ResolverTypeWrapper<SelfApproval>;
  ApproverIsAuthor: ResolverTypeWrapper<ApproverIsAuthor>;
  AlreadyApproved: ResolverTypeWrapper<AlreadyApproved>;
  WaiverTooLong: ResolverTypeWrapper<WaiverTooLong>;
  WaiverState: WaiverState;
  WaiverConnection: ResolverTypeWrapper<WaiverConnection>;
  Waiver: ResolverTypeWrapper<Waiver>;
  WaiverSelector: ResolverTypeWrapper<WaiverSelector>;
  WaiverApproval: ResolverTypeWrapper<WaiverApproval>;
  ViewerCan: ResolverTypeWrapper<ViewerCan>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  Viewer: Viewer;
  Organisation: Organisation;
  Project: Project;
  RegisterArtefactInput: RegisterArtefactInput;
  AgentHeaderInput: AgentHeaderInput;
  AgentHeader: AgentHeader;
  RegisterArtefactResult: ResolversUnionTypes<ResolversParentTypes>['RegisterArtefactResult'];
  ArtefactVersion: ArtefactVersion;
  DateTime: Scalars['DateTime']['output'];
  Digest: Scalars['Digest']['output'];
  JSON: Scalars['JSON']['output'];
  Long: Scalars['Long']['output'];
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Message: Message;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  ProcessContextInput: ProcessContextInput;
  SubmitEvidenceInput: SubmitEvidenceInput;
  SubmitEvidenceResult: ResolversUnionTypes<ResolversParentTypes>['SubmitEvidenceResult'];
  EvidenceTooLarge: EvidenceTooLarge;
  Evidence: Evidence;
  EvaluateGateInput: EvaluateGateInput;
  EvaluateGateResult: ResolversUnionTypes<ResolversParentTypes>['EvaluateGateResult'];
  GateNotFound: GateNotFound;
  EvidencePending: EvidencePending;
  AsOfInFuture: AsOfInFuture;
  Gate: Gate;
  Decision: Decision;
  ChecklistRef: ChecklistRef;
  RuleResult: RuleResult;
  Violation: Violation;
  FindingIdentity: FindingIdentity;
  Gap: Gap;
  LedgerFilter: LedgerFilter;
  LedgerConnection: LedgerConnection;
  LedgerEntry: LedgerEntry;
  Checkpoint: Checkpoint;
  RegoFileInput: RegoFileInput;
  CheckPolicyResult: ResolversUnionTypes<ResolversParentTypes>['CheckPolicyResult'];
  PolicyChecked: PolicyChecked;
  RegoInvalid: RegoInvalid;
  RegoError: RegoError;
  PolicyVersion: PolicyVersion;
  PolicyRule: PolicyRule;
  ChecklistVersion: ChecklistVersion;
  PolicyRef: PolicyRef;
  InvalidInput: InvalidInput;
  ArtefactNotFound: ArtefactNotFound;
  ProjectNotFound: ProjectNotFound;
  IdempotencyConflict: IdempotencyConflict;
  NotPermitted: NotPermitted;
  OpaUnavailable: OpaUnavailable;
  WaiverSelectorInput: WaiverSelectorInput;
  FindingIdentityInput: FindingIdentityInput;
  ArtefactSelectorInput: ArtefactSelectorInput;
  RequestWaiverInput: RequestWaiverInput;
  ReviewWaiverInput: ReviewWaiverInput;
  RequestWaiverResult: ResolversUnionTypes<ResolversParentTypes>['RequestWaiverResult'];
  ReviewWaiverResult: ResolversUnionTypes<ResolversParentTypes>['ReviewWaiverResult'];
  WaiverNotFound: WaiverNotFound;
  WaiverNotOpen: WaiverNotOpen;
  SelfApproval: SelfApproval;
  ApproverIsAuthor: ApproverIsAuthor;
  AlreadyApproved: AlreadyApproved;
  WaiverTooLong: WaiverTooLong;
  WaiverConnection: WaiverConnection;
  Waiver: Waiver;
  WaiverSelector: WaiverSelector;
  WaiverApproval: WaiverApproval;
  ViewerCan: ViewerCan;
};

export type QueryResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  viewer: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  projects: Resolver<Array<ResolversTypes['Project']>, ParentType, ContextType>;
  artefact: Resolver<
    Maybe<ResolversTypes['ArtefactVersion']>,
    ParentType,
    ContextType,
    RequireFields<QueryArtefactArgs, 'digest'>
  >;
  evidence: Resolver<
    Maybe<ResolversTypes['Evidence']>,
    ParentType,
    ContextType,
    RequireFields<QueryEvidenceArgs, 'digest'>
  >;
  gate: Resolver<
    Maybe<ResolversTypes['Gate']>,
    ParentType,
    ContextType,
    RequireFields<QueryGateArgs, 'gateId'>
  >;
  gates: Resolver<Array<ResolversTypes['Gate']>, ParentType, ContextType>;
  decision: Resolver<
    Maybe<ResolversTypes['Decision']>,
    ParentType,
    ContextType,
    RequireFields<QueryDecisionArgs, 'id'>
  >;
  ledger: Resolver<
    ResolversTypes['LedgerConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryLedgerArgs, 'first'>
  >;
  checkpoint: Resolver<Maybe<ResolversTypes['Checkpoint']>, ParentType, ContextType>;
  policies: Resolver<Array<ResolversTypes['PolicyVersion']>, ParentType, ContextType>;
  checklist: Resolver<
    Maybe<ResolversTypes['ChecklistVersion']>,
    ParentType,
    ContextType,
    RequireFields<QueryChecklistArgs, 'chkId'>
  >;
  waiver: Resolver<
    Maybe<ResolversTypes['Waiver']>,
    ParentType,
    ContextType,
    RequireFields<QueryWaiverArgs, 'id'>
  >;
  waivers: Resolver<
    ResolversTypes['WaiverConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryWaiversArgs, 'first'>
  >;
};

export type MutationResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation'],
> = {
  registerArtefact: Resolver<
    ResolversTypes['RegisterArtefactResult'],
    ParentType,
    ContextType,
    RequireFields<MutationRegisterArtefactArgs, 'input'>
  >;
  submitEvidence: Resolver<
    ResolversTypes['SubmitEvidenceResult'],
    ParentType,
    ContextType,
    RequireFields<MutationSubmitEvidenceArgs, 'input'>
  >;
  evaluateGate: Resolver<
    ResolversTypes['EvaluateGateResult'],
    ParentType,
    ContextType,
    RequireFields<MutationEvaluateGateArgs, 'input'>
  >;
  checkPolicy: Resolver<
    ResolversTypes['CheckPolicyResult'],
    ParentType,
    ContextType,
    RequireFields<MutationCheckPolicyArgs, 'files'>
  >;
  requestWaiver: Resolver<
    ResolversTypes['RequestWaiverResult'],
    ParentType,
    ContextType,
    RequireFields<MutationRequestWaiverArgs, 'input'>
  >;
  approveWaiver: Resolver<
    ResolversTypes['ReviewWaiverResult'],
    ParentType,
    ContextType,
    RequireFields<MutationApproveWaiverArgs, 'input'>
  >;
  refuseWaiver: Resolver<
    ResolversTypes['ReviewWaiverResult'],
    ParentType,
    ContextType,
    RequireFields<MutationRefuseWaiverArgs, 'input'>
  >;
  revokeWaiver: Resolver<
    ResolversTypes['ReviewWaiverResult'],
    ParentType,
    ContextType,
    RequireFields<MutationRevokeWaiverArgs, 'input'>
  >;
};

export type ViewerResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer'],
> = {
  principalId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  organisation: Resolver<ResolversTypes['Organisation'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['PrincipalKind'], ParentType, ContextType>;
  displayName: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  permissions: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OrganisationResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Organisation'] = ResolversParentTypes['Organisation'],
> = {
  slug: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeZone: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  locale: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProjectResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'],
> = {
  slug: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AgentHeaderResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['AgentHeader'] = ResolversParentTypes['AgentHeader'],
> = {
  agentId: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  modelName: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  modelVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  temperature: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  presetId: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  promptHash: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RegisterArtefactResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['RegisterArtefactResult'] =
    ResolversParentTypes['RegisterArtefactResult'],
> = {
  __resolveType: TypeResolveFn<
    'ArtefactVersion' | 'ProjectNotFound' | 'InvalidInput' | 'IdempotencyConflict',
    ParentType,
    ContextType
  >;
};

export type ArtefactVersionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ArtefactVersion'] = ResolversParentTypes['ArtefactVersion'],
> = {
  artId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agent: Resolver<Maybe<ResolversTypes['AgentHeader']>, ParentType, ContextType>;
  registeredAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  evidence: Resolver<Array<ResolversTypes['Evidence']>, ParentType, ContextType>;
  decisions: Resolver<
    Array<ResolversTypes['Decision']>,
    ParentType,
    ContextType,
    RequireFields<ArtefactVersionDecisionsArgs, 'first'>
  >;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DigestScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Digest'], any> {
  name: 'Digest';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export interface LongScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Long'], any> {
  name: 'Long';
}

export type ProblemResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem'],
> = {
  __resolveType: TypeResolveFn<
    | 'EvidenceTooLarge'
    | 'GateNotFound'
    | 'EvidencePending'
    | 'AsOfInFuture'
    | 'RegoInvalid'
    | 'InvalidInput'
    | 'ArtefactNotFound'
    | 'ProjectNotFound'
    | 'IdempotencyConflict'
    | 'NotPermitted'
    | 'OpaUnavailable'
    | 'WaiverNotFound'
    | 'WaiverNotOpen'
    | 'SelfApproval'
    | 'ApproverIsAuthor'
    | 'AlreadyApproved'
    | 'WaiverTooLong',
    ParentType,
    ContextType
  >;
};

export type MessageResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Message'] = ResolversParentTypes['Message'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  params: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  text: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PageInfoResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type SubmitEvidenceResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['SubmitEvidenceResult'] =
    ResolversParentTypes['SubmitEvidenceResult'],
> = {
  __resolveType: TypeResolveFn<
    'Evidence' | 'ArtefactNotFound' | 'EvidenceTooLarge' | 'InvalidInput' | 'IdempotencyConflict',
    ParentType,
    ContextType
  >;
};

export type EvidenceTooLargeResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['EvidenceTooLarge'] = ResolversParentTypes['EvidenceTooLarge'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limitBytes: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EvidenceResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Evidence'] = ResolversParentTypes['Evidence'],
> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  artId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  artefactDigest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  receivedDigest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  sizeBytes: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  maskedCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  source: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  collectedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state: Resolver<ResolversTypes['EvidenceState'], ParentType, ContextType>;
  format: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  formatVersion: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  kinds: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  reasons: Resolver<Array<ResolversTypes['Message']>, ParentType, ContextType>;
  document: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EvaluateGateResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['EvaluateGateResult'] = ResolversParentTypes['EvaluateGateResult'],
> = {
  __resolveType: TypeResolveFn<
    | 'Decision'
    | 'GateNotFound'
    | 'ArtefactNotFound'
    | 'EvidencePending'
    | 'AsOfInFuture'
    | 'InvalidInput'
    | 'IdempotencyConflict',
    ParentType,
    ContextType
  >;
};

export type GateNotFoundResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['GateNotFound'] = ResolversParentTypes['GateNotFound'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  gateId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EvidencePendingResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['EvidencePending'] = ResolversParentTypes['EvidencePending'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  awaited: Resolver<Array<ResolversTypes['Digest']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AsOfInFutureResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['AsOfInFuture'] = ResolversParentTypes['AsOfInFuture'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  asOf: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  now: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GateResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Gate'] = ResolversParentTypes['Gate'],
> = {
  gateId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  locus: Resolver<ResolversTypes['Locus'], ParentType, ContextType>;
  project: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
  ownerRole: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  checklist: Resolver<ResolversTypes['ChecklistVersion'], ParentType, ContextType>;
  maxRunMs: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DecisionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Decision'] = ResolversParentTypes['Decision'],
> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  gateId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  artId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  artefactDigest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  checklist: Resolver<ResolversTypes['ChecklistRef'], ParentType, ContextType>;
  policies: Resolver<Array<ResolversTypes['PolicyRef']>, ParentType, ContextType>;
  asOf: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  validUntil: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  verdict: Resolver<ResolversTypes['Verdict'], ParentType, ContextType>;
  verdictWithoutWaivers: Resolver<ResolversTypes['Verdict'], ParentType, ContextType>;
  rules: Resolver<Array<ResolversTypes['RuleResult']>, ParentType, ContextType>;
  evidence: Resolver<Array<ResolversTypes['Digest']>, ParentType, ContextType>;
  waiverIds: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  inputsDigest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  documentDigest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  decidedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reused: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ledgerEntry: Resolver<ResolversTypes['LedgerEntry'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ChecklistRefResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ChecklistRef'] = ResolversParentTypes['ChecklistRef'],
> = {
  chkId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
};

export type RuleResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['RuleResult'] = ResolversParentTypes['RuleResult'],
> = {
  ruleId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  policyId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  effect: Resolver<ResolversTypes['Effect'], ParentType, ContextType>;
  severity: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  outcome: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  outcomeWithoutWaivers: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  violations: Resolver<Array<ResolversTypes['Violation']>, ParentType, ContextType>;
  gaps: Resolver<Array<ResolversTypes['Gap']>, ParentType, ContextType>;
  facts: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  remediation: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  controls: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ViolationResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Violation'] = ResolversParentTypes['Violation'],
> = {
  message: Resolver<ResolversTypes['Message'], ParentType, ContextType>;
  severity: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  where: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  identity: Resolver<Maybe<ResolversTypes['FindingIdentity']>, ParentType, ContextType>;
  evidence: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  waivedBy: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type FindingIdentityResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['FindingIdentity'] = ResolversParentTypes['FindingIdentity'],
> = {
  scheme: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurrence: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type GapResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Gap'] = ResolversParentTypes['Gap'],
> = {
  message: Resolver<ResolversTypes['Message'], ParentType, ContextType>;
  evidence: Resolver<Maybe<ResolversTypes['Digest']>, ParentType, ContextType>;
};

export type LedgerConnectionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['LedgerConnection'] = ResolversParentTypes['LedgerConnection'],
> = {
  nodes: Resolver<Array<ResolversTypes['LedgerEntry']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type LedgerEntryResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['LedgerEntry'] = ResolversParentTypes['LedgerEntry'],
> = {
  seq: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  at: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  leafHash: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  leaf: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  statement: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  facts: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type CheckpointResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Checkpoint'] = ResolversParentTypes['Checkpoint'],
> = {
  size: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  root: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  note: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vkey: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CheckPolicyResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['CheckPolicyResult'] = ResolversParentTypes['CheckPolicyResult'],
> = {
  __resolveType: TypeResolveFn<
    'PolicyChecked' | 'RegoInvalid' | 'OpaUnavailable' | 'InvalidInput',
    ParentType,
    ContextType
  >;
};

export type PolicyCheckedResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['PolicyChecked'] = ResolversParentTypes['PolicyChecked'],
> = {
  files: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  opaVersion: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegoInvalidResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['RegoInvalid'] = ResolversParentTypes['RegoInvalid'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  errors: Resolver<Array<ResolversTypes['RegoError']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegoErrorResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['RegoError'] = ResolversParentTypes['RegoError'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  file: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  row: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  column: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PolicyVersionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['PolicyVersion'] = ResolversParentTypes['PolicyVersion'],
> = {
  policyId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  title: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rules: Resolver<Array<ResolversTypes['PolicyRule']>, ParentType, ContextType>;
  parameters: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  publishedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PolicyRuleResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['PolicyRule'] = ResolversParentTypes['PolicyRule'],
> = {
  ruleId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  effect: Resolver<ResolversTypes['Effect'], ParentType, ContextType>;
  severity: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  remediation: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  controls: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ChecklistVersionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ChecklistVersion'] = ResolversParentTypes['ChecklistVersion'],
> = {
  chkId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  title: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
  policies: Resolver<Array<ResolversTypes['PolicyRef']>, ParentType, ContextType>;
  parameters: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  freshness: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  publishedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PolicyRefResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['PolicyRef'] = ResolversParentTypes['PolicyRef'],
> = {
  policyId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  digest: Resolver<ResolversTypes['Digest'], ParentType, ContextType>;
};

export type InvalidInputResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['InvalidInput'] = ResolversParentTypes['InvalidInput'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expected: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ArtefactNotFoundResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ArtefactNotFound'] = ResolversParentTypes['ArtefactNotFound'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  artId: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  digest: Resolver<Maybe<ResolversTypes['Digest']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProjectNotFoundResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ProjectNotFound'] = ResolversParentTypes['ProjectNotFound'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  project: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type IdempotencyConflictResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['IdempotencyConflict'] =
    ResolversParentTypes['IdempotencyConflict'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  seq: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotPermittedResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['NotPermitted'] = ResolversParentTypes['NotPermitted'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason: Resolver<ResolversTypes['Message'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OpaUnavailableResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['OpaUnavailable'] = ResolversParentTypes['OpaUnavailable'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  remedy: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RequestWaiverResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['RequestWaiverResult'] =
    ResolversParentTypes['RequestWaiverResult'],
> = {
  __resolveType: TypeResolveFn<
    'Waiver' | 'NotPermitted' | 'WaiverTooLong' | 'InvalidInput' | 'IdempotencyConflict',
    ParentType,
    ContextType
  >;
};

export type ReviewWaiverResultResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ReviewWaiverResult'] = ResolversParentTypes['ReviewWaiverResult'],
> = {
  __resolveType: TypeResolveFn<
    | 'Waiver'
    | 'WaiverNotFound'
    | 'WaiverNotOpen'
    | 'SelfApproval'
    | 'ApproverIsAuthor'
    | 'AlreadyApproved'
    | 'NotPermitted'
    | 'InvalidInput'
    | 'IdempotencyConflict',
    ParentType,
    ContextType
  >;
};

export type WaiverNotFoundResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverNotFound'] = ResolversParentTypes['WaiverNotFound'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  waiverId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WaiverNotOpenResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverNotOpen'] = ResolversParentTypes['WaiverNotOpen'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  waiverId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  state: Resolver<ResolversTypes['WaiverState'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SelfApprovalResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['SelfApproval'] = ResolversParentTypes['SelfApproval'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  waiverId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ApproverIsAuthorResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ApproverIsAuthor'] = ResolversParentTypes['ApproverIsAuthor'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  waiverId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AlreadyApprovedResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['AlreadyApproved'] = ResolversParentTypes['AlreadyApproved'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  waiverId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WaiverTooLongResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverTooLong'] = ResolversParentTypes['WaiverTooLong'],
> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  maxDurationDays: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WaiverConnectionResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverConnection'] = ResolversParentTypes['WaiverConnection'],
> = {
  nodes: Resolver<Array<ResolversTypes['Waiver']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WaiverResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['Waiver'] = ResolversParentTypes['Waiver'],
> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  state: Resolver<ResolversTypes['WaiverState'], ParentType, ContextType>;
  selectors: Resolver<Array<ResolversTypes['WaiverSelector']>, ParentType, ContextType>;
  severity: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  effectiveFrom: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  effectiveUntil: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedBy: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requiredApprovals: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  approvals: Resolver<Array<ResolversTypes['WaiverApproval']>, ParentType, ContextType>;
  compensatingControl: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reference: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  viewerCan: Resolver<Array<ResolversTypes['ViewerCan']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WaiverSelectorResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverSelector'] = ResolversParentTypes['WaiverSelector'],
> = {
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type WaiverApprovalResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['WaiverApproval'] = ResolversParentTypes['WaiverApproval'],
> = {
  approvedBy: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  at: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ViewerCanResolvers<
  ContextType = any,
  ParentType extends ResolversParentTypes['ViewerCan'] = ResolversParentTypes['ViewerCan'],
> = {
  action: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  allowed: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reasonCode: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = any> = {
  Query: QueryResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
  Viewer: ViewerResolvers<ContextType>;
  Organisation: OrganisationResolvers<ContextType>;
  Project: ProjectResolvers<ContextType>;
  AgentHeader: AgentHeaderResolvers<ContextType>;
  RegisterArtefactResult: RegisterArtefactResultResolvers<ContextType>;
  ArtefactVersion: ArtefactVersionResolvers<ContextType>;
  DateTime: GraphQLScalarType;
  Digest: GraphQLScalarType;
  JSON: GraphQLScalarType;
  Long: GraphQLScalarType;
  Problem: ProblemResolvers<ContextType>;
  Message: MessageResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  SubmitEvidenceResult: SubmitEvidenceResultResolvers<ContextType>;
  EvidenceTooLarge: EvidenceTooLargeResolvers<ContextType>;
  Evidence: EvidenceResolvers<ContextType>;
  EvaluateGateResult: EvaluateGateResultResolvers<ContextType>;
  GateNotFound: GateNotFoundResolvers<ContextType>;
  EvidencePending: EvidencePendingResolvers<ContextType>;
  AsOfInFuture: AsOfInFutureResolvers<ContextType>;
  Gate: GateResolvers<ContextType>;
  Decision: DecisionResolvers<ContextType>;
  ChecklistRef: ChecklistRefResolvers<ContextType>;
  RuleResult: RuleResultResolvers<ContextType>;
  Violation: ViolationResolvers<ContextType>;
  FindingIdentity: FindingIdentityResolvers<ContextType>;
  Gap: GapResolvers<ContextType>;
  LedgerConnection: LedgerConnectionResolvers<ContextType>;
  LedgerEntry: LedgerEntryResolvers<ContextType>;
  Checkpoint: CheckpointResolvers<ContextType>;
  CheckPolicyResult: CheckPolicyResultResolvers<ContextType>;
  PolicyChecked: PolicyCheckedResolvers<ContextType>;
  RegoInvalid: RegoInvalidResolvers<ContextType>;
  RegoError: RegoErrorResolvers<ContextType>;
  PolicyVersion: PolicyVersionResolvers<ContextType>;
  PolicyRule: PolicyRuleResolvers<ContextType>;
  ChecklistVersion: ChecklistVersionResolvers<ContextType>;
  PolicyRef: PolicyRefResolvers<ContextType>;
  InvalidInput: InvalidInputResolvers<ContextType>;
  ArtefactNotFound: ArtefactNotFoundResolvers<ContextType>;
  ProjectNotFound: ProjectNotFoundResolvers<ContextType>;
  IdempotencyConflict: IdempotencyConflictResolvers<ContextType>;
  NotPermitted: NotPermittedResolvers<ContextType>;
  OpaUnavailable: OpaUnavailableResolvers<ContextType>;
  RequestWaiverResult: RequestWaiverResultResolvers<ContextType>;
  ReviewWaiverResult: ReviewWaiverResultResolvers<ContextType>;
  WaiverNotFound: WaiverNotFoundResolvers<ContextType>;
  WaiverNotOpen: WaiverNotOpenResolvers<ContextType>;
  SelfApproval: SelfApprovalResolvers<ContextType>;
  ApproverIsAuthor: ApproverIsAuthorResolvers<ContextType>;
  AlreadyApproved: AlreadyApprovedResolvers<ContextType>;
  WaiverTooLong: WaiverTooLongResolvers<ContextType>;
  WaiverConnection: WaiverConnectionResolvers<ContextType>;
  Waiver: WaiverResolvers<ContextType>;
  WaiverSelector: WaiverSelectorResolvers<ContextType>;
  WaiverApproval: WaiverApprovalResolvers<ContextType>;
  ViewerCan: ViewerCanResolvers<ContextType>;
};
