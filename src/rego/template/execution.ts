import { byBytes, GoInt, goType, isList, isMap, type GoValue } from '../go/value.js';
import { isTrue, printed, TEMPLATE_FUNCTIONS, type TemplateValue } from './functions.js';
import { MAIN } from './parser.js';
import { templateError } from './tokens.js';
import type { Branch, Command, Node, Operand, Pipe } from './tree.js';

/** Go stops at 100,000 templates within templates; we stop before the stack does. */
const MAX_DEPTH = 300;

/** Go's text/template exec over maps, lists and scalars, none of which has methods. Throws `BuiltinError`. */
export function executeTemplate(trees: ReadonlyMap<string, readonly Node[]>, data: GoValue): string {
  const out: string[] = [];
  new Execution({ trees, out, depth: 0 }, data).list(trees.get(MAIN) ?? [], data);
  return out.join('');
}

interface Run {
  readonly trees: ReadonlyMap<string, readonly Node[]>;
  readonly out: string[];
  readonly depth: number;
}

/** What ends an iteration early. */
type Signal = 'break' | 'continue' | undefined;

/** The value of the command before this one, which is its last argument; nothing before the first. */
type Final = readonly [] | readonly [TemplateValue];

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

/** One template with its variables. */
class Execution {
  private readonly variables: Variable[];

  constructor(
    private readonly run: Run,
    data: TemplateValue,
  ) {
    this.variables = [{ name: '$', value: data }];
  }

  list(nodes: readonly Node[], dot: TemplateValue): Signal {
    for (const node of nodes) {
      const signal = this.node(node, dot);
      if (signal) return signal;
    }
    return undefined;
  }

