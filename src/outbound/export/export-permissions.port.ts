import type { Actor } from '../../kernel/actor.js';

/** What the access policy says; wired in `app`. */
export interface ExportPermissions {
  may(
    actor: Actor,
    permission: 'export.read',
  ): Promise<{ readonly allowed: boolean; readonly reasonCode: string }>;
}
