// How the demo and the first screen look in a terminal. Colour only where somebody looks.
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : String(text));
export const bold = paint('1');
export const dim = paint('2');
const red = paint('31');
const green = paint('32');
const yellow = paint('33');

const VERDICT_COLOUR = {
  PASS: green,
  PASS_WITH_WAIVERS: green,
  INDETERMINATE: yellow,
  FAIL: red,
  ERROR: red,
};
const MARK = {
  PASS: green('✓'),
  WAIVED: green('~'),
  FAIL: red('✗'),
  INDETERMINATE: yellow('?'),
  ERROR: red('!'),
  NOT_APPLICABLE: dim('-'),
  SKIPPED: dim('-'),
};
/** More violations of one rule than this are counted, not listed. */
const LISTED = 4;

export const say = (text = '') => console.log(text);
export const step = (text) => console.log(`\n${bold('▸')} ${bold(text)}`);
export const note = (text) => console.log(`  ${text}`);
export const short = (digest) => digest.slice(0, digest.indexOf(':') + 13);

export function printDecision(decision) {
  const verdict = VERDICT_COLOUR[decision.verdict](bold(decision.verdict));
  say(`\n  ${verdict}  ${decision.gateId}  ${decision.artId} @ ${short(decision.artefactDigest)}`);
  if (decision.verdict !== decision.verdictWithoutWaivers) {
    say(
      `  ${dim('without waivers:')} ${VERDICT_COLOUR[decision.verdictWithoutWaivers](decision.verdictWithoutWaivers)}`,
    );
  }
  for (const rule of decision.rules) printRule(rule);
  const until = decision.validUntil ? `, valid until ${decision.validUntil}` : '';
  say(dim(`\n  ${decision.checklist.chkId}@${decision.checklist.version}, as of ${decision.asOf}${until}`));
  say(dim(`  decision ${decision.id}, ledger entry ${decision.ledgerEntry.seq}`));
}

function printRule(rule) {
  say(
    `\n  ${MARK[rule.outcome]} ${bold(rule.ruleId)} ${rule.title} ${dim(`[${rule.effect.toLowerCase()}]`)}`,
  );
  for (const violation of rule.violations.slice(0, LISTED)) {
    const where = violation.where ? ` at ${violation.where}` : '';
    const waived = violation.waivedBy ? green(` (waived by ${violation.waivedBy.slice(0, 8)})`) : '';
    say(`      ${violation.severity.toLowerCase().padEnd(8)} ${violation.message.text}${where}${waived}`);
    say(dim(`               evidence ${short(violation.evidence)}`));
  }
  if (rule.violations.length > LISTED) say(dim(`      and ${rule.violations.length - LISTED} more`));
  for (const gap of rule.gaps) say(`      ${yellow('not judged')} ${gap.message.text}`);
  if (rule.violations.length > 0 && rule.outcome !== 'WAIVED') say(dim(`      remedy: ${rule.remediation}`));
}

export function printCheckpoint(checkpoint) {
  if (!checkpoint) return note('the integrator has not signed a tree head yet');
  for (const line of checkpoint.note.trimEnd().split('\n')) say(`  ${dim('│')} ${line}`);
  say(`  ${dim('log key')} ${checkpoint.vkey}`);
}
