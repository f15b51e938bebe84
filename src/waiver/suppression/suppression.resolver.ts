import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type { IgnoreFileFormat as SdlFormat, ImportSuppressionsInput } from '../../api/generated.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import type { Severity } from '../severity.js';
import { WaiverDesk } from '../waiver-desk.service.js';
import { showWaiver, showWaiverProblem } from '../show-waiver.resolver.js';
import type { IgnoreFileFormat } from './ignore-file.js';
import { SuppressionImporter, type Unmatched } from './suppression-import.service.js';

@Resolver()
export class SuppressionResolver {
  constructor(
    private readonly importer: SuppressionImporter,
    private readonly desk: WaiverDesk,
  ) {}

  @Mutation()
  @Requires('waiver.request')
  async importSuppressions(
    @Args('input') input: ImportSuppressionsInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const { artId, digest, gateId, ignoreFile, severity, effectiveUntil, reason, reference } = input;
    const imported = await this.importer.import(
      {
        ...{ artId, digest, gateId, effectiveUntil, reason },
        severity: severity.toLowerCase() as Severity,
        ...(ignoreFile != null && {
          ignoreFile: { format: FORMATS[ignoreFile.format], text: ignoreFile.text },
        }),
        ...(reference != null && { reference }),
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
      },
      actor,
    );
    if (!imported.ok) return showWaiverProblem(imported.problem);
    const { requested, unmatched } = imported.value;
    return {
      __typename: 'SuppressionImport',
      requested: requested.map((record) => showWaiver(record, this.desk)),
      unmatched: unmatched.map(({ why, ...at }: Unmatched) => ({ ...at, why: WHY[why] })),
    };
  }
}

const FORMATS: Readonly<Record<SdlFormat, IgnoreFileFormat>> = {
  GITLEAKSIGNORE: 'gitleaksignore',
  GITLEAKS_BASELINE: 'gitleaks-baseline',
  DETECT_SECRETS_BASELINE: 'detect-secrets-baseline',
};

const WHY = { gone: 'GONE', unreadable: 'UNREADABLE', nameless: 'NAMELESS' } as const;
