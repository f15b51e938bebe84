import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatVkey } from '../../src/ledger/signed-note.js';
import { HttpWitnessClient } from '../../src/ledger/witness-http.io.js';
import { parseWitnessPolicy } from '../../src/ledger/witness-policy.js';
import { witnessSettings } from '../../src/outbound/export/witness-settings.js';
import { packFiles } from '../../src/outbound/pack/pack-files.js';
import { judge } from '../verifier/kit.js';
import { ledgerOf, packRequest, packWorld, readFiles, type MemoryLedger } from '../support/pack.js';
import { cosign, fsck, GoLibraries, has, obtainStrangers, SigstoreVerify } from './tools.js';
import { spicy, startLitewitness, TorchwoodPolicies, type Running } from './torchwood.js';

const tools = await obtainStrangers(process.env['ASSAY_STRANGERS'] === 'long');
const { torchwood, library } = tools;
const why = [torchwood, library].flatMap((tool) => ('missing' in tool ? [tool.missing] : []));

const NAMES = ['a', 'b', 'c', 'd'] as const;
type Name = (typeof NAMES)[number];
/** One of two operators, and both witnesses of a third. */
const RULES = ['group left any a b', 'group right 2 c d', 'group sides all left right', 'quorum sides'];

(why.length === 0 ? describe : describe.skip)(
  `A pack whose checkpoint litewitness cosigned, under nested groups${why.map((text) => ` – not run: ${text}`).join('')}`,
  () => {
    if (!has(torchwood) || !has(library)) return;
    const world = packWorld('cosigned');
    const vkey = formatVkey(world.log.name, world.keys.log.publicKey);
    const root = mkdtempSync(join(tmpdir(), 'assay-cosigned-'));
    const running = new Map<Name, Running>();
    const lines = new Map<Name, string>();
    const libraries = new GoLibraries(library.path);
    const policies = new TorchwoodPolicies(torchwood.folder);
    let ledger: MemoryLedger;
    let note: string;

    beforeAll(async () => {
      ledger = ledgerOf(300, world);
      note = ledger.checkpoint();
      const fork = ledgerOf(310, world).checkpoint();
      const client = new HttpWitnessClient(10_000);
      for (const name of NAMES) {
        const witness = await startLitewitness(torchwood.folder, `witness.test/${name}`, vkey);
        running.set(name, witness);
        const submission = { url: witness.url, body: `old 0\n\n${note}` };
        const answer = await client.submit(submission, new AbortController().signal);
        if (answer.kind !== 'cosigned') throw new Error(JSON.stringify(answer));
        lines.set(name, answer.lines);
        // Asked the same again it says where it stands, and asked for another history, it refuses.
        expect(await client.submit(submission, new AbortController().signal)).toEqual({
          kind: 'stale',
          size: ledger.size,
        });
        // Signed by the log itself, of other entries: no proof leads from one to the other.
        const forged = { url: witness.url, body: `old ${String(ledger.size)}\n\n${fork}` };
        expect(await client.submit(forged, new AbortController().signal)).toEqual({
          kind: 'refused',
          status: 422,
        });
      }
    }, 60_000);
    afterAll(() => {
      for (const witness of running.values()) witness.stop();
      libraries.close();
      policies.close();
      rmSync(root, { recursive: true, force: true });
    });

    const settings = (rules = RULES) => {
      const witnesses = NAMES.map((name) => {
        const { vkey: key = '', url = '' } = running.get(name) ?? {};
        return `witness ${name} ${key} ${url}`;
      });
      const parsed = parseWitnessPolicy([...witnesses, ...rules].join('\n'));
      if (!parsed.ok) throw new Error(parsed.problem.detail);
      return witnessSettings(parsed.value);
    };

    /** The pack as the worker would make it, with the cosignatures of `names`, in memory and as a folder. */
    async function packWith(names: readonly Name[], rules?: string[]) {
      const checkpoint = note + names.map((name) => lines.get(name) ?? '').join('');
      const witnesses = settings(rules);
      const keys = { ...world.keys, ...(witnesses && { witnesses }) };
      const files = await readFiles(packFiles(ledger, packRequest(ledger, { checkpoint }), keys));
      const folder = mkdtempSync(join(root, 'pack-'));
      for (const [path, bytes] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
      }
      return { files, folder, policy: String(files.get('policy.tlog')), checkpoint };
    }

    it('everyone accepts it with a quorum of cosignatures, or more', async () => {
      for (const names of [['a', 'c', 'd'], ['b', 'c', 'd'], NAMES] as const) {
        const { files, folder, policy, checkpoint } = await packWith(names);
        expect(policy.split('\n').slice(5)).toEqual([...RULES, '']);
        expect((await judge(files, { vkey, policy })).findings).toEqual([]);
        expect(await policies.ask(policy, checkpoint)).toEqual({});
        const said = await libraries.pack(folder);
        for (const verdict of Object.values(said)) expect(verdict.refused).toBeUndefined();
        expect(await spicy(torchwood.folder, folder)).toEqual({ checks: 300 });
        if (has(tools.fsck)) expect(await fsck(tools.fsck.path, folder)).toEqual({ checks: ledger.size });
      }
    }, 60_000);

    it('the Sigstore clients accept its bundles, whose checkpoint has lines they do not know', async () => {
      const { folder } = await packWith(NAMES);
      if (has(tools.sigstore)) {
        const verifier = new SigstoreVerify(tools.sigstore);
        expect(await verifier.pack(folder)).toEqual({ checks: 300 });
        verifier.close();
      }
      if (has(tools.cosign))
        expect(await cosign(tools.cosign.path, folder, { sample: 3 })).toEqual({ checks: 3 });
    }, 60_000);

    it('ours, Tessera’s and Torchwood’s readers of policies refuse it with less than the quorum', async () => {
      for (const names of [[], ['a'], ['c', 'd'], ['a', 'b', 'c'], ['a', 'd']] as const) {
        const { files, folder, policy, checkpoint } = await packWith(names);
        expect((await judge(files, { vkey })).findings.map(({ code }) => code)).toEqual(['quorum']);
        expect(await policies.ask(policy, checkpoint)).toEqual({
          refused: expect.stringContaining('satisfied'),
        });
        expect((await libraries.pack(folder)).policy.refused).toMatch(/quorum/);
      }
    }, 60_000);

    it('ours refuses one whose maker weakened the policy, when the auditor brings his own', async () => {
      const { policy } = await packWith(NAMES);
      const { files } = await packWith(['a'], ['quorum a']);
      expect((await judge(files, { vkey })).accepted).toBe(true);
      expect((await judge(files, { vkey, policy })).findings.map(({ code }) => code)).toContain('policy');
    });

    it('a cosignature over another checkpoint of the same witness is refused by all three', async () => {
      const { files, policy, checkpoint } = await packWith(NAMES);
      const spoilt = checkpoint.replace(lines.get('a') ?? '', (lines.get('b') ?? '').replace('/b ', '/a '));
      expect(spoilt).not.toBe(checkpoint);
      const changed = new Map([...files, ['checkpoint', Buffer.from(spoilt)]]);
      expect((await judge(changed, { vkey })).findings.map(({ code }) => code)).toContain(
        'checkpoint-unknown-signature',
      );
      const [name = '', encoded = ''] = (lines.get('a') ?? '').replace(/^— /, '').trim().split(' ');
      const bytes = Buffer.from(encoded, 'base64');
      bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
      const bent = checkpoint.replace(encoded, bytes.toString('base64'));
      expect(name).toBe('witness.test/a');
      expect((await policies.ask(policy, bent)).refused).toMatch(/invalid signature/);
      const found = await judge(new Map([...files, ['checkpoint', Buffer.from(bent)]]), { vkey });
      expect(found.findings.map(({ code }) => code)).toContain('cosignature');
    });
  },
);
