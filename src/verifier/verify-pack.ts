import { equalBytes, toBase64, toHex, utf8 } from './bytes.js';
import { parseCheckpoint, requireLogSignature, type Checkpoint } from './checkpoint.js';
import { checkLogClaims, checkTally, readClaims, type Claims, type Tally } from './claims.js';
import type { Crypto } from './crypto.port.js';
import { checkDecisions } from './decisions.js';
import { Findings, Refusal, type Finding } from './finding.js';
import { ed25519Of, p256Of } from './keys.js';
import { readLog, type Log } from './log.js';
import { openEnvelope, readManifest, verifyEnvelope, type Manifest } from './manifest.js';
import { MANIFEST, PREVIOUS } from './names.js';
import { LOG_SIGNATURE, parseVkey, type Vkey } from './note.js';
import { Pack } from './pack.js';
import { checkCosignatures, parsePolicy, type Policy } from './policy.js';
import type { PackSource } from './source.port.js';
import { TILE_WIDTH } from './tree.js';
import { checkTrustedRoot } from './trusted-root.js';

/** What the auditor has from elsewhere. What is absent is taken from the pack, which then vouches for itself. */
export interface Pins {
  /** The log's key, `name+id+base64`. */
  readonly vkey?: string;
  /** A checkpoint kept from an earlier time: a signed note. */
  readonly checkpoint?: string;
  /** PEM of the key that signs manifests. */
  readonly exportKey?: string;
  /** PEM of the keys that sign decisions: the pack's may be no others. */
  readonly decisionKeys?: string;
  /** The policy that names the witnesses: the pack's must be the same text. */
  readonly policy?: string;
}

export interface Verdict {
  /** Nothing at all was found. */
  readonly accepted: boolean;
  /** In the order of the checks; the first thousand. */
  readonly findings: readonly Finding[];
  /** How many there were. */
  readonly found: number;
  /** What was not established, though nothing is wrong: for people. */
  readonly notices: readonly string[];
  readonly checked: {
    readonly origin?: string;
    readonly size?: number;
    /** Base64. */
    readonly root?: string;
    readonly decisions: number;
    readonly files: number;
    readonly bytes: number;
  };
}

const MOST_SMALL = 1024 * 1024;
/** About 2.5 million decisions; node cannot hold a longer text. */
const MOST_MANIFEST = 512 * 1024 * 1024;
/** Paths of what is not in the pack. */
const GIVEN = { vkey: '--vkey', checkpoint: '--checkpoint' } as const;

/** Judges a pack of format 1 in the order of ledger.md §8. Throws only when it cannot be read or a pin is no key. */
export async function verifyPack(source: PackSource, crypto: Crypto, pins: Pins = {}): Promise<Verdict> {
  const run = new Run(source, crypto, pins);
  return run.verdict();
}

class Run {
  private readonly findings = new Findings();
  private readonly notices: string[] = [];
  private readonly pack: Pack;
  private readonly sha256 = (bytes: Uint8Array): Uint8Array => this.crypto.sha256(bytes);

  constructor(
    private readonly source: PackSource,
    private readonly crypto: Crypto,
    private readonly pins: Pins,
  ) {
    this.pack = new Pack(source, crypto, this.findings);
  }

  async verdict(): Promise<Verdict> {
    const { findings, pack, crypto } = this;
    const claims = await this.claims();
    const vkey = await this.logKey();
    const decisionKeys = await findings.attempt(() => this.decisionKeys());
    const checkpoint = await findings.attempt(() => this.checkpoint(vkey));
    if (vkey)
      await findings.attempt(async () => {
        checkTrustedRoot(await pack.text('trusted_root.json', MOST_SMALL), vkey);
      });
    await this.policy(checkpoint, vkey);
    const log = checkpoint && (await this.log(checkpoint, vkey, claims));
    const tally = await checkDecisions({
      pack,
      crypto,
      findings,
      log,
      checkpoint,
      vkey,
      decisionKeys,
      claims,
    });
    if (claims && checkpoint) checkLogClaims(claims, checkpoint, findings);
    if (claims) checkTally(claims, tally, findings);
    if (claims && log) await this.requestEntry(claims, log);
    await this.readRest();
    if (claims?.query.projectId !== undefined && tally.ofNoProject > 0)
      this.notices.push(
        `${tally.ofNoProject} decisions were recorded before statements named a project: that they are of it is the manifest's word`,
      );
    if (claims && claims.counts.erased + claims.counts.masked > 0) {
      this.notices.push(
        `the manifest counts ${claims.counts.erased} erased and ${claims.counts.masked} masked: its word`,
      );
    }
    return this.report(checkpoint, tally);
  }