  private node(node: Node, dot: TemplateValue): Signal {
    switch (node.kind) {
      case 'text':
        this.run.out.push(node.text);
        return undefined;
      case 'action': {
        const value = this.pipeline(node.pipe, dot);
        if (node.pipe.declares.length === 0) this.run.out.push(printed(value));
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'template':
        this.invoke(node.name, node.pipe && this.pipeline(node.pipe, dot));
        return undefined;
      default:
        return this.scoped(() => (node.kind === 'range' ? this.range(node, dot) : this.branch(node, dot)));
    }
  }

  private scoped(work: () => Signal): Signal {
    const known = this.variables.length;
    const signal = work();
    this.variables.length = known;
    return signal;
  }

  private branch({ kind, pipe, body, otherwise }: Branch, dot: TemplateValue): Signal {
    const value = this.pipeline(pipe, dot);
    if (!isTrue(value)) return this.list(otherwise, dot);
    return this.list(body, kind === 'with' ? value : dot);
  }

  private range(node: Branch, dot: TemplateValue): Signal {
    const value = this.pipeline(node.pipe, dot);
    let empty = true;
    for (const [index, element] of iterations(value, node.pipe.declares.length)) {
      empty = false;
      this.setRangeVariables(node.pipe, index, element);
      if (this.scoped(() => this.list(node.body, element)) === 'break') return undefined;
    }
    return empty ? this.list(node.otherwise, dot) : undefined;
  }

  /** The element goes to the last of one or two, the index to the first of two. */
  private setRangeVariables({ declares, assigns }: Pipe, index: TemplateValue, element: TemplateValue): void {
    const [first, second] = declares;
    if (assigns) {
      if (first !== undefined) this.assign(first, second === undefined ? element : index);
      if (second !== undefined) this.assign(second, element);
      return;
    }
    // By place, as they may have one name. The pipeline declared them last.
    const declared = this.variables.slice(this.variables.length - declares.length);
    const [last, before] = declared.toReversed();
    if (last) last.value = element;
    if (before) before.value = index;
  }

  private invoke(name: string, data: TemplateValue): void {
    const nodes = this.run.trees.get(name);
    if (!nodes) throw templateError(`template ${JSON.stringify(name)} not defined`);
    if (this.run.depth === MAX_DEPTH) throw templateError('exceeded maximum template depth');
    new Execution({ ...this.run, depth: this.run.depth + 1 }, data).list(nodes, data);
  }

  private pipeline({ declares, assigns, commands }: Pipe, dot: TemplateValue): TemplateValue {
    let final: Final = [];
    // A nil becomes nothing on its way through a pipeline.
    for (const command of commands) final = [this.command(command, dot, final) ?? undefined];
    const [value] = final;
    for (const name of declares) {
      if (assigns) this.assign(name, value);
      else this.variables.push({ name, value });
    }
    return value;
  }

  private assign(name: string, value: TemplateValue): void {
    const variable = this.variables.findLast((known) => known.name === name);
    if (!variable) throw templateError(`undefined variable: ${name}`);
    variable.value = value;
  }

  private command([first, ...args]: Command, dot: TemplateValue, final: Final): TemplateValue {
    if (first.kind === 'function') return this.call(first.name, args, dot, final);
    if (first.kind === 'nil') throw templateError('nil is not a command');
    if (args.length === 0 && final.length === 0) return this.operand(first, dot);
    const value = this.operand(first, dot);
    throw templateError(`can't give argument to non-function of type ${goType(value ?? null)}`);
  }

  private operand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'overflow':
        throw templateError('a number overflows int');
      case 'literal':
        return operand.value;
      case 'field':
        return operand.names.reduce(field, dot);
      case 'variable':
        return operand.fields.reduce(field, this.variableNamed(operand.name));
      case 'function':
        return this.call(operand.name, [], dot, []);
      case 'pipe':
        return this.pipeline(operand.pipe, dot);
      case 'chain':
        return operand.fields.reduce(field, this.operand(operand.of, dot));
    }
  }

  private variableNamed(name: string): TemplateValue {
    const variable = this.variables.findLast((known) => known.name === name);
    if (!variable) throw templateError(`undefined variable: ${name}`);
    return variable.value;
  }

  private call(name: string, args: readonly Operand[], dot: TemplateValue, final: Final): TemplateValue {
    const called = TEMPLATE_FUNCTIONS.get(name);
    const count = args.length + final.length;
    if (!called || count < called.least || count > called.most)
      throw templateError(`wrong number of args for ${name}: got ${count}`);
    if (name === 'and' || name === 'or') return this.shortCircuit(name, args, dot, final);
    const values = [...args.map((arg) => this.operand(arg, dot)), ...final];
    if (called.format && typeof values[0] !== 'string')
      throw templateError(`wrong type for value; expected string; got ${goType(values[0] ?? null)}`);
    return called.call(values);
  }

  private shortCircuit(
    name: 'and' | 'or',
    args: readonly Operand[],
    dot: TemplateValue,
    final: Final,
  ): TemplateValue {
    let value: TemplateValue;
    for (const arg of args) {
      value = this.operand(arg, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final.length === 1 ? final[0] : value;
  }
}

function field(receiver: TemplateValue, name: string): TemplateValue {
  if (receiver === undefined) return undefined;
  if (receiver === null) throw templateError(`nil pointer evaluating interface {}.${name}`);
  if (isMap(receiver)) return receiver.get(name);
  throw templateError(`can't evaluate field ${name} in type ${goType(receiver)}`);
}

/** Index and element, in Go's order. */
function* iterations(
  value: TemplateValue,
  variables: number,
): Generator<readonly [TemplateValue, TemplateValue]> {
  if (value === undefined || value === null) return;
  if (isList(value))
    for (const [index, element] of value.entries()) yield [new GoInt(BigInt(index), 'int'), element];
  else if (isMap(value)) yield* [...value].sort(([a], [b]) => byBytes(a, b));
  else if (value instanceof GoInt && variables < 2)
    for (let number = 0n; number < value.value; number++) yield [undefined, new GoInt(number, 'int')];
  else throw templateError(`range can't iterate over a value of type ${goType(value)}`);
}
