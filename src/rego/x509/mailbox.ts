import { isVisible } from './names.js';

export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** A mailbox (RFC 2821, 4.1.2) as Go reads it in certificates; undefined where Go refuses it. */
export function parseMailbox(text: string): Mailbox | undefined {
  const found = text.startsWith('"') ? quotedLocal(text) : plainLocal(text);
  if (!found || text[found.end] !== '@') return undefined;
  const domain = text.slice(found.end + 1);
  const valid = domain === '' || domain.split('.').every((label) => label !== '' && isVisible(label));
  return valid ? { local: found.local, domain } : undefined;
}

interface Local {
  readonly local: string;
  readonly end: number;
}

function quotedLocal(text: string): Local | undefined {
  const local: string[] = [];
  for (let at = 1; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === 0x22) return { local: local.join(''), end: at + 1 };
    if (code === 0x5c) {
      code = text.charCodeAt(++at);
      if (!isQuotable(code)) return undefined;
    } else if (code === 9 || !isQuotable(code)) return undefined;
    local.push(String.fromCharCode(code));
  }
  return undefined;
}

const isQuotable = (code: number): boolean => code >= 1 && code <= 127 && code !== 10 && code !== 13;

function plainLocal(text: string): Local | undefined {
  const local: string[] = [];
  let at = 0;
  for (; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
      if (at >= text.length) return undefined;
    } else if (!isAtom(text.charAt(at))) break;
    local.push(text.charAt(at));
  }
  const name = local.join('');
  const misplaced = name.startsWith('.') || name.endsWith('.') || name.includes('..');
  return name === '' || misplaced ? undefined : { local: name, end: at };
}

function isAtom(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code >= 0x30 && code <= 0x39) return true;
  if (code >= 0x41 && code <= 0x5a) return true;
  return (code >= 0x61 && code <= 0x7a) || "!#$%&'*+-/=?^_`{|}~.".includes(character);
}
