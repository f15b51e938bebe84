import { readNumber, unquote, unquoteCharacter } from '../go/literals.js';
import { GoInt } from '../go/value.js';
import { TEMPLATE_FUNCTIONS } from './functions.js';
import { readTokens, templateError, type Token, type TokenKind } from './tokens.js';
import { isEmptyTree, type Branch, type Command, type Node, type Operand, type Pipe } from './tree.js';

/** Of the template itself, among those it defines. */
export const MAIN = 'template';

/** Go allows 10,000 parentheses, and branches without limit; we stop before the stack does. */
const MAX_NESTING = 500;

/** Go's text/template/parse: the trees by name. Throws `BuiltinError`. */
export function parseTemplate(text: string): ReadonlyMap<string, readonly Node[]> {
  return new Parser(readTokens(text)).parse();
}

const OPERANDS = new Set<TokenKind>([
  ...(['bool', 'character', 'dot', 'field', 'function', 'number', 'nil', 'raw', 'string'] as const),
  ...(['variable', 'openParen'] as const),
]);

class Parser {
  private at = 0;
  private variables = ['$'];
  private rangeDepth = 0;
  private nesting = 0;
  private readonly trees = new Map<string, readonly Node[]>();

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): ReadonlyMap<string, readonly Node[]> {
    const root: Node[] = [];
    while (this.peek().kind !== 'end') {
      if (this.takesDefinition()) continue;
      const node = this.textOrAction();
      if (typeof node === 'string') throw templateError(`unexpected {{${node}}}`);
      root.push(node);
    }
    this.add(MAIN, root);
    return this.trees;
  }

  private add(name: string, nodes: readonly Node[]): void {
    const known = this.trees.get(name);
    if (!known || isEmptyTree(known)) this.trees.set(name, nodes);
    else if (!isEmptyTree(nodes))
      throw templateError(`multiple definition of template ${JSON.stringify(name)}`);
  }

  private takesDefinition(): boolean {
    const start = this.at;
    if (this.next().kind === 'open') {
      const keyword = this.nextNonSpace();
      if (keyword.kind === 'keyword' && keyword.text === 'define') {
        const name = this.templateName();
        this.expect('close', 'define clause');
        this.inNewScope(() => {
          this.add(name, this.listToEnd('define clause'));
        });
        return true;
      }
    }
    this.at = start;
    return false;
  }

  /** A tree of its own: nothing of the variables and loops around it is known in it. */
  private inNewScope(read: () => void): void {
    const { variables, rangeDepth } = this;
    [this.variables, this.rangeDepth] = [['$'], 0];
    read();
    [this.variables, this.rangeDepth] = [variables, rangeDepth];
  }

  private listToEnd(context: string): readonly Node[] {
    const { nodes, end } = this.list();
    if (end !== 'end') throw templateError(`unexpected {{${end}}} in ${context}`);
    return nodes;
  }

  private list(): { readonly nodes: readonly Node[]; readonly end: 'end' | 'else' } {
    const nodes: Node[] = [];
    while (this.peekNonSpace().kind !== 'end') {
      const node = this.textOrAction();
      if (typeof node === 'string') return { nodes, end: node };
      nodes.push(node);
    }
    throw templateError('unexpected EOF');
  }

  private textOrAction(): Node | 'end' | 'else' {
    const token = this.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', text: token.text };
    if (token.kind !== 'open') throw unexpected(token, 'input');
    const first = this.peekNonSpace();
    if (first.kind !== 'keyword') return { kind: 'action', pipe: this.pipeline('command', 'close') };
    this.nextNonSpace();
    return this.control(first.text);
  }

  private control(keyword: string): Node | 'end' | 'else' {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return this.nested(() => this.branch(keyword));
      case 'template':
        return this.invocation();
      case 'block':
        return this.nested(() => this.block());
      case 'break':
      case 'continue':
        this.expect('close', keyword);
        if (this.rangeDepth === 0) throw templateError(`{{${keyword}}} outside {{range}}`);
        return { kind: keyword };
      case 'end':
        this.expect('close', 'end');
        return 'end';
      case 'else':
        if (!['if', 'with'].includes(this.keywordAhead())) this.expect('close', 'else');
        return 'else';
      default:
        throw templateError(`unexpected <${keyword}> in command`);
    }
  }

  private keywordAhead(): string {
    const { kind, text } = this.peekNonSpace();
    return kind === 'keyword' ? text : '';
  }

  private nested<T>(read: () => T): T {
    if (++this.nesting > MAX_NESTING) throw templateError('max expression depth exceeded');
    const value = read();
    this.nesting--;
    return value;
  }

  private branch(kind: Branch['kind']): Branch {
    const known = this.variables.length;
    const pipe = this.pipeline(kind, 'close');
    if (kind === 'range') this.rangeDepth++;
    const { nodes: body, end } = this.list();
    if (kind === 'range') this.rangeDepth--;
    const otherwise = end === 'end' ? [] : this.otherwise(kind);
    this.variables.length = known;
    return { kind, pipe, body, otherwise };
  }

  /** `else if` and `else with` share the end of what they belong to. */
  private otherwise(kind: Branch['kind']): readonly Node[] {
    const ahead = this.keywordAhead();
    if (kind !== 'range' && ahead === kind) {
      this.nextNonSpace();
      return [this.nested(() => this.branch(kind))];
    }
    if (ahead !== '') throw unexpected(this.peekNonSpace(), 'else');
    const { nodes, end } = this.list();
    if (end !== 'end') throw templateError('expected end; found {{else}}');
    return nodes;
  }

  private invocation(): Node {
    const name = this.templateName();
    if (this.peekNonSpace().kind !== 'close')
      return { kind: 'template', name, pipe: this.pipeline('template clause', 'close') };
    this.nextNonSpace();
    return { kind: 'template', name, pipe: undefined };
  }

  private block(): Node {
    const name = this.templateName();
    const pipe = this.pipeline('block clause', 'close');
    this.inNewScope(() => {
      this.add(name, this.listToEnd('block clause'));
    });
    return { kind: 'template', name, pipe };
  }

  private templateName(): string {
    const token = this.nextNonSpace();
    if (token.kind === 'raw') return token.text;
    if (token.kind === 'string') return textOf(token);
    throw unexpected(token, 'template clause');
  }

  private pipeline(context: string, end: 'close' | 'closeParen'): Pipe {
    const { declares, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.peekNonSpace();
      if (token.kind === end) break;
      if (!OPERANDS.has(token.kind)) throw unexpected(token, context);
      commands.push(this.command());
    }
    this.nextNonSpace();
    if (commands.length === 0) throw templateError(`missing value for ${context}`);
    commands.slice(1).forEach(([first], index) => {
      if (['literal', 'overflow', 'dot', 'nil'].includes(first.kind))
        throw templateError(`non executable command in pipeline stage ${index + 2}`);
    });
    return { declares, assigns, commands };
  }

  private declarations(context: string): Pick<Pipe, 'declares' | 'assigns'> {
    const declares: string[] = [];
    for (;;) {
      const start = this.at;
      const variable = this.peekNonSpace();
      if (variable.kind !== 'variable') return { declares, assigns: false };
      this.nextNonSpace();
      const { kind, text } = this.peekNonSpace();
      const separates = kind === 'other' && text === ',';
      if (kind !== 'assign' && kind !== 'declare' && !separates) {
        this.at = start;
        return { declares, assigns: false };
      }
      this.nextNonSpace();
      declares.push(variable.text);
      this.variables.push(variable.text);
      if (!separates) return { declares, assigns: kind === 'assign' };
      if (context !== 'range' || declares.length > 1)
        throw templateError(`too many declarations in ${context}`);
      if (!['variable', 'close', 'closeParen'].includes(this.peekNonSpace().kind))
        throw templateError('range can only initialize variables');
    }
  }

  private command(): Command {
    const operands: Operand[] = [];
    for (;;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand) operands.push(operand);
      const { kind } = this.peek();
      if (kind === 'close' || kind === 'closeParen') break;
      const token = this.next();
      if (token.kind === 'pipe') break;
      if (token.kind !== 'space') throw unexpected(token, 'operand');
    }
    const [first, ...rest] = operands;
    if (!first) throw templateError('empty command');
    return [first, ...rest];
  }

  private operand(): Operand | undefined {
    const term = this.term();
    if (!term || this.peek().kind !== 'field') return term;
    const fields: string[] = [];
    while (this.peek().kind === 'field') fields.push(this.next().text.slice(1));
    if (term.kind === 'field') return { ...term, names: [...term.names, ...fields] };
    if (term.kind === 'variable') return { ...term, fields };
    if (term.kind === 'function' || term.kind === 'pipe') return { kind: 'chain', of: term, fields };
    throw templateError('unexpected . after term');
  }

  private term(): Operand | undefined {
    const token = this.peekNonSpace();
    if (!OPERANDS.has(token.kind)) return undefined;
    this.nextNonSpace();
    switch (token.kind) {
      case 'function':
        if (TEMPLATE_FUNCTIONS.has(token.text)) return { kind: 'function', name: token.text };
        throw templateError(`function ${JSON.stringify(token.text)} not defined`);
      case 'variable':
        if (this.variables.includes(token.text)) return { kind: 'variable', name: token.text, fields: [] };
        throw templateError(`undefined variable ${JSON.stringify(token.text)}`);
      case 'field':
        return { kind: 'field', names: [token.text.slice(1)] };
      case 'openParen':
        return {
          kind: 'pipe',
          pipe: this.nested(() => this.pipeline('parenthesized pipeline', 'closeParen')),
        };
      case 'dot':
      case 'nil':
        return { kind: token.kind };
      default:
        return literal(token);
    }
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private skipSpace(): void {
    while (this.peek().kind === 'space') this.at++;
  }

  private peekNonSpace(): Token {
    this.skipSpace();
    return this.peek();
  }

  private nextNonSpace(): Token {
    this.skipSpace();
    return this.next();
  }

  private expect(kind: TokenKind, context: string): void {
    const token = this.nextNonSpace();
    if (token.kind !== kind) throw unexpected(token, context);
  }
}

const unexpected = ({ kind, text }: Token, context: string): Error =>
  templateError(
    kind === 'end' ? `unexpected EOF in ${context}` : `unexpected ${JSON.stringify(text)} in ${context}`,
  );

function textOf({ text }: Token): string {
  const value = unquote(text, '"');
  if (value === undefined) throw templateError('invalid syntax');
  return value;
}

function literal(token: Token): Operand {
  switch (token.kind) {
    case 'bool':
      return { kind: 'literal', value: token.text === 'true' };
    case 'raw':
      return { kind: 'literal', value: token.text };
    case 'string':
      return { kind: 'literal', value: textOf(token) };
    default: {
      const code = token.kind === 'character' ? unquoteCharacter(token.text) : undefined;
      const value = code === undefined ? numberOf(token) : new GoInt(code, 'int');
      return value === 'overflow' ? { kind: 'overflow' } : { kind: 'literal', value };
    }
  }
}

function numberOf({ kind, text }: Token): GoInt | number | 'overflow' {
  const value = kind === 'number' ? readNumber(text) : undefined;
  if (value === undefined) throw templateError(`illegal number syntax: ${JSON.stringify(text)}`);
  return value;
}
