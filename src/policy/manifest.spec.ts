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
