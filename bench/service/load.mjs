// One process that sends requests and reads answers, the same for us and for the rival: HTTP/1.1 on connections that stay
// open, on plain sockets, because Node's own client costs as much as what is measured. Told what to do by messages.
import { connect } from 'node:net';
import { requestOf } from './requests.mjs';

const HEAD_END = Buffer.from('\r\n\r\n');

/** A connection that has one request under way at most. */
class Connection {
  #socket;
  #chunks = [];
  #done;

  constructor(host, port) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#end({ status: 0, body: error.message }));
    this.#socket.on('close', () => this.#end({ status: 0, body: 'the connection was closed' }));
  }

  get usable() {
    return !this.#socket.destroyed;
  }

  send(bytes, limitMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#end({ status: 0, body: 'no answer in time' });
        this.#socket.destroy();
      }, limitMs);
      this.#done = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#socket.write(bytes);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#chunks.push(chunk);
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    const answer = readAnswer(all);
    if (answer) this.#end(answer);
  }

  #end(answer) {
    const done = this.#done;
    this.#done = undefined;
    this.#chunks = [];
    done?.(answer);
  }
}

/** Undefined while it is not whole. */
function readAnswer(bytes) {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.latin1Slice(0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const at = head.indexOf('content-length:');
  const from = headEnd + 4;
  if (at >= 0) {
    const length = parseInt(head.slice(at + 15), 10);
    return bytes.length < from + length ? undefined : { status, body: bytes.utf8Slice(from, from + length) };
  }
  if (!head.includes('transfer-encoding: chunked')) return { status, body: '' };
  let body = '';
  for (let place = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', place);
    if (lineEnd < 0) return undefined;
    const length = parseInt(bytes.latin1Slice(place, lineEnd), 16);
    if (bytes.length < lineEnd + 2 + length + 2) return undefined;
    if (length === 0) return { status, body };
    body += bytes.utf8Slice(lineEnd + 2, lineEnd + 2 + length);
    place = lineEnd + 2 + length + 2;
  }
}

/** What came back, and when. */
class Tally {
  latencies = [];
  /** Of those that were answered as asked. */
  accepted = [];
  outcomes = {};
  sample = undefined;
  notSent = 0;
  keys = [];

  take(ms, { outcome, count = 1, key }, body) {
    this.latencies.push(ms);
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + count;
    if (outcome === 'ok') this.accepted.push(ms);
    if (outcome === 'ok' && key !== undefined) this.keys.push(key);
    if (outcome !== 'ok') this.sample ??= `${outcome}: ${body.slice(0, 600)}`;
  }
}

/** As fast as `connections` callers come, each waiting for its answer; until `count` were asked or `ms` are over. */
async function closed({ targets, connections, count = Infinity, ms = Infinity, limitMs = 60_000, ...order }) {
  const request = requestOf(order);
  const tally = new Tally();
  let next = order.first ?? 0;
  const last = next + count;
  const began = performance.now();
  const caller = async (_, place) => {
    const { host, port } = targets[place % targets.length];
    let connection = new Connection(host, port);
    while (next < last && performance.now() - began < ms) {
      const asked = request(next++);
      const since = performance.now();
      const answer = await connection.send(asked.bytes, limitMs);
      tally.take(performance.now() - since, asked.judge(answer), answer.body);
      if (!connection.usable) connection = new Connection(host, port);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, caller));
  return { ...tally, ms: performance.now() - began, next };
}

/** `perSecond`, whatever comes back; latency counts from when a request was due. */
async function open({ targets, perSecond, ms, maxConnections = 2_000, limitMs = 60_000, ...order }) {
  const request = requestOf(order);
  const tally = new Tally();
  const idle = targets.map(() => []);
  const under = new Set();
  let opened = 0;
  let sent = order.first ?? 0;
  const first = sent;
  const began = performance.now();
  const ask = async (number, due) => {
    const place = number % targets.length;
    let connection = idle[place].pop();
    if (!connection?.usable) {
      if (opened >= maxConnections) {
        tally.notSent += 1;
        return;
      }
      opened += 1;
      connection = new Connection(targets[place].host, targets[place].port);
    }
    const asked = request(number);
    const answer = await connection.send(asked.bytes, limitMs);
    tally.take(performance.now() - due, asked.judge(answer), answer.body);
    if (connection.usable) idle[place].push(connection);
    else opened -= 1;
  };
  for (;;) {
    const now = performance.now();
    if (now - began >= ms) break;
    const due = first + 1 + Math.floor(((now - began) / 1000) * perSecond); // the first is due at once
    while (sent < due) {
      const number = sent++;
      const work = ask(number, began + ((number - first) / perSecond) * 1000);
      under.add(work);
      void work.finally(() => under.delete(work));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const offered = sent - first;
  const ended = performance.now() - began;
  await Promise.all(under);
  for (const connection of idle.flat()) connection.close();
  return { ...tally, ms: ended, offered, next: sent, drainedMs: performance.now() - began - ended };
}

process.on('message', async (order) => {
  if (order.kind === 'stop') process.exit(0);
  process.send(await (order.kind === 'open' ? open(order) : closed(order)));
});
process.send('ready');
