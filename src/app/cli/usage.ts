import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The words and options of each command, as one line says them. */
export const USAGE_OF = {
  'ledger verify': '',
  'ledger continue': '--origin NAME [--former-vkey VKEY] [--copy-lost]',
  verify:
    'PACK [--vkey FILE|TEXT] [--checkpoint FILE] [--export-key FILE] [--decision-key FILE] [--policy FILE] [--json]',
  setup: 'FILE',
  replay: 'ID… | --all [--since INSTANT] [--with-opa]',
  policy: 'push|pull|check|test|fmt|diff|status [DIR [POLICY]] [--force]',
  scanners: '[install [--missing] [NAME…]]',
  'status-index': '[--out FILE]',
  'insight rebuild': '',
  'standing rebuild': '',
  export:
    '--out FILE [--from TIME] [--to TIME] [--project SLUG] [--gate ID] [--artefact DIGEST] [--previous CHECKPOINT] | --out FILE --id EXPORT',
} as const;
export type CommandName = keyof typeof USAGE_OF;

/** The command was not said as it is said: what is wrong, for the line above the usage. */
export class UsageFault extends Error {}

export const usageLine = (command: CommandName): string =>
  `usage: assay ${command} ${USAGE_OF[command]}`.trimEnd();

/** As `parseArgs`, strictly; an option that there is not, or one without its value, is a UsageFault. */
export function readArgs<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    // "… To specify a positional argument starting with a '-' …" helps nobody who mistyped an option.
    const [fault = ''] = String((error as { readonly message?: unknown }).message).split('. ');
    throw new UsageFault(fault);
  }
}

/** The command that these words begin with, and what is said to it. */
export function commandOf(
  args: readonly string[],
): { readonly command: CommandName; readonly rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const command = args.slice(0, words).join(' ');
    if (args.length >= words && Object.hasOwn(USAGE_OF, command))
      return { command: command as CommandName, rest: args.slice(words) };
  }
  return undefined;
}
