import type { TestApplication } from './application.js';

/** Any number of our own: who records a decision asks for it, shared, and who holds up all of them, alone. */
const HELD = 1_795_810;

/** From now on decisions can be held up in the middle of being recorded; runs, steps and entries go on. */
export const letDecisionsBeHeld = (app: TestApplication): Promise<unknown> =>
  app.database.admin.query(
    `CREATE FUNCTION public.wait_in_the_middle() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${String(HELD)}); RETURN NEW; END $$;
     CREATE TRIGGER wait_in_the_middle BEFORE INSERT ON assay.decision
       FOR EACH ROW EXECUTE FUNCTION public.wait_in_the_middle()`,
  );

/** No decision is recorded until the answer is called: whoever wants to waits. */
export async function holdDecisions(app: TestApplication): Promise<() => Promise<void>> {
  const runner = app.database.admin.createQueryRunner();
  await runner.query('SELECT pg_advisory_lock($1)', [HELD]);
  let isHeld = true;
  return async () => {
    if (!isHeld) return;
    isHeld = false;
    await runner.query('SELECT pg_advisory_unlock($1)', [HELD]);
    await runner.release();
  };
}
