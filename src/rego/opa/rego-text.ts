/** A node of a syntax tree as `opa` prints it (v1/ast, MarshalJSON). Whatever is not known is shown as `…`. */
export type AstNode = Readonly<Record<string, unknown>>;
/** Generated variables by the names their author gave them. */
export type Names = Readonly<Record<string, string>>;

const MAX_LENGTH = 240;
const MAX_DEPTH = 8;

const INFIX: Readonly<Record<string, string>> = {
  eq: '=',
  equal: '==',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  plus: '+',
  minus: '-',
  mul: '*',
  div: '/',
  rem: '%',
  and: '&',
  or: '|',
  assign: ':=',
};
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** An expression, a rule, a body or a term as Rego on one line, cut where it gets long. For people to read. */
export function regoText(node: unknown, names: Names = {}): string {
  const whole = new Writer(names).node(node, 0);
  return whole.length > MAX_LENGTH ? `${whole.slice(0, MAX_LENGTH)}…` : whole;
}

class Writer {
  constructor(private readonly names: Names) {}

  node(node: unknown, depth: number): string {
    if (Array.isArray(node)) return node.map((each) => this.node(each, depth + 1)).join('; ');
    if (!isNode(node)) return '…';
    if ('head' in node) return this.head(node['head'], depth);
    if ('terms' in node) return this.expression(node, depth);
    return this.term(node, depth);
  }

  private head(head: unknown, depth: number): string {
    if (!isNode(head)) return '…';
    const { ref, name, args, key } = head;
    const called = isList(ref) ? this.reference(ref, depth) : typeof name === 'string' ? name : '…';
    if (isList(args)) return `${called}(${this.list(args, depth)})`;
    return key === undefined || isList(ref) ? called : `${called}[${this.term(key, depth)}]`;
  }

  private expression(node: AstNode, depth: number): string {
    const { terms, negated, with: changes } = node;
    const text = isList(terms) ? this.call(terms, depth) : this.terms(terms, depth);
    const modified = isList(changes)
      ? changes.map((each) =>
          isNode(each)
            ? ` with ${this.term(each['target'], depth)} as ${this.term(each['value'], depth)}`
            : '',
        )
      : [];
    return `${negated === true ? 'not ' : ''}${text}${modified.join('')}`;
  }

  /** A single term, or `some …` and `every …`. */
  private terms(terms: unknown, depth: number): string {
    if (!isNode(terms)) return '…';
    if (isList(terms['symbols'])) return `some ${this.list(terms['symbols'], depth)}`;
    if ('domain' in terms) {
      const { key, value, domain, body } = terms;
      const variables = [key, value].flatMap((each) => (each == null ? [] : this.term(each, depth)));
      return `every ${variables.join(', ')} in ${this.term(domain, depth)} { ${this.node(body, depth + 1)} }`;
    }
    return this.term(terms, depth);
  }

  private call([operator, ...operands]: readonly unknown[], depth: number): string {
    const name = this.term(operator, depth);
    const infix = INFIX[name];
    const [left, right, result] = operands;
    if (infix === undefined || operands.length < 2 || operands.length > 3)
      return `${name}(${this.list(operands, depth)})`;
    const text = `${this.term(left, depth)} ${infix} ${this.term(right, depth)}`;
    return result === undefined ? text : `${this.term(result, depth)} = ${text}`;
  }

  private term(term: unknown, depth: number): string {
    if (depth > MAX_DEPTH || !isNode(term)) return '…';
    const { type, value } = term;
    switch (type) {
      case 'null':
        return 'null';
      case 'boolean':
      case 'number':
      case 'string':
        return JSON.stringify(value);
      case 'var':
        return this.variable(String(value));
      case 'ref':
        return isList(value) ? this.reference(value, depth) : '…';
      case 'array':
        return `[${this.list(value, depth)}]`;
      case 'set':
        return isList(value) && value.length > 0 ? `{${this.list(value, depth)}}` : 'set()';
      case 'object':
        return `{${this.pairs(value, depth)}}`;
      case 'call':
        return isList(value) ? this.call(value, depth + 1) : '…';
      default:
        return this.comprehension(type, value, depth);
    }
  }

  private comprehension(type: unknown, value: unknown, depth: number): string {
    if (!isNode(value)) return '…';
    const body = this.node(value['body'], depth + 1);
    if (type === 'arraycomprehension') return `[${this.term(value['term'], depth + 1)} | ${body}]`;
    if (type === 'setcomprehension') return `{${this.term(value['term'], depth + 1)} | ${body}}`;
    if (type !== 'objectcomprehension') return '…';
    return `{${this.term(value['key'], depth + 1)}: ${this.term(value['value'], depth + 1)} | ${body}}`;
  }

  private reference([first, ...rest]: readonly unknown[], depth: number): string {
    const parts = rest.map((part) => {
      const name = isNode(part) && part['type'] === 'string' ? String(part['value']) : undefined;
      return name !== undefined && IDENTIFIER.test(name) ? `.${name}` : `[${this.term(part, depth + 1)}]`;
    });
    return `${this.term(first, depth)}${parts.join('')}`;
  }

  private variable(name: string): string {
    if (name.startsWith('$')) return '_';
    return Object.hasOwn(this.names, name) ? (this.names[name] ?? name) : name;
  }

  private list(items: unknown, depth: number): string {
    return isList(items) ? joined(items, (each) => this.term(each, depth + 1)) : '…';
  }

  private pairs(items: unknown, depth: number): string {
    if (!isList(items)) return '…';
    return joined(items, (pair) =>
      isList(pair) ? `${this.term(pair[0], depth + 1)}: ${this.term(pair[1], depth + 1)}` : '…',
    );
  }
}

/** No more than can be shown: the text is cut anyway, and a document has thousands of members. */
function joined(items: readonly unknown[], write: (item: unknown) => string): string {
  const parts: string[] = [];
  let length = 0;
  for (const item of items) {
    if (length > MAX_LENGTH) return [...parts, '…'].join(', ');
    const part = write(item);
    length += part.length;
    parts.push(part);
  }
  return parts.join(', ');
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
