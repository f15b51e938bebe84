import { DATA_FOLDER, SCRATCH_FOLDER, SOURCE_FOLDER, type SandboxJob } from './sandbox.port.js';

/** How the kernel is asked: as root mounts are made first and rights dropped last; others get a user namespace. */
export type SandboxMode = 'root' | 'user';

export interface ScriptSettings {
  readonly mode: SandboxMode;
  /** An empty folder, to become the root of everything. */
  readonly root: string;
  /** Folders of the system that exist, and what is a link instead: `/bin` to `usr/bin`. */
  readonly system: readonly { readonly path: string; readonly linkTo?: string }[];
  /** Our own node: it looks for a network from inside, and runs tools written for it. */
  readonly node: string;
  /** Addresses that answer outside, as `host:port`: inside none may. */
  readonly listening: readonly string[];
}

/** Nobody. Owns nothing, and nothing is writable for it but the scratch folder. */
const NOBODY = 65534;
/** Inside; first on every PATH. */
const NODE_FOLDER = '/run/assay';
const MIB = 2 ** 20;
/** Of the root itself, which holds mount points only. */
const ROOT_BYTES = 4 * MIB;
const SHARED_MEMORY_BYTES = 64 * MIB;
/** Standard error, apart from the rest: that a program ran out of space is just what it complains of. */
const LOG_FOLDER = '/run/log';
const LOG_BYTES = 4 * MIB;
/** The end of standard error that is kept. */
const COMPLAINT_BYTES = 8 * 1024;
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];
/** Public certificates among them: some programs do not even begin without. */
const SMALL_FOLDERS = ['/etc/alternatives', '/etc/ssl/certs', '/etc/pki/tls/certs', '/etc/ca-certificates'];
const SMALL_FILES = ['/etc/ld.so.cache', '/etc/localtime', '/etc/mime.types'];

/** Asks for every namespace, and that nothing outlives us: not the sandbox its starter, nor a process the sandbox. */
export function sandboxCommand(mode: SandboxMode, script: string): readonly [string, readonly string[]] {
  const user = mode === 'user' ? ['--user', '--map-root-user'] : [];
  const spaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child=KILL'];
  return ['setpriv', ['--pdeathsig', 'KILL', 'unshare', ...user, ...spaces, '/bin/sh', '-c', script]];
}

/**
 * The script that runs as process 1 inside. On descriptor 3 it says `ready` when the sandbox is proven, then `complaint BASE64`,
 * `exit N` and `report BYTES` or `report none`; the report itself goes to standard output. The program has neither
 * descriptor, and not the rights to take them.
 */
export function sandboxScript(job: SandboxJob, settings: ScriptSettings): string {
  return [
    'set -eu',
    'umask 022',
    'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...buildRoot(job, settings),
    ...enterRoot(),
    ...proveIsolation(settings),
    ...runProgram(job, settings),
  ].join('\n');
}

function buildRoot(job: SandboxJob, { root, system, node }: ScriptSettings): string[] {
  const { source, hidden, visible, data, limits } = job;
  return [
    `R=${quote(root)}`,
    `mount -t tmpfs -o size=${String(ROOT_BYTES)},mode=0755,nosuid,nodev assay "$R"`,
    // A mount option of the host that may not be lifted must be repeated.
    'readonly_at() { mount -o remount,bind,ro,nosuid,nodev "$1" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev,noexec "$1"; }',
    'show() { if [ -d "$1" ]; then mkdir -p "$R$2"; else mkdir -p "$(dirname "$R$2")"; : >"$R$2"; fi; mount --bind "$1" "$R$2"; readonly_at "$R$2"; }',
    ...system.map(({ path, linkTo }) =>
      linkTo === undefined
        ? `show ${quote(path)} ${quote(path)}`
        : `ln -s ${quote(linkTo)} "$R"${quote(path)}`,
    ),
    'mkdir -p "$R/etc" "$R/dev/shm" "$R/proc" "$R/run" "$R/var/tmp"',
    ...SMALL_FILES.map((file) => `[ ! -f ${file} ] || show ${file} ${file}`),
    ...SMALL_FOLDERS.map((folder) => `[ ! -d ${folder} ] || show ${folder} ${folder}`),
    `printf 'root:x:0:0::/:/bin/false\\nnobody:x:${String(NOBODY)}:${String(NOBODY)}::/:/bin/false\\n' >"$R/etc/passwd"`,
    `printf 'root:x:0:\\nnogroup:x:${String(NOBODY)}:\\n' >"$R/etc/group"`,
    `printf '127.0.0.1 localhost\\n' >"$R/etc/hosts"`,
    ...DEVICES.map((name) => `: >"$R/dev/${name}"; mount --bind /dev/${name} "$R/dev/${name}"`),
    'ln -s /proc/self/fd "$R/dev/fd"; ln -s fd/0 "$R/dev/stdin"; ln -s fd/1 "$R/dev/stdout"; ln -s fd/2 "$R/dev/stderr"',
    `mount -t tmpfs -o size=${String(SHARED_MEMORY_BYTES)},mode=1777,nosuid,nodev,noexec assay "$R/dev/shm"`,
    'mount -t proc -o nosuid,nodev,noexec proc "$R/proc"',
    'mount --bind "$R/proc/sys" "$R/proc/sys" && readonly_at "$R/proc/sys"',
    `show ${quote(node)} ${NODE_FOLDER}/node`,
    `show ${quote(source)} ${SOURCE_FOLDER}`,
    ': >"$R/run/empty"',
    ...hidden.map(
      (file) =>
        `mount --bind "$R/run/empty" "$R"${quote(`${SOURCE_FOLDER}/${file}`)} && readonly_at "$R"${quote(`${SOURCE_FOLDER}/${file}`)}`,
    ),
    ...(data === undefined ? [] : [`show ${quote(data)} ${DATA_FOLDER}`]),
    ...visible.map((path) => `show ${quote(path)} ${quote(path)}`),
    `mkdir "$R${SCRATCH_FOLDER}"`,
    `mount -t tmpfs -o size=${String(limits.scratchBytes)},mode=0755,nosuid,nodev assay "$R${SCRATCH_FOLDER}"`,
    `ln -s ${SCRATCH_FOLDER}/tmp "$R/tmp"`,
    `mkdir "$R${LOG_FOLDER}"`,
    `mount -t tmpfs -o size=${String(LOG_BYTES)},mode=0755,nosuid,nodev,noexec assay "$R${LOG_FOLDER}"`,
  ];
}

