import { DONE, FAILED } from './exit-code.js';
import { exportCommand } from './export.io.js';
import { insightRebuild } from './insight-rebuild.io.js';
import { standingRebuild } from './standing-rebuild.io.js';
import { statusIndexCommand } from './status-index.io.js';
import { ledgerContinue } from './ledger-continue.io.js';
import { ledgerVerify } from './ledger-verify.io.js';
import { messageOf } from './message-of.js';
import { policyCommand } from './policy.io.js';
import { replay } from './replay.io.js';
import { scannersCommand } from './scanners.io.js';
import { setUp } from './set-up.io.js';
import { commandOf, usageLine, UsageFault, type CommandName } from './usage.js';
import { verifyCommand } from '../../verifier/command.io.js';

const USAGE = `assay – judges artefacts, and keeps a record that strangers can verify

  assay ledger verify   recompute every leaf, fact, decision, waiver, grant and blob; name what was changed
  assay ledger continue --origin NAME [--former-vkey VKEY] [--copy-lost]
                        after a restore that lost entries: begin a new log, by a name never used, on those that are left
  assay verify PACK     judge an evidence pack, strictly and offline; needs no service, database or key (--help)
  assay setup FILE      make what FILE names and is missing: organisation, people, checklists, gates
  assay replay ID…      judge recorded decisions again and compare byte for byte; --all [--since INSTANT] for all,
                        --with-opa for the official evaluator's opinion on every rule
  assay policy COMMAND DIR
                        push, pull, check, test, fmt, diff or status of the policy in a folder, through the service
                        that ASSAY_URL names, as the bearer of ASSAY_TOKEN
  assay export --out FILE [--from TIME] [--to TIME] [--project SLUG] [--gate ID] [--artefact DIGEST]
                        [--previous CHECKPOINT]: ask for an evidence pack and take it when it is made;
                        --out FILE --id EXPORT takes one that was asked for before; through the service, as above
  assay status-index [--out FILE]
                        the current result of every artefact at every gate, with hashes; through the service, as above
  assay insight rebuild make the key figures anew from the ledger
  assay standing rebuild
                        make the standing decisions anew from the ledger, and say how many rows differed
  assay scanners [install [--missing] [NAME…]]
                        which scanners this machine's worker can run, in which version, and how to get the rest;
                        install: in pinned versions, from npm, PyPI and Go's proxy, into the cache of this installation
  assay help            this text

But for \`policy\`, \`export\` and \`status-index\`, it talks to the database that DATABASE_URL names, or to the one that \`npm start\` runs.`;

/** Each reads its arguments before it touches anything, and throws a UsageFault at what it does not understand. */
const COMMANDS: Readonly<Record<CommandName, (args: readonly string[]) => Promise<number>>> = {
  'ledger verify': ledgerVerify,
  'ledger continue': ledgerContinue,
  verify: verifyCommand,
  setup: setUp,
  replay,
  policy: policyCommand,
  scanners: scannersCommand,
  export: exportCommand,
  'status-index': statusIndexCommand,
  'insight rebuild': insightRebuild,
  'standing rebuild': standingRebuild,
};

/** One command; answers the exit code. What it found goes to standard output, what stopped it to standard error. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [first = 'help'] = args;
  if (['help', '--help', '-h'].includes(first) && args.length <= 1) {
    console.log(USAGE);
    return DONE;
  }
  const asked = commandOf(args);
  if (!asked) return unknown(args);
  const { command, rest } = asked;
  // The verifier has a help of its own, since it is a program of its own.
  if (command !== 'verify' && ['--help', '-h'].some((word) => rest.includes(word))) {
    console.log(usageLine(command));
    return DONE;
  }
  try {
    return await COMMANDS[command](rest);
  } catch (error) {
    const isMisuse = error instanceof UsageFault;
    console.error(`assay${isMisuse ? ` ${command}` : ''}: ${messageOf(error)}`);
    if (isMisuse) console.error(usageLine(command));
    return FAILED;
  }
}

function unknown(args: readonly string[]): number {
  if (args[0] === 'ledger') {
    console.error(`assay ledger: ${args[1] === undefined ? 'what of it?' : `no such command: ${args[1]}`}`);
    console.error([usageLine('ledger verify'), usageLine('ledger continue')].join('\n'));
  } else console.error(`assay: no such command: ${args.join(' ')}\n\n${USAGE}`);
  return FAILED;
}
