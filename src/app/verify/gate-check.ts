import type { EntityManager } from 'typeorm';
import { gateDigest, gateFrom, type Gate } from '../../gate/gate.js';
import { GATE_COLUMNS, gateOf, type GateRow } from '../../gate/gate.read.pg.js';
import type { JsonObject } from '../../kernel/canonical-json.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';

interface Told {
  readonly seq: number;
  readonly digest: unknown;
}

/**
 * A gate must be as it was last defined, and every earlier definition as it was then: which checklist it judges with,
 * and on what terms, is what its verdicts are worth.
 */
export function gateCheck(manager: EntityManager): DomainCheck {
  const last = new Map<string, Told>();
  const versions = new Map<string, Told>();
  return collecting(
    ({ seq, recorded }) => {
      if (recorded.kind !== 'gate.defined') return;
      const name = `${recorded.orgId} ${recorded.facts.gateId ?? ''}`;
      const told = { seq, digest: recorded.subjects[0]?.digest };
      last.set(name, told);
      versions.set(recorded.facts.stateAfter ? `${recorded.orgId} ${recorded.facts.stateAfter}` : name, told);
    },
    async () => {
      const gates = await manager.query<GateRow[]>(`SELECT ${GATE_COLUMNS} FROM assay.gate`);
      const kept = await manager.query<{ orgId: string; name: string; definition: JsonObject }[]>(
        `SELECT org_id AS "orgId", gate_id || '@' || version AS name, definition FROM assay.gate_version`,
      );
      return [
        ...compared(
          last,
          gates.map((row) => ({ name: `${row.orgId} ${row.gateId}`, read: () => gateOf(row) })),
        ),
        ...compared(
          versions,
          kept.map(({ orgId, name, definition }) => ({
            name: `${orgId} ${name}`,
            read: () => gateFrom(orgId, definition),
          })),
        ),
      ];
    },
  );
}

interface Kept {
  /** Organisation, and the gate or its version. */
  readonly name: string;
  readonly read: () => Gate;
}

function compared(told: Map<string, Told>, rows: readonly Kept[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, read } of rows) {
    const entry = told.get(name);
    told.delete(name);
    const called = `gate ${name.split(' ')[1] ?? name}`;
    if (!entry) findings.push({ what: 'gate', detail: `${called}: no entry records it` });
    else if (entry.digest !== digestSafely(read))
      findings.push({ what: 'gate', seq: entry.seq, detail: `${called}: not as it was defined` });
  }
  for (const [name, { seq }] of told)
    findings.push({ what: 'gate', seq, detail: `gate ${name.split(' ')[1] ?? name}: the row is missing` });
  return findings;
}

/** What cannot even be read was changed: a finding, not the end of the pass. */
function digestSafely(read: () => Gate): unknown {
  try {
    return gateDigest(read());
  } catch {
    return undefined;
  }
}
