import type { VerificationReport } from '../../ledger/verify.js';

/** A verification as a person reads it: the verdict, what it covers, and each thing that was changed. */
export function renderReport({ accepted, size, root, notYetCovered, findings }: VerificationReport): string {
  const head = accepted ? 'accepted' : `REFUSED: ${String(findings.length)} finding(s)`;
  const covered = `tree of ${String(size)} entries, root ${root}`;
  const newer =
    notYetCovered === 0 ? [] : [`${String(notYetCovered)} newer entries, not yet in a signed tree`];
  const found = findings.map(({ what, seq, detail }) =>
    seq === undefined ? `  ${what}: ${detail}` : `  ${what}, entry ${String(seq)}: ${detail}`,
  );
  return [head, covered, ...newer, ...found].join('\n');
}
