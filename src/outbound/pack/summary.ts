import type { Checkpoint } from '../../ledger/checkpoint.js';
import { toRfc3339 } from '../../kernel/clock.js';
import type { DecisionRow } from './decision-row.js';
import { markup, raw, type Markup } from './markup.js';
import type { PackRequest } from './pack.js';
import type { Tally } from './tally.js';

/** Mildest first, as people read them; what is not here comes behind. */
const VERDICTS = ['PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR'];

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:75rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid #bbb}
p{max-width:50rem}table{border-collapse:collapse;margin:.5rem 0;width:100%}
caption{text-align:left;padding:.25rem 0;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #ddd}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.85em;overflow-wrap:anywhere}
.v{font-weight:600;white-space:nowrap}.bad{color:#a40000}.half{color:#7a4b00}.good{color:#0b5d1e}
.counts{table-layout:fixed}.list{font-size:.8125rem}.list td{overflow-wrap:break-word}.facts th{width:14rem;font-weight:600}
@media print{body{font-size:9.5pt;max-width:none;margin:0;padding:0}thead{display:table-header-group}
tr{break-inside:avoid}h2{break-after:avoid}a{color:inherit;text-decoration:none}@page{margin:15mm}}
`;

export interface SummaryFacts {
  readonly checkpoint: Checkpoint;
  readonly request: PackRequest;
}

/** summary.html: one page for people. No script, nothing from elsewhere, readable without colour, made for paper too. */
export function summaryPage(facts: SummaryFacts, tally: Tally): string {
  const { origin } = facts.checkpoint;
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence pack of ${origin}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Evidence pack of ${origin}</h1>
<p>This page is for reading and printing; it proves nothing by itself. The proof is in the files beside it, and
<a href="VERIFY.md">VERIFY.md</a> says how to check them with tools that we did not write.</p>
${whatThisIs(facts, tally)}
${counts(tally)}
${lists(tally)}
${howToVerify(facts)}
</main>
</body>
</html>
`;
  return page.text;
}

function whatThisIs({ checkpoint, request }: SummaryFacts, tally: Tally): Markup {
  const { query } = request;
  const range = tally.count === 0 ? 'no decision' : `entries ${String(tally.first)} to ${String(tally.last)}`;
  const asked = [
    ['decided from', query.from],
    ['decided before', query.to],
    ['project', query.projectId],
    ['gate', query.gateId],
    ['artefact', query.artefactDigest],
  ].filter(([, value]) => value !== undefined);
  const rows: (readonly [string, Markup | string])[] = [
    ['Asked for', asked.length === 0 ? 'all decisions' : asked.map((pair) => pair.join(' ')).join(', ')],
    ['Request', `entry ${String(request.seq)}, ${toRfc3339(request.at)}, by ${request.actor}`],
    ['Decisions', `${number(tally.count)} (${range})`],
    ['First and last decided', tally.count === 0 ? '–' : `${tally.earliest ?? ''} – ${tally.latest ?? ''}`],
    ['The whole log', `${number(checkpoint.size)} entries, numbered from 0, no gaps`],
    ['Root of its tree', markup`<code>${checkpoint.root.toString('base64')}</code>`],
    ['Personal records erased', number(tally.erased)],
    ['Evidence with masked secrets', number(tally.masked)],
  ];
  return markup`<h2>What this is</h2>
<table class="facts"><tbody>
${rows.map(([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody></table>`;
}

function counts(tally: Tally): Markup {
  if (tally.count === 0) return markup`<p>The query selected no decision.</p>`;
  const verdicts = [...tally.byVerdict.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const all = new Map([['all', tally.byVerdict]]);
  return markup`<h2>Counts</h2>
${countTable('By gate', 'gate', tally.byGate, verdicts)}
${countTable('By month (UTC)', 'month', tally.byMonth, verdicts)}
${countTable('Together', '', all, verdicts)}`;
}

function countTable(
  caption: string,
  key: string,
  groups: ReadonlyMap<string, ReadonlyMap<string, number>>,
  verdicts: readonly string[],
): Markup {
  const sum = (group: ReadonlyMap<string, number>): number => [...group.values()].reduce((a, b) => a + b, 0);
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => {
      const cells = verdicts.map((verdict) => markup`<td class="n">${number(group.get(verdict) ?? 0)}</td>`);
      return markup`<tr><th scope="row">${name || '–'}</th>${cells}<td class="n">${number(sum(group))}</td></tr>\n`;
    });
  const heads = verdicts.map((verdict) => markup`<th scope="col" class="n">${verdict}</th>`);
  return markup`<table class="counts"><caption>${caption}</caption>
<thead><tr><th scope="col">${key}</th>${heads}<th scope="col" class="n">sum</th></tr></thead>
<tbody>
${rows}</tbody></table>`;
}

function lists(tally: Tally): Markup {
  if (tally.count === 0) return raw('');
  if (tally.count === tally.listed.length) {
    return markup`<h2>Decisions</h2>\n${decisionTable(tally.listed)}`;
  }
  const exceptions = tally.count - (tally.byVerdict.get('PASS') ?? 0);
  return markup`<h2>Decisions that are not a plain PASS</h2>
<p>${number(exceptions)} in all${
    exceptions > tally.exceptions.length ? `; the first ${number(tally.exceptions.length)} are shown` : ''
  }. Every decision, these and the others, is in <a href="decisions.csv">decisions.csv</a>.</p>
${decisionTable(tally.exceptions)}
<h2>A sample</h2>
<p>Drawn by the root of the tree, so that nobody could choose it; VERIFY.md says how to draw it again.</p>
${decisionTable(tally.sample())}`;
}

const decisionTable = (rows: readonly DecisionRow[]): Markup => markup`<table class="list">
<thead><tr><th scope="col" class="n">entry</th><th scope="col">decided (UTC)</th><th scope="col">gate</th>
<th scope="col">verdict</th><th scope="col">severity</th><th scope="col">case</th><th scope="col">artefact</th>
<th scope="col">checklist</th><th scope="col">waivers</th></tr></thead>
<tbody>
${rows.map(decisionLine)}</tbody></table>`;

function decisionLine({ seq, facts }: DecisionRow): Markup {
  const { result = '', waiverIds = [] } = facts;
  const tone = result === 'PASS' ? 'good' : result === 'FAIL' || result === 'ERROR' ? 'bad' : 'half';
  const artefact = markup`${facts.artId ?? ''} <code>${(facts.artefactDigest ?? '').slice(0, 19)}…</code>`;
  const bundle = markup`<a href="bundles/${String(seq)}.sigstore.json">${String(seq)}</a>`;
  return markup`<tr><td class="n">${bundle}</td><td>${facts.tsEnd.slice(0, 19).replace('T', ' ')}</td><td>${
    facts.gateId ?? ''
  }</td><td class="v ${tone}">${result}</td><td>${facts.severity ?? ''}</td><td>${facts.caseId ?? ''}</td><td>${
    artefact
  }</td><td>${facts.checklistVersion ?? ''}</td><td>${waiverIds.length > 0 ? String(waiverIds.length) : ''}</td></tr>\n`;
}

const howToVerify = ({ checkpoint }: SummaryFacts): Markup => markup`<h2>How to verify</h2>
<p>The whole log is here: ${number(checkpoint.size)} entries of digests and signatures, hashed into one tree whose root
the log signed. Tessera's <code>fsck</code> rebuilds that root from the entries. <code>cosign</code> checks any one
decision: who signed it, about which artefact, and its place in the tree. <code>sha256sum</code> and
<code>openssl</code> check that no file of this pack was changed, added or taken away. The commands, with the names and
digests of this pack, are in <a href="VERIFY.md">VERIFY.md</a>. Keep the file <code>checkpoint</code> and bring it to
the next audit: whoever rewrites history cannot make it fit.</p>`;

const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const rank = (verdict: string): number =>
  VERDICTS.includes(verdict) ? VERDICTS.indexOf(verdict) : VERDICTS.length;
