import { CODES, type Finding } from './finding.js';
import type { Verdict } from './verify-pack.js';

const SHOWN = 100;

/** A verdict for people: the answer first, then a line per finding, then what was not established. */
export function renderVerdict({ accepted, findings, found, notices, checked }: Verdict): string {
  const { origin, size, root, decisions, files, bytes } = checked;
  const log = size === undefined ? [] : [`log ${String(origin)}, ${size} entries, root ${String(root)}`];
  const rest = found - Math.min(findings.length, SHOWN);
  return [
    accepted ? 'accepted' : `refused: ${found} finding${found === 1 ? '' : 's'}`,
    ...findings.slice(0, SHOWN).map(findingLine),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
    ...log,
    `${decisions} decisions, ${files} files, ${bytes} bytes read`,
    ...notices.map((notice) => `note: ${notice}`),
  ].join('\n');
}

function findingLine({ code, path, at, detail }: Finding): string {
  const where = at === undefined ? path : `${path}, ${at}`;
  return `  ${CODES[code][0]} ${code}  ${where}: ${detail}\n      (${CODES[code][1]})`;
}
