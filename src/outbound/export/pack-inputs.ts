import { createPublicKey, type KeyObject } from 'node:crypto';
import { parseRfc3339 } from '../../kernel/clock.js';
import { hexOf } from '../../kernel/digest.js';
import type { LedgerEntry } from '../../ledger/ledger.read.js';
import { parseVkey } from '../../ledger/signed-note.js';
import type { PackKeys, PackRequest, PackWitnesses } from '../pack/pack.js';
import type { ExportRequest, ExportWitnesses, FormerWitnesses } from './export.js';

/** What a pack is made with: from the request and its entry alone, but for the key that signs. */
export function packInputs(
  { query, checkpoint, previousCheckpoint, settings }: ExportRequest,
  { seq, recorded, leafHash }: LedgerEntry,
  exportKey: KeyObject,
): { readonly request: PackRequest; readonly keys: PackKeys } {
  const { log, decisionKeys, witnesses, generatorVersion } = settings;
  const since = parseRfc3339(log.since);
  const verifier = parseVkey(log.vkey);
  if (since === undefined || !verifier.ok)
    throw new Error(`entry ${String(seq)} names no log that can be read`);
  return {
    request: {
      seq,
      at: recorded.facts.tsEnd,
      actor: recorded.actor,
      leafHash: Buffer.from(hexOf(leafHash), 'hex'),
      query: { ...query },
      checkpoint: checkpoint.note,
      ...(previousCheckpoint !== null && { previousCheckpoint }),
      generatorVersion,
    },
    keys: {
      log: { origin: log.origin, publicKey: verifier.value.publicKey, since },
      decisions: decisionKeys.map((spki) =>
        createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }),
      ),
      export: exportKey,
      ...(witnesses && { witnesses: witnessesOf(witnesses) }),
    },
  };
}

/** The name that packs of former requests have: the same request gives the same bytes, whenever it is made. */
const FORMER_GROUP = 'assay-quorum';

function witnessesOf(recorded: ExportWitnesses | FormerWitnesses): PackWitnesses {
  if (!isFormer(recorded)) return recorded;
  const { members, quorum } = recorded;
  if (quorum === 0) return { members, groups: [], quorum: null };
  const all = members.map(({ name }) => name);
  return {
    members,
    groups: [{ name: FORMER_GROUP, rule: String(quorum), members: all }],
    quorum: FORMER_GROUP,
  };
}

const isFormer = (recorded: ExportWitnesses | FormerWitnesses): recorded is FormerWitnesses =>
  typeof recorded.quorum === 'number';
