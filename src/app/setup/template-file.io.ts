import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ArtefactRef, Template } from '../../process/template.js';
import { ROUTES } from '../../process/work-item.js';

const title = z.strictObject({ en: z.string(), nl: z.string() });
const ref = z
  .union([z.strictObject({ artId: z.string() }), z.strictObject({ kind: z.string() })])
  .transform((given): ArtefactRef => ({ artId: null, kind: null, ...given }));
const need = z.strictObject({ gateId: z.string(), on: ref });
const control = need.extend({ ruleId: z.string().nullable().default(null) });

const templateShape = z.strictObject({
  templateId: z.string(),
  title,
  activities: z.array(
    z.strictObject({
      actId: z.string(),
      title,
      role: z.string(),
      needs: z.array(ref).default([]),
      makes: z.array(ref).default([]),
      gates: z.array(need).default([]),
      skips: z.array(z.strictObject({ route: z.enum(ROUTES), controls: z.array(control) })).default([]),
    }),
  ),
});

/** A shipped template, `templates/<id>.yaml`; undefined where there is none. One that cannot be read is a fault of ours. */
export function readTemplate(
  root: string,
  templateId: string,
): Pick<Template, 'templateId' | 'title' | 'activities'> | undefined {
  const file = join(root, 'templates', `${templateId}.yaml`);
  return existsSync(file) ? templateShape.parse(parse(readFileSync(file, 'utf8'))) : undefined;
}
