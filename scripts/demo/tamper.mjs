// What an insider with the database's superuser password can do – and what it is worth. Each act changes one
// byte, asks the verifier, and puts the byte back.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { adminUrl } from './admin-url.mjs';
import { dim, note, short } from './print.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** Runs `assay ledger verify` as anybody would. Status 0 means accepted. */
export function verifyLedger(dataDir) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts', 'assay.mjs'), 'ledger', 'verify'],
    { env: { ...process.env, ASSAY_DATA_DIR: dataDir }, encoding: 'utf8' },
  );
  return { status, output: `${stdout}${stderr}`.trimEnd() };
}

/** Answers the names of the acts that the verifier did not find; empty is good. */
export async function tamperWithEverything(dataDir, { decision, waiver }) {
  const client = new pg.Client({ connectionString: adminUrl(dataDir) });
  await client.connect();
  const undetected = [];
  try {
    for (const act of actsOn(client, dataDir, decision, waiver)) {
      const restore = await act.change();
      const { status, output } = verifyLedger(dataDir);
      await restore();
      note(`${act.what}: ${status === 0 ? 'NOT FOUND' : 'refused'}`);
      for (const line of output.split('\n').filter((each) => each.includes(act.names)))
        note(dim(`  ${line.trim()}`));
      if (status === 0 || !output.includes(act.names)) undetected.push(act.what);
    }
  } finally {
    await client.end();
  }
  return undetected;
}

function actsOn(client, dataDir, decision, waiver) {
  const seq = decision.ledgerEntry.seq;
  const report = decision.rules.flatMap((rule) => rule.violations)[0].evidence;
  return [
    {
      what: 'a leaf of the tree',
      names: `entry ${seq}`,
      change: () => changeText(client, { table: 'ledger.entry', column: 'leaf', where: { seq: seq } }),
    },
    {
      what: 'a fact beside a leaf',
      names: `entry ${seq}`,
      change: () => changeText(client, { table: 'ledger.fact', column: 'statement', where: { seq: seq } }),
    },
    {
      what: 'a recorded decision',
      names: decision.id,
      change: () =>
        changeText(client, {
          table: 'assay.decision',
          column: 'document',
          where: { decision_id: decision.id },
        }),
    },
    {
      what: 'an approved waiver',
      names: waiver.id,
      change: () =>
        changeText(client, {
          table: 'assay.waiver',
          column: 'compensating_control',
          where: { waiver_id: waiver.id },
        }),
    },
    {
      what: 'where a piece of evidence is recorded',
      names: short(report),
      change: () =>
        changeText(client, {
          table: 'assay.evidence',
          column: 'source',
          where: { stored_digest: report, artefact_digest: decision.artefactDigest },
        }),
    },
    {
      what: 'the bytes of a piece of evidence',
      names: short(report),
      change: () => changeBlob(client, dataDir, report),
    },
  ];
}

/** Changes one character in the middle of a text, past the append-only triggers. Answers how to undo it. */
async function changeText(client, { table, column, where }) {
  const names = Object.keys(where);
  const condition = names.map((name, index) => `${name} = $${index + 1}`).join(' AND ');
  const values = Object.values(where);
  const { rows } = await client.query(`SELECT ${column} AS text FROM ${table} WHERE ${condition}`, values);
  const original = rows[0].text;
  const middle = Math.floor(original.length / 2);
  const other = original[middle] === 'a' ? 'b' : 'a';
  const write = async (text) => {
    await client.query('BEGIN');
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await client.query(`UPDATE ${table} SET ${column} = $${names.length + 1} WHERE ${condition}`, [
      ...values,
      text,
    ]);
    await client.query('COMMIT');
    await enableAlways(client, table);
  };
  await write(`${original.slice(0, middle)}${other}${original.slice(middle + 1)}`);
  return () => write(original);
}

/** DISABLE and ENABLE forget that a trigger was ENABLE ALWAYS: put back what the migrations made. */
async function enableAlways(client, table) {
  const { rows } = await client.query(
    `SELECT quote_ident(tgname) AS name FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal`,
    [table],
  );
  for (const { name } of rows) await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`);
}

async function changeBlob(client, dataDir, digest) {
  const { rows } = await client.query(`SELECT org_id FROM assay.evidence WHERE stored_digest = $1 LIMIT 1`, [
    digest,
  ]);
  const hex = digest.slice(digest.indexOf(':') + 1);
  const path = join(dataDir, 'blobs', rows[0].org_id, 'sha256', hex.slice(0, 2), hex);
  const original = readFileSync(path);
  const changed = Buffer.from(original);
  const middle = changed.length >> 1;
  changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
  writeFileSync(path, changed);
  return () => writeFileSync(path, original);
}