  private report(checkpoint: Checkpoint | undefined, tally: Tally): Verdict {
    const { findings, notices } = this;
    const { origin, size, root } = checkpoint ?? {};
    return {
      accepted: findings.count === 0,
      findings: findings.list(),
      found: findings.count,
      notices,
      checked: {
        ...(origin !== undefined && { origin }),
        ...(size !== undefined && { size }),
        ...(root !== undefined && { root: toBase64(root) }),
        decisions: tally.decisions,
        files: this.source.files.length,
        bytes: this.pack.bytes,
      },
    };
  }

  /** Step 1: the manifest, its signature and its list. From here on every file read is held against the list. */
  private async claims(): Promise<Claims | undefined> {
    const { findings, pack, crypto } = this;
    const envelope = pack.has(MANIFEST)
      ? await findings.attempt(async () => openEnvelope(await pack.read(MANIFEST, MOST_MANIFEST)))
      : undefined;
    const manifest: Manifest | undefined =
      envelope && (await findings.attempt(() => readManifest(envelope.payload)));
    if (manifest) pack.hold(manifest.files);
    const key = await findings.attempt(() => this.exportKey());
    if (envelope && key && !(await verifyEnvelope(crypto, envelope, key))) {
      findings.add('manifest-signature', MANIFEST, 'does not verify with the export key');
    }
    return manifest && (await findings.attempt(() => readClaims(manifest.predicate)));
  }

  private async exportKey(): Promise<Uint8Array> {
    const pinned =
      this.pins.exportKey === undefined ? undefined : ed25519Of(this.pins.exportKey, '--export-key');
    const given = ed25519Of(await this.pack.text('export.pub', MOST_SMALL), 'export.pub');
    if (!pinned) this.notices.push('no --export-key: who signed the manifest is the word of the pack itself');
    else if (!equalBytes(pinned, given))
      this.findings.add('export-key', 'export.pub', 'not the key that was pinned');
    return pinned ?? given;
  }

  private async decisionKeys(): Promise<ReadonlySet<string>> {
    const pinned =
      this.pins.decisionKeys === undefined ? undefined : p256Of(this.pins.decisionKeys, '--decision-key');
    const given = p256Of(await this.pack.text('decision.pub', MOST_SMALL), 'decision.pub');
    if (!pinned) return given;
    for (const key of given) {
      if (!pinned.has(key)) this.findings.add('leaf-key', 'decision.pub', 'holds a key that was not pinned');
    }
    return pinned;
  }

  private async logKey(): Promise<Vkey | undefined> {
    const { findings, pack, pins } = this;
    const pinned = pins.vkey === undefined ? undefined : parseVkey(pins.vkey.trim(), this.sha256);
    if (pins.vkey !== undefined && pinned?.type !== LOG_SIGNATURE)
      throw new TypeError(`${GIVEN.vkey} is no key of a log`);
    const given = await findings.attempt(async () => {
      const text = await pack.text('checkpoint.vkey', MOST_SMALL);
      const key = text.endsWith('\n') ? parseVkey(text.slice(0, -1), this.sha256) : undefined;
      if (key?.type !== LOG_SIGNATURE)
        throw new Refusal('vkey', 'checkpoint.vkey', 'not one key of a log and a newline');
      if (pinned && (key.name !== pinned.name || !equalBytes(key.fullId, pinned.fullId))) {
        throw new Refusal('vkey', 'checkpoint.vkey', 'not the key that was pinned');
      }
      return key;
    });
    if (!pinned) this.notices.push('no --vkey: whose log this is, is the word of the pack itself');
    return pinned ?? given;
  }

  /** Step 3. */
  private async checkpoint(vkey: Vkey | undefined): Promise<Checkpoint> {
    const checkpoint = parseCheckpoint(await this.pack.text('checkpoint', MOST_SMALL), 'checkpoint');
    const by =
      vkey && ({ key: vkey, origin: 'checkpoint-origin', signature: 'checkpoint-signature' } as const);
    if (by) await this.findings.attempt(() => requireLogSignature(this.crypto, checkpoint, by, 'checkpoint'));
    return checkpoint;
  }

  private async policy(checkpoint: Checkpoint | undefined, vkey: Vkey | undefined): Promise<void> {
    const { findings, pack, pins } = this;
    await findings.attempt(async () => {
      const text = await pack.text('policy.tlog', MOST_SMALL);
      const policy: Policy = parsePolicy(text, 'policy.tlog', this.sha256);
      if (pins.policy !== undefined && pins.policy !== text) {
        findings.add('policy', 'policy.tlog', 'not the policy that was pinned');
      }
      if (vkey && !equalBytes(policy.log.fullId, vkey.fullId)) {
        findings.add('policy', 'policy.tlog', 'of another log than checkpoint.vkey');
      }
      if (policy.quorum === undefined)
        this.notices.push('the policy asks for no witness: the log key alone vouches for the history');
      if (checkpoint) await checkCosignatures(this.crypto, checkpoint, policy, findings);
    });
  }

