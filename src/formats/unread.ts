import { has, isObject } from './read/json-view.js';
import type { UnreadFormat } from './reader.js';

/** Told apart from what is read (formats.md §1), so that a refusal can name it. */
export const UNREAD_FORMATS: readonly UnreadFormat[] = [
  {
    format: 'spdx-3',
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, '@context') && has(value, '@graph'),
  },
];
