import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { asSmallest } from '../value/rego-number.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { goFloat } from '../go/float.js';
import { resolveScalar, type Scalar as Resolved } from './scalar.js';

/** Those YAML allows; go-yaml refuses the rest before it reads. */
const ALLOWED = /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const MAX_DEPTH = 10_000;

/**
 * The first document of a YAML stream as OPA's `yaml.unmarshal` has it; the others have to be YAML too. Scalars are
 * resolved as go-yaml does, aliases and merge keys followed. Throws `BuiltinError`.
 */
export function readYaml(text: string): RegoValue {
  if (!ALLOWED.test(text)) throw new BuiltinError('yaml: control characters are not allowed');
  try {
    const documents = documentsOf(text);
    const [first = null] = documents.map(({ contents }) => contents);
    for (const { contents } of documents.slice(1)) new Reader(text).link(contents);
    const reader = new Reader(text);
    reader.link(first);
    return first === null ? null : reader.value(first);
  } catch (cause) {
    // The parser and the reader call themselves for what is nested.
    if (cause instanceof RangeError) throw new BuiltinError('yaml: exceeded max depth', { cause });
    throw cause;
  }
}

function documentsOf(text: string): readonly Document.Parsed[] {
  const options = {
    schema: 'failsafe',
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const parsed = parseAllDocuments(text, { ...options, version: '1.2' });
  const documents = Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : [];
  for (const [index, { errors, warnings, directives }] of documents.entries()) {
    const error = errors[0] ?? warnings.find(isDirective);
    if (error) throw new BuiltinError(`yaml: ${error.message}`);
    if (directives.yaml.explicit === true && directives.yaml.version !== '1.1')
      throw new BuiltinError('yaml: found incompatible YAML document');
    if (index > 0 && directives.docStart !== true)
      throw new BuiltinError('yaml: did not find expected <document start>');
  }
  return documents;
}

const isDirective = ({ code }: { readonly code: string }): boolean => code === 'BAD_DIRECTIVE';

type MaybeNode = Node | null | undefined;

class Reader {
  private readonly targets = new Map<Node, Node>();
  private readonly open = new Set<Node>();
  private readonly budget = new AliasBudget();
  private depth = 0;

  constructor(private readonly text: string) {}

  /** Finds what each alias stands for: the last anchor of its name before it. */
  link(root: MaybeNode): void {
    const anchors = new Map<string, Node>();
    const visit = (node: unknown): void => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (!target) throw new BuiltinError(`yaml: unknown anchor '${node.source}' referenced`);
        this.targets.set(node, target);
        return;
      }
      if (isScalar(node)) this.checkEscapes(node);
      if (isScalar(node) || isMap(node) || isSeq(node)) {
        if (node.anchor !== undefined && node.anchor !== '') anchors.set(node.anchor, node);
      }
      if (isSeq(node)) for (const item of node.items) visit(item);
      if (isMap(node)) for (const pair of node.items) [pair.key, pair.value].forEach(visit);
    };
    visit(root);
  }

  /** YAML 1.2 has `\/` for JSON's sake; go-yaml does not know it. */
  private checkEscapes({ type, range }: Scalar): void {
    if (type !== 'QUOTE_DOUBLE' || !range) return;
    const escapes = this.text.slice(range[0], range[1]).matchAll(/\\[^]/g);
    for (const [escape] of escapes)
      if (escape === '\\/') throw new BuiltinError('yaml: found unknown escape character');
  }

  value(node: MaybeNode): RegoValue {
    this.budget.spend();
    if (!node) return null;
    if (isAlias(node)) return this.throughAlias(node, (target) => this.value(target));
    if (++this.depth > MAX_DEPTH) throw new BuiltinError('yaml: exceeded max depth');
    const value = isMap(node)
      ? this.mapping(node)
      : isSeq(node)
        ? node.items.map((item) => this.value(item as MaybeNode))
        : jsonScalar(scalarOf(node));
    this.depth--;
    return value;
  }

  private throughAlias<T>(alias: Node, go: (target: Node) => T): T {
    const target = this.targets.get(alias);
    if (!target || this.open.has(target)) throw new BuiltinError('yaml: an anchor contains itself');
    this.open.add(target);
    this.budget.aliasDepth++;
    const result = go(target);
    this.budget.aliasDepth--;
    this.open.delete(target);
    return result;
  }

  private mapping(node: Node): RegoValue {
    const members = new Map<string, RegoValue>();
    this.fill(node, members);
    return new RegoObject([...members]);
  }

  /** Of equal keys the last counts; what is merged in gives way to what is there. */
  private fill(node: Node, members: Map<string, RegoValue>): void {
    if (!isMap(node)) throw new BuiltinError('yaml: map merge requires map or sequence of maps as the value');
    const own = new Map<string, RegoValue>();
    const merged: MaybeNode[] = [];
    for (const { key, value } of node.items as readonly { key: MaybeNode; value: MaybeNode }[]) {
      if (isMergeKey(key)) {
        if (isSeq(value)) merged.push(...(value.items as MaybeNode[]));
        else merged.push(value);
      } else {
        const name = this.keyOf(key);
        own.set(name, this.value(value));
      }
    }
    for (const [name, value] of own) if (!members.has(name)) members.set(name, value);
    for (const source of merged) this.merge(source, members);
  }

  private merge(source: MaybeNode, members: Map<string, RegoValue>): void {
    this.budget.spend();
    if (isAlias(source))
      this.throughAlias(source, (target) => {
        this.fill(target, members);
      });
    else if (isMap(source)) this.fill(source, members);
    else throw new BuiltinError('yaml: map merge requires map or sequence of maps as the value');
  }

  private keyOf(key: MaybeNode): string {
    this.budget.spend();
    if (isAlias(key)) return this.throughAlias(key, (target) => this.keyOf(target));
    if (isMap(key) || isSeq(key)) throw new BuiltinError('yaml: invalid map key');
    const scalar = key ? scalarOf(key) : resolveScalar('');
    if (scalar.tag === 'null') throw new BuiltinError('unsupported map key of type: null');
    if (scalar.tag !== 'float') return String(scalar.value);
    if (Number.isNaN(scalar.value)) return '.nan';
    if (!Number.isFinite(scalar.value)) return scalar.value < 0 ? '-.inf' : '.inf';
    return goFloat(scalar.value, 32);
  }
}

