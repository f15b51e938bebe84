import type { JsonObject } from '../kernel/canonical-json.js';
import { message, type Catalogue, type Message } from '../kernel/message.js';

/** What the gate itself has to say, beside the rules. */
export const GATE_MESSAGES = {
  'gate.engine-failed': {
    en: 'The rule could not be evaluated: {problem}.',
    nl: 'De regel kon niet worden uitgevoerd: {problem}.',
  },
  'gate.report-malformed': {
    en: 'The rule answered something that is not a rule report: {where}.',
    nl: 'De regel gaf een antwoord dat geen regelrapport is: {where}.',
  },
  'gate.evidence-unreadable': {
    en: 'The stored form of evidence {evidence} is missing or does not have its digest.',
    nl: 'De opgeslagen vorm van bewijs {evidence} ontbreekt of heeft niet de juiste hash.',
  },
  'gate.too-many-violations': {
    en: 'The rule reports {count} violations, more than the {limit} that one decision records.',
    nl: 'De regel meldt {count} overtredingen, meer dan de {limit} die één beslissing vastlegt.',
  },
  'gate.too-many-findings': {
    en: 'The rule has to look at {count} open findings, more than the {limit} that one decision takes in.',
    nl: 'De regel moet {count} open bevindingen bekijken, meer dan de {limit} die één beslissing aankan.',
  },
  'gate.too-large-findings': {
    en: 'The {count} open findings that the rule has to look at take more than the {limit} bytes of one decision.',
    nl: 'De {count} open bevindingen die de regel moet bekijken, zijn groter dan de {limit} bytes van één beslissing.',
  },
  'gate.checklist-empty': {
    en: 'The checklist names no rule that could judge.',
    nl: 'De checklist noemt geen regel die kan oordelen.',
  },
} as const satisfies Catalogue;

export type GateMessageCode = keyof typeof GATE_MESSAGES;

export const isGateMessage = (code: string): code is GateMessageCode => Object.hasOwn(GATE_MESSAGES, code);

export const gateMessage = (code: GateMessageCode, params: JsonObject): Message =>
  message(GATE_MESSAGES, code, params);