/** The old root is gone afterwards, and the new one cannot be written. */
const enterRoot = (): string[] => [
  'mkdir "$R/old"',
  'cd "$R"',
  'pivot_root . old',
  'cd /',
  'umount -l /old',
  'rmdir /old',
  `mkdir -m 1777 ${SCRATCH_FOLDER}/tmp ${SCRATCH_FOLDER}/out`,
  `mkdir -m 0777 ${SCRATCH_FOLDER}/home`,
  'mount -o remount,ro,nosuid,nodev /',
  'hostname assay-scan 2>/dev/null || true',
  'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true',
];

/** No interface but loopback, and what answers outside does not answer here. */
const proveIsolation = ({ listening }: ScriptSettings): string[] => [
  `${NODE_FOLDER}/node -e ${quote(PROBE)} ${listening.map(quote).join(' ')} >&2 || { printf 'network\\n' >&3; exit 1; }`,
  `if ( : >${SOURCE_FOLDER}/.assay-probe ) 2>/dev/null; then printf 'writable\\n' >&3; exit 1; fi`,
  "printf 'ready\\n' >&3",
];

const PROBE = `
const found = Object.values(require('node:os').networkInterfaces()).flat().filter((one) => !one.internal);
if (found.length > 0) { console.error('an interface beside loopback'); process.exit(1); }
for (const target of ['192.0.2.1:80', ...process.argv.slice(1)]) {
  const at = target.lastIndexOf(':');
  const socket = require('node:net').connect({ host: target.slice(0, at), port: Number(target.slice(at + 1)) });
  socket.setTimeout(1000, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('connect', () => { console.error('connected to ' + target); process.exit(1); });
}`.trim();

function runProgram(job: SandboxJob, { mode }: ScriptSettings): string[] {
  const { program, args, env, path, copySource, folder, reportPath, limits } = job;
  const workFolder = copySource ? `${SCRATCH_FOLDER}/src` : SOURCE_FOLDER;
  const become =
    mode === 'root' ? [`--reuid=${String(NOBODY)}`, `--regid=${String(NOBODY)}`, '--clear-groups'] : [];
  const environment = {
    HOME: `${SCRATCH_FOLDER}/home`,
    TMPDIR: `${SCRATCH_FOLDER}/tmp`,
    LANG: 'C.UTF-8',
    ...env,
    PATH: [...path, NODE_FOLDER, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
  };
  const output = `${SCRATCH_FOLDER}/stdout`;
  const complaint = `${LOG_FOLDER}/stderr`;
  const report = reportPath ?? output;
  const command = [
    ...['setpriv', ...become, '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'],
    ...['prlimit', `--nproc=${String(limits.processes)}`, '--core=0', '--nofile=4096'],
    `--data=${String(limits.memoryBytes)}`,
    ...['env', '-i', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)],
    ...[program, ...args],
  ];
  return [
    ...(copySource ? [`cp -R ${SOURCE_FOLDER} ${workFolder}`, `chmod -R a+rwX ${workFolder}`] : []),
    'set +e',
    `(cd ${quote(`${workFolder}${folder}`)} && exec ${command.map(quote).join(' ')}) </dev/null >${output} 2>${complaint} 3>&-`,
    'status=$?',
    // Nothing it left running may touch the report while it is read.
    'kill -KILL -1 2>/dev/null',
    `printf 'complaint %s\\n' "$(tail -c ${String(COMPLAINT_BYTES)} ${complaint} | base64 | tr -d '\\n')" >&3`,
    `printf 'exit %s\\n' "$status" >&3`,
    `if [ -f ${quote(report)} ] && [ ! -L ${quote(report)} ]; then`,
    `  printf 'report %s\\n' "$(wc -c <${quote(report)} | tr -d ' ')" >&3; cat ${quote(report)}`,
    `else printf 'report none\\n' >&3; fi`,
  ];
}

/** One word of a POSIX shell, whatever is in it. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