/** go-yaml's guard against documents that are mostly copies of themselves. */
class AliasBudget {
  aliasDepth = 0;
  private decoded = 0;
  private aliased = 0;

  spend(): void {
    this.decoded++;
    if (this.aliasDepth > 0) this.aliased++;
    if (this.aliased > 100 && this.decoded > 1000 && this.aliased / this.decoded > this.allowed())
      throw new BuiltinError('yaml: document contains excessive aliasing');
  }

  private allowed(): number {
    const [low, high] = [400_000, 4_000_000];
    if (this.decoded <= low) return 0.99;
    return this.decoded >= high ? 0.1 : 0.99 - (0.89 * (this.decoded - low)) / (high - low);
  }
}

const isMergeKey = (key: MaybeNode): boolean =>
  isScalar(key) && key.value === '<<' && isPlain(key) && (key.tag === undefined || key.tag === '!');

const isPlain = ({ type }: { type?: unknown }): boolean => type === undefined || type === 'PLAIN';

const STANDARD = 'tag:yaml.org,2002:';

function scalarOf(node: Node): Resolved {
  const { value, tag = '', type } = node as { value?: unknown; tag?: string; type?: unknown };
  const text = typeof value === 'string' ? value : '';
  if (!text.isWellFormed()) throw new BuiltinError('yaml: found invalid Unicode character escape code');
  if (tag === '' || tag === '!') return isPlain({ type }) ? resolveScalar(text) : { tag: 'str', value: text };
  if (!tag.startsWith(STANDARD)) return { tag: 'str', value: text };
  return tagged(tag.slice(STANDARD.length), text);
}

function tagged(tag: string, text: string): Resolved {
  if (tag === 'binary') return { tag: 'str', value: binary(text) };
  if (!['bool', 'int', 'float', 'null', 'timestamp'].includes(tag)) return { tag: 'str', value: text };
  const found = resolveScalar(text);
  if (found.tag === tag) return found;
  if (tag === 'float' && found.tag === 'int') return { tag: 'float', value: Number(found.value) };
  throw new BuiltinError(`yaml: cannot decode !!${found.tag} \`${text}\` as a !!${tag}`);
}

function binary(text: string): string {
  const base64 = text.replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new BuiltinError('yaml: !!binary value contains invalid base64 data');
  return Buffer.from(base64, 'base64').toString('utf8');
}

function jsonScalar({ tag, value }: Resolved): RegoValue {
  if (tag === 'int') return asSmallest(value);
  if (tag === 'float' && !Number.isFinite(value)) throw new BuiltinError(`json: unsupported value: ${value}`);
  return value;
}
