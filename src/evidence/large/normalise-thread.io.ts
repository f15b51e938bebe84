/** Entry of a normalising thread: makes one document of the bytes it is sent, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { digestFrom, type Digest } from '../../kernel/digest.js';
import { normaliseLarge } from '../../formats/stream/normalise-large.js';
import { SpillingSorter } from './spilling-sorter.io.js';
import { handedOver, type FromThread, type ThreadTask, type ToThread } from './thread-protocol.js';

if (!parentPort) throw new Error('this file is started as a worker thread');
const port = parentPort;
const task = workerData as ThreadTask;
const tell = (message: FromThread): void => {
  port.postMessage(message, message.kind === 'page' ? handedOver(message.bytes) : []);
};

const awaitedPages = new Map<number, (digest: Digest) => void>();
let chunks: (Uint8Array | null)[] = [];
let wake: (() => void) | undefined;
let pass = 0;
let pages = 0;

port.on('message', (message: ToThread) => {
  if (message.kind === 'stored') {
    awaitedPages.get(message.id)?.(digestFrom(message.digest));
    awaitedPages.delete(message.id);
  } else if (message.pass === pass) {
    chunks.push(message.bytes);
    wake?.();
  }
});

async function* open(): AsyncGenerator<Uint8Array> {
  const mine = ++pass;
  chunks = [];
  tell({ kind: 'open', pass: mine });
  for (;;) {
    while (chunks.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const chunk = chunks.shift();
    if (!chunk) return;
    yield chunk;
    tell({ kind: 'next', pass: mine });
  }
}

function putPage(bytes: Uint8Array): Promise<Digest> {
  const id = ++pages;
  const stored = new Promise<Digest>((resolve) => awaitedPages.set(id, resolve));
  tell({ kind: 'page', id, bytes });
  return stored;
}

const sorter = new SpillingSorter(task.scratch);
try {
  const document = await normaliseLarge(
    { sizeBytes: task.sizeBytes, open },
    { sorter, putPage },
    task.options,
  );
  tell({ kind: 'done', document: canonicalJson(document) });
} finally {
  await sorter.close();
  port.close();
}
