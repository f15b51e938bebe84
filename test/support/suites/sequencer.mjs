import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import sequencer from '@jest/test-sequencer';

const ROOT = join(import.meta.dirname, '../../..');
/** Seconds of those that take long, about: a long one that begins last leaves the other processor with nothing to do. */
const LONG = {
  'test/flow/story.spec.ts': 60,
  'test/api/tracing-doors.spec.ts': 50,
  'test/strangers/witness.spec.ts': 40,
  'test/flow/start.spec.ts': 30,
  'test/flow/setup.spec.ts': 30,
  'test/strangers/tamper.spec.ts': 30,
  'test/api/planted-secrets.spec.ts': 30,
  'test/api/run-loop.spec.ts': 25,
  'test/api/query-count.spec.ts': 25,
  'test/api/waiver-paths.spec.ts': 25,
  'test/api/field-table.spec.ts': 25,
  'test/api/tamper-all.spec.ts': 25,
  'test/verifier/bits.spec.ts': 20,
  'test/verifier/structure.spec.ts': 20,
  'test/engine/conformance.spec.ts': 15,
  'test/scan/retries.spec.ts': 15,
  'test/api/rejudge-queue.spec.ts': 15,
  'test/api/busy.spec.ts': 12, // most of it waits for a connection
  'src/ledger/tile-tree.spec.ts': 12,
};
const OTHERS = 3;

for (const path of Object.keys(LONG))
  if (!existsSync(join(ROOT, path)))
    throw new Error(`there is no ${path}: take it from ${import.meta.filename}`);

/** jest's, which has longest first what it has run before; on a fresh clone it would go by the sizes of files. */
export default class LongestFirst extends (sequencer.default ?? sequencer) {
  time(test) {
    return super.time(test) ?? 1000 * (LONG[relative(ROOT, test.path)] ?? OTHERS);
  }
}
