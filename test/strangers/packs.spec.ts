import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packFolder } from '../support/pack.js';
import { checkManifest, commandsOf, runCommands } from './guide.js';
import { spicy } from './torchwood.js';
import {
  cosign,
  fsck,
  GoLibraries,
  has,
  obtainStrangers,
  oscal,
  SigstoreVerify,
  type Strangers,
} from './tools.js';

const long = process.env['ASSAY_STRANGERS'] === 'long';
/** An auditor's usual sample. */
const COSIGN_SAMPLE = 25;
/** Decisions per pack: nothing but one leaf before it, either side of a full tile, and a second one. */
const SIZES = long ? [1, 2, 218, 219, 220, 300, 10_000] : [1, 219, 300];

const tools = await obtainStrangers(long);
const folders: string[] = [];

function skipped(tool: keyof Strangers): string {
  const found: object = tools[tool];
  return 'missing' in found ? ` – not run: ${String(found.missing)}` : '';
}

const suiteOf = (tool: keyof Strangers): jest.Describe => (skipped(tool) === '' ? describe : describe.skip);

/** Real packs of all sizes, made once. */
const packs = new Map<number, { folder: string; entries: number }>();

beforeAll(async () => {
  for (const decisions of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'assay-strangers-'));
    folders.push(folder);
    const { size } = await packFolder(folder, decisions);
    packs.set(decisions, { folder, entries: size });
  }
}, 300_000);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const packOf = (decisions: number): { folder: string; entries: number } => {
  const pack = packs.get(decisions);
  if (!pack) throw new Error('not made');
  return pack;
};

suiteOf('fsck')(`Tessera’s fsck${skipped('fsck')}`, () => {
  it.each(SIZES)('accepts the whole log of a pack with %i decisions', async (decisions) => {
    const { folder, entries } = packOf(decisions);
    if (has(tools.fsck)) expect(await fsck(tools.fsck.path, folder)).toEqual({ checks: entries });
  });
});

suiteOf('library')(`golang.org/x/mod, transparency-dev and Tessera as libraries${skipped('library')}`, () => {
  it.each(SIZES)(
    'accept every entry and proof of a pack with %i decisions',
    async (decisions) => {
      if (!has(tools.library)) return;
      const { folder, entries } = packOf(decisions);
      const go = new GoLibraries(tools.library.path);
      try {
        const said = await go.pack(folder);
        const prefixes = Math.ceil(entries / (1 + Math.floor(entries / 1024)));
        expect(said).toEqual({
          xmod: { checks: 1 + entries + decisions + prefixes },
          merkle: { checks: entries + decisions },
          formats: { checks: 1 + decisions },
          policy: { checks: 1 },
        });
      } finally {
        go.close();
      }
    },
    120_000,
  );
});

suiteOf('torchwood')(`Torchwood’s spicy${skipped('torchwood')}`, () => {
  it.each(SIZES)(
    'accepts the records of a pack with %i decisions',
    async (decisions) => {
      if (!has(tools.torchwood)) return;
      const { folder } = packOf(decisions);
      expect(await spicy(tools.torchwood.folder, folder)).toEqual({ checks: Math.min(decisions, 1000) });
    },
    120_000,
  );
});

suiteOf('oscal')(`NIST’s schema of OSCAL 1.1.3${skipped('oscal')}`, () => {
  it.each(SIZES)(
    'accepts oscal-ar.json of a pack with %i decisions, and not one without a member it requires',
    async (decisions) => {
      if (!has(tools.oscal)) return;
      const { folder } = packOf(decisions);
      const path = join(folder, 'oscal-ar.json');
      expect(await oscal(tools.oscal.path, path)).toBeUndefined();
      const spoilt = mkdtempSync(join(tmpdir(), 'assay-oscal-'));
      folders.push(spoilt);
      const text = readFileSync(path, 'utf8');
      for (const [member, without] of [
        ['methods', text.replace('"methods":["TEST"],', '')],
        ['state', text.replace(/"state":"(not-)?satisfied"/, '"state":"perhaps"')],
        ['unknown', text.replace('"methods":', '"unknown":1,"methods":')],
      ] as const) {
        writeFileSync(join(spoilt, 'ar.json'), without);
        expect([member, await oscal(tools.oscal.path, join(spoilt, 'ar.json'))]).toEqual([
          member,
          expect.stringMatching(/invalid OSCAL document/),
        ]);
      }
    },
    120_000,
  );
});

suiteOf('sigstore')(`npm’s @sigstore/verify${skipped('sigstore')}`, () => {
  it.each(SIZES)(
    'accepts every bundle of a pack with %i decisions',
    async (decisions) => {
      if (!has(tools.sigstore)) return;
      const verifier = new SigstoreVerify(tools.sigstore);
      try {
        expect(await verifier.pack(packOf(decisions).folder)).toEqual({ checks: decisions });
      } finally {
        verifier.close();
      }
    },
    120_000,
  );
});

suiteOf('cosign')(`cosign${skipped('cosign')}`, () => {
  it.each(SIZES)(
    'accepts a sample of the bundles of a pack with %i decisions',
    async (decisions) => {
      if (!has(tools.cosign)) return;
      const checks = Math.min(decisions, COSIGN_SAMPLE);
      expect(await cosign(tools.cosign.path, packOf(decisions).folder, { sample: COSIGN_SAMPLE })).toEqual({
        checks,
      });
    },
    120_000,
  );
});

suiteOf('shell')(`VERIFY.md${skipped('shell')}`, () => {
  const decisions = 300;
  const said = async (section: number): Promise<string> => {
    const { folder } = packOf(decisions);
    const commands = commandsOf(readFileSync(join(folder, 'VERIFY.md'), 'utf8'), section);
    const paths = [tools.fsck, tools.cosign].filter((tool) => has(tool)).map(({ path }) => dirname(path));
    if (has(tools.torchwood)) paths.push(tools.torchwood.folder);
    return (await runCommands(commands ?? 'exit 1', folder, paths)).output;
  };

  it('its commands for the manifest find every file as signed and none besides', async () => {
    expect(
      await checkManifest(
        packOf(decisions).folder,
        readFileSync(join(packOf(decisions).folder, 'VERIFY.md'), 'utf8'),
      ),
    ).toEqual({ checks: 3 });
  });

  (has(tools.fsck) ? it : it.skip)('its command for the whole log works as it stands', async () => {
    expect(await said(2)).toContain("Successfully fsck'd log");
  });

  (has(tools.cosign) ? it : it.skip)(
    'its command for one decision works as it stands',
    async () => {
      expect(await said(3)).toContain('Verified OK');
    },
    60_000,
  );

  (has(tools.torchwood) ? it : it.skip)(
    'its commands for one decision by its proof work as they stand',
    async () => {
      expect(await said(4)).toContain('Spicy signature(s) verified!');
    },
  );

  it('its commands draw the sample that it names', async () => {
    const { folder } = packOf(decisions);
    const [, named] =
      /A sample for testing by hand: ([\d, ]+)\./.exec(readFileSync(join(folder, 'VERIFY.md'), 'utf8')) ?? [];
    expect((await said(5)).trim().split('\n')).toEqual(named?.split(', '));
  }, 60_000);
});
