import { equalBytes } from './bytes.js';
import { parseCheckpoint, requireLogSignature, type Checkpoint } from './checkpoint.js';
import { GIVEN, MOST_SMALL, type Examination } from './examination.js';
import { Refusal } from './finding.js';
import { ed25519Of, p256Of } from './keys.js';
import { LOG_SIGNATURE, parseVkey, type Vkey } from './note.js';
import { checkCosignatures, parsePolicy, type Policy } from './policy.js';

/** The key that signs manifests, as pinned or else as the pack says. */
export async function exportKeyOf({ pack, pins, findings, notices }: Examination): Promise<Uint8Array> {
  const pinned = pins.exportKey === undefined ? undefined : ed25519Of(pins.exportKey, '--export-key');
  const given = ed25519Of(await pack.text('export.pub', MOST_SMALL), 'export.pub');
  if (!pinned) notices.push('no --export-key: who signed the manifest is the word of the pack itself');
  else if (!equalBytes(pinned, given))
    findings.add('export-key', 'export.pub', 'not the key that was pinned');
  return pinned ?? given;
}

/** Base64 of the SPKI of each key that may have signed a decision. */
export async function decisionKeysOf({ pack, pins, findings }: Examination): Promise<ReadonlySet<string>> {
  const pinned = pins.decisionKeys === undefined ? undefined : p256Of(pins.decisionKeys, '--decision-key');
  const given = p256Of(await pack.text('decision.pub', MOST_SMALL), 'decision.pub');
  if (!pinned) return given;
  for (const key of given) {
    if (!pinned.has(key)) findings.add('leaf-key', 'decision.pub', 'holds a key that was not pinned');
  }
  return pinned;
}

/** The log's key; undefined when there is none to go by. Throws when the pinned one is no key. */
export async function logKeyOf(run: Examination): Promise<Vkey | undefined> {
  const { findings, pack, pins, crypto } = run;
  const parse = (text: string): Vkey | undefined => parseVkey(text, crypto.sha256.bind(crypto));
  const pinned = pins.vkey === undefined ? undefined : parse(pins.vkey.trim());
  if (pins.vkey !== undefined && pinned?.type !== LOG_SIGNATURE)
    throw new TypeError(`${GIVEN.vkey} is no key of a log`);
  const given = await findings.attempt(async () => {
    const text = await pack.text('checkpoint.vkey', MOST_SMALL);
    const key = text.endsWith('\n') ? parse(text.slice(0, -1)) : undefined;
    if (key?.type !== LOG_SIGNATURE)
      throw new Refusal('vkey', 'checkpoint.vkey', 'not one key of a log and a newline');
    if (pinned && (key.name !== pinned.name || !equalBytes(key.fullId, pinned.fullId)))
      throw new Refusal('vkey', 'checkpoint.vkey', 'not the key that was pinned');
    return key;
  });
  if (!pinned) run.notices.push('no --vkey: whose log this is, is the word of the pack itself');
  return pinned ?? given;
}

/** Step 3: the checkpoint of the pack, and that the log signed it. */
export async function checkpointOf(
  { pack, crypto, findings }: Examination,
  vkey: Vkey | undefined,
): Promise<Checkpoint> {
  const checkpoint = parseCheckpoint(await pack.text('checkpoint', MOST_SMALL), 'checkpoint');
  const by = vkey && ({ key: vkey, origin: 'checkpoint-origin', signature: 'checkpoint-signature' } as const);
  if (by) await findings.attempt(() => requireLogSignature(crypto, checkpoint, by, 'checkpoint'));
  return checkpoint;
}

/** Step 3, too: who else has signed it, and whether they are enough. */
export async function checkPolicy(
  { pack, crypto, pins, findings, notices }: Examination,
  checkpoint: Checkpoint | undefined,
  vkey: Vkey | undefined,
): Promise<void> {
  await findings.attempt(async () => {
    const text = await pack.text('policy.tlog', MOST_SMALL);
    const policy: Policy = parsePolicy(text, 'policy.tlog', crypto.sha256.bind(crypto));
    if (pins.policy !== undefined && pins.policy !== text)
      findings.add('policy', 'policy.tlog', 'not the policy that was pinned');
    if (vkey && !equalBytes(policy.log.fullId, vkey.fullId))
      findings.add('policy', 'policy.tlog', 'of another log than checkpoint.vkey');
    if (policy.quorum === undefined)
      notices.push('the policy asks for no witness: the log key alone vouches for the history');
    if (checkpoint) await checkCosignatures(crypto, checkpoint, policy, findings);
  });
}
