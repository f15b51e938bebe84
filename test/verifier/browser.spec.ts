import { createHash, createPublicKey, sign, verify, generateKeyPairSync, webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createContext, SourceTextModule, type Context, type Module } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { sha256 as ownSha256, startSha256 } from '../../src/verifier/sha256.js';
import type { Pins, Verdict } from '../../src/verifier/verdict.js';
import { webCrypto, type Subtle } from '../../src/verifier/web-crypto.js';
import { packFiles } from '../../src/outbound/pack/pack-files.js';
import { ustar } from '../../src/outbound/pack/ustar.js';
import { drained, packRequest } from '../support/pack.js';
import { flipped, judge, numbers, sample, type Sample } from './kit.js';

const VERIFIER = join(import.meta.dirname, '../../src/verifier');
const subtle = webcrypto.subtle as unknown as Subtle<unknown>;

type JudgeBlob = (blob: Blob, subtle: unknown, pins?: Pins) => Promise<Verdict>;

/** A page: none of Node's modules or globals, only what every browser has. Answers `judgeBlob`, and what it loaded. */
async function page(): Promise<{ judgeBlob: JudgeBlob; loaded: string[]; globals: string[] }> {
  const context: Context = createContext({ TextEncoder, TextDecoder });
  const modules = new Map<string, SourceTextModule>();
  const load = (path: string): SourceTextModule => {
    const known = modules.get(path);
    if (known) return known;
    const source = readFileSync(path, 'utf8');
    const options = {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ES2022,
      verbatimModuleSyntax: true,
    };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    const made = new SourceTextModule(outputText, { context, identifier: path });
    modules.set(path, made);
    return made;
  };
  const link = (specifier: string, from: Module): SourceTextModule => {
    const path = resolve(dirname(from.identifier), specifier.replace(/\.js$/, '.ts'));
    if (!specifier.startsWith('./') || !existsSync(path))
      throw new Error(`a page cannot load ${specifier} for ${from.identifier}`);
    return load(path);
  };
  const entry = load(join(VERIFIER, 'browser.ts'));
  await entry.link(link);
  await entry.evaluate();
  return {
    judgeBlob: (entry.namespace as { judgeBlob: JudgeBlob }).judgeBlob,
    loaded: [...modules.keys()].map((path) => path.slice(VERIFIER.length + 1)),
    globals: Object.keys(context),
  };
}

describe('the verifier in a page', () => {
  let given: Sample;
  let tar: Buffer;
  let here: Awaited<ReturnType<typeof page>>;
  beforeAll(async () => {
    given = await sample(6);
    tar = await drained(ustar(packFiles(given.ledger, packRequest(given.ledger), given.world.keys)));
    here = await page();
  });
  const inPage = async (bytes: Uint8Array, pins: Pins = given.pins): Promise<Verdict> =>
    JSON.parse(
      JSON.stringify(await here.judgeBlob(new Blob([Uint8Array.from(bytes)]), subtle, pins)),
    ) as Verdict;

  it('loads nothing that opens a file or asks Node', () => {
    expect(here.loaded).toEqual(
      expect.arrayContaining(['browser.ts', 'tar.ts', 'web-crypto.ts', 'verify-pack.ts']),
    );
    expect(here.loaded.filter((name) => name.endsWith('.io.ts'))).toEqual([]);
    expect(here.globals).toEqual(['TextEncoder', 'TextDecoder']);
  });

  it('says of a pack what assay verify says', async () => {
    const there = await judge(given.files, given.pins);
    expect(there.accepted).toBe(true);
    expect(await inPage(tar)).toEqual(JSON.parse(JSON.stringify(there)));
  });

  it('refuses a strange key, a cut archive, and single bits wherever they are', async () => {
    const { vkey, exportKey } = (await sample(1, 'stranger')).pins;
    const other = await inPage(tar, { ...given.pins, vkey: vkey ?? '' });
    expect(other.findings.map(({ code }) => code)).toContain('vkey');
    expect((await inPage(tar, { ...given.pins, exportKey: exportKey ?? '' })).accepted).toBe(false);
    expect((await inPage(tar.subarray(0, 5120))).findings[0]?.code).toBe('archive-malformed');
    const random = numbers(11);
    for (let tries = 0; tries < 60; tries += 1) {
      const bit = random(tar.length * 8);
      expect([bit, (await inPage(flipped(tar, bit))).accepted]).toEqual([bit, false]);
    }
  }, 60_000);
});

describe('our own SHA-256', () => {
  it('is the one of FIPS 180-4: its examples, and OpenSSL for every length over three blocks', () => {
    const hex = (text: string): string => Buffer.from(ownSha256(Buffer.from(text))).toString('hex');
    expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (let length = 0; length < 200; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255);
      expect(Buffer.from(ownSha256(bytes))).toEqual(createHash('sha256').update(bytes).digest());
    }
  });

  it('does not care how its input is cut', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 255);
    const random = numbers(3);
    for (let tries = 0; tries < 100; tries += 1) {
      const running = startSha256();
      for (let at = 0; at < bytes.length;) {
        const end = Math.min(bytes.length, at + random(150));
        running.update(bytes.subarray(at, end));
        at = end;
      }
      expect(Buffer.from(running.digest())).toEqual(createHash('sha256').update(bytes).digest());
    }
  });
});

describe('signatures by WebCrypto', () => {
  const web = webCrypto(subtle);
  const node = nodeCrypto();
  const message = Buffer.from('a message');

  it('are good and bad as they are for Node, of both kinds', async () => {
    const random = numbers(21);
    for (let tries = 0; tries < 40; tries += 1) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const signature = sign('sha256', message, privateKey);
      expect(await web.verifyP256(spki, message, signature)).toBe(true);
      const broken = [flipped(signature, random(signature.length * 8)), signature.subarray(0, -1)];
      for (const other of [...broken, Buffer.concat([signature, Buffer.of(0)]), Buffer.alloc(0)])
        expect(await web.verifyP256(spki, message, other)).toBe(await node.verifyP256(spki, message, other));
      expect(await web.verifyP256(flipped(spki, random(spki.length * 8)), message, signature)).toBe(false);
    }
  });

  it('of Ed25519 take a key of 32 bytes, and nothing that is malformed', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
    const signature = sign(null, message, privateKey);
    expect(verify(null, message, createPublicKey(privateKey), signature)).toBe(true);
    expect(await web.verifyEd25519(key, message, signature)).toBe(true);
    for (const [k, m, s] of [
      [key, Buffer.from('another'), signature],
      [key, message, flipped(signature, 9)],
      [key, message, signature.subarray(1)],
      [key.subarray(1), message, signature],
      [flipped(key, 100), message, signature],
    ] as const)
      expect(await web.verifyEd25519(k, m, s)).toBe(false);
  });
});
