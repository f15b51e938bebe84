import type { z } from 'zod';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { Reason } from '../model/evidence-state.js';

/**
 * Reads one of our own small formats. They are ours, so they are read strictly: what is missing, unknown or of
 * the wrong type refuses the file and is named by its place.
 */
export function readOwn<T>(shape: z.ZodType<T>, value: unknown): Result<T, Reason> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = ['$', ...(issue?.path ?? [])]
    .map((part, index) =>
      typeof part === 'number' ? `[${String(part)}]` : index === 0 ? '$' : `.${String(part)}`,
    )
    .join('');
  return failed({
    code: 'people.malformed',
    params: { where: where.slice(0, 200), expected: (issue?.message ?? '').slice(0, 300) },
  });
}
