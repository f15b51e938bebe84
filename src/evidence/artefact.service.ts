import type { Actor, AgentHeader, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { idempotencyKey, isUuid, parseHumanId } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ArtefactStore } from './artefact.store.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import { statesTheSame, type ArtefactVersion } from './artefact.js';
import { artefactRegistered } from './evidence-entry.js';
import type { RegisterProblem } from './problem.js';
import type { ProjectDirectory } from './projects.port.js';

export interface RegisterArtefact {
  /** Slug of the project it belongs to. */
  readonly project: string;
  readonly artId: string;
  /** For people; counts at the first registration of the id. */
  readonly name?: string;
  readonly digest: Digest;
  /** Principal who made this version, where known. */
  readonly authorId?: string;
  readonly agent?: AgentHeader;
  /** `actId` and `caseId` are of the activity that made it. */
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly artefacts: ArtefactStore; readonly ledger: Ledger };

const NAME_LENGTH = 200;

/** Registers artefact versions: what evidence can be handed in about, and gates be asked about. */
export class ArtefactService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly projects: ProjectDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Registering the same version again with the same facts answers the version that stands, whoever asks; with
   * other facts it is a conflict, because versions are immutable.
   */
  async register(
    command: RegisterArtefact,
    actor: Actor,
  ): Promise<Result<NamedArtefactVersion, RegisterProblem>> {
    const invalid = faultOf(command);
    if (invalid) return failed(invalid);
    const { project, artId, digest, context } = command;
    const { orgId, principalId } = actor;
    const projectId = await this.projects.projectId(orgId, project);
    if (projectId === undefined) return failed({ kind: 'ProjectNotFound', project });
    const now = this.clock.now();
    const version: ArtefactVersion = {
      orgId,
      artId,
      digest,
      authorId: command.authorId ?? null,
      actId: context.actId ?? null,
      caseId: context.caseId ?? null,
      agent: command.agent ?? null,
      registeredBy: principalId,
      registeredAt: now,
      entryKey: idempotencyKey(orgId, 'artefact.register', command.idempotencyKey),
    };
    return this.tx<NamedArtefactVersion, RegisterProblem>(async ({ artefacts, ledger }) => {
      const name = command.name ?? artId;
      const artefact = await artefacts.ensureArtefact({ orgId, artId, projectId, name, createdAt: now });
      if (artefact.projectId !== projectId)
        return failed({
          kind: 'InvalidInput',
          path: 'project',
          expected: `the project that ${artId} belongs to`,
        });
      if (!(await artefacts.addVersion(version))) {
        const standing = await artefacts.findVersion(orgId, artId, digest);
        return standing && statesTheSame(standing, version) ? ok(standing) : failed(conflict);
      }
      const appended = await ledger.append(artefactRegistered(version, artefact, { actor, context }));
      return appended.ok ? ok({ ...version, name: artefact.name, projectId }) : appended;
    });
  }
}

const conflict = { kind: 'IdempotencyConflict', seq: null } as const;

function faultOf({
  artId,
  name,
  authorId,
  context: { actId },
}: RegisterArtefact): RegisterProblem | undefined {
  const art = parseHumanId('ART', artId);
  if (!art.ok) return { kind: 'InvalidInput', path: 'artId', expected: art.problem.expected };
  const act = actId === undefined ? undefined : parseHumanId('ACT', actId);
  if (act?.ok === false)
    return { kind: 'InvalidInput', path: 'context.actId', expected: act.problem.expected };
  if (authorId !== undefined && !isUuid(authorId))
    return { kind: 'InvalidInput', path: 'authorId', expected: 'the id of a principal' };
  if (name !== undefined && (name.trim() === '' || name.length > NAME_LENGTH))
    return { kind: 'InvalidInput', path: 'name', expected: `1 to ${String(NAME_LENGTH)} characters` };
  return undefined;
}
