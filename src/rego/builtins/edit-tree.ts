import { RegoDecimal } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { canonicalKey } from '../value/canonical-key.js';
import { int64 } from './operands.js';

/**
 * A value that is being patched: OPA's internal/edittree. What an edit passes through is unfolded into something
 * mutable, the rest stays as it is, so that many edits of a large value cost what they touch.
 */
export interface EditNode {
  render(): RegoValue;
  /** The child to go on with; throws when there is none. */
  child(key: RegoValue): EditNode;
  insert(key: RegoValue, value: RegoValue): void;
  remove(key: RegoValue): void;
}

export function editNode(value: RegoValue): EditNode {
  if (value instanceof RegoObject) return new EditObject(value);
  if (value instanceof RegoSet) return new EditSet(value);
  return isArray(value) ? new EditArray(value) : new Scalar(value);
}

const missing = (key: RegoValue): BuiltinError =>
  new BuiltinError(`path ${canonicalKey(key).slice(0, 200)} does not exist`);

const toIndex = (length: number, key: RegoValue): number => {
  if (key === '-') return length;
  const isText = typeof key === 'string';
  if (!isText && !isNumber(key)) throw new BuiltinError('invalid type for indexing');
  const index = Number(int64(isText ? new RegoDecimal(key) : key, 2));
  if (isText && key !== '0' && key.startsWith('0'))
    throw new BuiltinError('leading zeros are not allowed in JSON paths');
  return index;
};

class Scalar implements EditNode {
  constructor(private readonly value: RegoValue) {}

  render(): RegoValue {
    return this.value;
  }

  child(): never {
    return this.refuse();
  }

  insert(): never {
    return this.refuse();
  }

  remove(): never {
    return this.refuse();
  }

  private refuse(): never {
    throw new BuiltinError(`expected composite type, found value: ${canonicalKey(this.value).slice(0, 200)}`);
  }
}

class EditObject implements EditNode {
  private members: Map<string, { readonly key: RegoValue; item: RegoValue | EditNode }> | undefined;

  constructor(private readonly original: RegoObject) {}

  render(): RegoValue {
    if (!this.members) return this.original;
    return new RegoObject([...this.members.values()].map(({ key, item }) => [key, rendered(item)]));
  }

  child(key: RegoValue): EditNode {
    const member = this.unfolded().get(canonicalKey(key));
    if (!member) throw missing(key);
    member.item = unfolded(member.item);
    return member.item;
  }

  insert(key: RegoValue, value: RegoValue): void {
    this.unfolded().set(canonicalKey(key), { key, item: value });
  }

  remove(key: RegoValue): void {
    if (!this.unfolded().delete(canonicalKey(key))) throw missing(key);
  }

  private unfolded(): NonNullable<typeof this.members> {
    this.members ??= new Map(
      this.original.entries.map(([key, item]) => [canonicalKey(key), { key, item }] as const),
    );
    return this.members;
  }
}

/** A set's keys are its members: one that was edited is found by what it has become. */
class EditSet implements EditNode {
  private members: Map<string, RegoValue | EditNode> | undefined;
  private edited = false;

  constructor(private readonly original: RegoSet) {}

  render(): RegoValue {
    return this.members ? new RegoSet([...this.members.values()].map(rendered)) : this.original;
  }

  child(key: RegoValue): EditNode {
    const members = this.settled();
    const id = canonicalKey(key);
    const item = members.get(id);
    if (item === undefined) throw missing(key);
    const node = unfolded(item);
    members.set(id, node);
    this.edited = true;
    return node;
  }

  insert(key: RegoValue, value: RegoValue): void {
    if (canonicalKey(key) !== canonicalKey(value))
      throw new BuiltinError('set key does not equal value to be inserted');
    this.settled().set(canonicalKey(value), value);
  }

  remove(key: RegoValue): void {
    if (!this.settled().delete(canonicalKey(key))) throw missing(key);
  }

  private settled(): NonNullable<typeof this.members> {
    if (!this.members || this.edited) {
      const members = this.members ? [...this.members.values()].map(rendered) : this.original.members;
      this.members = new Map(members.map((member) => [canonicalKey(member), member]));
      this.edited = false;
    }
    return this.members;
  }
}

/**
 * OPA's edit tree looks an element that no edit has touched up by its present index in the array as it was given:
 * after a removal or insertion before it, that is another one. What policies were tested with stays what it was.
 */
class EditArray implements EditNode {
  private items: (EditNode | { readonly untouched: RegoValue })[] | undefined;

  constructor(private readonly original: readonly RegoValue[]) {}

  render(): RegoValue {
    return this.items?.map((item) => ('untouched' in item ? item.untouched : item.render())) ?? this.original;
  }

  child(key: RegoValue): EditNode {
    const items = this.unfolded();
    const index = toIndex(items.length, key);
    const item = items[index];
    if (item && !('untouched' in item)) return item;
    const value = this.original[index];
    if (!item || value === undefined) throw missing(key);
    const node = editNode(value);
    items[index] = node;
    return node;
  }

  insert(key: RegoValue, value: RegoValue): void {
    const items = this.unfolded();
    const index = toIndex(items.length, key);
    if (index < 0 || index > items.length) throw new BuiltinError('index for array insertion out of bounds');
    items.splice(index, 0, editNode(value));
  }

  remove(key: RegoValue): void {
    const items = this.unfolded();
    const index = toIndex(items.length, key);
    if (index < 0 || index >= items.length) throw new BuiltinError('index for array delete out of bounds');
    items.splice(index, 1);
  }

  private unfolded(): NonNullable<typeof this.items> {
    this.items ??= this.original.map((untouched) => ({ untouched }));
    return this.items;
  }
}

const isNode = (item: RegoValue | EditNode): item is EditNode =>
  item instanceof EditObject ||
  item instanceof EditSet ||
  item instanceof EditArray ||
  item instanceof Scalar;

const rendered = (item: RegoValue | EditNode): RegoValue => (isNode(item) ? item.render() : item);

const unfolded = (item: RegoValue | EditNode): EditNode => (isNode(item) ? item : editNode(item));
