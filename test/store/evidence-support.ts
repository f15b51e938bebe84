/** A report on its way in, in chunks. */
export async function* chunks(text: string, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Of an outcome that has to be a success. */
export const valueOf = async <T>(
  outcome: Promise<{ ok: true; value: T } | { ok: false; problem: unknown }>,
): Promise<T> => {
  const result = await outcome;
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
};

/** A complete report with one error. */
export const sarif = (message: string): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ESLint', version: '10.15.0' } },
        results: [{ ruleId: 'no-eval', level: 'error', message: { text: message } }],
      },
    ],
  });
