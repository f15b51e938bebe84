import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLicence } from '../../../src/formats/licence/licence.js';
import type { CompiledBundle } from '../../../src/rego/compiler.port.js';
import { answersOf, aRequest, engineOver, regoFolder, toolchain, valueOf } from '../../engine/kit.js';

/** An expression with the list it is held against. */
export type Asked = readonly [expression: string, list: readonly string[]];

export interface Answer {
  readonly allows: boolean;
  readonly requiresAny: boolean;
}

const QUESTIONS = `package licence_questions

import data.assay.lib.licence

# METADATA
# entrypoint: true
answers := [answer |
	some asked in input.asked
	listed := licence.list(asked.list)
	answer := {"allows": allows(asked.licence, listed), "requiresAny": requires_any(asked.licence, listed)}
]

default allows(_, _) := false

allows(read, listed) if licence.allowed(read, listed)

default requires_any(_, _) := false

requires_any(read, listed) if licence.denied(read, listed)
`;

/** The rules' own library, compiled by OPA; `mistake` plants one. */
export async function compileLicences(
  mistake: (text: string) => string = (text) => text,
): Promise<CompiledBundle> {
  const library = readFileSync(join(regoFolder, 'lib/licence.rego'), 'utf8');
  const changed = mistake(library);
  return valueOf(
    await toolchain().build({
      files: [
        { path: 'lib/licence.rego', text: changed },
        { path: 'questions.rego', text: QUESTIONS },
      ],
      entrypoints: ['licence_questions/answers'],
    }),
  );
}

/** From the text of an expression to both answers: our reader, then the library in WebAssembly. */
export async function judge(bundle: CompiledBundle, asked: readonly Asked[]): Promise<readonly Answer[]> {
  const engine = engineOver([bundle]);
  try {
    const answers: Answer[] = [];
    for (let start = 0; start < asked.length; start += BATCH) {
      const batch = asked
        .slice(start, start + BATCH)
        .map(([expression, list]) => ({ licence: readLicence(expression), list }));
      const input = JSON.stringify({ asked: batch });
      const [of] = answersOf(await engine.evaluate(aRequest(bundle, { input })));
      answers.push(...(of as unknown as readonly Answer[]));
    }
    return answers;
  } finally {
    await engine.close();
  }
}

const BATCH = 500;
