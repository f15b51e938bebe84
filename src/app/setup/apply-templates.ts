import { digestOf, type JsonObject } from '../../kernel/canonical-json.js';
import { standing } from '../../process/standing.js';
import { TEMPLATES } from '../../process/template.js';
import { noteAdded, type SetupRun } from './setup-run.js';
import { readTemplate } from './template-file.io.js';

/** Publishes the shipped templates that the setup names: the next version of each whose content is another. */
export async function applyTemplates(run: SetupRun, orgId: string): Promise<void> {
  const { services, setup, root, logger, report } = run;
  for (const templateId of setup.templates) {
    const wanted = readTemplate(root, templateId);
    if (!wanted) {
      logger.warn({ templateId }, 'the template is not published: there is no such file in templates/');
      continue;
    }
    const before = await standing(services.processRead, TEMPLATES, { orgId, templateId });
    const part = `template ${templateId}@${String((before?.version ?? 0) + 1)}`;
    const content = ({ title, activities }: Pick<typeof wanted, 'title' | 'activities'>) =>
      digestOf({ title, activities } as unknown as JsonObject);
    if (before && content(before) === content(wanted)) {
      report.stood.push(`template ${templateId}@${String(before.version)}`);
      continue;
    }
    // A person's version stands above the file's: what they published must not be undone by a restart.
    if (before && before.publishedBy !== null) {
      report.stood.push(`template ${templateId}@${String(before.version)}, published by a person`);
      continue;
    }
    const expectedVersion = before?.version ?? 0;
    const idempotencyKey = `setup ${templateId} ${content(wanted)} after ${String(expectedVersion)}`;
    const command = { ...wanted, orgId, expectedVersion, context: {}, idempotencyKey };
    noteAdded(report, part, await services.templates.publish(command, 'system'));
  }
}
