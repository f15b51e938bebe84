import type { JsonObject } from '../../kernel/canonical-json.js';
import type { LevelSource } from '../model/finding.js';
import { objectIn, objectsIn, textIn } from '../read/json-view.js';

export type RuleSource = Extract<LevelSource, 'rule-index' | 'rule-guid' | 'rule-id'>;

export interface FoundRule {
  readonly rule: JsonObject;
  readonly component: JsonObject;
  readonly from: RuleSource;
}

interface Entry {
  readonly rule: JsonObject;
  readonly component: JsonObject;
}

/**
 * The rules of one run: those of its driver and of its extensions (CodeQL keeps them there when grouped by
 * pack). Looked up by index, then guid (SARIF §3.52), then by id, which the spec does not do and most tools
 * need: a house rule, and only where exactly one rule fits.
 */
export class RuleIndex {
  readonly count: number;
  private readonly driver: JsonObject | undefined;
  private readonly extensions: readonly JsonObject[];
  private readonly byGuid: ReadonlyMap<string, Entry>;
  private readonly byId: ReadonlyMap<string, readonly Entry[]>;

  constructor(tool: JsonObject | undefined) {
    this.driver = objectIn(tool, 'driver');
    this.extensions = objectsIn(tool, 'extensions');
    const components = this.driver ? [this.driver, ...this.extensions] : this.extensions;
    const entries = components.flatMap((component) =>
      objectsIn(component, 'rules').map((rule): Entry => ({ rule, component })),
    );
    this.count = entries.length;
    this.byGuid = new Map(
      entries.flatMap((entry) => keyed(textIn(entry.rule, 'guid')?.toLowerCase(), entry)),
    );
    const byId = new Map<string, Entry[]>();
    for (const entry of entries) {
      const id = textIn(entry.rule, 'id');
      if (id === undefined) continue;
      const known = byId.get(id);
      if (known) known.push(entry);
      else byId.set(id, [entry]);
    }
    this.byId = byId;
  }

  /** The rule of a result. Indexes out of range count as absent. */
  ofResult(result: JsonObject): FoundRule | undefined {
    const reference = objectIn(result, 'rule');
    const index = indexIn(reference, 'index') ?? indexIn(result, 'ruleIndex');
    return this.find(reference, index, textIn(result, 'ruleId') ?? textIn(reference, 'id'));
  }

  /** The rule a reportingDescriptorReference names, as in an override. */
  ofReference(reference: JsonObject | undefined): FoundRule | undefined {
    return this.find(reference, indexIn(reference, 'index'), textIn(reference, 'id'));
  }

  private find(
    reference: JsonObject | undefined,
    index: number | undefined,
    id: string | undefined,
  ): FoundRule | undefined {
    const component = this.component(objectIn(reference, 'toolComponent'));
    const indexed = component && index !== undefined ? ruleAt(component, index) : undefined;
    if (component && indexed) return { rule: indexed, component, from: 'rule-index' };
    const guid = textIn(reference, 'guid')?.toLowerCase();
    const identified = guid === undefined ? undefined : this.byGuid.get(guid);
    if (identified) return { ...identified, from: 'rule-guid' };
    const named = id === undefined ? undefined : this.named(id);
    return named && { ...named, from: 'rule-id' };
  }

  /** The driver unless an extension is named; undefined when what is named does not exist. */
  private component(reference: JsonObject | undefined): JsonObject | undefined {
    if (!reference) return this.driver;
    const index = indexIn(reference, 'index');
    if (index !== undefined) return this.extensions[index];
    const guid = textIn(reference, 'guid')?.toLowerCase();
    if (guid === undefined) return this.driver;
    return [...this.extensions, ...(this.driver ? [this.driver] : [])].find(
      (component) => textIn(component, 'guid')?.toLowerCase() === guid,
    );
  }

  /** A result's id may have one more part than its rule's: `CA5350/md5` (§3.27.5). */
  private named(id: string): Entry | undefined {
    const exact = this.byId.get(id);
    const slash = id.lastIndexOf('/');
    const fitting = exact ?? (slash > 0 ? this.byId.get(id.slice(0, slash)) : undefined);
    return fitting?.length === 1 ? fitting[0] : undefined;
  }
}

/** From 0; the format writes -1 for "none". */
export function indexIn(parent: JsonObject | undefined, key: string): number | undefined {
  const value = parent?.[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function ruleAt(component: JsonObject, index: number): JsonObject | undefined {
  const rules = component['rules'];
  const rule: unknown = Array.isArray(rules) ? rules[index] : undefined;
  return typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? (rule as JsonObject) : undefined;
}

const keyed = (key: string | undefined, entry: Entry): [string, Entry][] =>
  key === undefined ? [] : [[key, entry]];
