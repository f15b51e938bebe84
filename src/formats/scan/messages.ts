/** Why a scan did not do what it was asked for. */
export const SCAN_MESSAGES = {
  'scan.malformed': {
    en: 'This is no record of a scan that we write.',
    nl: 'Dit is geen scanverslag zoals wij het schrijven.',
  },
  'scan.not-installed': {
    en: '{scanner} did not run: it is not installed on the worker.',
    nl: '{scanner} heeft niet gedraaid: de tool is niet geïnstalleerd op de worker.',
  },
  'scan.no-data': {
    en: '{scanner} did not run: the worker has no database for it.',
    nl: '{scanner} heeft niet gedraaid: de worker heeft er geen database voor.',
  },
  'scan.nothing-to-scan': {
    en: 'The source holds no file that {scanner} looks at.',
    nl: 'De broncode bevat geen bestand waar {scanner} naar kijkt.',
  },
  'scan.source-missing': {
    en: 'The source to scan is not there any more.',
    nl: 'De te scannen broncode is er niet meer.',
  },
  'scan.source-altered': {
    en: 'The source does not have the digest under which it was handed in.',
    nl: 'De broncode heeft niet de digest waaronder zij is aangeleverd.',
  },
  'scan.source-refused': {
    en: 'The source archive was refused: {fault}.',
    nl: 'Het bronarchief is geweigerd: {fault}.',
  },
  'scan.sandbox-unsupported': {
    en: 'Scans need Linux; this worker runs on {platform}.',
    nl: 'Scans vereisen Linux; deze worker draait op {platform}.',
  },
  'scan.sandbox-refused': {
    en: 'The host allows no sandbox, and without one nothing is run: {detail}',
    nl: 'De host staat geen sandbox toe, en zonder sandbox draait er niets: {detail}',
  },
  'scan.sandbox-network': {
    en: 'The sandbox still had a network, so nothing was run: {detail}',
    nl: 'De sandbox had nog netwerk, dus er is niets gedraaid: {detail}',
  },
  'scan.sandbox-writable': {
    en: 'The source could be changed from the sandbox, so nothing was run.',
    nl: 'De broncode was vanuit de sandbox te wijzigen, dus er is niets gedraaid.',
  },
  'scan.sandbox-slow': {
    en: 'The sandbox was not ready after {limitMs} ms.',
    nl: 'De sandbox was na {limitMs} ms niet gereed.',
  },
  'scan.timed-out': {
    en: 'The scanner was ended after {limitMs} ms.',
    nl: 'De scanner is na {limitMs} ms beëindigd.',
  },
  'scan.memory': {
    en: 'The scanner took more than {limitBytes} bytes of memory and was ended.',
    nl: 'De scanner nam meer dan {limitBytes} bytes geheugen en is beëindigd.',
  },
  'scan.processes': {
    en: 'The scanner started more than {limit} processes and was ended.',
    nl: 'De scanner startte meer dan {limit} processen en is beëindigd.',
  },
  'scan.report-too-large': {
    en: 'The report has {bytes} bytes; at most {limitBytes} are taken.',
    nl: 'Het rapport telt {bytes} bytes; hoogstens {limitBytes} worden aangenomen.',
  },
  'scan.killed': { en: 'The scanner was ended from outside.', nl: 'De scanner is van buiten beëindigd.' },
  'scan.exit-status': {
    en: 'The scanner ended with status {status}, which is not how it ends after its work.',
    nl: 'De scanner eindigde met status {status}; zo eindigt hij niet na gedaan werk.',
  },
  'scan.no-report': {
    en: 'The scanner ended with status {status} and left no report.',
    nl: 'De scanner eindigde met status {status} en liet geen rapport achter.',
  },
  'scan.report-refused': {
    en: 'The report could not be taken in: {problem}.',
    nl: 'Het rapport kon niet worden aangenomen: {problem}.',
  },
  'scan.looked-at-nothing': {
    en: '{scanner} reports, but does not say that it looked at anything.',
    nl: '{scanner} rapporteert, maar zegt niet dat er ergens naar gekeken is.',
  },
  'scan.partly': {
    en: 'The scanner says in {count} lines that it left something out.',
    nl: 'De scanner zegt in {count} regels iets te hebben overgeslagen.',
  },
  'scan.gave-up': {
    en: 'The scan was begun {attempts} times and never came to an end.',
    nl: 'De scan is {attempts} keer begonnen en nooit ten einde gekomen.',
  },
} as const;
