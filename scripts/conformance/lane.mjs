/** One thread that evaluates, replaced when a case outlasts its time or breaks it. */
import { Worker } from 'node:worker_threads';
import { wants } from './dist.mjs';

const { parseRego } = await wants('value/read-dump.js');

const CASE_MS = 20_000;

export class Lane {
  #thread;
  #settle = () => undefined;

  /** The outcome, and which of the host's builtins the compiled policy calls. */
  async evaluate(task) {
    this.#thread ??= this.#start();
    const answer = await this.#ask(task);
    if (answer.lost) {
      await this.close();
      return { kind: 'error', cause: answer.lost, detail: answer.detail };
    }
    return answer.kind === 'error' ? answer : { ...answer, bindings: answer.terms.map(parseRego) };
  }

  #ask(task) {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#settle({ lost: 'time', detail: `more than ${CASE_MS} ms` }),
        CASE_MS,
      );
      this.#settle = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#thread.postMessage(task);
    });
  }

  #start() {
    // What a rival writes to the console is no part of the report.
    const thread = new Worker(new URL('./evaluate.mjs', import.meta.url), { stdout: true, stderr: true });
    thread.on('message', (answer) => this.#settle(answer));
    thread.on('error', (error) => this.#settle({ lost: 'thread', detail: error.message }));
    thread.on('exit', () => this.#settle({ lost: 'thread', detail: 'it ended' }));
    return thread;
  }

  async close() {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#settle = () => undefined;
    await thread?.terminate();
  }
}
