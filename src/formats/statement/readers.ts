import { has, isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseBundle, normaliseEnvelope, normaliseStatement } from './statement.js';

export const STATEMENT_READERS: readonly FormatReader[] = [
  {
    format: 'sigstore-bundle',
    kinds: ['provenance'],
    syntax: 'json',
    sign: (value) =>
      isObject(value) && /^application\/vnd\.dev\.sigstore\.bundle\b/.test(textIn(value, 'mediaType') ?? ''),
    intended: [/application\/vnd\.dev\.sigstore\.bundle\b/],
    read: normaliseBundle,
  },
  {
    format: 'dsse',
    kinds: ['provenance'],
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'payloadType') && has(value, 'payload'),
    intended: [/"payloadType"\s{0,9}:/],
    read: normaliseEnvelope,
  },
  {
    format: 'in-toto',
    kinds: ['provenance'],
    syntax: 'json',
    sign: (value) =>
      isObject(value) && (textIn(value, '_type') ?? '').startsWith('https://in-toto.io/Statement/'),
    intended: [/"_type"\s{0,9}:\s{0,9}"https:\/\/in-toto\.io\/Statement\//],
    read: normaliseStatement,
  },
];
