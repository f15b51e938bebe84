/** Schemas we own. BullMQ's is its own affair. */
const OURS = `('assay', 'ledger')`;

const HEADER = `-- What the migrations make of an empty database, printed from the catalogue by
-- test/schema/catalogue.spec.ts and compared there. To read and to review, not to run.
`;

/** The parts of the print, each one query that answers ordered lines. */
const PARTS = {
  'tables and columns': `
    SELECT format('TABLE %s.%s OWNER %s%s', n.nspname, c.relname, pg_get_userbyid(c.relowner),
      CASE WHEN c.relrowsecurity THEN ' ROW SECURITY' ELSE '' END) ||
      (SELECT string_agg(format(E'\\n  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
          CASE WHEN a.attidentity <> '' THEN ' IDENTITY'
               WHEN a.attgenerated <> '' THEN ' GENERATED ' || pg_get_expr(d.adbin, d.adrelid)
               WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END), ''
          ORDER BY a.attnum)
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ${OURS} AND c.relkind IN ('r', 'p') ORDER BY n.nspname, c.relname`,
  // PostgreSQL 18 also lists NOT NULL as constraints: they are printed with the columns.
  constraints: `
    SELECT format('%s CONSTRAINT %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
    FROM pg_constraint WHERE connamespace::regnamespace::text IN ${OURS} AND conrelid <> 0 AND contype <> 'n'
    ORDER BY conrelid::regclass::text, conname`,
  indexes: `
    SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace::regnamespace::text IN ${OURS}
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1`,
  triggers: `
    SELECT pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'A' THEN ' -- enabled always'
      WHEN 'D' THEN ' -- DISABLED' WHEN 'R' THEN ' -- REPLICA ONLY' ELSE '' END AS line
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace::regnamespace::text IN ${OURS} ORDER BY c.oid::regclass::text, t.tgname`,
  policies: `
    SELECT format('%s.%s POLICY %s %s %s TO %s USING %s CHECK %s', schemaname, tablename, policyname, permissive, cmd,
      array_to_string(roles, ', '), coalesce(qual, '-'), coalesce(with_check, '-')) AS line
    FROM pg_policies WHERE schemaname IN ${OURS} ORDER BY 1`,
  sequences: `
    SELECT format('SEQUENCE %s.%s %s', schemaname, sequencename, data_type) AS line
    FROM pg_sequences WHERE schemaname IN ${OURS} ORDER BY 1`,
  views: `
    SELECT format('VIEW %s.%s AS %s', schemaname, viewname, definition) AS line
    FROM pg_views WHERE schemaname IN ${OURS} ORDER BY 1`,
  functions: `
    SELECT pg_get_functiondef(oid) AS line FROM pg_proc
    WHERE pronamespace::regnamespace::text IN ${OURS} ORDER BY oid::regprocedure::text`,
  // One line per object and grantee; the owner's own rights are not news.
  grants: `
    SELECT format('GRANT %s ON %s %s TO %s', string_agg(privilege, ', ' ORDER BY privilege), kind, name, grantee) AS line
    FROM (
      SELECT CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name, c.relowner AS owner,
        x.privilege_type AS privilege, x.grantee AS who
      FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace::regnamespace::text IN ${OURS}
      UNION ALL
      SELECT 'TABLE', c.oid::regclass::text, c.relowner, format('%s (%s)', x.privilege_type, a.attname), x.grantee
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x
      WHERE c.relnamespace::regnamespace::text IN ${OURS}
      UNION ALL
      SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, x.privilege_type, x.grantee
      FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
      WHERE p.pronamespace::regnamespace::text IN ${OURS}
      UNION ALL
      SELECT 'SCHEMA', n.nspname, n.nspowner, x.privilege_type, x.grantee
      FROM pg_namespace n, aclexplode(n.nspacl) x WHERE n.nspname IN ${OURS}
    ) granted, LATERAL (SELECT CASE who WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(who)::text END AS grantee) named
    WHERE who <> owner GROUP BY kind, name, grantee ORDER BY kind, name, grantee`,
} as const;

/** Everything in our schemas that decides what the database accepts, in a fixed order. */
export async function printCatalogue(query: (sql: string) => Promise<unknown>): Promise<string> {
  const printed = [HEADER];
  for (const [title, sql] of Object.entries(PARTS)) {
    const rows = (await query(sql)) as { line: string }[];
    if (rows.length > 0) printed.push(`-- ${title}\n${rows.map(({ line }) => line.trimEnd()).join('\n')}\n`);
  }
  return printed.join('\n');
}
