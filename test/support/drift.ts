import type { TestApplication } from './application.js';

/** Does what the worker's loop and its queue do, without a queue between; answers how many were judged again. */
export async function catchUp(app: TestApplication): Promise<number> {
  const { staleMarker, rejudger } = app.services;
  let judged = 0;
  for (;;) {
    await staleMarker.follow();
    const waiting = await rejudger.waiting(100);
    if (waiting.length === 0) return judged;
    for (const { job } of waiting) await rejudger.rejudge(job);
    judged += waiting.length;
  }
}
