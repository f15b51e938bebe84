import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { LicenceFact } from '../model/component.js';
import { isObject, objectIn, textIn } from '../read/json-view.js';
import { readAll } from '../licence/licence.js';

interface Statement {
  readonly text: string;
  readonly acknowledgement: 'concluded' | 'declared' | 'unmarked';
}

/**
 * What a component's `licenses` field says. A list has no defined operator, so all of it must be honoured.
 * Where anything is marked concluded, only that counts and the rest stays as evidence. A name is often an id
 * or an expression and is read as one. What cannot be read makes the whole UNKNOWN.
 */
export function readComponentLicence(field: readonly JsonValue[] | undefined): LicenceFact {
  const statements = (field ?? []).flatMap(statementsOf);
  const concluded = statements.filter(({ acknowledgement }) => acknowledgement === 'concluded');
  const counted = concluded.length > 0 ? concluded : statements;
  return {
    ...readAll(counted.map(({ text }) => text)),
    from: sourceOf(counted),
    raw: statements.map(({ text }) => text),
  };
}

function statementsOf(entry: JsonValue): readonly Statement[] {
  if (!isObject(entry)) return [unreadable];
  const statements: Statement[] = [];
  const expression = textIn(entry, 'expression');
  if (expression !== undefined) statements.push({ text: expression, acknowledgement: markOn(entry) });
  const licence = objectIn(entry, 'license');
  if (licence) {
    const text = textIn(licence, 'id') ?? textIn(licence, 'name') ?? '';
    statements.push({ text, acknowledgement: markOn(licence) });
  }
  return statements.length > 0 ? statements : [unreadable];
}

/** Blank text is no licence, so it reads as UNKNOWN: an entry that says nothing must not vanish. */
const unreadable: Statement = { text: '', acknowledgement: 'unmarked' };

function markOn(entry: JsonObject): Statement['acknowledgement'] {
  const mark = textIn(entry, 'acknowledgement');
  return mark === 'concluded' || mark === 'declared' ? mark : 'unmarked';
}

function sourceOf(statements: readonly Statement[]): LicenceFact['from'] {
  const first = statements[0]?.acknowledgement ?? 'unmarked';
  return statements.every(({ acknowledgement }) => acknowledgement === first) ? first : 'unmarked';
}
