// A SARIF log of any size, the same for the same arguments: findings of a monorepo, file by file.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const RULES = 200;
const LEVELS = ['error', 'warning', 'warning', 'warning', 'note', 'note', 'note', 'note', 'note', 'note'];
const FINDINGS_PER_FILE = 50;

/** One finding in so many is an error: what a gate with the usual floor has to look at. */
export const ERRORS_IN = 1000;

/**
 * `changed`: which part of the source files is another one, from 0 to 1; `where`: next to each other, as when a
 * team works in its folder, or scattered over all folders. `seed`: other files of the same monorepo.
 */
export async function writeSarif(path, { findings, changed = 0, where = 'together', seed = 0 }) {
  const out = createWriteStream(path);
  const write = async (text) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const rules = Array.from({ length: RULES }, (_, at) => ({
    id: `security/rule-${at}`,
    shortDescription: { text: `Rule ${at}` },
    defaultConfiguration: {
      level: LEVELS[at % LEVELS.length] === 'error' ? 'warning' : LEVELS[at % LEVELS.length],
    },
  }));
  const driver = { name: 'Scanner', version: '9.1.0', rules };
  await write(`{"version":"2.1.0","runs":[{"tool":${JSON.stringify({ driver })},"results":[\n`);
  const files = Math.ceil(findings / FINDINGS_PER_FILE);
  const edited = Math.round(files * changed);
  const isEdited = (file) =>
    where === 'together' ? file < edited : edited > 0 && file % Math.round(files / edited) === 0;
  let text = '';
  for (let n = 0; n < findings; n += 1) {
    const file = Math.floor(n / FINDINGS_PER_FILE);
    text += `${n === 0 ? '' : ',\n'}${JSON.stringify(result(n, file + seed * files, isEdited(file)))}`;
    if (text.length < 1 << 20) continue;
    await write(text);
    text = '';
  }
  await write(`${text}\n]}]}\n`);
  out.end();
  await once(out, 'close');
}

function result(n, file, isEdited) {
  const rule = (n * 7919) % RULES;
  const line = ((n % FINDINGS_PER_FILE) + 1) * 7 + (isEdited ? 3 : 0);
  const code = `const value${n % 997} = evaluate(input[${n}]${isEdited ? ', options' : ''});`;
  return {
    ruleId: `security/rule-${rule}`,
    ruleIndex: rule,
    ...(n % ERRORS_IN === 0 && { level: 'error' }),
    message: {
      text: `Call number ${n} evaluates what a caller sent; check it against the list of what is allowed.`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: `packages/team-${Math.floor(file / 500)}/service-${Math.floor(file / 50)}/src/module-${file}.ts`,
            uriBaseId: 'SRCROOT',
          },
          region: { startLine: line, startColumn: 5, endLine: line, endColumn: 60, snippet: { text: code } },
        },
      },
    ],
    partialFingerprints: {
      primaryLocationLineHash: `${createHash('sha256').update(`${file} ${code}`).digest('hex').slice(0, 16)}:1`,
    },
  };
}
