import { parseManifest, type Manifest } from '../../policy/manifest.js';
import { parseSetup } from './parse-setup.js';
import { setupShape } from './setup.js';

const GATE = {
  gateId: 'GATE_RELEASE',
  title: 'Release',
  locus: 'RELEASE',
  project: 'shop',
  chkId: 'CHK_RELEASE',
  ownerRole: 'SEC',
  maxRunMs: 60_000,
};
const SETUP = {
  organisation: { slug: 'acme', name: 'ACME', timeZone: 'Europe/Amsterdam', locale: 'en' },
  projects: [{ slug: 'shop', name: 'Shop' }],
  principals: [{ subject: 'ci', displayName: 'Pipeline', kind: 'service', roles: ['service'] }],
  checklists: [
    { chkId: 'CHK_ACCESS', title: { en: 'Access', nl: 'Toegang' }, packs: [{ pack: 'access' }] },
    {
      chkId: 'CHK_RELEASE',
      title: { en: 'Release', nl: 'Uitgave' },
      packs: [{ pack: 'release', parameters: { coverage_floor: 85 } }],
    },
  ],
  gates: [GATE],
};

const manifest = (more: object): Manifest => {
  const parsed = parseManifest({
    id: 'x',
    version: '1.0.0',
    title: { en: 'x', nl: 'x' },
    description: { en: 'x', nl: 'x' },
    parameters: {},
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
};
const PACKS = new Map([
  ['access', manifest({ entrypoints: ['assay/access/authorise/decision'] })],
  [
    'release',
    manifest({
      rules: [{ id: 'coverage-floor', effect: 'block' }],
      parameters: { coverage_floor: { type: 'percent', default: 80, description: 'floor' } },
    }),
  ],
]);

/** Where the mistakes are. */
const placesIn = (document: unknown): string[] => {
  const parsed = parseSetup(document, PACKS);
  return parsed.ok ? [] : parsed.problem.mistakes.map(({ path }) => path.join('.'));
};

test('a setup is read, and what it leaves out is empty', () => {
  expect(placesIn(SETUP)).toEqual([]);
  expect(setupShape.parse({ organisation: SETUP.organisation })).toEqual({
    organisation: SETUP.organisation,
    projects: [],
    principals: [],
    checklists: [],
    gates: [],
    templates: [],
  });
});

test('every mistake is named at once, with its place', () => {
  const broken = {
    organisation: { slug: 'Not a slug', name: '', timeZone: 'Mars/Olympus', locale: 'de' },
    projects: [{ slug: 'shop', name: 'Shop' }, { slug: 'shop', name: 'Again' }, 'shop'],
    principals: [
      { subject: ' ci', displayName: 'line\nbreak', kind: 'robot', roles: ['root'], password: 'x' },
      { subject: 'nobody', displayName: 'Nobody', kind: 'person', roles: [] },
    ],
    checklists: [{ chkId: 'RELEASE', title: { en: 'Release' }, packs: [] }],
    gates: [{ ...GATE, project: 'shed', ownerRole: 'sec', maxRunMs: 0 }],
    surprise: true,
  };
  expect(placesIn(broken).sort()).toEqual(
    [
      '',
      'organisation.slug',
      'organisation.name',
      'organisation.timeZone',
      'organisation.locale',
      'projects.1.slug',
      'projects.2',
      'principals.0',
      'principals.0.subject',
      'principals.0.displayName',
      'principals.0.kind',
      'principals.0.roles.0',
      'principals.1.roles',
      'checklists.0.chkId',
      'checklists.0.title.nl',
      'checklists.0.packs',
      'gates.0.project',
      'gates.0.chkId',
      'gates.0.ownerRole',
      'gates.0.maxRunMs',
    ].sort(),
  );
});

test.each([undefined, null, 'text', [], 7])('%j is not a setup', (document) => {
  expect(placesIn(document)).toEqual(['']);
});

test('names are given once', () => {
  const [access, release] = SETUP.checklists;
  const twice = {
    ...SETUP,
    principals: [...SETUP.principals, ...SETUP.principals],
    checklists: [access, release, { ...release, packs: [{ pack: 'release' }, { pack: 'release' }] }],
    gates: [GATE, GATE],
  };
  expect(placesIn(twice)).toEqual([
    'principals.1.subject',
    'checklists.2.chkId',
    'gates.1.gateId',
    'checklists.2.packs.1.pack',
  ]);
});

test('packs must exist, and have the parameters that are given, also beside other mistakes', () => {
  const title = { en: 'x', nl: 'x' };
  const broken = {
    ...SETUP,
    organisation: { ...SETUP.organisation, locale: 'de' },
    checklists: [
      {
        chkId: 'CHK_RELEASE',
        title,
        packs: [
          { pack: 'release', parameters: { coverage_floor: 101, coverage_flor: 1 } },
          { pack: 'no-such-pack' },
        ],
      },
    ],
  };
  expect(placesIn(broken)).toEqual([
    'organisation.locale',
    'checklists.0.packs.0.parameters.coverage_floor',
    'checklists.0.packs.0.parameters.coverage_flor',
    'checklists.0.packs.1.pack',
  ]);
});

test('only the access pack says who may do what, and it says nothing else', () => {
  const swapped = {
    ...SETUP,
    checklists: SETUP.checklists.map((checklist) => ({
      ...checklist,
      packs: [{ pack: checklist.chkId === 'CHK_ACCESS' ? 'release' : 'access' }],
    })),
  };
  expect(placesIn(swapped)).toEqual(['checklists.0.packs.0.pack', 'checklists.1.packs.0.pack']);
});
