import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { DecisionRow } from './decision-row.js';
import { Rows } from './sheet.js';
import type { Tally } from './tally.js';
import { uuid5 } from './uuid5.js';

/** The model that the file follows; its schema is valid for every 1.1.x. */
const OSCAL_VERSION = '1.1.3';
/** Names of properties are ours. */
const NAMESPACE = 'urn:assay:oscal:v1';
/** `token` of the OSCAL data types: what an objective's id must be. */
const TOKEN = /^[\p{L}_][\p{L}\p{N}.\-_]*$/u;

export interface OscalContext {
  readonly origin: string;
  /** Leaf hash of the request entry. */
  readonly requestLeaf: Buffer;
  readonly at: Instant;
  readonly from?: string;
  readonly to?: string;
  readonly generatorVersion: string;
}

/**
 * Assessment results of OSCAL 1.1: an observation (method TEST) and a finding per decision. The control objective is
 * the gate; `satisfied` means that it let the artefact through, with or without waivers. Identifiers are UUIDs of
 * version 5, so that a decision has the same in every pack. Canonical JSON, written as the decisions go by.
 */
export class OscalSheet {
  readonly #findings: Rows;
  readonly #observations: Rows;

  constructor(private readonly context: OscalContext) {
    const { origin } = context;
    this.#findings = new Rows((row) => canonicalJson(finding(row, origin)), ',');
    this.#observations = new Rows((row) => canonicalJson(observation(row, origin)), ',');
  }

  measure(row: DecisionRow): void {
    this.#findings.measure(row);
    this.#observations.measure(row);
  }

  /** To be asked for when all decisions were measured. OSCAL forbids empty lists, so without decisions there are none. */
  pieces(tally: Tally): readonly (string | Rows)[] {
    const [before, after] = this.#frame(tally).split('"findings":[],"observations":[],');
    if (before === undefined || after === undefined) throw new Error('the frame has no place for findings');
    if (tally.count === 0) return [before + after];
    return [`${before}"findings":[`, this.#findings, '],"observations":[', this.#observations, `],${after}`];
  }

  /** All but findings and observations, which stand side by side in canonical order. */
  #frame(tally: Tally): string {
    const { origin, requestLeaf, at, from, to, generatorVersion } = this.context;
    const request = [origin, requestLeaf.toString('hex')];
    const plan = uuid5('plan', ...request);
    const [start, end] = [from ?? tally.earliest ?? toRfc3339(at), to ?? tally.latest ?? undefined];
    const result = {
      uuid: uuid5('result', ...request),
      title: 'Decisions of the gates',
      description: `${String(tally.count)} recorded decisions, one finding each. The signed statements are in bundles/.`,
      start,
      ...(end !== undefined && { end }),
      'reviewed-controls': reviewedControls([...tally.byGate.keys()].map(objective)),
      findings: [],
      observations: [],
    };
    return canonicalJson({
      'assessment-results': {
        uuid: uuid5('assessment-results', ...request),
        metadata: {
          title: `Evidence pack of ${origin}`,
          'last-modified': toRfc3339(at),
          version: requestLeaf.toString('hex'),
          'oscal-version': OSCAL_VERSION,
          props: [property('generator-version', generatorVersion)],
        },
        'import-ap': { href: `#${plan}`, remarks: 'There is no OSCAL assessment plan; see the resource.' },
        results: [result],
        'back-matter': {
          resources: [
            {
              uuid: plan,
              title: 'What was assessed against',
              description:
                'Checklists of Assay. Each decision names the version of its checklist and the digests of its ' +
                'policies; the manifest holds the query that selected the decisions.',
              rlinks: [{ href: 'manifest.intoto.json', 'media-type': 'application/json' }],
            },
          ],
        },
      },
    });
  }
}

const reviewedControls = (objectives: readonly string[]): JsonObject => ({
  description: 'Every gate that decided in the period is a control objective.',
  'control-selections': [{ 'include-all': {} }],
  ...(objectives.length > 0 && {
    'control-objective-selections': [
      { 'include-objectives': [...new Set(objectives)].sort().map((id) => ({ 'objective-id': id })) },
    ],
  }),
});

function finding(row: DecisionRow, origin: string): JsonObject {
  const { seq, facts } = row;
  const verdict = facts.result ?? '';
  const passed = verdict === 'PASS' || verdict === 'PASS_WITH_WAIVERS';
  return {
    uuid: uuid5('finding', ...identity(row, origin)),
    title: `Decision ${String(seq)}`,
    description: `The gate decided ${verdict}.`,
    target: {
      type: 'objective-id',
      'target-id': objective(facts.gateId ?? ''),
      status: {
        state: passed ? 'satisfied' : 'not-satisfied',
        reason: verdict === 'PASS' ? 'pass' : 'other',
      },
      props: [property('verdict', verdict)].filter(hasValue),
    },
    'related-observations': [{ 'observation-uuid': uuid5('observation', ...identity(row, origin)) }],
  };
}

function observation(row: DecisionRow, origin: string): JsonObject {
  const { seq, leafHash, facts } = row;
  return {
    uuid: uuid5('observation', ...identity(row, origin)),
    description: `Rules judged the evidence about ${facts.artId ?? 'an artefact'}.`,
    methods: ['TEST'],
    collected: facts.tsEnd,
    props: [
      property('seq', String(seq)),
      property('leaf-hash', leafHash.toString('hex')),
      property('artefact-digest', facts.artefactDigest),
      property('checklist-version', facts.checklistVersion),
      property('decision-id', facts.decisionId),
      property('case-id', facts.caseId),
      property('severity', facts.severity),
    ].filter(hasValue),
    'relevant-evidence': [
      {
        href: `bundles/${String(seq)}.sigstore.json`,
        description: 'The signed statement, with its proof of inclusion in the log.',
      },
    ],
  };
}

const identity = ({ seq, leafHash }: DecisionRow, origin: string): string[] => [
  origin,
  String(seq),
  leafHash.toString('hex'),
];

const property = (name: string, value: string | undefined): JsonObject => ({
  name,
  ns: NAMESPACE,
  value: value?.trim() ?? '',
});

/** OSCAL knows no empty value. */
const hasValue = ({ value }: JsonObject): boolean => value !== '';

/** The gate's id, which is a token as it stands; decisions without gate share one objective. */
const objective = (gateId: string): string => (TOKEN.test(gateId) ? gateId : 'no-gate');
