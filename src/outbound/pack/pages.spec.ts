import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatVkey } from '../../ledger/signed-note.js';
import { FACTS } from '../../ledger/statement.js';
import { ledgerOf, packFolder, packInMemory, packWorld } from '../../../test/support/pack.js';
import { DecisionRow } from './decision-row.js';
import { markup, raw } from './markup.js';
import type { PackWitnesses } from './pack.js';
import { tlogPolicy } from './tlog-text.js';
import { csvLine } from './tables.js';
import { uuid5 } from './uuid5.js';

const world = packWorld();
const summaryOf = async (decisions: number, query = {}): Promise<string> =>
  String((await packInMemory(ledgerOf(decisions), world, { query })).get('summary.html'));

describe('summary.html', () => {
  it('counts by verdict, gate and month, and lists every decision of a small pack', async () => {
    const page = await summaryOf(30);
    expect(page).toContain('<th scope="row">GATE_PR</th>');
    expect(page).toContain('<th scope="row">2026-10</th>');
    expect(page).toMatch(/<th scope="row">all<\/th>(<td class="n">\d+<\/td>){5}<td class="n">30<\/td>/);
    expect(page.match(/href="bundles\//g)).toHaveLength(30);
  });

  it('lists the exceptions and the sample of a large one, and says where all are', async () => {
    const page = await summaryOf(1400);
    const exceptions = 1400 - (1400 * 3) / 7; // three verdicts in seven are PASS
    expect(page.match(/href="bundles\//g)).toHaveLength(exceptions + 25);
    expect(page).toContain(`<p>${String(exceptions)} in all`);
    expect(page).toContain('href="decisions.csv"');
  });

  it('runs nothing, loads nothing, and escapes what it was given', async () => {
    const page = await summaryOf(3, { projectId: '<script>alert("1")</script>' });
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:|src=|url\(|@import/i);
    expect(page).toContain('project &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('is made of markup that escapes every value that is not markup itself', () => {
    expect(markup`<p title="${`"'&`}">${raw('<b>')}${[markup`<i>${'<'}</i>`]}</p>`.text).toBe(
      '<p title="&quot;&#39;&amp;"><b><i>&lt;</i></p>',
    );
  });
});

/** What the guide's commands need; a machine without them cannot tell whether they work. */
const hasTools = ['bash', 'jq', 'openssl', 'sha256sum'].every(
  (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0,
);

describe('VERIFY.md', () => {
  (hasTools ? it : it.skip)(
    'has commands that work: manifest, digests, listing and sample, with openssl, jq and coreutils',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'assay-pack-'));
      try {
        await packFolder(folder, 40, world);
        const guide = execFileSync('cat', ['VERIFY.md'], { cwd: folder, encoding: 'utf8' });
        const [manifest = '', , , , sample = ''] = [...guide.matchAll(/```sh\n([^]*?)```/g)].map(
          ([, code]) => code,
        );
        const sh = (code: string): string =>
          execFileSync('bash', ['-euo', 'pipefail', '-c', code], { cwd: folder, encoding: 'utf8' });
        const printed = sh(manifest);
        expect(printed).toContain('Signature Verified Successfully\nevery file as signed\nno file besides\n');
        expect(printed).toContain('"decisions": 40');
        expect(guide).toContain(`A sample for testing by hand: ${sh(sample).trim().split('\n').join(', ')}.`);
        execFileSync('bash', ['-c', 'printf x >> entries/1.json'], { cwd: folder });
        const refused = sh(manifest);
        expect(refused).toContain('entries/1.json: FAILED');
        expect(refused).not.toContain('every file as signed');
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('names the keys and the root of this pack', async () => {
    const files = await packInMemory(ledgerOf(2), world);
    const guide = String(files.get('VERIFY.md'));
    const [decision] = world.keys.decisions;
    const der = decision?.export({ type: 'spki', format: 'der' }) ?? Buffer.alloc(0);
    expect(guide).toContain(formatVkey('ledger.example', world.keys.log.publicKey));
    expect(guide).toContain(createHash('sha256').update(der).digest('hex'));
    expect(guide).toContain(String(files.get('checkpoint')).split('\n')[2]);
  });
});

describe('policy.tlog', () => {
  const members = ['w1', 'w2', 'w3'].map((name) => ({ name, vkey: `${name}.example+01234567+BAAA` }));

  it('asks for no witness when there is none', () => {
    expect(tlogPolicy('log+key', undefined)).toBe('log log+key\nquorum none\n');
  });

  it('says of the configured ones what their policy does, defined before they are used', () => {
    const groups = [
      { name: 'late', rule: 'any', members: ['w2', 'w3'] },
      { name: 'both', rule: '2', members: ['w1', 'late'] },
    ];
    const withUrl = [...members.slice(0, 2), { name: 'w3', vkey: 'k3', url: 'https://w3.example/' }];
    expect(tlogPolicy('log+key', { members: withUrl, groups, quorum: 'both' }).split('\n')).toEqual([
      'log log+key',
      'witness w1 w1.example+01234567+BAAA',
      'witness w2 w2.example+01234567+BAAA',
      'witness w3 k3 https://w3.example/',
      'group late any w2 w3',
      'group both 2 w1 late',
      'quorum both',
      '',
    ]);
    expect(tlogPolicy('log+key', { members, groups: [], quorum: null })).toMatch(/^quorum none$/m);
    expect(tlogPolicy('log+key', { members, groups: [], quorum: 'w2' })).toMatch(/^quorum w2$/m);
  });

  it('refuses what cannot be met, is not defined, or would break a line', () => {
    const policy = (given: Partial<PackWitnesses>) => () =>
      tlogPolicy('k', { members, groups: [], quorum: null, ...given });
    const group = (rule: string, ...of: string[]) => ({ groups: [{ name: 'g', rule, members: of }] });
    for (const given of [group('4', 'w1', 'w2', 'w3'), group('0', 'w1'), group('some', 'w1'), group('any')])
      expect(policy(given)).toThrow(RangeError);
    for (const given of [
      { quorum: 'w4' },
      group('any', 'w4'),
      { groups: [{ name: 'w1', rule: 'any', members: ['w2'] }] },
      { members: [{ name: 'a b', vkey: 'k' }] },
      { members: [{ name: 'none', vkey: 'k' }] },
      { members: [{ name: 'a', vkey: 'k\nquorum none' }] },
      { members: [{ name: 'a', vkey: 'k', url: 'https://a.test/\nquorum none' }] },
    ])
      expect(policy(given)).toThrow(TypeError);
  });
});

describe('small parts', () => {
  it('quotes a cell of the table as RFC 4180 says', () => {
    const facts = { kind: 'decision.recorded', actor: 'a', tsEnd: 't', caseId: 'a,"b"\n' };
    const statement = JSON.stringify({ predicate: { [FACTS]: facts } });
    const row = new DecisionRow({ seq: 1, leaf: '', statement, erased: 0, masked: 0 });
    const hash = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'; // of the empty leaf
    expect(csvLine(row)).toBe(`1,t,"a,""b""\n",,,,,,,,,,,,a,${hash}\n`);
  });

  it('makes UUIDs of version 5, the same for the same parts, others when parts slide', () => {
    expect(uuid5('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid5('a', 'b')).toBe(uuid5('a', 'b'));
    expect(uuid5('ab')).not.toBe(uuid5('a', 'b'));
  });
});
