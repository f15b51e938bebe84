import { toBase64 } from './bytes.js';
import { Refusal } from './finding.js';
import { firstDifferingMember, isArray, memberOf, parseCanonical } from './json.js';
import { ed25519Spki } from './keys.js';
import type { Vkey } from './note.js';

const PATH = 'trusted_root.json';
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

/** The Sigstore trusted root must trust this log with this key and nothing else; only `start` is free. */
export function checkTrustedRoot(text: string, log: Vkey): void {
  const value = parseCanonical(text, PATH);
  const logs = memberOf(value, 'tlogs');
  const first = isArray(logs) ? logs[0] : undefined;
  const start = memberOf(memberOf(memberOf(first, 'publicKey'), 'validFor'), 'start');
  const where = firstDifferingMember(value, {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: `https://${log.name}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: toBase64(ed25519Spki(log.key)),
          keyDetails: 'PKIX_ED25519',
          validFor: { start: typeof start === 'string' && TIME.test(start) ? start : 'a time' },
        },
        logId: { keyId: toBase64(log.fullId) },
      },
    ],
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  });
  if (where !== undefined) throw new Refusal('trusted-root', PATH, 'not that of this log and key', where);
}
