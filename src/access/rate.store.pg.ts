import type { EntityManager } from 'typeorm';
import type { RateWindow } from './rate-limit.js';
import type { RateStore } from './rate.store.js';

/** $1 principal, $2 organisation, $3 points, $4 limit. One statement: the row's lock makes it exact. */
const TAKE = `
  INSERT INTO assay.rate_window AS w (principal_id, org_id, began_at, used, previous, taken)
  VALUES ($1, $2, date_trunc('minute', clock_timestamp()), $3, 0, true)
  ON CONFLICT (principal_id) DO UPDATE SET (began_at, used, previous, taken) = (
    SELECT EXCLUDED.began_at, b.used + CASE WHEN f.fits THEN $3 ELSE 0 END, b.previous, f.fits
      FROM (SELECT CASE WHEN w.began_at = EXCLUDED.began_at THEN w.used ELSE 0 END AS used,
                   CASE WHEN w.began_at = EXCLUDED.began_at THEN w.previous
                        WHEN w.began_at = EXCLUDED.began_at - interval '1 minute' THEN w.used
                        ELSE 0 END AS previous) b
      CROSS JOIN LATERAL (SELECT b.previous * greatest(0,
             1 - extract(epoch FROM clock_timestamp() - EXCLUDED.began_at) / 60) + b.used + $3 <= $4 AS fits) f)
  RETURNING used::float8 AS used, previous::float8 AS previous, taken,
    (extract(epoch FROM clock_timestamp() - began_at) * 1000)::float8 AS "elapsedMs"`;

export class PgRateStore implements RateStore {
  constructor(private readonly manager: EntityManager) {}

  async take(
    { orgId, principalId }: { orgId: string; principalId: string },
    points: number,
    limit: number,
  ): Promise<RateWindow & { taken: boolean }> {
    const [row] = await this.manager.query<(RateWindow & { taken: boolean })[]>(TAKE, [
      principalId,
      orgId,
      points,
      limit,
    ]);
    if (!row) throw new Error('the database counted nothing');
    return row;
  }
}
