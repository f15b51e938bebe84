import { readTar } from './tar.js';

function header(name: string, sizeBytes: number, type = '0', prefix = ''): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\0', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function file(name: string, text: string, type?: string, prefix?: string): Buffer {
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  content.write(text);
  return Buffer.concat([header(name, text.length, type, prefix), content]);
}
const END = Buffer.alloc(1024);
const read = (...parts: readonly Buffer[]): Record<string, string> =>
  Object.fromEntries([...readTar(Buffer.concat(parts))].map(([name, bytes]) => [name, bytes.toString()]));

describe('readTar', () => {
  it('reads regular files and skips everything else', () => {
    const long = 'x'.repeat(1000);
    expect(
      read(
        file('/policy.wasm', 'asm'),
        file('link', '', '2'),
        file('b', long, '0', 'deep/er'),
        file('empty', ''),
        END,
      ),
    ).toEqual({ 'policy.wasm': 'asm', 'deep/er/b': long, empty: '' });
  });

  it('throws on an archive that is damaged, cut short or ambiguous', () => {
    const damaged = file('a', 'text');
    damaged[0] = 0x62;
    const [first, second] = [file('a', '1'), file('a', '2')];
    expect(() => read(damaged, END)).toThrow('damaged header');
    expect(() => read(header('a', 600), Buffer.alloc(512))).toThrow('cut short');
    expect(() => read(file('a', 'text'))).toThrow('no end');
    expect(() => read(first, second, END)).toThrow('one name');
  });
});
