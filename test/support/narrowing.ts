import { ModulesContainer } from '@nestjs/core';
import pg from 'pg';
import { PLACE_KEY, type Place } from '../../src/api/requires.js';
import type { Told } from '../../src/app/database/told-statement.js';
import type { TestApplication } from './application.js';
import { plannedOnce } from '../../src/kernel/planned-once.js';

export interface Placed {
  /** Of GraphQL; undefined for a route. */
  readonly type: string | undefined;
  readonly name: string;
  readonly place: Place;
}

/** Every handler that says what in a project it is about. */
export function places({ api }: TestApplication): Placed[] {
  const found: Placed[] = [];
  for (const { providers, controllers } of api.get(ModulesContainer).values())
    for (const { metatype } of [...providers.values(), ...controllers.values()]) {
      const prototype = (typeof metatype === 'function' ? metatype.prototype : undefined) as
        object | undefined;
      for (const key of Object.getOwnPropertyNames(prototype ?? {})) {
        const handler: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
        if (typeof handler !== 'function') continue;
        const place = Reflect.getMetadata(PLACE_KEY, handler) as Place | undefined;
        const name = (Reflect.getMetadata('graphql:resolver_name', handler) as string | undefined) ?? key;
        const type = Reflect.getMetadata('graphql:resolver_type', handler) as string | undefined;
        if (place) found.push({ type, name, place });
      }
    }
  return found;
}

const MARK = plannedOnce('');

/** A statement without its mark, and for whom it is told to run. */
export interface Sent extends Told {
  readonly text: string;
}

/** Statements of the service that are sent while `work` lasts, with whom each is told it is for. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...given: unknown[]) {
    const [statement] = given as [{ told?: Told; text?: string }];
    if (statement.told) sent.push({ ...statement.told, text: (statement.text ?? '').replace(MARK, '') });
    return query.apply(this, given);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return sent;
}

/** What the guard asks before anything is narrowed: how often somebody calls, and the access policy itself. */
const OF_THE_GUARD = /assay\.(rate_window|checklist_version|checklist_activation|policy_version)\b/;
/** And who that is, of whatever organisation. */
export const isOfTheGuard = ({ role, text }: Sent): boolean =>
  role === 'assay_across' ? text.includes('assay.principal') : OF_THE_GUARD.test(text);

/**
 * In which project a thing lies must be known before anything is narrowed to it; names are locked without any row; and
 * key figures follow the ledger for all organisations at once.
 */
export const isWide = (one: Sent): boolean =>
  one.role !== 'assay_narrowed' &&
  !isOfTheGuard(one) &&
  !(one.role === 'assay_across' && /ledger\.cursor|^SELECT max\(seq\) \+ 1 AS to/.test(one.text)) &&
  !/^\s*SELECT (g\.)?project_id AS id FROM|^\s*SELECT CASE WHEN exclusive THEN pg_advisory/.test(one.text);

/** Where two answers differ, and how; empty where they do not. */
export function firstDifference(one: unknown, other: unknown, path = ''): string {
  if (typeof one === 'object' && typeof other === 'object' && one !== null && other !== null)
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = firstDifference(
        (one as Record<string, unknown>)[key],
        (other as Record<string, unknown>)[key],
        `${path}.${key}`,
      );
      if (found !== '') return found;
    }
  else if (one !== other) return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  return '';
}
