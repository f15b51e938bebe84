// npm run demo: the whole line against the running service, over its public API, on reports of real tools.
// Only the last act needs more: it changes bytes behind the service's back, as somebody with the database's
// superuser password could, shows that `assay ledger verify` names each, and puts them back.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, expectMember, findInstallation } from './demo/client.mjs';
import { checkpointCovering, evaluate, GATE_ID, registerShop, uploadReports } from './demo/judge.mjs';
import { APPROVE_WAIVER, LEDGER, REQUEST_WAIVER } from './demo/operations.mjs';
import { bold, dim, note, printCheckpoint, printDecision, say, short, step } from './demo/print.mjs';
import { buildDigest } from './demo/shop.mjs';
import { tamperWithEverything, verifyLedger } from './demo/tamper.mjs';

const ROOT = join(import.meta.dirname, '..');
const dataDir = process.env.ASSAY_DATA_DIR ?? join(ROOT, '.assay');
const DAY_MS = 24 * 60 * 60 * 1000;

const { url, tokens } = findInstallation(dataDir);
const as = (person) => new Client(url, tokens[person]);
say(`Assay at ${url}`);

step('A pipeline registers a build by its digest');
const artefact = await registerShop(as('service'), buildDigest(new Date().toISOString()));
note(`${artefact.artId} @ ${short(artefact.digest)}`);

step('It uploads what the tools reported; workers normalise it');
await uploadReports(as('service'), artefact, (name, receipt) =>
  note(`${name.padEnd(18)} ${short(receipt.digest)}`),
);

step(`It asks ${GATE_ID}`);
const failed = await evaluate(as('service'), artefact);
printDecision(failed);
if (failed.verdict !== 'FAIL') throw new Error(`expected FAIL, got ${failed.verdict}`);

step('A lead developer asks that the failures be excused for three days');
const waivers = [];
for (const rule of failed.rules.filter((each) => each.effect === 'BLOCK' && each.outcome === 'FAIL')) {
  waivers.push({ rule, waiver: await requestWaiver(rule) });
  note(`${rule.ruleId}: waiver ${waivers.at(-1).waiver.id.slice(0, 8)} ${waivers.at(-1).waiver.state}`);
}

step('The same person tries to approve');
const own = await approve('lead', waivers[0].waiver.id);
note(`${own.__typename}: ${own.message}`);
if (own.__typename !== 'SelfApproval') throw new Error('the requester was not refused');

step('Others approve');
for (const { rule, waiver } of waivers) {
  for (const person of ['approver', 'second-approver'].slice(0, waiver.requiredApprovals)) {
    const approved = expectMember(await approve(person, waiver.id), 'Waiver');
    note(`${rule.ruleId}: ${person} approves → ${approved.state}`);
  }
}

step('The pipeline asks again');
const passed = await evaluate(as('service'), artefact);
printDecision(passed);
if (passed.verdict !== 'PASS_WITH_WAIVERS')
  throw new Error(`expected PASS_WITH_WAIVERS, got ${passed.verdict}`);
if (passed.verdictWithoutWaivers !== 'FAIL') throw new Error('what would have failed is not shown');

step('The ledger lists each step');
const checkpoint = await checkpointCovering(as('auditor'), passed.ledgerEntry.seq);
for (const entry of await entriesOf(artefact.digest)) {
  note(
    `${String(entry.seq).padStart(4)}  ${entry.kind.padEnd(20)} ${entry.facts.result ?? ''} ${dim(short(entry.leafHash))}`,
  );
}
printCheckpoint(checkpoint);

step('Anyone with read access verifies it: npx assay ledger verify');
const honest = verifyLedger(dataDir);
say(honest.output);
if (honest.status !== 0) throw new Error('the ledger does not verify');

step('Somebody with the superuser password changes one byte');
const undetected = await tamperWithEverything(dataDir, { decision: passed, waiver: waivers[0].waiver });
if (undetected.length > 0) throw new Error(`not detected: ${undetected.join(', ')}`);

const healed = verifyLedger(dataDir);
if (healed.status !== 0) throw new Error(`after putting everything back:\n${healed.output}`);
say(`\n${bold('Done.')} Everything was put back, and the ledger verifies again.`);

async function requestWaiver(rule) {
  const worst = rule.violations[0]?.severity ?? rule.severity;
  const input = {
    selectors: [
      { rule: rule.ruleId },
      { gate: GATE_ID },
      { artefact: { artId: artefact.artId, digest: artefact.digest } },
    ],
    severity: worst,
    effectiveUntil: new Date(Date.now() + 3 * DAY_MS).toISOString(),
    reason: `Accepted for the demo until the fix of ${rule.ruleId} is released`,
    compensatingControl: 'CTL-NOT-DEPLOYED',
    idempotencyKey: randomUUID(),
  };
  const { requestWaiver: result } = await as('lead').query(REQUEST_WAIVER, { input });
  return expectMember(result, 'Waiver');
}

async function approve(person, waiverId) {
  const input = { waiverId, note: 'Reviewed for the demo', idempotencyKey: randomUUID() };
  return (await as(person).query(APPROVE_WAIVER, { input })).approveWaiver;
}

/** Entries about this build, and the waivers asked for it. */
async function entriesOf(digest) {
  const ids = new Set(waivers.map(({ waiver }) => waiver.id));
  const found = [];
  for (let after = null; ;) {
    const { ledger } = await as('auditor').query(LEDGER, { after });
    found.push(...ledger.nodes);
    if (!ledger.pageInfo.hasNextPage) break;
    after = ledger.pageInfo.endCursor;
  }
  return found.filter(
    (entry) => entry.facts.artefactDigest === digest || entry.facts.waiverIds?.some((id) => ids.has(id)),
  );
}
