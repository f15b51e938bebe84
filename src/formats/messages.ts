import { COVERAGE_MESSAGES } from './coverage/messages.js';
import { PERFORMANCE_MESSAGES } from './performance/messages.js';
import { SBOM_MESSAGES } from './sbom/messages.js';
import { SCAN_MESSAGES } from './scan/messages.js';
import { STREAM_MESSAGES } from './stream/messages.js';
import { PEOPLE_MESSAGES } from './people/messages.js';
import { STATEMENT_MESSAGES } from './statement/messages.js';
import { SOURCE_MESSAGES } from './source/messages.js';
import { TESTS_MESSAGES } from './tests/messages.js';
import { XML_MESSAGES } from './xml/messages.js';
import { FINDINGS_MESSAGES } from './findings/messages.js';
import { SECRETS_MESSAGES } from './secrets/messages.js';
import { VULNERABILITY_MESSAGES } from './vulnerability/messages.js';

/** Why evidence is in its state, in words: templates by reason code, `{name}` stands for a parameter. */
export const EVIDENCE_MESSAGES = {
  ...FINDINGS_MESSAGES,
  ...SECRETS_MESSAGES,
  ...VULNERABILITY_MESSAGES,
  ...COVERAGE_MESSAGES,
  ...TESTS_MESSAGES,
  ...PERFORMANCE_MESSAGES,
  ...SOURCE_MESSAGES,
  ...SBOM_MESSAGES,
  ...SCAN_MESSAGES,
  ...STREAM_MESSAGES,
  ...PEOPLE_MESSAGES,
  ...STATEMENT_MESSAGES,
  ...XML_MESSAGES,
  'format.empty': {
    en: 'The file is empty: the tool found nothing or crashed, and nobody can tell.',
    nl: 'Het bestand is leeg: de tool vond niets of is gecrasht, en niemand kan zien welke van de twee.',
  },
  'format.ambiguous': {
    en: 'Several tools write exactly this; declare the format.',
    nl: 'Verschillende tools schrijven precies dit; geef het formaat op.',
  },
  'format.unknown': { en: 'The format was not recognised.', nl: 'Het formaat werd niet herkend.' },
  'format.not-supported': {
    en: 'This is {format}, which is recognised but not read yet.',
    nl: 'Dit is {format}; dat wordt herkend, maar nog niet gelezen.',
  },
  'format.several': {
    en: 'The content fits several formats ({formats}); declare which it is.',
    nl: 'De inhoud past bij verschillende formaten ({formats}); geef op welk het is.',
  },
  'format.wrong-syntax': {
    en: 'Declared as {format}, which is written as {syntax}; this is not.',
    nl: 'Opgegeven als {format}, dat als {syntax} wordt geschreven; dit niet.',
  },
  'format.declared-differs': {
    en: 'Declared as {declared}, but the content is {detected}.',
    nl: 'Opgegeven als {declared}, maar de inhoud is {detected}.',
  },
  'json.malformed': {
    en: 'Not JSON at line {line}, column {column}: {detail}.',
    nl: 'Geen JSON op regel {line}, kolom {column}: {detail}.',
  },
  'sarif.not-a-log': { en: 'Not a SARIF 2.1.0 log.', nl: 'Geen SARIF 2.1.0-log.' },
  'sarif.runs-null': {
    en: 'The producer failed before its first run (runs is null).',
    nl: 'De producent faalde vóór de eerste run (runs is null).',
  },
  'sarif.runs-not-a-list': { en: '{where} is not a list.', nl: '{where} is geen lijst.' },
  'sarif.run-not-an-object': { en: '{where} is not an object.', nl: '{where} is geen object.' },
  'sarif.no-runs': {
    en: 'The log holds no run: no tool ran.',
    nl: 'De log bevat geen run: er draaide geen tool.',
  },
  'sarif.too-many-runs': {
    en: '{count} runs, more than the {limit} that are read.',
    nl: '{count} runs, meer dan de {limit} die worden gelezen.',
  },
  'sarif.too-many-results': {
    en: 'Run {run} of {tool} has {count} results, more than {limit}; a cut report would hide findings.',
    nl: 'Run {run} van {tool} heeft {count} resultaten, meer dan {limit}; een ingekort rapport zou bevindingen verbergen.',
  },
  'sarif.too-many-rules': {
    en: 'Run {run} of {tool} has {count} rules, more than {limit}.',
    nl: 'Run {run} van {tool} heeft {count} regels, meer dan {limit}.',
  },
  'sarif.too-many-extensions': {
    en: 'Run {run} of {tool} has {count} extensions, more than {limit}.',
    nl: 'Run {run} van {tool} heeft {count} extensies, meer dan {limit}.',
  },
  'sarif.results-null': {
    en: 'Run {run}: {tool} failed to start or to begin (no results, not even an empty list).',
    nl: 'Run {run}: {tool} startte of begon niet (geen resultaten, zelfs geen lege lijst).',
  },
  'sarif.execution-failed': {
    en: 'Run {run}: {tool} says its execution was not successful.',
    nl: 'Run {run}: {tool} meldt dat de uitvoering niet slaagde.',
  },
  'sarif.tool-notification-error': {
    en: 'Run {run}: {tool} reports {count} errors about itself, first: {first}',
    nl: 'Run {run}: {tool} meldt {count} fouten over zichzelf, als eerste: {first}',
  },
  'sarif.external-results': {
    en: 'Run {run}: {tool} keeps results in another file.',
    nl: 'Run {run}: {tool} bewaart resultaten in een ander bestand.',
  },
  'sarif.external-properties': {
    en: 'Results stand outside the runs they belong to.',
    nl: 'Er staan resultaten buiten de runs waar ze bij horen.',
  },
  'sarif.unreadable-results': {
    en: 'Run {run}: {count} results of {tool} are not objects.',
    nl: 'Run {run}: {count} resultaten van {tool} zijn geen objecten.',
  },
  'cyclonedx.not-a-bom': { en: 'Not a CycloneDX bill of materials.', nl: 'Geen CycloneDX-stuklijst.' },
  'cyclonedx.version-not-supported': {
    en: 'CycloneDX {version} is not read; 1.4 to 1.7 are.',
    nl: 'CycloneDX {version} wordt niet gelezen; 1.4 tot en met 1.7 wel.',
  },
  'cyclonedx.components-not-a-list': { en: '{where} is not a list.', nl: '{where} is geen lijst.' },
  'cyclonedx.some-vulnerabilities': {
    en: 'It lists {count} vulnerabilities and does not say that these are all.',
    nl: 'Er staan {count} kwetsbaarheden in, en er staat niet bij dat dit ze alle zijn.',
  },
  'cyclonedx.nothing-listed': {
    en: 'The bill of materials lists no component.',
    nl: 'De stuklijst noemt geen enkel onderdeel.',
  },
  'cyclonedx.too-many-components': {
    en: '{count} components, more than the {limit} that are read.',
    nl: '{count} onderdelen, meer dan de {limit} die worden gelezen.',
  },
  'cyclonedx.incomplete': {
    en: 'The producer says the list is not complete ({aggregate}).',
    nl: 'De producent meldt dat de lijst niet volledig is ({aggregate}).',
  },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly nl: string }>>;
