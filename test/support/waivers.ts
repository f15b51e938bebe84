import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { DEMO_KEY_ID } from '../../src/app/platform/keys.io.js';
import { DAY_MS, type Answer, type TestApplication } from './application.js';
import { waiverFor, type Build } from './shop.js';
import { actorOf } from './whole-story.js';

/** Steps of a waiver's life over HTTP, as one line each. */
export class WaiverSteps {
  constructor(private readonly app: TestApplication) {}

  /** A request for one rule on one build; what `change` says instead. */
  request(build: Build, change: object = {}, by = 'developer', ruleId = 'coverage-floor'): Promise<Answer> {
    return this.app.command(by, 'request-waiver', {
      ...waiverFor(this.app, build, ruleId),
      idempotencyKey: randomUUID(),
      ...change,
    });
  }

  /** Requested and approved: active, where one approval is enough. */
  async granted(build: Build, change: object = {}, ruleId = 'coverage-floor'): Promise<Answer> {
    const { id } = await this.request(build, change, 'developer', ruleId);
    return this.review('approve-waiver', id as string, 'approver');
  }

  review(operation: string, waiverId: string, by: string, more: object = {}): Promise<Answer> {
    return this.app.command(by, operation, { waiverId, note: 'Looked at it', ...more });
  }

  delegate(by: string, to: string, more: object = {}): Promise<Answer> {
    return this.id(to).then((delegate) =>
      this.app.command(by, 'delegate-waiver-approval', {
        ...{ delegate, until: this.inDays(7), reason: 'On leave' },
        ...more,
      }),
    );
  }

  asDelegate(by: string, delegationId: string, waiverId: string, more: object = {}): Promise<Answer> {
    return this.review('approve-waiver-as-delegate', waiverId, by, { delegationId, ...more });
  }

  show(waiverId: string): Promise<Answer> {
    return this.app.ask('auditor', 'waiver', { id: waiverId });
  }

  async id(subject: string): Promise<string> {
    return (await actorOf(this.app, subject)).principalId as string;
  }

  inDays(days: number): string {
    return new Date(this.app.clock.now() + days * DAY_MS).toISOString();
  }

  /** What the ledger says of waivers and delegations from this moment on, oldest first. */
  async entriesSince(seq: number): Promise<Answer[]> {
    return this.app.database.admin.query(
      `SELECT seq::int, kind, actor, waiver_ids ->> 0 AS waiver, statement::jsonb AS statement FROM ledger.fact
        WHERE kind LIKE 'waiver%' AND seq > $1 ORDER BY seq`,
      [seq],
    );
  }

  async lastSeq(): Promise<number> {
    const [row] = await this.app.database.admin.query(
      'SELECT coalesce(max(seq), -1)::int AS seq FROM ledger.fact',
    );
    return (row as { seq: number }).seq;
  }

  /** Puts an access policy with these parameters in force. */
  async accessWith(parameters: object): Promise<void> {
    const [{ version, pinned }] = await this.app.database.admin.query(
      `SELECT version, document::json -> 'policies' -> 0 AS pinned FROM assay.checklist_version
        WHERE chk_id = 'CHK_ACCESS' ORDER BY version DESC LIMIT 1`,
    );
    const published = await this.app.command('officer', 'publish-checklist', {
      chkId: 'CHK_ACCESS',
      title: { en: 'Access policy in force', nl: 'Geldend toegangsbeleid' },
      policies: [{ policyId: 'access', version: pinned.version, parameters }],
    });
    if (published.version !== version + 1) throw new Error(JSON.stringify(published));
    const activated = await this.app.command('officer', 'activate-checklist', {
      ...{ chkId: 'CHK_ACCESS', version: version + 1, expectedActivation: version, reason: 'Stricter' },
    });
    if (activated.code !== undefined) throw new Error(JSON.stringify(activated));
    this.app.clock.advance(2_000);
  }

  /** As `app.command`, with a token whose login was `minutesAgo` and by these means. */
  async withLogin(
    subject: string,
    login: { minutesAgo?: number; amr?: readonly string[] },
    operation: string,
    input: object,
  ): Promise<Answer> {
    const { jwtIssuer: issuer, jwtAudience: audience, jwtAlgorithm: algorithm } = this.app.platform.config;
    const now = Math.floor(this.app.clock.now() / 1000);
    const claims = {
      ...{ org: 'demo', iat: now, exp: now + 3600 },
      ...(login.minutesAgo !== undefined && { auth_time: now - login.minutesAgo * 60 }),
      ...(login.amr && { amr: login.amr }),
    };
    const token = jwt.sign(claims, this.app.platform.keys.demoIssuerPem(), {
      ...{ algorithm, issuer, audience, subject, keyid: DEMO_KEY_ID },
    });
    const path = join(import.meta.dirname, '../../graphql/operations', `${operation}.graphql`);
    const body = {
      query: readFileSync(path, 'utf8'),
      variables: { input: { idempotencyKey: randomUUID(), ...input } },
    };
    const { text } = await this.app.post(token, body);
    const { data, errors } = JSON.parse(text) as { data: object; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0];
  }
}
