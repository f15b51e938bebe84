import { packInMemory, ledgerOf, packWorld } from '../../../test/support/pack.js';

interface Linked {
  readonly uuid: string;
  readonly 'related-observations'?: readonly { 'observation-uuid': string }[];
  readonly target?: { 'target-id': string; status: { state: string } };
}
interface Results {
  readonly 'assessment-results': {
    uuid: string;
    metadata: Record<string, unknown>;
    'import-ap': { href: string };
    'back-matter': { resources: Linked[] };
    results: (Record<string, unknown> & { uuid: string; findings: Linked[]; observations: Linked[] })[];
  };
}

/** OSCAL 1.1 data types `uuid`, `token`, `string` and `date-time-with-timezone`. */
const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/;
const TOKEN = /^[\p{L}_][\p{L}\p{N}.\-_]*$/u;
const STRING = /^\S(.*\S)?$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** What the model demands of every object with such a key, wherever it stands. */
const RULES: Readonly<Record<string, (value: unknown) => boolean>> = {
  uuid: (value) => UUID.test(String(value)),
  'observation-uuid': (value) => UUID.test(String(value)),
  'target-id': (value) => TOKEN.test(String(value)),
  'objective-id': (value) => TOKEN.test(String(value)),
  name: (value) => TOKEN.test(String(value)),
  value: (value) => STRING.test(String(value)),
  state: (value) => value === 'satisfied' || value === 'not-satisfied',
  collected: (value) => TIME.test(String(value)),
  start: (value) => TIME.test(String(value)),
  end: (value) => TIME.test(String(value)),
  'last-modified': (value) => TIME.test(String(value)),
  'oscal-version': (value) => /^1\.1\.\d+$/.test(String(value)),
};
/** Required members (OSCAL 1.1.3, assessment-results JSON schema), by the list an object stands in. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'assessment-results': ['uuid', 'metadata', 'import-ap', 'results'],
  metadata: ['title', 'last-modified', 'version', 'oscal-version'],
  'import-ap': ['href'],
  results: ['uuid', 'title', 'description', 'start', 'reviewed-controls'],
  'reviewed-controls': ['control-selections'],
  findings: ['uuid', 'title', 'description', 'target'],
  target: ['type', 'target-id', 'status'],
  status: ['state'],
  observations: ['uuid', 'description', 'methods', 'collected'],
  'relevant-evidence': ['description'],
  'related-observations': ['observation-uuid'],
  props: ['name', 'value'],
  resources: ['uuid'],
  rlinks: ['href'],
};

function faults(value: unknown, key = '', path = '$'): string[] {
  if (Array.isArray(value)) {
    const inner = value.flatMap((item, i) => faults(item, key, `${path}[${String(i)}]`));
    return value.length === 0 ? [`${path} is empty`, ...inner] : inner;
  }
  if (typeof value !== 'object' || value === null) {
    return RULES[key] && !RULES[key](value) ? [`${path} is ${String(value)}`] : [];
  }
  const missing = (REQUIRED[key] ?? [])
    .filter((name) => !(name in value))
    .map((name) => `${path} lacks ${name}`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, inner]) => faults(inner, name, `${path}.${name}`)),
  ];
}

async function results(decisions: number, query = {}): Promise<Results> {
  const files = await packInMemory(ledgerOf(decisions), packWorld(), { query });
  return JSON.parse(String(files.get('oscal-ar.json'))) as Results;
}

describe('OSCAL assessment results of a pack', () => {
  it.each([0, 1, 30])(
    'have every required member and well formed values with %i decisions',
    async (decisions) => {
      expect(faults(await results(decisions))).toEqual([]);
    },
  );

  it('link each finding to the observation of the same decision, and the plan to its resource', async () => {
    const { 'assessment-results': all } = await results(30);
    const [result] = all.results;
    const linked = result?.findings.map(
      (finding) => finding['related-observations']?.[0]?.['observation-uuid'],
    );
    expect(linked).toHaveLength(30);
    expect(linked).toEqual(result?.observations.map(({ uuid }) => uuid));
    expect(all['import-ap'].href).toBe(`#${all['back-matter'].resources[0]?.uuid ?? ''}`);
    const uuids = [all.uuid, ...(result ? [result.uuid, ...result.findings.map(({ uuid }) => uuid)] : [])];
    expect(new Set([...uuids, ...(linked ?? [])]).size).toBe(62);
  });

  it('call a decision satisfied when its gate let the artefact through', async () => {
    const { 'assessment-results': all } = await results(7);
    const found = all.results[0]?.findings.map(({ target }) => [target?.['target-id'], target?.status.state]);
    expect(found).toEqual([
      ['GATE_PR', 'satisfied'], // PASS
      ['GATE_RELEASE', 'satisfied'], // PASS
      ['GATE_LOCAL', 'not-satisfied'], // FAIL
      ['GATE_PR', 'satisfied'], // PASS_WITH_WAIVERS
      ['GATE_RELEASE', 'not-satisfied'], // INDETERMINATE
      ['GATE_LOCAL', 'satisfied'], // PASS
      ['GATE_PR', 'not-satisfied'], // ERROR
    ]);
  });

  it('cover the period that was asked for, or else the one the decisions were made in', async () => {
    const period = { from: '2026-09-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
    const asked = (await results(3, period))['assessment-results'].results[0];
    expect([asked?.['start'], asked?.['end']]).toEqual([period.from, period.to]);
    const all = (await results(3))['assessment-results'].results[0];
    expect([all?.['start'], all?.['end']]).toEqual(['2026-10-01T08:00:00.000Z', '2026-10-01T08:30:00.000Z']);
  });
});
