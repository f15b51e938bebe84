/** Go's `strconv.FormatFloat(value, 'g', -1, 64)`, and of 32 bits. */
export function goFloat(value: number, bits: 32 | 64 = 64): string {
  const shortest = bits === 64 ? value : shortest32(value);
  const [mantissa = '', power = '0'] = shortest.toExponential().split('e');
  const exponent = Number(power);
  // From 7 digits before the point on Go writes an exponent, when it looks for the shortest text.
  if (exponent >= -4 && exponent <= 5) return plainText(mantissa, exponent);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function shortest32(value: number): number {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(wanted.toPrecision(digits));
    if (Math.fround(candidate) === wanted) return candidate;
  }
  return wanted;
}

function plainText(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
