/** The figures of a run. */
import { wants } from './dist.mjs';

const { HOST_BUILTINS } = await wants('builtins/table.js');
const { REFUSED_BUILTINS } = await wants('builtins/refused.js');
const { NATIVE_BUILTINS, COMPILER_BUILTINS } = await wants('builtins/native-builtins.js');

const STATUSES = ['passed', 'failed', 'refused', 'excepted'];

export class Summary {
  /** @param {{ module: { version: string, sum: string }, builtins: readonly string[] }} origin */
  constructor(records, { module, builtins }) {
    this.records = records;
    this.version = module.version;
    this.sum = module.sum;
    this.languages = ['v1', 'v0']
      .map((name) =>
        languageFigures(
          name,
          records.filter(({ wish }) => wish.version === name),
        ),
      )
      .filter(({ cases }) => cases > 0);
    this.native = builtins.filter((name) => NATIVE_BUILTINS.has(name)).sort();
    this.compiled = builtins.filter((name) => COMPILER_BUILTINS.has(name)).sort();
    this.builtins = builtins
      .filter((name) => !NATIVE_BUILTINS.has(name) && !COMPILER_BUILTINS.has(name))
      .sort()
      .map((name) => builtinFigures(name, records));
  }

  /** Whatever OPA's own runner passes, passes or is refused; and `opa eval` says the same as we do. */
  get isGood() {
    return this.withStatus('failed').length === 0 && this.disagreements('opa').length === 0;
  }

  withStatus(status) {
    return this.records.filter((record) => record.status === status);
  }

  /** Cases that OPA's own runner leaves out and that pass here. */
  get bonus() {
    return this.records.filter(({ status, exception }) => status === 'passed' && exception !== undefined);
  }

  /** Where another engine says something else, but for the cases that OPA itself calls exceptions of WASM. */
  disagreements(name) {
    return this.records.filter(
      ({ exception, opinions }) =>
        exception === undefined && opinions.some((each) => each.name === name && disagrees(each)),
    );
  }

  /** Cases on which `opa eval` cannot be compared. */
  get setAside() {
    return this.records.flatMap(({ wish, opinions }) => {
      const reason = opinions.find((each) => each.setAside !== undefined)?.setAside;
      return reason === undefined ? [] : [{ wish, reason }];
    });
  }

  lines() {
    const shown = this.languages.map(
      ({ name, cases, statuses, strict, sdk, opinions }) =>
        `${name}: ${cases} cases` +
        STATUSES.map((status) => `, ${statuses[status]} ${status}`).join('') +
        `; of ${strict.cases} strict errors ${strict.undefined} undefined, ${strict.reported} reported when strict` +
        (sdk ? `; npm SDK ${sdk.passed} passed, ${sdk.inAnyOrder} in any order` : '') +
        opinions.map((each) => `; ${each.name} disagrees on ${each.disagrees} of ${each.asked}`).join(''),
    );
    const done = this.builtins.filter(({ state }) => state === 'done').length;
    const noCase = this.builtins.filter(({ state }) => state === 'no case').length;
    return [
      `OPA ${this.version} ${this.sum}`,
      ...shown,
      `host builtins: ${done} of ${this.builtins.length} done, ${noCase} present and in no case of this run`,
    ];
  }

  toJson() {
    const { version, sum, languages, builtins } = this;
    const others = this.records
      .filter(({ status }) => status !== 'passed')
      .map(({ wish, status, reason, wanted, got }) => ({
        ...{ id: wish.id, note: wish.note, status, reason, wanted, got },
      }));
    const disagreements = this.disagreements('opa').map(({ wish, opinions }) => ({ id: wish.id, opinions }));
    const strict = this.records
      .filter(({ wish, strict: given }) => given !== undefined && !isWorded(wish, given))
      .map(({ wish, strict: { cause, detail } }) => ({ id: wish.id, wanted: wish.wantError, cause, detail }));
    return { version, sum, languages, builtins, others, disagreements, strict };
  }
}

function languageFigures(name, records) {
  const strict = records.filter((record) => record.strict !== undefined);
  const told = records.filter(({ sdk }) => sdk !== undefined);
  return {
    name,
    cases: records.length,
    files: distinct(records, ({ wish }) => wish.file),
    folders: distinct(records, ({ wish }) => wish.folder),
    notes: distinct(records, ({ wish }) => wish.note),
    statuses: Object.fromEntries(
      STATUSES.map((status) => [status, records.filter((record) => record.status === status).length]),
    ),
    exceptions: records.filter(({ exception }) => exception !== undefined).length,
    strict: {
      cases: strict.length,
      undefined: strict.filter(({ status }) => status === 'passed').length,
      reported: strict.filter((record) => record.strict.cause === 'builtin').length,
      worded: strict.filter(({ wish, strict: given }) => isWorded(wish, given)).length,
    },
    sdk:
      told.length === 0
        ? undefined
        : {
            passed: told.filter(({ sdk }) => sdk.passed).length,
            inAnyOrder: told.filter(({ sdk }) => sdk.inAnyOrder).length,
            lacking: told.filter(({ sdk }) => !sdk.inAnyOrder && isLacking(sdk)).length,
            threw: told.filter(({ sdk }) => !sdk.inAnyOrder && sdk.kind === 'error' && !isLacking(sdk))
              .length,
            wrong: told.filter(({ sdk }) => !sdk.inAnyOrder && sdk.kind === 'bindings').length,
          },
    opinions: opinionFigures(records),
  };
}

function opinionFigures(records) {
  const names = new Set(records.flatMap(({ opinions }) => opinions.map(({ name }) => name)));
  return [...names].map((name) => {
    const given = records
      .filter(({ exception }) => exception === undefined)
      .flatMap(({ opinions }) => opinions);
    const asked = given.filter((each) => each.name === name && each.setAside === undefined);
    return { name, asked: asked.length, disagrees: asked.filter(disagrees).length };
  });
}

const disagrees = ({ agrees, setAside }) => !agrees && setAside === undefined;

/** Reported in a strict evaluation, in the words OPA has for it; where and under which code is not ours to say. */
const isWorded = ({ wantError = '' }, { cause, detail }) =>
  cause === 'builtin' && detail.includes(wantError.replace(/^.*eval_\w+_error: /, ''));

const isLacking = ({ got }) => got.includes('not implemented: built-in function');

/**
 * `state`: `done` (every case that calls it passes), `failing`, `no case` (present, none calls it), `refused` (no
 * policy may use it, and the host lacks it) or `missing`.
 */
function builtinFigures(name, records) {
  const using = records.filter(
    ({ builtins, exception }) => builtins.includes(name) && exception === undefined,
  );
  const passed = using.filter(({ status }) => status === 'passed').length;
  const figures = { name, cases: using.length, passed, refused: REFUSED_BUILTINS.get(name) };
  if (!HOST_BUILTINS.has(name))
    return { ...figures, state: figures.refused === undefined ? 'missing' : 'refused' };
  if (using.length === 0) return { ...figures, state: 'no case' };
  return { ...figures, state: passed === using.length ? 'done' : 'failing' };
}

const distinct = (records, key) => new Set(records.map(key)).size;
