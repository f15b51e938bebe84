import { EventEmitter } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import pino from 'pino';
import { logOutput, outliveFullOutput } from './log-output.io.js';

const FULL = '/dev/full'; // Linux: every write to it is refused with ENOSPC
const onLinux = existsSync(FULL) ? it : it.skip;

describe('The log of a door', () => {
  onLinux('does not end the process when its disk is full, and drops what it cannot keep', async () => {
    const file = openSync(FULL, 'w');
    const { stream } = logOutput(file);
    const drops: string[] = [];
    (stream as unknown as NodeJS.EventEmitter).on('drop', (line: string) => drops.push(line));
    const logger = pino(stream);
    for (let n = 0; n < 30; n += 1) logger.warn({ text: 'x'.repeat(65_536) }, 'nobody reads this');
    await soon();
    closeSync(file);
    expect(drops.length).toBeGreaterThan(10);
    expect(drops.length).toBeLessThan(30);
  });

  it('writes line by line where there is room', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-log-'));
    const file = openSync(join(folder, 'log'), 'w');
    const logger = pino(logOutput(file).stream);
    logger.info('one');
    logger.info('two');
    expect(readFileSync(join(folder, 'log'), 'utf8').match(/"msg":"(one|two)"/g)).toHaveLength(2);
    closeSync(file);
    rmSync(folder, { recursive: true });
  });

  it('lets the console fail on a full disk, and not on a reader that is gone', () => {
    const stream = new EventEmitter();
    outliveFullOutput([stream]);
    const refuse = (code: string) => stream.emit('error', Object.assign(new Error(code), { code }));
    expect(() => refuse('ENOSPC')).not.toThrow();
    expect(() => refuse('EPIPE')).toThrow('EPIPE');
  });
});
