// The first thing a new user sees: a real artefact judged on what real tools said of it. Run by `npm start`
// against the service it has just started, through the public API. Judged once; later starts show it again.
import { Client, findInstallation } from './client.mjs';
import { checkpointCovering, evaluate, registerShop, uploadReports } from './judge.mjs';
import { LATEST_DECISION } from './operations.mjs';
import { bold, dim, printCheckpoint, printDecision, say } from './print.mjs';
import { buildDigest } from './shop.mjs';

const { url, tokens } = findInstallation(process.env.ASSAY_DATA_DIR ?? '.assay');
const service = new Client(url, tokens.service);

const digest = buildDigest('first');
const { artefact: known } = await service.query(LATEST_DECISION, { digest });
const decision = known?.decisions[0] ?? (await judge());
const checkpoint = await checkpointCovering(new Client(url, tokens.auditor), decision.ledgerEntry.seq);

printDecision(decision);
say(`\n  ${bold('The ledger')} ${dim(`holds ${checkpoint.size} entries; its signed tree head:`)}`);
printCheckpoint(checkpoint);
say(`  ${dim('verify it yourself:')} npx assay ledger verify`);

async function judge() {
  const artefact = await registerShop(service, digest);
  await uploadReports(service, artefact);
  return evaluate(service, artefact);
}
