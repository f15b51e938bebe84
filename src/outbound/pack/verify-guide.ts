import { createHash } from 'node:crypto';
import type { Checkpoint } from '../../ledger/checkpoint.js';
import { hexOf, type Digest } from '../../kernel/digest.js';
import type { Tally } from './tally.js';

export interface GuideFacts {
  readonly checkpoint: Checkpoint;
  readonly vkey: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly exportKey: Buffer;
  readonly decisionKeys: readonly Buffer[];
  readonly hasPrevious: boolean;
}

/** VERIFY.md: how to check this pack with other people's tools, with its own names and digests. */
export function verifyGuide(facts: GuideFacts, tally: Tally): string {
  return [intro(facts), manifest(), wholeLog(), ...decisions(tally), sample(facts, tally), ours(facts)].join(
    '\n',
  );
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function intro({ checkpoint, vkey, exportKey, decisionKeys }: GuideFacts): string {
  const keys = decisionKeys.map(
    (key) => `| \`decision.pub\` | SHA-256 of the key (DER) | \`${sha256(key)}\` |`,
  );
  return `# How to verify this pack

All commands run in this folder, offline, and write nothing into it.

A pack that brings its own keys proves only that it agrees with itself. Before you begin, compare these with what the
operator gave you another way, in an earlier pack or on paper:

| what | | value |
| --- | --- | --- |
| \`checkpoint.vkey\` | the log's key | \`${vkey}\` |
| \`export.pub\` | SHA-256 of the key (DER) | \`${sha256(exportKey)}\` |
${keys.join('\n')}
| \`checkpoint\` | size of the tree | ${String(checkpoint.size)} |
| | its root | \`${checkpoint.root.toString('base64')}\` |

\`openssl pkey -pubin -in export.pub -outform DER | sha256sum\` prints the digest of a key. Keep the file \`checkpoint\`:
brought along next year, it shows whether anything in this pack was rewritten since. No other check is as strong.
`;
}

const manifest = (): string => `## 1. Every file is the one that was signed (openssl, sha256sum, jq)

\`\`\`sh
d=$(mktemp -d)
jq -j .payload manifest.intoto.json | base64 -d > "$d/payload"
jq -j '.signatures[0].sig' manifest.intoto.json | base64 -d > "$d/sig"
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < "$d/payload")"; cat "$d/payload"; } > "$d/pae"
openssl pkeyutl -verify -pubin -inkey export.pub -rawin -in "$d/pae" -sigfile "$d/sig"
jq -r '.subject[] | .digest.sha256 + "  " + .name' "$d/payload" > "$d/sums"
sha256sum --check --quiet --strict "$d/sums" && echo every file as signed
{ cut -c67- "$d/sums"; echo manifest.intoto.json; } | LC_ALL=C sort > "$d/listed"
find . -type f | cut -c3- | LC_ALL=C sort | diff "$d/listed" - && echo no file besides
jq .predicate "$d/payload"
\`\`\`

The last command prints who asked, when, for what, and how many entries and decisions there are.
`;

const wholeLog = (): string => `## 2. The whole log makes the signed tree (Tessera fsck)

\`go install github.com/transparency-dev/tessera/cmd/fsck@v1.0.4\`

\`\`\`sh
timeout 600 fsck --storage_url="file://$PWD" --public_key=checkpoint.vkey --ui=false --N=2
\`\`\`

It ends with \`Successfully fsck'd log\`, the size and the root above; look for that line, for the exit status is 0 either
way. Keep \`--N=2\` and the time limit: with one worker it
can hang where it should refuse (tessera#1098). No entry is missing: the tree numbers them all, from 0.
`;

function decisions({ example, count }: Tally): string[] {
  if (!example) {
    const none =
      count === 0 ? 'The query selected no decision' : 'No decision here is about content named by SHA-256';
    return [`## 3. One decision\n\n${none}, so there is nothing to show cosign.\n`];
  }
  const seq = String(example.seq);
  const digest = hexOf(example.facts.artefactDigest as Digest);
  return [
    `## 3. One decision: signature, artefact, place in the log (cosign)

\`go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3\`. For entry ${seq}; for another, put its number and the
digest of its artefact (\`artefact_digest\` in decisions.csv):

\`\`\`sh
cosign verify-blob-attestation --key decision.pub --bundle bundles/${seq}.sigstore.json \\
  --trusted-root trusted_root.json --type https://slsa.dev/verification_summary/v1 \\
  --digest ${digest} --digestAlg sha256 \\
  --use-signed-timestamps=false
\`\`\`

If \`decision.pub\` holds several keys, give cosign the one that signed: it reads the first only. What was decided:
\`jq -r .dsseEnvelope.payload bundles/${seq}.sigstore.json | base64 -d | jq .predicate\`.
`,
    `## 4. One decision by its proof alone (Torchwood spicy)

\`go install filippo.io/torchwood/cmd/spicy@v0.9.0\`

\`\`\`sh
d=$(mktemp -d)
cp entries/${seq}.json "$d/" && sed 1d proofs/${seq}.tlog-proof > "$d/${seq}.json.spicy"
spicy -verify "$(cat checkpoint.vkey)" "$d/${seq}.json"
\`\`\`
`,
  ];
}

function sample({ checkpoint }: GuideFacts, tally: Tally): string {
  const drawn = tally.sample().map(({ seq }) => String(seq));
  const root = checkpoint.root.toString('base64');
  return `## 5. Draw the sample again

${drawn.length === 0 ? 'There is nothing to draw from.' : `A sample for testing by hand: ${drawn.join(', ')}.`}
It follows from the root of the tree, so nobody could choose it: the decisions whose SHA-256 of root, colon and number
is smallest.

\`\`\`sh
tail -n +2 decisions.csv | cut -d, -f1 | while read -r seq; do
  printf '%s %s\\n' "$(printf '${root}:%s' "$seq" | sha256sum | cut -c1-64)" "$seq"
done | sort | head -n 25 | cut -d' ' -f2 | sort -n
\`\`\`
`;
}

const ours = ({ hasPrevious }: GuideFacts): string => `## 6. Everything at once (our own verifier)

\`\`\`sh
npx assay verify .
npx assay verify . --vkey "$KEPT/checkpoint.vkey" --export-key "$KEPT/export.pub" --checkpoint "$KEPT/checkpoint"
\`\`\`

The second line, with what you kept of an earlier pack, is the strong one: it says whether these are the same keys, and
whether the log still begins with everything it held then.

The program needs no server and no key of ours. Beyond the above it refuses what others overlook: files nobody listed, bytes
behind the end of a tile, lenient base64, tables that say something else than the statements.
${
  hasPrevious
    ? '\nThis pack was asked for with an earlier checkpoint, `previous-checkpoint`: it also proves that the log continues it.\n'
    : ''
}`;
