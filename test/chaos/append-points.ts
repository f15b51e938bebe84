import type { DataSource, EntityManager } from 'typeorm';

export type Death = 'error' | 'session dies';

/**
 * Puts a point before and after every statement that inserts into or updates a table of the ledger, and one at
 * COMMIT. Triggers of a test's own database, made by its superuser: found by asking the catalogue, so that a
 * table that is added is a point that is added.
 */
export async function installAppendPoints(admin: DataSource): Promise<void> {
  await admin.query(`
    CREATE UNLOGGED TABLE public.reached (ordinal bigint GENERATED ALWAYS AS IDENTITY, point text);
    CREATE FUNCTION public.point() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE
      here text := format('%s %s %s', lower(TG_WHEN), lower(TG_OP), TG_TABLE_NAME);
    BEGIN
      IF TG_LEVEL = 'ROW' THEN here := 'at commit of ' || TG_TABLE_NAME; END IF;
      IF current_setting('chaos.list', true) = 'on' THEN
        INSERT INTO public.reached (point) VALUES (here);
      ELSIF current_setting('chaos.point', true) = here THEN
        IF current_setting('chaos.how') = 'error' THEN RAISE EXCEPTION 'died %', here; END IF;
        PERFORM pg_terminate_backend(pg_backend_pid());
        PERFORM pg_sleep(5); -- is interrupted
      END IF;
      RETURN NULL;
    END $$`);
  const tables = await admin.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'`,
  );
  for (const { name } of tables)
    for (const when of ['BEFORE', 'AFTER'])
      await admin.query(`
        CREATE TRIGGER chaos_${when} ${when} INSERT OR UPDATE ON ledger.${name}
        FOR EACH STATEMENT EXECUTE FUNCTION public.point()`);
  await admin.query(`
    CREATE CONSTRAINT TRIGGER chaos_commit AFTER INSERT ON ledger.entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.point()`);
}

/** The points that `work` passes, in their order. */
export async function pointsReached(admin: DataSource, work: () => Promise<void>): Promise<string[]> {
  const [row] = await admin.query<{ name: string }[]>('SELECT current_database() AS name');
  const name = row!.name;
  // For sessions from now on, whoever opens them: the pool's are told one by one, so it is set for all at once.
  await admin.query(`ALTER DATABASE ${name} SET chaos.list = 'on'`);
  await admin.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
    [name],
  );
  try {
    await work();
  } finally {
    await admin.query(`ALTER DATABASE ${name} RESET chaos.list`);
    await admin.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [name],
    );
  }
  const rows = await admin.query<{ point: string }[]>(
    'SELECT point FROM public.reached GROUP BY point ORDER BY min(ordinal)',
  );
  return rows.map(({ point }) => point);
}

/** The transaction of `manager` will end at this point, and in this way. */
export async function dieAt(manager: EntityManager, point: string, how: Death): Promise<void> {
  await manager.query(`SELECT set_config('chaos.point', $1, true), set_config('chaos.how', $2, true)`, [
    point,
    how,
  ]);
}
