import type { Actor } from '../kernel/actor.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { CheckProblem } from './problem.js';
import type { RegoSource, RegoToolchain } from '../rego/compiler.port.js';
import type { ChecklistVersion } from './checklist/checklist.js';
import type { PolicyVersion } from './policy-version.js';
import type { PolicyRead } from './policy.read.js';

/** More or larger files than any policy has: refused before the compiler sees them. */
const MAX_FILES = 200;
const MAX_CHARACTERS = 1_000_000;

/** What officers do with policies before any of it is published: reads and checks, nothing stored. */
export class AuthoringService {
  constructor(
    private readonly read: PolicyRead,
    private readonly toolchain: RegoToolchain,
  ) {}

  policies(actor: Actor): Promise<readonly PolicyVersion[]> {
    return this.read.policies(actor.orgId);
  }

  checklist(actor: Actor, chkId: string, version?: number): Promise<ChecklistVersion | undefined> {
    return this.read.checklist(actor.orgId, chkId, version);
  }

  async check(
    files: readonly RegoSource[],
  ): Promise<Result<{ readonly files: number; readonly opaVersion: string }, CheckProblem>> {
    const size = files.reduce((sum, file) => sum + file.text.length, 0);
    if (files.length === 0 || files.length > MAX_FILES || size > MAX_CHARACTERS)
      return failed({
        kind: 'InvalidInput',
        path: 'files',
        expected: `1 to ${String(MAX_FILES)} files of together at most ${String(MAX_CHARACTERS)} characters`,
      });
    const version = await this.toolchain.version();
    if (!version.ok) return version;
    const checked = await this.toolchain.check(files);
    if (checked.ok) return ok({ files: files.length, opaVersion: version.value.opa });
    if (checked.problem.kind !== 'OpaLimitExceeded') return failed(checked.problem);
    return failed({
      kind: 'InvalidInput',
      path: 'files',
      expected: `sources that the compiler checks within its limit of ${checked.problem.limit}`,
    });
  }
}
