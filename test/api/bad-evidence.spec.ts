import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { nothingStoredBy } from '../support/nothing-stored.js';
import {
  BAD_REPORTS,
  badReport,
  CLEAN,
  evaluate,
  registerBuild,
  someDigest,
  uploadAll,
  type Build,
} from '../support/shop.js';

const LIMIT_BYTES = 150_000;
let app: TestApplication;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication({ uploadLimitBytes: LIMIT_BYTES });
  build = await registerBuild(app);
});
afterAll(() => app.close());

describe('a report that cannot be believed', () => {
  const KINDS = {
    sarif: 'sast',
    'cdx.json': 'sbom',
    'coverage.json': 'coverage',
    coverprofile: 'coverage',
  } as const;
  const kindOf = (name: string): keyof typeof CLEAN =>
    Object.entries(KINDS).find(([ending]) => name.endsWith(ending))?.[1] ?? 'sast';
  const cleanBut = (kind: keyof typeof CLEAN): string[] =>
    Object.entries(CLEAN).flatMap(([each, text]) => (each === kind ? [] : [text]));
  const verdictWith = async (reports: readonly (Buffer | string)[]) => {
    const one = await registerBuild(app);
    await uploadAll(app, one, reports);
    await app.normalise();
    return { one, decision: await evaluate(app, one) };
  };

  it('is what stands between a clean build and PASS', async () => {
    const { decision } = await verdictWith(Object.values(CLEAN));
    expect(decision).toMatchObject({ verdict: 'PASS', verdictWithoutWaivers: 'PASS', waiverIds: [] });
  });

  const EXPECTED: Readonly<Record<string, string>> = {
    'components-not-a-list.cdx.json': 'ERROR',
    'contradicting-blocks.coverprofile': 'ERROR',
    'crashed.sarif': 'ERROR',
    'empty.json': 'ERROR',
    'no-blocks.coverprofile': 'NOT_MEASURED',
    'no-files-coverage.json': 'ERROR',
    'not-a-report.json': 'UNKNOWN',
    'nothing-measured-coverage.json': 'NOT_MEASURED',
    'results-null.sarif': 'ERROR',
    'rule-failed.sarif': 'INCOMPLETE',
    'runs-not-a-list.sarif': 'ERROR',
    'runs-null.sarif': 'ERROR',
    'short-line.coverprofile': 'ERROR',
    'truncated-coverage.json': 'ERROR',
    'truncated.cdx.json': 'ERROR',
    'truncated.sarif': 'ERROR',
  };

  const NAMELESS = ['empty.json', 'not-a-report.json'];

  it('is every file of the folder, and the bill of materials whose licences nobody can know', () => {
    expect(BAD_REPORTS).toEqual([...Object.keys(EXPECTED), 'unknown-licences.cdx.json']);
  });

  it.each(Object.entries(EXPECTED))('%s is stored, is %s, and passes no gate', async (name, state) => {
    const { one, decision } = await verdictWith([badReport(name), ...cleanBut(kindOf(name))]);
    expect(decision.verdict).toBe('INDETERMINATE');
    const { evidence } = await app.ask('auditor', 'artefact', { digest: one.digest });
    const bad = evidence.filter((each: Answer) => each.state !== 'COMPLETE');
    expect(bad).toMatchObject([{ state, reasons: expect.arrayContaining([expect.anything()]) }]);
    for (const { code, text } of bad[0].reasons) {
      expect(code).toMatch(/^[a-z0-9.-]+$/);
      expect(text).toMatch(/^[^{}]+$/);
    }
  });

  it('fails where it hides a licence', async () => {
    const { decision } = await verdictWith([badReport('unknown-licences.cdx.json'), ...cleanBut('sbom')]);
    expect(decision.verdict).toBe('FAIL');
  });

  it('says where it breaks off', async () => {
    const { one } = await verdictWith(['{\n  "version": "2.1.0",\n  "runs": [}']);
    const { evidence } = await app.ask('auditor', 'artefact', { digest: one.digest });
    expect(evidence[0].reasons).toMatchObject([
      {
        code: 'json.malformed',
        params: { line: 3, column: 12 },
        text: expect.stringContaining('line 3, column 12'),
      },
    ]);
  });

  it.each(Object.keys(EXPECTED).filter((name) => !NAMELESS.includes(name)))(
    '%s is not outvoted by a good report of its kind',
    async (name) => {
      const { decision } = await verdictWith([badReport(name), ...Object.values(CLEAN)]);
      expect([name, decision.verdict]).toEqual([name, 'INDETERMINATE']);
    },
  );

  it.each(NAMELESS)('%s, which nobody can assign to a tool, stops the gate all the same', async (name) => {
    const { decision } = await verdictWith([badReport(name), ...Object.values(CLEAN)]);
    expect(decision.verdict).toBe('INDETERMINATE');
    const rule = decision.rules.find(({ ruleId }: Answer) => ruleId === 'required-evidence');
    expect(rule.gaps).toMatchObject([{ message: { code: 'required-evidence.report-unreadable' } }]);
  });
});

