import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import { toRfc3339 } from '../kernel/clock.js';
import { markdownText } from '../kernel/markup.js';
import type { Locale } from '../kernel/message.js';
import type { PolicyRule, PolicyVersion } from './policy-version.js';

const WORDS = {
  en: {
    published: 'published',
    parameters: 'Parameters',
    parameter: 'Parameter',
    type: 'Type',
    default: 'Default',
    meaning: 'Meaning',
    freshness: 'Freshness',
    days: 'days',
    rules: 'Rules',
    effect: { block: 'Blocks', warn: 'Warns', off: 'Off' },
    severity: 'severity',
    remedy: 'Remedy',
    controls: 'Controls',
    messages: 'What it says',
    clock: 'A rule of this version reads the clock: a decision made with it holds for its own instant only.',
  },
  nl: {
    published: 'gepubliceerd',
    parameters: 'Parameters',
    parameter: 'Parameter',
    type: 'Type',
    default: 'Standaard',
    meaning: 'Betekenis',
    freshness: 'Versheid',
    days: 'dagen',
    rules: 'Regels',
    effect: { block: 'Blokkeert', warn: 'Waarschuwt', off: 'Uit' },
    severity: 'ernst',
    remedy: 'Herstel',
    controls: 'Beheersmaatregelen',
    messages: 'Wat zij zegt',
    clock:
      'Een regel van deze versie leest de klok: een beslissing ermee geldt alleen voor haar eigen moment.',
  },
} as const;

/**
 * A published policy version as a Markdown document: from its manifest and the METADATA of its rules, as they were
 * compiled, so that what people read is what judges. Pure: the same version gives the same text.
 */
export function policyDocumentation(
  { digest, document, publishedAt }: PolicyVersion,
  locale: Locale,
): string {
  const words = WORDS[locale];
  const { policyId, version, title, description, parameters, freshness, rules, readsClock } = document;
  const declared = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const days = Object.entries(freshness).sort(([a], [b]) => (a < b ? -1 : 1));
  return lines([
    `# ${prose(title[locale])}`,
    `${code(policyId)} ${prose(version)}, ${code(digest)}, ${words.published} ${toRfc3339(publishedAt)}`,
    paragraphs(description[locale]),
    ...(readsClock ? [words.clock] : []),
    ...(declared.length > 0
      ? [
          `## ${words.parameters}`,
          table(
            [words.parameter, words.type, words.default, words.meaning],
            declared.map(([name, { type, default: value, description: meaning }]) => [
              code(name),
              code(type),
              code(canonicalJson(value as JsonValue)),
              prose(meaning),
            ]),
          ),
        ]
      : []),
    ...(days.length > 0
      ? [
          `## ${words.freshness}`,
          days.map(([kind, count]) => `- ${code(kind)}: ${String(count)} ${words.days}`).join('\n'),
        ]
      : []),
    `## ${words.rules}`,
    ...rules.flatMap((rule) => ruleText(rule, locale)),
  ]);
}

function ruleText(rule: PolicyRule, locale: Locale): string[] {
  const words = WORDS[locale];
  const messages = Object.entries(rule.messages).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `### ${prose(rule.title)}`,
    `${code(rule.ruleId)}: ${words.effect[rule.effect]}, ${words.severity} ${rule.severity}`,
    paragraphs(rule.description),
    `**${words.remedy}:** ${prose(rule.remediation)}`,
    ...(rule.controls.length > 0 ? [`**${words.controls}:** ${rule.controls.map(code).join(', ')}`] : []),
    ...(messages.length > 0
      ? [
          `**${words.messages}:**`,
          messages.map(([name, text]) => `- ${code(name)}: ${prose(text[locale] ?? text.en)}`).join('\n'),
        ]
      : []),
  ];
}

/** Each paragraph by itself: its line breaks are of the source's width. */
const paragraphs = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => wholeText(paragraph))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');

/** All of it, and nothing in it is markup. */
const prose = (text: string): string => markdownText(text, Infinity);

/** Line by line, as its author broke them. */
const wholeText = (text: string): string =>
  text
    .split('\n')
    .map(prose)
    .filter((line) => line !== '')
    .join('\n');

/** Within backticks; one in the text itself would end them. */
const code = (text: string): string => `\`${text.replaceAll(/[`|\s]+/g, ' ')}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const lines = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
