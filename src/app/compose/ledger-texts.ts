import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { ActivationTexts } from '../../policy/checklist/activation-texts.port.js';
import type { PersonalText } from '../../waiver/personal-text.port.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';

/** Finds a waiver's reason where it lives: encrypted beside the entry that recorded the request. */
export class LedgerTexts implements PersonalText {
  constructor(
    private readonly waivers: WaiverRead,
    private readonly ledger: LedgerRead,
  ) {}

  async reasonOf(orgId: string, waiverId: string): Promise<string | null> {
    const key = await this.waivers.entryKeyOf(orgId, waiverId);
    if (!key) return null;
    for (const person of await this.ledger.personalFields(orgId, key))
      if (person.status === 'present') return person.fields['reason'] ?? null;
    return null;
  }
}

/** Finds why a checklist version was put in force: encrypted beside the entry that recorded it. */
export class ActivationReasons implements ActivationTexts {
  constructor(private readonly ledger: LedgerRead) {}

  async reasonOf(orgId: string, key: IdempotencyKey): Promise<string | null> {
    for (const person of await this.ledger.personalFields(orgId, key))
      if (person.status === 'present') return person.fields['reason'] ?? null;
    return null;
  }
}
