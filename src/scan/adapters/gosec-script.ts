/** Runs gosec in each module named. A module of which it says nothing gets a line that `leftOut` knows. */
export const GOSEC_SCRIPT = `program=$1; shift; status=0; number=0
for module; do
  number=$((number + 1))
  (cd "$module" && exec "$program" -nosec -fmt sarif -out "/scratch/tmp/$number.sarif" -stdout -verbose json ./...) \\
    >"/scratch/tmp/$number.json" 2>/scratch/tmp/log
  ended=$?
  cat /scratch/tmp/log >&2
  grep -q 'Checking package' /scratch/tmp/log || echo "Golang errors: nothing was looked at in a module" >&2
  [ $ended -le 1 ] || exit $ended
  [ $ended -le $status ] || status=$ended
done
node -e "$MERGE" "$OUT" "$@" || exit 70
exit $status`;

/**
 * One SARIF log with the runs of all, and paths from the root of the source instead of the module's. What gosec could
 * not read only its JSON names: a package that cannot be loaded, say, is in no log of it.
 */
export const GOSEC_MERGE = `const fs = require('node:fs');
const { join } = require('node:path').posix;
const [out, ...modules] = process.argv.slice(1);
const logs = modules.map((module, index) => {
  const { 'Golang errors': errors } = JSON.parse(fs.readFileSync('/scratch/tmp/' + (index + 1) + '.json', 'utf8'));
  for (const file of Object.keys(errors)) console.error('Golang errors: ' + JSON.stringify(file));
  const log = JSON.parse(fs.readFileSync('/scratch/tmp/' + (index + 1) + '.sarif', 'utf8'));
  for (const run of log.runs ?? [])
    for (const result of run.results ?? [])
      for (const { physicalLocation } of result.locations ?? []) {
        const place = physicalLocation?.artifactLocation;
        if (place?.uri && !place.uri.includes(':')) place.uri = join(module, place.uri);
      }
  return log;
});
fs.writeFileSync(out, JSON.stringify({ ...logs[0], runs: logs.flatMap(({ runs }) => runs) }));`;
