import type { EntityManager } from 'typeorm';
import { gateDigest } from '../../gate/gate.js';
import type { Gate } from '../../gate/gate.js';
import { GATE_COLUMNS } from '../../gate/gate.read.pg.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';

/** A gate must be as it was last defined: which checklist it judges with is what its verdicts are worth. */
export function gateCheck(manager: EntityManager): DomainCheck {
  const defined = new Map<string, { seq: number; digest: unknown }>();
  return collecting(
    ({ seq, recorded }) => {
      if (recorded.kind === 'gate.defined')
        defined.set(`${recorded.orgId} ${recorded.facts.gateId ?? ''}`, {
          seq,
          digest: recorded.subjects[0]?.digest,
        });
    },
    async () => {
      const findings: Finding[] = [];
      for (const gate of await manager.query<Gate[]>(`SELECT ${GATE_COLUMNS} FROM assay.gate`)) {
        const key = `${gate.orgId} ${gate.gateId}`;
        const entry = defined.get(key);
        defined.delete(key);
        if (!entry) findings.push({ what: 'gate', detail: `gate ${gate.gateId}: no entry records it` });
        else if (entry.digest !== gateDigest(gate))
          findings.push({
            what: 'gate',
            seq: entry.seq,
            detail: `gate ${gate.gateId}: not as it was defined`,
          });
      }
      for (const [key, { seq }] of defined)
        findings.push({ what: 'gate', seq, detail: `gate ${key.split(' ')[1] ?? key}: the row is missing` });
      return findings;
    },
  );
}
