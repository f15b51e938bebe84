import type { JsonObject } from '../../kernel/canonical-json.js';
import { MESSAGE_LENGTH } from '../model/finding.js';
import { listIn, objectIn, textIn } from '../read/json-view.js';
import type { FoundRule } from './sarif-rules.js';

/** §3.11: the text itself, or a string of the rule or its component by id; `{0}` … take the arguments. */
export function messageOf(result: JsonObject, found: FoundRule | undefined): string {
  const message = objectIn(result, 'message');
  const template =
    textIn(message, 'text') ?? stringById(textIn(message, 'id'), found) ?? textIn(message, 'markdown') ?? '';
  const given = listIn(message, 'arguments');
  if (given === undefined || given.length === 0) return template;
  const values = given.map((value) => (typeof value === 'string' ? value : ''));
  return template.replace(/\{(\d{1,3})\}/g, (hole, index: string) => values[Number(index)] ?? hole);
}

function stringById(id: string | undefined, found: FoundRule | undefined): string | undefined {
  if (id === undefined) return undefined;
  const ofRule = objectIn(objectIn(found?.rule, 'messageStrings'), id);
  const ofComponent = objectIn(objectIn(found?.component, 'globalMessageStrings'), id);
  return textIn(ofRule ?? ofComponent, 'text');
}

export function shortened(message: string): string {
  if (message.length <= MESSAGE_LENGTH) return message;
  return `${message.slice(0, MESSAGE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
