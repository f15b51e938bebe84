import { compareRego, isArray, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { type EditNode, editNode } from './edit-tree.js';
import { list, typeName } from './operands.js';

type Path = readonly RegoValue[];

/** OPA's `json.patch`: RFC 6902, and beyond it sets and keys of any kind. Undefined when the root is removed. */
export function patch(target: RegoValue, operations: RegoValue | undefined): RegoValue | undefined {
  const document = new Document(target);
  for (const operation of list(operations, 2)) {
    if (!(operation instanceof RegoObject))
      throw new BuiltinError(
        'must be an array of JSON-Patch objects, but at least one element is not an object',
      );
    apply(document, operation);
  }
  return document.render();
}

function apply(document: Document, operation: RegoObject): void {
  const path = pathOf(attribute(operation, 'path'));
  const op = attribute(operation, 'op');
  if (typeof op !== 'string')
    throw new BuiltinError(`attribute 'op' must be a string but found: ${typeName(op)}`);
  switch (op) {
    case 'add':
      document.insert(path, attribute(operation, 'value'));
      return;
    case 'remove':
      document.remove(path);
      return;
    case 'replace':
      document.remove(path);
      document.insert(path, attribute(operation, 'value'));
      return;
    case 'move':
    case 'copy': {
      const from = pathOf(attribute(operation, 'from'));
      const value = document.at(from);
      if (op === 'move') document.remove(from);
      document.insert(path, value);
      return;
    }
    case 'test':
      if (compareRego(document.at(path), attribute(operation, 'value')) !== 0)
        throw new BuiltinError('value from EditTree != patch value');
      return;
    default:
      throw new BuiltinError(`unrecognized op: '${op}'`);
  }
}

function attribute(operation: RegoObject, name: string): RegoValue {
  const value = operation.get(name);
  if (value === undefined) throw new BuiltinError(`missing required attribute '${name}'`);
  return value;
}

/** A JSON pointer, with or without its first slash, or an array of keys. */
function pathOf(given: RegoValue): Path {
  if (isArray(given)) return given;
  if (typeof given !== 'string')
    throw new BuiltinError(
      `operand 2 must be one of {set, array} containing string paths or array of path segments but got ${typeName(given)}`,
    );
  if (given === '') return [];
  const parts = given.replace(/^\/+/, '').split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

class Document {
  private root: EditNode | undefined;

  constructor(value: RegoValue) {
    this.root = editNode(value);
  }

  render(): RegoValue | undefined {
    return this.root?.render();
  }

  at(path: Path): RegoValue {
    return this.node(path).render();
  }

  insert(path: Path, value: RegoValue): void {
    const last = path.at(-1);
    if (last === undefined) this.root = editNode(value);
    else this.node(path.slice(0, -1)).insert(last, value);
  }

  remove(path: Path): void {
    const parent = this.node(path.slice(0, -1));
    const last = path.at(-1);
    if (last === undefined) this.root = undefined;
    else parent.remove(last);
  }

  private node(path: Path): EditNode {
    if (!this.root) throw new BuiltinError('deleted node encountered');
    return path.reduce<EditNode>((node, key) => node.child(key), this.root);
  }
}
