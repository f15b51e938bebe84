// The dependency rule of docs/ARCHITECTURE.md as one file. Type-only imports count: a type cycle is a cycle.

/** Which features a feature may import besides itself. `app/` and the door files import everything. */
const ROWS = {
  kernel: [],
  ledger: ['kernel'],
  rego: ['kernel'],
  access: ['rego', 'ledger', 'kernel'],
  formats: ['kernel'],
  evidence: ['formats', 'ledger', 'kernel'],
  waiver: ['ledger', 'kernel'],
  policy: ['formats', 'rego', 'ledger', 'kernel'],
  scan: ['evidence', 'formats', 'ledger', 'kernel'],
  gate: ['policy', 'evidence', 'formats', 'waiver', 'rego', 'ledger', 'kernel'],
  process: ['evidence', 'rego', 'ledger', 'kernel'],
  outbound: ['ledger', 'kernel'],
  insight: ['ledger', 'kernel'],
  // Strangers run it: it believes nothing of ours, not even our code.
  verifier: [],
  api: ['access', 'kernel'],
};

/** Packages a pure file may use. One line per addition, with its reason in docs/adr. */
const PURE_PACKAGES = [
  ...['ae-cvss-calculator', 'packageurl-js', 're2js', 'saxes', 'semver'],
  ...['spdx-expression-parse', 'spdx-license-ids', 'yaml', 'zod'],
].join('|');

/** What a file's name says it is: nothing (pure), or one of these. */
const SUFFIXES = [
  ...['service', 'store', 'store\\.pg', 'store\\.mem', 'read', 'read\\.pg', 'port', 'io', 'entity'],
  ...['resolver', 'controller', 'processor', 'guard', 'module', 'spec', 'contract'],
].join('|');

const EDGE = '\\.(resolver|controller|processor|guard)\\.ts$';
const WIRED = '^src/.*\\.(resolver|controller|processor)\\.ts$';
const SPEC = '\\.(spec|contract)\\.ts$';
const DOOR = '^src/([a-z]+\\.ts$|app/)';
const TABLE = '\\.(entity|(store|read)\\.pg)\\.ts$';
const PURE = '^src/[a-z]+/[^.]+\\.ts$';
/** A port is types and contracts: importing it brings no behaviour along. */
const PORT = '\\.(port|store|read)\\.ts$';

const lib = (names) => `(^|node_modules/)(${names})(/|$)`;
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
/** What `path` names is imported by files of `homes`, by doors and by specs, and by nobody else. */
const only = (name, path, ...homes) =>
  rule(name, { path: '^src/', pathNot: [SPEC, DOOR, ...homes] }, { path });
const allBut = (features, ...without) => features.filter((feature) => !without.includes(feature)).join('|');

/** One row of the table: plain files see the row, edges also `access` and `api`. */
const rowRules = ([feature, row]) => {
  const outside = (allowed) => ({ path: '^src/', pathNot: `^src/(${allowed.join('|')})/` });
  return [
    rule(`row-${feature}`, { path: `^src/${feature}/`, pathNot: EDGE }, outside([feature, ...row])),
    rule(
      `edge-${feature}`,
      { path: `^src/${feature}/.*${EDGE}` },
      outside([feature, ...row, 'access', 'api']),
    ),
  ];
};

module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),
    // dist/ is there only after a build; strangers' programs bring their own packages.
    rule(
      'no-unresolved',
      { pathNot: '^test/strangers/sigstore-verify' },
      { couldNotResolve: true, pathNot: '/dist/' },
    ),
    ...Object.entries(ROWS).flatMap(rowRules),
    rule(
      'feature-has-a-row',
      { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(ROWS).join('|')}|app)/` },
      {},
    ),
    // What builtins stand on knows neither them nor the host.
    rule(
      'rego-rooms-below',
      { path: '^src/rego/(go|keys|x509|jose|graphql|json-schema|template|yaml|value)/', pathNot: SPEC },
      { path: '^src/rego/(builtins|host|opa)/' },
    ),
    rule('nobody-imports-doors', {}, { path: '^src/[a-z]+\\.ts$' }),
    rule('doors-wire-edges', { pathNot: [SPEC, '^test/', DOOR, EDGE] }, { path: WIRED }),
    // Within a feature one edge may show things the way another does; how a thing is shown (`show-*`) may be borrowed
    // by the features above it.
    rule(
      'edges-stay-home',
      { path: `^src/([^/]+)/.*${EDGE}`, pathNot: DOOR },
      { path: WIRED, pathNot: ['^src/$1/', '/show-[a-z-]+\\.resolver\\.ts$'] },
    ),
    rule(
      'tables-are-private',
      { path: '^src/([^/]+)/', pathNot: DOOR },
      { path: TABLE, pathNot: '^src/$1/' },
    ),
    rule(
      'pure-stays-pure',
      { path: `^src/(${allBut(Object.keys(ROWS), 'api', 'rego')})/[^.]+\\.ts$` },
      { pathNot: [PURE, PORT, lib(PURE_PACKAGES), '^(node:)?crypto$'] },
    ),
    // To run in a browser later: what it needs of Node comes in through its ports.
    rule(
      'verifier-runs-anywhere',
      { path: '^src/verifier/[^.]+\\.ts$' },
      { pathNot: ['^src/verifier/[^.]+\\.ts$', '^src/verifier/[^.]+\\.port\\.ts$'] },
    ),
    only('yaml-in-policy', lib('yaml'), '^src/policy/', '^src/rego/'),
    only(
      'formats-read-formats',
      lib('ae-cvss-calculator|packageurl-js|saxes|semver|spdx-expression-parse|spdx-license-ids'),
      '^src/formats/',
    ),
    only('nest-at-the-edge', lib('@nestjs'), EDGE, '^src/api/'),
    only('sql-in-stores', lib('typeorm|pg'), TABLE),
    only('queues-at-the-edge', lib('bullmq|@nestjs/bullmq|ioredis'), '\\.processor\\.ts$'),
    only('graphql-in-api', lib('mercurius|@nestjs/mercurius'), '\\.resolver\\.ts$', '^src/api/'),
    // Policies may read GraphQL documents.
    only('graphql-parser', lib('graphql'), '\\.resolver\\.ts$', '^src/api/', '^src/rego/'),
    only('http-at-the-edge', lib('fastify'), '\\.(controller|guard)\\.ts$', '^src/api/'),
    only('wasm-in-rego', lib('@open-policy-agent'), '^src/rego/'),
    only('patterns-in-rego', lib('re2js'), '^src/rego/'),
    only('tokens-in-access', lib('jsonwebtoken|@nestjs/jwt|jose'), '^src/access/'),
    only(
      'io-has-a-name',
      '^(node:)?(fs|child_process|net|tls|http|https|worker_threads)(/|$)',
      '\\.io\\.ts$',
    ),
    rule('names-are-closed', { path: '^src/', pathNot: `^src/[a-z0-9/-]+(\\.(${SUFFIXES}))?\\.ts$` }, {}),
    rule('no-third-level', { path: '^src/[^/]+/[^/]+/[^/]+/' }, {}),
    rule('web-is-a-client', { path: '^web/' }, { path: '^(src|migrations|test)/' }),
    rule('not-to-test', { path: '^(src|web)/', pathNot: SPEC }, { path: [SPEC, '^test/'] }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/fixtures|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
