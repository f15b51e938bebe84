import { loadConfig } from '../platform/config.js';
import { openPlatform } from '../platform/platform.js';
import { composeServices } from '../compose/services.js';
import { applySetup } from '../setup/apply-setup.js';
import { readSetup } from '../setup/setup-file.io.js';
import { DONE, REFUSED } from './exit-code.js';
import { readArgs, UsageFault } from './usage.js';
import { renderMistakes, renderSetupReport, renderWarning } from './render-setup.js';

/** `assay setup FILE`: checks the whole file first, and touches nothing when there is a mistake in it. */
export async function setUp(args: readonly string[]): Promise<number> {
  const [file, ...more] = readArgs(args, {}, true).positionals;
  if (file === undefined || more.length > 0) throw new UsageFault('one FILE is expected');
  const config = loadConfig();
  const setup = readSetup(file, config.root);
  if (!setup.ok) {
    console.error(renderMistakes(file, setup.problem.mistakes));
    return REFUSED;
  }
  const platform = await openPlatform({ ...config, logLevel: 'silent' }, 'cli');
  try {
    const services = composeServices(platform);
    const logger = {
      warn: (facts: object, message: string): void => {
        console.error(renderWarning(facts, message));
      },
    };
    try {
      const { root, jwtIssuer: issuer } = config;
      const report = await applySetup(services, setup.value, { root, issuer, logger });
      console.log(renderSetupReport(report));
      return report.problems.length === 0 ? DONE : REFUSED;
    } finally {
      await services.close();
    }
  } finally {
    await platform.close();
  }
}
