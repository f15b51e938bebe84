import { createHash } from 'node:crypto';

/** Random characters of a seeded stream; never a secret of anybody, and in no file of this repository. */
export class FakeSecrets {
  private drawn = 0;

  constructor(readonly seed: string) {}

  /** `count` of every class, each its own. */
  all(count: number): readonly FakeSecret[] {
    return Object.entries(SHAPES).flatMap(([secretClass, make]) =>
      Array.from({ length: count }, () => ({
        secretClass,
        value: make((length, alphabet) => this.text(length, alphabet)),
      })),
    );
  }

  private text(length: number, alphabet = LETTERS): string {
    let text = '';
    while (text.length < length) {
      this.drawn += 1;
      for (const byte of createHash('sha512')
        .update(`${this.seed} ${String(this.drawn)}`)
        .digest())
        text += alphabet.charAt(byte % alphabet.length);
    }
    return text.slice(0, length);
  }
}

export interface FakeSecret {
  readonly secretClass: string;
  readonly value: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';

/** Put together here, so that no scanner takes this file for a leak. `opaque`: no pattern knows it. */
const SHAPES: Readonly<Record<string, (text: (length: number, alphabet?: string) => string) => string>> = {
  'github-token': (text) => 'gh' + 'p_' + text(36),
  'github-fine-grained': (text) => 'github' + '_pat_' + text(22) + '_' + text(59),
  'gitlab-token': (text) => 'gl' + 'pat-' + text(20),
  'aws-access-key-id': (text) => 'AK' + 'IA' + text(16, UPPER),
  'slack-token': (text) => 'xo' + 'xb-' + text(12, '0123456789') + '-' + text(24),
  'stripe-key': (text) => 'sk' + '_live_' + text(24),
  'google-api-key': (text) => 'AI' + 'za' + text(35),
  'npm-token': (text) => 'np' + 'm_' + text(36),
  'pypi-token': (text) => 'py' + 'pi-' + text(80),
  jwt: (text) => 'ey' + 'J' + text(33) + '.ey' + 'J' + text(70) + '.' + text(43),
  'model-api-key': (text) => 's' + 'k-' + text(48),
  'hugging-face-token': (text) => 'h' + 'f_' + text(34),
  'sendgrid-key': (text) => 'S' + 'G.' + text(22) + '.' + text(43),
  'digitalocean-token': (text) => 'do' + 'p_v1_' + text(64, HEX),
  'private-key': (text) =>
    [
      '-----BEGIN RSA PRIVATE' + ' KEY-----',
      text(64),
      text(64),
      text(20),
      '-----END RSA PRIVATE' + ' KEY-----',
    ].join('\n'),
  opaque: (text) => text(18),
};

/** The longest stretch of one line that nothing but the secret has. */
export const coreOf = ({ value }: FakeSecret): string =>
  (value.split('\n')[1] ?? value).replace(/^[A-Za-z]{2,6}[_-]/, '').slice(0, WINDOW + 8);

/** Length of what is searched for: long enough that no other text has it by chance. */
export const WINDOW = 10;

const BEGINNINGS = 2 ** 20;
/** Of four characters: the same number for the same ones. */
const beginningAt = (text: string, at: number): number =>
  (text.charCodeAt(at) ^
    (text.charCodeAt(at + 1) << 5) ^
    (text.charCodeAt(at + 2) << 10) ^
    (text.charCodeAt(at + 3) << 13)) %
  BEGINNINGS;

/**
 * Finds secrets in any amount of text in one pass: as they are, in base64 wherever it begins, in hex, and by the
 * unsalted SHA-1 and SHA-256 that somebody could guess them from.
 */
export class LeakFinder {
  private readonly needles = new Map<string, string>();
  /** Whether any needle begins so: nearly no place of a text does, and those need no look into the map. */
  private readonly beginnings = new Uint8Array(BEGINNINGS);

  constructor(secrets: readonly FakeSecret[]) {
    for (const secret of secrets) {
      const core = coreOf(secret);
      this.add(core, secret);
      for (const skip of [0, 1, 2]) this.add(Buffer.from(core.slice(skip)).toString('base64'), secret);
      this.add(Buffer.from(core).toString('hex'), secret);
      for (const algorithm of ['sha1', 'sha256']) {
        const hash = createHash(algorithm).update(secret.value).digest();
        this.add(hash.toString('hex'), secret);
        this.add(hash.toString('base64'), secret);
      }
    }
  }

  /** Classes and beginnings of what was found; empty is what is hoped for. */
  leaksIn(text: string): readonly string[] {
    const found = new Set<string>();
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      if (this.beginnings[beginningAt(text, at)] === 0) continue;
      const leak = this.needles.get(text.slice(at, at + WINDOW));
      if (leak !== undefined) found.add(leak);
    }
    return [...found];
  }

  private add(needle: string, { secretClass }: FakeSecret): void {
    this.needles.set(needle.slice(0, WINDOW), `${secretClass} ${needle.slice(0, 4)}…`);
    this.beginnings[beginningAt(needle, 0)] = 1;
  }
}
