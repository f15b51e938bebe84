/** The SPDX packages ship no types of their own. */
declare module 'spdx-expression-parse' {
  type LicenceNode = { license: string; plus?: true; exception?: string };
  type OperatorNode = { left: ExpressionNode; conjunction: 'and' | 'or'; right: ExpressionNode };
  type ExpressionNode = LicenceNode | OperatorNode;
  /** Throws on anything that is not an expression; some malformed input ends in a TypeError. */
  const parse: (source: string) => ExpressionNode;
  export { parse as default, type ExpressionNode };
}
