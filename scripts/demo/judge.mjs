// Evidence in, verdict out: what the first screen and the demo have in common.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expectMember } from './client.mjs';
import { CHECKPOINT, EVALUATE, REGISTER } from './operations.mjs';
import { readReport, REPORTS } from './shop.mjs';

const ART_ID = 'ART_FLAWED_SHOP';
export const GATE_ID = 'GATE_RELEASE';
const WAIT_MS = 30_000;

export async function registerShop(client, digest) {
  const input = {
    project: 'shop',
    artId: ART_ID,
    name: 'The flawed shop',
    digest,
    idempotencyKey: randomUUID(),
  };
  const { registerArtefact } = await client.query(REGISTER, { input });
  return expectMember(registerArtefact, 'ArtefactVersion');
}

/** Uploads every report the tools made; answers the receipts in the same order. */
export async function uploadReports(client, artefact, onEach = () => undefined) {
  const receipts = [];
  for (const name of REPORTS) {
    const receipt = await client.upload(readReport(name), {
      ...artefact,
      source: `test/fixtures/flawed-shop/reports/${name}`,
      collectedAt: new Date().toISOString(),
    });
    onEach(name, receipt);
    receipts.push(receipt);
  }
  return receipts;
}

/** Asks the gate, waiting for the workers to normalise what was uploaded. */
export async function evaluate(client, artefact) {
  const input = {
    gateId: GATE_ID,
    artId: artefact.artId,
    digest: artefact.digest,
    waitMs: WAIT_MS,
    context: { caseId: 'CASE-1', role: 'SEC' },
    idempotencyKey: randomUUID(),
  };
  const { evaluateGate } = await client.query(EVALUATE, { input });
  return expectMember(evaluateGate, 'Decision');
}

/** The signed tree head, once it covers an entry. The integrator signs within a fraction of a second. */
export async function checkpointCovering(client, seq) {
  // A person may ask a hundred times a minute: ever more slowly, some 25 times in all.
  for (let waited = 0, wait = 100; waited < 10_000; waited += wait, wait = Math.min(wait * 1.2, 500)) {
    const { checkpoint } = await client.query(CHECKPOINT);
    if (checkpoint && checkpoint.size > seq) return checkpoint;
    await delay(wait);
  }
  throw new Error(`no tree head covers entry ${seq} after 10 s: is the integrator running?`);
}
