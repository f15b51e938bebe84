import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REGO = join(import.meta.dirname, '../../rego');
const shipped = (path: string) => readFileSync(join(REGO, path), 'utf8');

export interface File {
  readonly path: string;
  readonly text: string;
}

/** A small policy of the starter rule `agent-header-complete`, with its tests: everything a review demands. */
export function aPolicy(id: string, changes: Readonly<Record<string, string | null>> = {}): File[] {
  const rule = 'rules/agent-header-complete/agent-header-complete';
  const files: Record<string, string | null> = {
    'policy.yaml': manifest(id, '1.0.0'),
    'messages.nl.yaml': readFileSync(join(REGO, '../policies/model-governance/messages.nl.yaml'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('agent-header-complete.'))
      .join('\n'),
    'cases/agent-header-complete.yaml': readFileSync(
      join(REGO, '../policies/model-governance/cases/agent-header-complete.yaml'),
      'utf8',
    ),
    [`${rule}.rego`]: shipped(`${rule}.rego`),
    [`${rule}_test.rego`]: shipped(`${rule}_test.rego`),
    ...changes,
  };
  return Object.entries(files)
    .flatMap(([path, text]) => (text === null ? [] : [{ path, text }]))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const RULE = 'rules/agent-header-complete/agent-header-complete.rego';
export const RULE_TEST = 'rules/agent-header-complete/agent-header-complete_test.rego';

export const manifest = (id: string, version: string, title = 'A policy of ours'): string => `id: ${id}
version: ${version}
title: { en: ${title}, nl: Een beleid van ons }
description: { en: What agents must say of themselves., nl: Wat agenten over zichzelf moeten zeggen. }
rules:
  - { id: agent-header-complete, effect: block }
parameters: {}
freshness: {}
`;
