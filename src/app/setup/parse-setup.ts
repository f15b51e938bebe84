import type { JsonValue } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { effectiveParameters, type Manifest } from '../../policy/manifest.js';
import { ANSWERING, QUESTIONS } from '../../policy/checklist/checklist.js';
import { membersOf, packShape, setupShape, type Setup } from './setup.js';

export interface SetupMistake {
  /** Names and places counted from 0: `['gates', 1, 'project']`. Empty: the file as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Every mistake at once, in the order of the file's parts. */
export interface SetupInvalid {
  readonly kind: 'SetupInvalid';
  readonly mistakes: readonly SetupMistake[];
}

/** Checks a setup against its shape, and its checklists against the shipped packs (their manifests, by folder). */
export function parseSetup(
  document: unknown,
  packs: ReadonlyMap<string, Manifest>,
): Result<Setup, SetupInvalid> {
  const parsed = setupShape.safeParse(document);
  const mistakes = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: path as SetupMistake['path'],
      message,
    })),
    ...packMistakes(document, packs),
  ];
  if (!parsed.success || mistakes.length > 0) return failed({ kind: 'SetupInvalid', mistakes });
  return ok(parsed.data);
}

function packMistakes(document: unknown, packs: ReadonlyMap<string, Manifest>): SetupMistake[] {
  return membersOf(document, 'checklists').flatMap((checklist, at) => {
    const chkId = checklist['chkId'];
    const about = typeof chkId === 'string' ? ANSWERING[chkId] : undefined;
    const members = membersOf(checklist, 'packs');
    const found = members.flatMap((member, place) => {
      const parsed = packShape.safeParse(member);
      if (!parsed.success) return []; // named by the shape
      const { pack, parameters } = parsed.data;
      return pinMistakes(packs.get(pack), { pack, parameters, about, known: [...packs.keys()] }).map(
        (mistake) => ({ ...mistake, path: ['checklists', at, 'packs', place, ...mistake.path] }),
      );
    });
    if (about !== undefined && members.length > 1)
      found.push({ path: ['checklists', at, 'packs'], message: `${about} is answered by one pack` });
    return found;
  });
}

interface Pin {
  readonly pack: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** What the checklist's pack answers questions about; undefined where it judges. */
  readonly about: string | undefined;
  readonly known: readonly string[];
}

/** A pack that judges cannot say who may do what, and the other way round: nobody could do anything any more. */
function pinMistakes(
  manifest: Manifest | undefined,
  { pack, parameters, about, known }: Pin,
): SetupMistake[] {
  if (!manifest)
    return [{ path: ['pack'], message: `there is no policies/${pack}; there are ${known.join(', ')}` }];
  const mistakes: SetupMistake[] = [];
  const answers = manifest.entrypoints?.every((each) => each.startsWith(`assay/${about ?? ''}/`));
  if (about === undefined ? manifest.entrypoints !== undefined : answers !== true)
    mistakes.push({
      path: ['pack'],
      message:
        about === undefined
          ? `${pack} judges nothing`
          : `${pack} does not answer ${QUESTIONS[about] ?? about}`,
    });
  const values = effectiveParameters(manifest.parameters, parameters);
  if (!values.ok)
    mistakes.push(...values.problem.errors.map(({ path, message }) => ({ path: path.split('.'), message })));
  return mistakes;
}
