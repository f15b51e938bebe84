import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipOf } from './kit.js';

/** When these databases say that they were taken. */
export const DATA_DATE = '2026-11-01T00:00:00.000Z';

/** Advisories that we made up: real ones age, and their licences do not let us commit them. */
const NPM_ADVISORY = {
  id: 'ASSAY-2026-0001',
  modified: '2026-10-01T00:00:00Z',
  published: '2026-10-01T00:00:00Z',
  summary: 'A made-up flaw of a parser',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'ua-parser-js' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '9.0.0' }] }],
    },
  ],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};
const GO_ADVISORY = {
  schema_version: '1.3.1',
  id: 'GO-2026-0001',
  modified: '2026-10-01T00:00:00Z',
  published: '2026-10-01T00:00:00Z',
  summary: 'A made-up flaw of sorting',
  details: 'Sorting is not safe.',
  affected: [
    {
      package: { name: 'stdlib', ecosystem: 'Go' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
      ecosystem_specific: { imports: [{ path: 'sort', symbols: ['Strings'] }] },
    },
  ],
  database_specific: { url: 'https://example.test/GO-2026-0001' },
};

const RETIRE_ENTRY = {
  vulnerabilities: [
    {
      below: '2.0.0',
      severity: 'high',
      cwe: ['CWE-79'],
      identifiers: { summary: 'A made-up flaw of a shelf', CVE: ['CVE-2026-0001'] },
      info: ['https://example.test/CVE-2026-0001'],
    },
  ],
  extractors: { filecontent: ['/\\*! shelf v(§§version§§)'] },
};

/** Databases in the layouts that osv-scanner 1, govulncheck and retire.js read, in a folder of their own. */
export function scannerData(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'assay-scanner-data-'));
  const write = (path: string, content: Buffer | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.isBuffer(content) ? content : JSON.stringify(content));
  };
  write('osv/snapshot.json', { takenAt: DATA_DATE });
  const advisory = { [`${NPM_ADVISORY.id}.json`]: JSON.stringify(NPM_ADVISORY) };
  write('osv/osv-scanner/npm/all.zip', zipOf(advisory));
  write('osv/osv-scanner/Go/all.zip', zipOf({ 'GO-2026-0001.json': JSON.stringify(GO_ADVISORY) }));
  write('retire/snapshot.json', { takenAt: DATA_DATE });
  write('retire/jsrepository-v5.json', { shelf: RETIRE_ENTRY });
  const { id, modified } = GO_ADVISORY;
  write('govulndb/index/db.json', { modified: DATA_DATE });
  write('govulndb/index/modules.json', [{ path: 'stdlib', vulns: [{ id, modified }] }]);
  write('govulndb/index/vulns.json', [{ id, modified, aliases: [] }]);
  write(`govulndb/ID/${id}.json`, GO_ADVISORY);
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
