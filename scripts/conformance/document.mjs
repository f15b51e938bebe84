/** docs/conformance.md from the figures of a complete run: the same run makes the same file. */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const FILE = join(import.meta.dirname, '../../docs/conformance.md');

export async function documentOf(summary) {
  const text = [
    head(summary),
    figures(summary),
    secondOpinion(summary),
    sdk(summary),
    leftOut(summary),
    builtins(summary),
    folders(summary),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(FILE)), proseWrap: 'always', filepath: FILE });
}

const head = ({ version, sum }) => `# Conformance with OPA ${version}

Made by \`npm run conformance -- --write\`; do not edit. The cases are those of OPA's own evaluation suite, read from
the Go module \`github.com/open-policy-agent/opa@v${version}\` (\`${sum}\`), each compiled by that version's
\`opa build -t wasm\` with all of OPA's capabilities and evaluated by our host
([rego/capabilities.json](../rego/capabilities.json) says what a policy may use, which is less). The bar is OPA's own WASM runner: whatever
passes there must pass here, or be refused by name below.`;

function figures({ languages, bonus }) {
  const rows = languages.map(({ name, files, cases, statuses }) => [
    name,
    files,
    cases,
    `**${statuses.passed}**`,
    `**${statuses.failed}**`,
    statuses.refused,
    statuses.excepted,
  ]);
  const strict = languages.map(({ name, strict: each }) => [
    name,
    each.cases,
    each.undefined,
    each.reported,
    each.worded,
  ]);
  return `## Figures

${table(['Rego', 'files', 'cases', 'passed', 'failed', 'refused', 'excepted by OPA'], rows)}

_Refused_: the case exists for a builtin that no policy of ours may use and that the host does not have.
_Excepted by OPA_: OPA's own WASM runner leaves the case out, and it does not pass here either.${
    bonus.length === 0 ? '' : ` Left out by OPA's runner, and passing here: ${bonus.length}.`
  }

A builtin that reports an error leaves its expression undefined, unless evaluation is strict. OPA's WASM runner has no
strict mode and wants those cases undefined; so do we, and ours can be told to be strict:

${table(['Rego', 'strict errors', 'undefined, as wanted', 'reported when strict', "in OPA's words"], strict)}

Errors of builtins that are compiled into the module, such as \`1 / 0\`, cannot be told from undefined.`;
}

function secondOpinion(summary) {
  const rows = summary.languages.flatMap(({ name, opinions }) =>
    opinions.map((each) => [
      name,
      each.name === 'opa' ? '`opa eval`' : '`opa eval -t wasm`',
      each.asked,
      each.disagrees,
    ]),
  );
  const others = ['opa', 'opa-wasm'].flatMap((name) =>
    summary.disagreements(name).map(({ wish, opinions }) => {
      const other = opinions.find((each) => each.name === name);
      return `- \`${wish.id}\` ${wish.note}: we say ${code(other.host)}, ${name} says ${code(other.got)}`;
    }),
  );
  return `## Second opinion

The same cases asked of OPA itself, apart from those refused, excepted or set aside below. The order of an array that
a comprehension over a set makes is the engine's own: the suite has such arrays sorted, and so has this comparison.

${table(['Rego', 'asked', 'cases', 'disagreements'], rows)}

${others.join('\n')}

Set aside:

${listed(summary.setAside.map(({ wish, reason }) => `- \`${wish.id}\` ${wish.note}: ${reason}`))}`;
}

function sdk({ languages }) {
  const rows = languages.map(({ name, cases, sdk: each }) => [
    name,
    cases,
    each.passed,
    percent(each.passed, cases),
    each.inAnyOrder,
    each.lacking,
    each.threw,
    each.wrong,
  ]);
  const heads = [
    'Rego',
    'cases',
    'passed',
    '',
    'passed in any order',
    'builtin not there',
    'threw',
    'wrong answer',
  ];
  return `## The npm SDK, measured the same way

\`@open-policy-agent/opa-wasm\` as published, called as its README says, on the same compiled cases. Its sets come as
unmarked arrays in the order of a hash table; _in any order_ forgives it that.

${table(heads, rows)}`;
}

function leftOut(summary) {
  const failed = summary
    .withStatus('failed')
    .map(
      ({ wish, wanted, got }) => `- \`${wish.id}\` ${wish.note}: wanted ${code(wanted)}, got ${code(got)}`,
    );
  const excepted = summary.records
    .filter(({ exception }) => exception !== undefined)
    .map(({ wish, status, exception, got }) =>
      status === 'passed'
        ? `- \`${wish.id}\` ${wish.note}: **passes here**. OPA: ${exception}`
        : `- \`${wish.id}\` ${wish.note}: ${code(got)}. OPA: ${exception}`,
    );
  const refused = groupsOf(summary.withStatus('refused'), ({ reason }) => reason);
  const groups = [...refused].map(
    ([reason, records]) =>
      `- ${reason} (${records.length})\n${records.map(({ wish }) => `  - \`${wish.id}\` ${wish.note}`).join('\n')}`,
  );
  return `## What does not pass

### Failed

${listed(failed)}

### Excepted by OPA's own WASM runner

${listed(excepted)}

### Refused

${listed(groups)}`;
}

const STATES = {
  done: 'all pass',
  failing: '**failing**',
  'no case': 'none calls it',
  refused: 'refused',
  missing: '**missing**',
};

function builtins(summary) {
  const { native, compiled } = summary;
  const present = summary.builtins.filter(({ state }) => state !== 'refused' && state !== 'missing');
  const rows = summary.builtins.map(({ name, cases, passed, state, refused }) => [
    `\`${name}\``,
    STATES[state],
    cases === 0 ? '' : `${passed} of ${cases}`,
    refused === undefined ? '' : `no policy may use it: ${refused}`,
  ]);
  return `## Builtins

OPA ${summary.version} has ${native.length + compiled.length + summary.builtins.length}: ${native.length} are compiled
into the module, ${compiled.length} are resolved by the compiler, and ${summary.builtins.length} are the host's to
give. This host gives **${present.length}**; ${present.filter(({ state }) => state === 'done').length} of them in
cases of the suite that all pass, and those that no case calls are compared with \`opa eval\` in \`npm test\`.

${table(['host builtin', 'cases', 'passed', ''], rows)}

Compiled into the module: ${native.map((name) => `\`${name}\``).join(', ')}.

Resolved by the compiler: ${compiled.map((name) => `\`${name}\``).join(', ')}.`;
}

function folders({ records }) {
  const cell = (some, version) => {
    const cases = some.filter(({ wish }) => wish.version === version);
    const count = (test) => cases.filter(test).length;
    if (cases.length === 0) return ['', ''];
    const passed = count(({ status }) => status === 'passed');
    return [
      passed === cases.length ? String(passed) : `${passed} of ${cases.length}`,
      String(count(({ sdk: each }) => each.inAnyOrder)),
    ];
  };
  const rows = [...groupsOf(records, ({ wish }) => wish.folder)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, some]) => [folder, ...cell(some, 'v1'), ...cell(some, 'v0')]);
  return `## By folder

Cases that pass here, and with the npm SDK in any order.

${table(['folder', 'v1', 'SDK', 'v0', 'SDK'], rows)}`;
}

const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function groupsOf(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const listed = (items) => (items.length === 0 ? 'None.' : items.join('\n'));

const SHOWN = 200;

function code(text) {
  const line = text.replace(/\s+/g, ' ').replaceAll('`', "'");
  return `\`${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}\``;
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
