// What is asked, as bytes of HTTP, and what counts as an answer.
import { createHash } from 'node:crypto';
import { gateInput } from '../engine/inputs.mjs';

export const ART_ID = 'ART_BENCH';
export const GATE_ID = 'GATE_BENCH';
/** The digest of the nth artefact version; installation.mjs computes the same in SQL. */
export const digestOf = (n) =>
  `sha256:${createHash('sha256')
    .update(`bench artefact ${String(n)}`)
    .digest('hex')}`;

/** What a service wants to know of a decision: as much as the rival's answer says, and where it stands in the ledger. */
const DECISION = `__typename
  ... on Decision { id verdict verdictWithoutWaivers validUntil reused waiverIds
    rules { ruleId outcome violations { message { code params } severity where waivedBy } } ledgerEntry { seq } }
  ... on Problem { code message }`;
const EVALUATE_GATE = `mutation EvaluateGate($input: EvaluateGateInput!) { evaluateGate(input: $input) { ${DECISION} } }`;
const EVALUATE_GATES = `mutation EvaluateGates($input: EvaluateGatesInput!) { evaluateGates(input: $input) {
  __typename ... on GateAnswers { answers { ${DECISION} } } ... on Problem { code message } } }`;
const EVALUATE_POLICY = `mutation EvaluatePolicy($input: EvaluatePolicyInput!) { evaluatePolicy(input: $input) {
  __typename ... on PolicyAnswer { value } ... on Problem { code message } } }`;
const EVALUATE_POLICIES = `mutation EvaluatePolicies($input: EvaluatePoliciesInput!) { evaluatePolicies(input: $input) {
  __typename ... on PolicyAnswer { value } ... on Problem { code message } } }`;

const rbacInput = (n) => ({
  user: `user-${String(n % 200)}`,
  action: 'write',
  kind: `invoice-${String(n % 3)}`,
});
const RBAC = { policyId: 'bench-rbac', version: '1.0.0' };

const WHAT = {
  gate: ({ run, token }) => {
    const head = graphQl(token);
    return (n) => {
      const input = {
        gateId: GATE_ID,
        artId: ART_ID,
        digest: digestOf(n),
        idempotencyKey: `${run} ${String(n)}`,
      };
      return { bytes: head({ query: EVALUATE_GATE, variables: { input } }), judge: judgeGate };
    };
  },
  gates: ({ run, token, size }) => {
    const head = graphQl(token);
    return (n) => {
      const questions = Array.from({ length: size }, (_, place) => ({
        gateId: GATE_ID,
        artId: ART_ID,
        digest: digestOf(n * size + place),
      }));
      const input = { questions, idempotencyKey: `${run} ${String(n)}` };
      return { bytes: head({ query: EVALUATE_GATES, variables: { input } }), judge: judgeGates(size) };
    };
  },
  rbac: ({ token }) => {
    const head = graphQl(token);
    return (n) => ({
      bytes: head({ query: EVALUATE_POLICY, variables: { input: { ...RBAC, input: rbacInput(n) } } }),
      judge: judgePolicy(1),
    });
  },
  'rbac-batch': ({ token, size }) => {
    const head = graphQl(token);
    return (n) => {
      const inputs = Array.from({ length: size }, (_, place) => rbacInput(n * size + place));
      return {
        bytes: head({ query: EVALUATE_POLICIES, variables: { input: { ...RBAC, inputs } } }),
        judge: judgePolicy(size),
      };
    };
  },
  read: ({ token, query, variables }) => {
    const bytes = graphQl(token)({ query, variables });
    return () => ({ bytes, judge: judgeRead });
  },
  'opa-rbac': () => {
    const head = post('/v1/data/bench/rbac/allow', {});
    return (n) => ({ bytes: head(JSON.stringify({ input: rbacInput(n) })), judge: judgeOpa });
  },
  'opa-gate': () => {
    const head = post('/v1/data/bench/gate/report', {});
    return (n) => {
      const input = { artefact: digestOf(n), ...gateInput() };
      return { bytes: head(JSON.stringify({ input })), judge: judgeOpaGate };
    };
  },
};

/** The maker of the nth request of an order. */
export const requestOf = (order) => WHAT[order.what](order);

function post(path, headers) {
  const lines = Object.entries({
    host: 'localhost',
    'content-type': 'application/json',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const start = `POST ${path} HTTP/1.1\r\n${lines.join('')}content-length: `;
  return (body) => Buffer.from(`${start}${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
}

function graphQl(token) {
  const head = post('/graphql', { authorization: `Bearer ${token}` });
  return (body) => head(JSON.stringify(body));
}

const codeIn = (body) => /"code":"([A-Z_]+)"/.exec(body)?.[1] ?? /"verdict":"(\w+)"/.exec(body)?.[1];
const failed = ({ status, body }) => ({
  outcome: codeIn(body) ?? `HTTP ${String(status)} ${status === 0 ? body : ''}`,
});

function judgeGate(answer) {
  const { body } = answer;
  if (!body.includes('"verdict":"FAIL"') || !body.includes('"reused":false')) return failed(answer);
  return { outcome: 'ok', key: Number(/"seq":"?(\d+)/.exec(body)?.[1]) };
}

const judgeGates = (size) => (answer) => {
  const right = answer.body.split('"verdict":"FAIL"').length - 1;
  const anew = answer.body.split('"reused":false').length - 1;
  return right === size && anew === size
    ? { outcome: 'ok', count: size }
    : { ...failed(answer), count: size };
};

const judgePolicy = (size) => (answer) =>
  answer.body.split('"value":').length - 1 === size
    ? { outcome: 'ok', count: size }
    : { ...failed(answer), count: size };

const judgeRead = (answer) =>
  answer.status === 200 && !answer.body.includes('"errors"') ? { outcome: 'ok' } : failed(answer);
const judgeOpa = (answer) =>
  answer.status === 200 && answer.body.includes('"result"') ? { outcome: 'ok' } : failed(answer);
const judgeOpaGate = (answer) =>
  answer.status === 200 && answer.body.includes('"verdict":"FAIL"') ? { outcome: 'ok' } : failed(answer);
