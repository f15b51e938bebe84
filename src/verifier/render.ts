import { CODES, type Finding } from './finding.js';
import type { Verdict } from './verdict.js';

/** Of one kind in one file; when a table is wrong everywhere, a hundred lines of it say no more. */
const ALIKE = 8;
const SHOWN = 100;

/** A verdict for people: the answer first, then a line per finding, then what was not established. */
export function renderVerdict({ accepted, findings, found, notices, checked }: Verdict): string {
  const { origin, size, root, decisions, files, bytes } = checked;
  const log = size === undefined ? [] : [`log ${String(origin)}, ${size} entries, root ${String(root)}`];
  const shown = withoutRepeats(findings).slice(0, SHOWN);
  const rest = found - shown.length;
  return [
    accepted ? 'accepted' : `refused: ${found} finding${found === 1 ? '' : 's'}`,
    ...shown.map(findingLine),
    ...(rest > 0 ? [`  … and ${rest} more; --json has up to a thousand`] : []),
    ...log,
    `${decisions} decisions, ${files} files, ${bytes} bytes read`,
    ...notices.map((notice) => `note: ${notice}`),
  ].join('\n');
}

function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.filter(({ code, path }) => {
    const count = (seen.get(`${code} ${path}`) ?? 0) + 1;
    seen.set(`${code} ${path}`, count);
    return count <= ALIKE;
  });
}

function findingLine({ code, path, at, detail }: Finding): string {
  const where = at === undefined ? path : `${path}, ${at}`;
  return `  ${CODES[code][0]} ${code}  ${where}: ${detail}\n      (${CODES[code][1]})`;
}
