import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointCopy } from './checkpoint-copy.port.js';

/**
 * The copy as a file. It is synced before it takes the old one's name, and its folder after, so that a power cut
 * leaves the old note or the new one. Compare and swap holds among integrators that lead one after the other;
 * the fence in the database keeps them so.
 */
export class FileCheckpointCopy implements CheckpointCopy {
  constructor(private readonly path: string) {}

  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async replace(expected: string | undefined, next: string): Promise<boolean> {
    if ((await this.read()) !== expected) return false;
    const folder = dirname(this.path);
    await mkdir(folder, { recursive: true });
    const draft = `${this.path}.next`;
    await synced(draft, 'w', (file) => file.writeFile(next));
    await rename(draft, this.path);
    await synced(folder, 'r', () => Promise.resolve());
    return true;
  }
}

async function synced(
  path: string,
  flags: string,
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