  /** Steps 4 and 5: the whole tree, and the earlier checkpoints it has to contain. */
  private async log(
    checkpoint: Checkpoint,
    vkey: Vkey | undefined,
    claims: Claims | undefined,
  ): Promise<Log | undefined> {
    const { findings, pins, pack } = this;
    const earlier: (readonly [string, Checkpoint])[] = [];
    const consider = async (path: string, read: () => Promise<string> | string): Promise<void> => {
      const opened = await findings.attempt(async () =>
        this.earlier(await read(), path, { checkpoint, vkey }),
      );
      if (opened) earlier.push([path, opened]);
    };
    if (pins.checkpoint !== undefined) await consider(GIVEN.checkpoint, () => pins.checkpoint ?? '');
    else
      this.notices.push(
        'no --checkpoint: only one that you kept shows whether history was rewritten by who has the keys',
      );
    if (pack.has(PREVIOUS)) await consider(PREVIOUS, () => this.previous(claims));
    else if (claims && claims.previousCheckpoint !== null) {
      findings.add(
        'manifest-claim',
        MANIFEST,
        'names a previous checkpoint, which is not there',
        '$.previousCheckpoint',
      );
    }
    const watch = earlier.map(([, { size }]) => size);
    const log = await readLog(pack, checkpoint.size, watch, { crypto: this.crypto, findings });
    if (!log) return undefined;
    for (const [path, { size, root }] of earlier) {
      if (equalBytes(log.tree.rootAt(size), root)) continue;
      findings.add(
        'earlier-fork',
        path,
        `at size ${size} the log of this pack has another root: two histories were signed`,
      );
    }
    if (equalBytes(log.tree.rootAt(checkpoint.size), checkpoint.root)) return log;
    findings.add('root', 'checkpoint', `the ${checkpoint.size} entries have another root`, 'line 3');
    return undefined;
  }

  private async earlier(
    note: string,
    path: string,
    { checkpoint, vkey }: { checkpoint: Checkpoint; vkey: Vkey | undefined },
  ): Promise<Checkpoint> {
    let opened: Checkpoint;
    try {
      opened = parseCheckpoint(note, path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal('earlier-malformed', path, error.detail, error.at);
    }
    if (vkey) {
      const by = { key: vkey, origin: 'earlier-malformed', signature: 'earlier-signature' } as const;
      await requireLogSignature(this.crypto, opened, by, path);
    }
    if (opened.size <= checkpoint.size) return opened;
    throw new Refusal('earlier-ahead', path, `covers ${opened.size} entries, the pack ${checkpoint.size}`);
  }

  private async previous(claims: Claims | undefined): Promise<string> {
    const bytes = await this.pack.read(PREVIOUS, MOST_SMALL);
    if (claims && claims.previousCheckpoint !== toHex(this.sha256(bytes))) {
      this.findings.add(
        'manifest-claim',
        MANIFEST,
        'not the digest of previous-checkpoint',
        '$.previousCheckpoint',
      );
    }
    return utf8(bytes, PREVIOUS);
  }

  /** Usually the request came after the checkpoint it was answered with; where it did not, its entry must fit. */
  private async requestEntry({ request }: Claims, log: Log): Promise<void> {
    if (request.seq >= log.tree.size) return;
    const hash = (await log.nodesOf(request.seq)).at(0, request.seq % TILE_WIDTH);
    if (toHex(hash) === request.leafHash) return;
    this.findings.add(
      'manifest-claim',
      MANIFEST,
      `not the hash of entry ${request.seq}`,
      '$.request.leafHash',
    );
  }

  /** Files that only the manifest vouches for: their digest, and that texts are UTF-8. */
  private async readRest(): Promise<void> {
    for (const name of this.pack.unread()) {
      await this.findings.attempt(() => this.readText(name));
    }
  }

  private async readText(name: string): Promise<void> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let good = 0;
    let broken = false;
    const decode = (piece?: Uint8Array): void => {
      try {
        if (!broken) decoder.decode(piece, { stream: piece !== undefined });
        good += piece?.length ?? 0;
      } catch {
        broken = true;
        this.findings.add('encoding-utf8', name, 'bytes that are not UTF-8', `behind byte ${good}`);
      }
    };
    for await (const piece of this.pack.pieces(name)) decode(piece);
    decode();
  }
}
