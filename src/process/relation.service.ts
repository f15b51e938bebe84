import type { ArtefactRead } from '../evidence/artefact.read.js';
import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { processEntry, subjectOf } from './process-entry.js';
import type { ProcessRead } from './process.read.js';
import { saysTheSame } from './record-table.js';
import type { RecordStore } from './record.store.js';
import { ARTEFACT_RELATIONS, type Relation, type RelationKind } from './relation.js';

interface Version {
  readonly artId: string;
  readonly digest: Digest;
}

export interface RelateArtefacts {
  readonly from: Version;
  readonly relation: RelationKind;
  readonly to: Version;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = {
  readonly records: RecordStore;
  readonly graph: Pick<ProcessRead, 'reaches'>;
  readonly ledger: Ledger;
};

/** What was made of what. Stated once, never taken back: both versions are immutable. */
export class RelationService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly artefacts: Pick<ArtefactRead, 'versions'>,
    private readonly clock: Clock,
  ) {}

  async relate(command: RelateArtefacts, by: Actor): Promise<Result<Relation, ProcessProblem>> {
    const { orgId } = by;
    const { from, relation, to, context } = command;
    const projects: string[] = [];
    for (const { artId, digest } of [from, to]) {
      const [version] = await this.artefacts.versions(orgId, digest, artId);
      if (!version) return failed({ kind: 'ArtefactNotFound', artId, digest });
      projects.push(version.projectId);
    }
    const key = idempotencyKey(orgId, `artefact.relate ${by.principalId}`, command.idempotencyKey);
    return this.tx<Relation, ProcessProblem>(async ({ records, graph, ledger }) => {
      // One at a time: two that are both without a cycle may close one together.
      await records.lock(orgId, 'relations');
      const at = this.clock.now();
      const stated: Relation = {
        ...{ orgId, fromArtId: from.artId, fromDigest: from.digest, relation },
        ...{ toArtId: to.artId, toDigest: to.digest, statedBy: by.principalId, statedAt: at },
      };
      const { statedBy: _, statedAt: __, ...named } = stated;
      const twin = await records.under(ARTEFACT_RELATIONS, orgId, key);
      if (twin) return saysTheSame(twin, stated, ['statedAt']) ? ok(twin) : failed(CONFLICT);
      const [stands] = await records.find(ARTEFACT_RELATIONS, named);
      if (stands) return ok(stands);
      if (await graph.reaches(orgId, to, from)) return failed({ kind: 'RelationCycle', ...from });
      await records.add(ARTEFACT_RELATIONS, stated, key);
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'artefact.related', orgId, actor: by, context, at, key },
          subjects: [
            subjectOf(ARTEFACT_RELATIONS, stated),
            { name: from.artId, digest: from.digest },
            { name: to.artId, digest: to.digest },
          ],
          facts: {
            ...(projects[0] !== undefined && { projectId: projects[0] }),
            ...{ artId: from.artId, artefactDigest: from.digest },
          },
          details: { relation, to: { artId: to.artId, digest: to.digest } },
        }),
      );
      return appended.ok ? ok(stated) : appended;
    });
  }
}
