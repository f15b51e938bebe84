import type { EvaluationFailed, EvaluationFault } from '../engine.port.js';
import { AbiUnsupported, ModuleAbort, NotText, ResultTooLarge } from './module.js';

/** A builtin failed by a fault of ours, or reported an error in a strict evaluation. */
export class BuiltinFault extends Error {}

export const evaluationFailed = (error: unknown, cause = faultOf(error)): EvaluationFailed => ({
  kind: 'EvaluationFailed',
  cause,
  detail: error instanceof Error ? error.message : String(error),
});

function faultOf(error: unknown): EvaluationFault {
  if (error instanceof BuiltinFault) return 'builtin';
  if (error instanceof ResultTooLarge || error instanceof NotText) return 'result';
  if (error instanceof AbiUnsupported) return 'bundle';
  if (!(error instanceof ModuleAbort)) return 'trap';
  if (error.message.includes('opa_malloc: failed')) return 'memory';
  return /(var assignment|object insert) conflict/.test(error.message) ? 'conflict' : 'abort';
}
