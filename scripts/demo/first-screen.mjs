// The first thing a new user sees: a real artefact judged on what real tools said of it. Run by `npm start`
// against the service it has just started, through the public API.
import { Client, findInstallation } from './client.mjs';
import { checkpointCovering, evaluate, registerShop, uploadReports } from './judge.mjs';
import { bold, dim, printCheckpoint, printDecision, say } from './print.mjs';
import { buildDigest } from './shop.mjs';

const { url, tokens } = findInstallation(process.env.ASSAY_DATA_DIR ?? '.assay');
const service = new Client(url, tokens.service);

const artefact = await registerShop(service, buildDigest('first'));
await uploadReports(service, artefact);
const decision = await evaluate(service, artefact);
const checkpoint = await checkpointCovering(new Client(url, tokens.auditor), decision.ledgerEntry.seq);

printDecision(decision);
say(`\n  ${bold('The ledger')} ${dim(`holds ${checkpoint.size} entries; its signed tree head:`)}`);
printCheckpoint(checkpoint);
say(`  ${dim('verify it yourself:')} npx assay ledger verify`);