describe('an upload', () => {
  it('about an artefact that nobody registered is refused', async () => {
    const answer = await nothingStoredBy(app, () =>
      app.upload('{}', { artId: build.artId, digest: someDigest() }),
    );
    expect([answer.status, answer.body]).toMatchObject([
      404,
      { code: 'ARTEFACT_NOT_FOUND', artId: build.artId },
    ]);
  });

  it.each<[string, object, string]>([
    ['a digest in capitals', { digest: `sha256:${'A'.repeat(64)}` }, 'digest'],
    ['a digest too short', { digest: 'sha256:abc' }, 'digest'],
    ['a digest of unknown kind', { digest: `md5:${'a'.repeat(32)}` }, 'digest'],
    ['a source that is prose', { source: 'my laptop!' }, 'source'],
    ['U+0000 in a field', { source: 'ci\u0000' }, 'source'],
    ['a time without a zone', { collectedAt: '2026-11-20T12:00:00' }, 'collectedAt'],
    ['a time to come', { collectedAt: '2027-01-01T00:00:00Z' }, 'collectedAt'],
    ['a format nobody knows', { declaredFormat: 'docx' }, 'declaredFormat'],
  ])('with %s is refused, naming the field', async (_what, wrong, path) => {
    const answer = await nothingStoredBy(app, () => app.upload(CLEAN.sast, { ...build, ...wrong }));
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'INVALID_INPUT', path: expect.stringContaining(path) },
    ]);
  });

  it('that is no text is refused', async () => {
    const answer = await nothingStoredBy(app, () => app.upload(Buffer.from([0x1f, 0x8b, 0, 0]), build));
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'INVALID_INPUT', path: 'body' }]);
  });

  it('that is too large is refused, and nothing of it is kept', async () => {
    const large = `{"version":"2.1.0","runs":[],"x":"${'x'.repeat(LIMIT_BYTES)}"}`;
    const answer = await nothingStoredBy(app, () => app.upload(large, build));
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { __typename: 'EvidenceTooLarge', code: 'EVIDENCE_TOO_LARGE', limitBytes: LIMIT_BYTES },
    ]);
    const { artId, digest } = build;
    expect(
      await nothingStoredBy(app, () =>
        app.command('service', 'submit-evidence', { artId, digest, text: large, source: 'ci/test' }),
      ),
    ).toMatchObject({ __typename: 'EvidenceTooLarge', limitBytes: LIMIT_BYTES });
  });

  it('that breaks off on its way is forgotten', async () => {
    await nothingStoredBy(app, async () => {
      const { port } = app.server.address() as AddressInfo;
      const { artId, digest } = build;
      const upload = httpRequest({
        port,
        method: 'POST',
        path: `/evidence?${new URLSearchParams({ artId, digest, source: 'ci/test' }).toString()}`,
        headers: {
          authorization: `Bearer ${app.tokenFor('service')}`,
          'idempotency-key': randomUUID(),
          'content-length': 100_000,
        },
      });
      upload.on('error', () => undefined);
      upload.write('x'.repeat(50_000));
      await new Promise((resolve) => setTimeout(resolve, 200));
      upload.destroy();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
  });

  it('repeated under its key is one piece of evidence; under the same key, another one is refused', async () => {
    const key = randomUUID();
    const [first] = await uploadAll(app, build, [CLEAN.sast], { key });
    const [again] = await nothingStoredBy(app, () => uploadAll(app, build, [CLEAN.sast], { key }));
    expect(again).toEqual(first);
    const { evidence: before } = await app.ask('auditor', 'artefact', { digest: build.digest });
    const other = await app.upload(CLEAN.secrets, build, { key });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    const { evidence: after } = await app.ask('auditor', 'artefact', { digest: build.digest });
    expect(after).toEqual(before);
  });
});
