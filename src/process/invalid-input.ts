export interface InvalidInput {
  readonly kind: 'InvalidInput';
  readonly path: string;
  readonly expected: string;
}

export const invalid = (path: string, expected: string): InvalidInput => ({
  kind: 'InvalidInput',
  path,
  expected,
});
