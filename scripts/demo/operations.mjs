// The operations the demo sends, as a reader would paste them.
export const REGISTER = `mutation Register($input: RegisterArtefactInput!) {
  registerArtefact(input: $input) {
    __typename
    ... on ArtefactVersion { artId digest }
    ... on Problem { code message }
  }
}`;

/** What a screen shows of a decision. */
export const DECISION_FIELDS = `
      id gateId artId artefactDigest verdict verdictWithoutWaivers asOf validUntil reused waiverIds
      checklist { chkId version digest }
      rules {
        ruleId title effect severity outcome outcomeWithoutWaivers remediation
        violations { message { code text } severity where identity { scheme value occurrence } evidence waivedBy }
        gaps { message { code text } evidence }
      }
      ledgerEntry { seq leafHash }`;

export const EVALUATE = `mutation Evaluate($input: EvaluateGateInput!) {
  evaluateGate(input: $input) {
    __typename
    ... on Decision {${DECISION_FIELDS}
    }
    ... on EvidencePending { awaited }
    ... on Problem { code message }
  }
}`;

export const REQUEST_WAIVER = `mutation Request($input: RequestWaiverInput!) {
  requestWaiver(input: $input) {
    __typename
    ... on Waiver { id state requiredApprovals effectiveUntil }
    ... on NotPermitted { reason { code text } }
    ... on Problem { code message }
  }
}`;

export const APPROVE_WAIVER = `mutation Approve($input: ReviewWaiverInput!) {
  approveWaiver(input: $input) {
    __typename
    ... on Waiver { id state requiredApprovals approvals { approvedBy at } }
    ... on NotPermitted { reason { code text } }
    ... on Problem { code message }
  }
}`;

export const LEDGER = `query Ledger($after: String) {
  ledger(first: 200, after: $after) {
    totalCount
    nodes { seq at kind leafHash facts }
    pageInfo { endCursor hasNextPage }
  }
}`;

export const CHECKPOINT = `query Head { checkpoint { size root note vkey } }`;
