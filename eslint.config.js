import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Functions take at most 4 parameters, constructors at most 6 dependencies: a seventh means two services. */
const SIZES = [
  {
    selector: ':not(MethodDefinition[kind="constructor"]) > FunctionExpression[params.length>4]',
    message: 'More than 4 parameters: take an object.',
  },
  {
    selector: ':matches(FunctionDeclaration, ArrowFunctionExpression)[params.length>4]',
    message: 'More than 4 parameters: take an object.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>6]',
    message: 'More than 6 dependencies: these are two services.',
  },
];

const SOURCE = [
  ...SIZES,
  { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from where it is defined.' },
];

/** One evaluation has one instant and one seed, so the time and chance are handed in. */
const NO_CLOCK = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Take the instant from the Clock you were given.',
  },
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Take the instant from the Clock you were given.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Not reproducible, and not unguessable: kernel/id.ts makes ids.',
  },
];

const NO_PROCESS = {
  'no-restricted-globals': [
    'error',
    { name: 'process', message: 'Only src/app/platform/config.ts reads it.' },
  ],
  'no-restricted-imports': [
    'error',
    { name: 'node:process', message: 'Only src/app/platform/config.ts reads it.' },
  ],
};

const NODE_GLOBALS = Object.fromEntries(
  [
    ...['AbortController', 'AbortSignal', 'Buffer', 'TextDecoder', 'URL', 'URLSearchParams', 'WebAssembly'],
    ...['clearInterval', 'clearTimeout', 'console', 'fetch', 'process', 'setInterval', 'setTimeout'],
    ...['performance', 'structuredClone'],
  ].map((name) => [name, 'readonly']),
);

export default defineConfig(
  { ignores: ['dist/', '.assay/', 'coverage/', 'web/', 'test/fixtures/', 'src/api/generated.ts'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
      // `== null` is how one asks for null and undefined alike.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: NODE_GLOBALS },
    rules: {
      'no-restricted-syntax': ['error', ...SIZES],
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
  {
    files: ['**/*.ts'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Spreading a text means its code points.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Fires on every literal that is returned where a Nest class is declared.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // An object type is assignable to JsonObject, an interface is not: documents need the former.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // A character code is a number, and named in a const enum: comparing the two is the point.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // A number in a text reads as itself; what the rule is for (objects, undefined) stays refused.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': ['error', ...SIZES],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SOURCE, ...NO_CLOCK], ...NO_PROCESS },
  },
  {
    // Where the clock, the environment and the process enter.
    files: [
      'src/*.ts',
      'src/app/platform/config*.ts',
      'src/**/*.io.ts',
      'src/kernel/clock.ts',
      'src/app/**/*.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...SOURCE] },
  },
  {
    files: ['src/*.ts', 'src/app/platform/config*.ts', 'src/**/*.io.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // To run in a browser later.
    files: ['src/verifier/*.ts'],
    ignores: ['src/verifier/*.io.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Not in a browser.' },
        { name: 'Buffer', message: 'Not in a browser: Uint8Array and bytes.ts.' },
      ],
    },
  },
  // A migration is one long SQL text.
  { files: ['migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.{spec,contract}.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': ['error', ...SIZES],
      'no-restricted-globals': 'off',
      // Bodies of HTTP answers are `any` until an assertion has looked at them.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
