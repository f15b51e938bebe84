/** How a query of the suite becomes an entrypoint of a compiled policy, and its answer the query's bindings. */
import { wants } from './dist.mjs';

const { RegoObject, RegoSet } = await wants('value/rego-value.js');

/** `data.a.b = x`, `data = x`: what a compiled policy can be asked without more. */
const PATH_QUERY = /^data((?:\.[A-Za-z_]\w*)*) = ([A-Za-z_]\w*)$/;
const KEYWORDS = new Set(
  'as contains default else every false if import in input data not null package set some true with'.split(
    ' ',
  ),
);
const PACKAGE = 'assay_case';

/**
 * @typedef {{ modules: readonly string[], entrypoint: string, variable?: string }} Plan
 * `variable`: what the entrypoint's value is bound to; without it the value is the set of bindings.
 */

/** Plans to try in turn: a path that names no rule cannot be an entrypoint, but can be asked for by a rule. */
export function plansOf({ query, modules, version }) {
  const [, path, variable] = PATH_QUERY.exec(query) ?? [];
  const generated = {
    modules: [...modules, bindingsModule(query, version)],
    entrypoint: `${PACKAGE}/bindings`,
  };
  if (path === undefined || KEYWORDS.has(variable)) return [generated];
  const direct = { modules, entrypoint: path === '' ? '/' : path.slice(1).replaceAll('.', '/'), variable };
  return modules.length === 0 ? [generated] : [direct, generated];
}

/** A rule whose value is the set of the query's bindings. */
function bindingsModule(query, version) {
  const object = `{${variablesOf(query)
    .map((name) => `"${name}": ${name}`)
    .join(', ')}}`;
  const head = version === 'v0' ? `bindings[${object}]` : `bindings contains ${object} if`;
  return `package ${PACKAGE}\n\n${head} {\n${query}\n}\n`;
}

/** The names that a query binds: those that are neither called nor part of a path, and not inside a text. */
export function variablesOf(query) {
  const names = [...withoutTexts(query).matchAll(/(?<![\w.])[A-Za-z_]\w*(?!\w|\s*[.([])/g)];
  return [...new Set(names.map(([name]) => name))].filter((name) => name !== '_' && !KEYWORDS.has(name));
}

/** Texts may have code in braces (`$"{x}"`), which may have texts. */
function withoutTexts(code) {
  let kept = '';
  for (let at = 0; at < code.length; at++)
    if (code[at] === '"') at = endOfText(code, at, code[at - 1] === '$');
    else kept += code[at];
  return kept;
}

/** Where the text that begins at `start` ends. */
function endOfText(code, start, isTemplate) {
  for (let at = start + 1, depth = 0; at < code.length; at++) {
    if (depth === 0 && code[at] === '\\') at++;
    else if (code[at] === '"' && depth === 0) return at;
    else if (code[at] === '"') at = endOfText(code, at, code[at - 1] === '$');
    else if (isTemplate && code[at] === '{') depth++;
    else if (isTemplate && code[at] === '}') depth--;
  }
  throw new Error(`a text without an end: ${code}`);
}

/** The bindings that an entrypoint's value means; undefined is no binding. */
export function bindingsOf(value, { variable }) {
  if (variable !== undefined) return value === undefined ? [] : [RegoObject.of({ [variable]: value })];
  if (!(value instanceof RegoSet)) throw new Error('the generated rule is not a set');
  return value.members;
}
