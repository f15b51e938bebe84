import { formatOperand, NO_FLAGS, type Directive } from './verbs.js';
import { GoInt, goType, type GoValue } from './value.js';

/** Go's fmt.Sprintf, with the texts it writes where format and operands do not agree. */
export function goSprintf(format: string, operands: readonly GoValue[]): string {
  return new Printer(format, operands).print();
}

/** Go refuses larger widths and precisions. */
const LARGEST = 1_000_000;

type Changing<T> = { -readonly [K in keyof T]: T[K] };

class Printer {
  private readonly out: string[] = [];
  /** In the format, in UTF-16 units. */
  private at = 0;
  private operand = 0;
  private reordered = false;
  private goodIndex = true;
  private afterIndex = false;

  constructor(
    private readonly format: string,
    private readonly operands: readonly GoValue[],
  ) {}

  print(): string {
    for (;;) {
      const percent = this.format.indexOf('%', this.at);
      this.out.push(this.format.slice(this.at, percent === -1 ? undefined : percent));
      if (percent === -1) break;
      this.at = percent + 1;
      if (!this.directive()) break;
    }
    if (!this.reordered && this.operand < this.operands.length) this.printExtra();
    return this.out.join('');
  }

  /** False where the format ends before the verb. */
  private directive(): boolean {
    this.goodIndex = true;
    const directive: Changing<Directive> = { ...NO_FLAGS };
    this.readFlags(directive);
    this.afterIndex = this.readIndex();
    this.readWidth(directive);
    this.readPrecision(directive);
    if (!this.afterIndex) this.afterIndex = this.readIndex();
    const verb = this.format.codePointAt(this.at);
    if (verb === undefined) {
      this.out.push('%!(NOVERB)');
      return false;
    }
    const character = String.fromCodePoint(verb);
    this.at += character.length;
    this.printVerb(character, directive);
    return true;
  }

  private readFlags(directive: Changing<Directive>): void {
    for (; ; this.at++) {
      const flag = this.format[this.at];
      if (flag === '#') directive.sharp = true;
      else if (flag === '0') directive.zero = true;
      else if (flag === '+') directive.plus = true;
      else if (flag === '-') directive.minus = true;
      else if (flag === ' ') directive.space = true;
      else return;
    }
  }

  private readWidth(directive: Changing<Directive>): void {
    if (this.format[this.at] !== '*') {
      directive.width = this.readNumber();
      if (this.afterIndex && directive.width !== undefined) this.goodIndex = false;
      return;
    }
    this.at++;
    const width = this.takeInteger();
    if (width === undefined) this.out.push('%!(BADWIDTH)');
    else if (width < 0) {
      directive.minus = true;
      directive.zero = false;
    }
    directive.width = width === undefined ? undefined : Math.abs(width);
    this.afterIndex = false;
  }

  private readPrecision(directive: Changing<Directive>): void {
    if (this.format[this.at] !== '.' || this.at + 1 >= this.format.length) return;
    this.at++;
    if (this.afterIndex) this.goodIndex = false;
    this.afterIndex = this.readIndex();
    if (this.format[this.at] !== '*') {
      directive.precision = this.readNumber() ?? 0;
      return;
    }
    this.at++;
    const precision = this.takeInteger();
    directive.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    if (directive.precision === undefined) this.out.push('%!(BADPREC)');
    this.afterIndex = false;
  }

  /** Decimal digits; a number that is too large ends the format. */
  private readNumber(): number | undefined {
    let value: number | undefined;
    for (; /^[0-9]$/.test(this.format[this.at] ?? ''); this.at++) {
      if ((value ?? 0) > LARGEST) {
        this.at = this.format.length;
        return undefined;
      }
      value = (value ?? 0) * 10 + Number(this.format[this.at]);
    }
    return value;
  }

  /** `[n]`: the operand that comes next, counted from 1. Whether there was such an index. */
  private readIndex(): boolean {
    if (this.format[this.at] !== '[') return false;
    this.reordered = true;
    const close = this.format.indexOf(']', this.at + 1);
    if (close === -1) {
      this.goodIndex = false;
      this.at++;
      return false;
    }
    const written = this.format.slice(this.at + 1, close);
    this.at = close + 1;
    const index = /^[0-9]+$/.test(written) && Number(written) <= LARGEST * 10 ? Number(written) : undefined;
    if (index !== undefined && index >= 1 && index <= this.operands.length) this.operand = index - 1;
    else this.goodIndex = false;
    return index !== undefined;
  }

  private takeInteger(): number | undefined {
    if (this.operand >= this.operands.length) return undefined;
    const value = this.operands[this.operand++];
    if (!(value instanceof GoInt)) return undefined;
    const size = Number(value.value);
    return Math.abs(size) > LARGEST ? undefined : size;
  }

  private printVerb(verb: string, directive: Directive): void {
    if (verb === '%') this.out.push('%');
    else if (!this.goodIndex) this.out.push(`%!${verb}(BADINDEX)`);
    else if (this.operand >= this.operands.length) this.out.push(`%!${verb}(MISSING)`);
    else {
      const given = verb === 'v' || verb === 'w' ? goSyntaxOf(directive) : directive;
      this.out.push(formatOperand(this.operands[this.operand++] ?? null, verb, given));
    }
  }

  private printExtra(): void {
    const extra = this.operands
      .slice(this.operand)
      .map((value) => (value === null ? '<nil>' : `${goType(value)}=${formatOperand(value, 'v', NO_FLAGS)}`));
    this.out.push(`%!(EXTRA ${extra.join(', ')})`);
  }
}

/** With `%v`, `#` and `+` mean Go syntax and field names, and nothing else. */
const goSyntaxOf = (directive: Directive): Directive => ({
  ...directive,
  goSyntax: directive.sharp,
  fieldNames: directive.plus,
  sharp: false,
  plus: false,
});
