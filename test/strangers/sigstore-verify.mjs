// Runs under the Node that @sigstore/verify asks for, with its folder as argument. A line of JSON in, one out:
// {"trustedRoot":<file>,"key":<PEM file>,"bundles":[<file>…]} → {"accepted":n,"refused":[[<file>,<reason>]…]}
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(join(process.argv[2], 'package.json'));
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');
const { bundleFromJSON } = require('@sigstore/bundle');
const { TrustedRoot } = require('@sigstore/protobuf-specs');
/** One log, and no clock or certificate authority: the bundle rests on a key and on the log alone. */
const THRESHOLDS = { tlogThreshold: 1, timestampThreshold: 0, ctlogThreshold: 0 };

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(verify(JSON.parse(line))));
}

function verify({ trustedRoot, key, bundles }) {
  const refused = [];
  let verifier;
  for (const file of bundles) {
    try {
      verifier ??= verifierOf(trustedRoot, key);
      verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(readFileSync(file, 'utf8')))));
    } catch (error) {
      refused.push([file, `${error.code ?? error.name}: ${error.message}`]);
    }
  }
  return { accepted: bundles.length - refused.length, refused };
}

function verifierOf(trustedRoot, key) {
  const publicKey = createPublicKey(readFileSync(key));
  const root = TrustedRoot.fromJSON(JSON.parse(readFileSync(trustedRoot, 'utf8')));
  const keyOf = () => ({ publicKey, validFor: () => true });
  return new Verifier(toTrustMaterial(root, keyOf), THRESHOLDS);
}
