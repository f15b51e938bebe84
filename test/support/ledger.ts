import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { sha256 } from '../../src/kernel/digest.js';
import type { IdempotencyKey } from '../../src/kernel/id.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import type { LedgerKeys } from '../../src/ledger/keys.js';
import type { NoteSigner } from '../../src/ledger/signed-note.js';

/** Fresh keys of an installation. */
export const someLedgerKeys = (): LedgerKeys => ({
  decision: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  pseudonym: randomBytes(32),
  keyEncryption: randomBytes(32),
});

export const someLogKey = (origin = 'ledger.test'): NoteSigner => ({
  name: origin,
  privateKey: generateKeyPairSync('ed25519').privateKey,
});

/** A key by name, or a fresh one. */
export const aKey = (name?: string): IdempotencyKey =>
  name === undefined ? randomBytes(16) : createHash('sha256').update(name).digest().subarray(0, 16);

export const AN_ORGANISATION = '11111111-1111-4111-8111-111111111111';

/** A valid draft; say only what the test is about. */
export const aDraft = (given: Partial<EntryDraft> = {}): EntryDraft => ({
  orgId: AN_ORGANISATION,
  kind: 'artefact.registered',
  actor: { principalId: 'ann' },
  subjects: [{ name: 'ART_SHOP', digest: sha256('shop') }],
  facts: { tsStart: 1_790_000_000_000, tsEnd: 1_790_000_000_001, artId: 'ART_SHOP', details: {} },
  key: aKey(),
  ...given,
});
