import { effectiveParameters, parseManifest } from './manifest.js';

const PACK = {
  id: 'secure-release',
  version: '1.0.0',
  title: { en: 'Secure release', nl: 'Veilige release' },
  description: { en: 'x', nl: 'x' },
  rules: [{ id: 'coverage-floor', effect: 'block' }],
  parameters: {
    coverage_floor_percent: { type: 'percent', default: 80, description: 'floor' },
    sast_severity_floor: { type: 'severity', default: 'high', description: 'floor' },
  },
};

const parsed = () => {
  const manifest = parseManifest(PACK);
  if (!manifest.ok) throw new Error(JSON.stringify(manifest.problem));
  return manifest.value;
};

test('a pack is read with its defaults', () => {
  expect(parsed().freshness).toEqual({});
  expect(parsed().rules).toEqual([{ id: 'coverage-floor', effect: 'block' }]);
});

test('every mistake is named at once, with its path', () => {
  const broken = {
    ...PACK,
    version: 'one',
    surprise: true,
    rules: [{ id: 'x', effect: 'maybe' }],
  };
  const result = parseManifest(broken);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problem.errors.map((error) => error.path).sort()).toEqual(['', 'rules.0.effect', 'version']);
});

test('a default must have the declared type', () => {
  const broken = { ...PACK, parameters: { floor: { type: 'percent', default: 101, description: 'x' } } };
  expect(parseManifest(broken)).toMatchObject({
    problem: { errors: [{ path: 'parameters.floor.default' }] },
  });
});

test("a checklist's values override the defaults, and only what is declared", () => {
  const { parameters } = parsed();
  expect(effectiveParameters(parameters, { coverage_floor_percent: 70.5 })).toEqual({
    ok: true,
    value: { coverage_floor_percent: 70.5, sast_severity_floor: 'high' },
  });
  expect(effectiveParameters(parameters, { coverage_flor: 70, sast_severity_floor: 'dire' })).toMatchObject({
    problem: { errors: [{ path: 'parameters.coverage_flor' }, { path: 'parameters.sast_severity_floor' }] },
  });
});

test('a misspelt licence is a mistake of the checklist, by its place and with what it may be', () => {
  const licences = { licences: { type: 'licence-list' as const, default: ['MIT'], description: 'x' } };
  const given = { licences: ['ISC', 'Apahce-2.0', 'MIT OR ISC', 'NOASSERTION', 'MTI'] };
  expect(effectiveParameters(licences, given)).toEqual({
    ok: false,
    problem: {
      kind: 'ManifestInvalid',
      errors: [
        {
          path: 'parameters.licences.1',
          message: '"Apahce-2.0" is no SPDX licence identifier; did you mean "Apache-2.0"?',
        },
        {
          path: 'parameters.licences.2',
          message: '"MIT OR ISC" is more than one licence: list each by itself',
        },
        { path: 'parameters.licences.3', message: '"NOASSERTION" names no licence' },
        { path: 'parameters.licences.4', message: '"MTI" is no SPDX licence identifier' },
      ],
    },
  });
  expect(effectiveParameters(licences, { licences: ['mit', 'LicenseRef-house', 'GPL-2.0+'] }).ok).toBe(true);
});

test('a list of nothing but mistakes is answered at once', () => {
  const licences = { licences: { type: 'licence-list' as const, default: [], description: 'x' } };
  const result = effectiveParameters(licences, {
    licences: Array.from({ length: 2000 }, (_, at) => `Apahce-${String(at)}.0`),
  });
  expect(result.ok ? 0 : result.problem.errors.length).toBe(20);
});
