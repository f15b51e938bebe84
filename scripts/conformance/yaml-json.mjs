/**
 * JSON text of what `yaml` reads with `intAsBigInt`, the way OPA's YAML reader makes it: integers of 64 bits stay
 * exact, larger ones and fractions are what a double is, written as Go writes a float64 (JavaScript agrees).
 */
export function jsonText(value) {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'bigint') return integerText(value);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

const INT64_MIN = -(2n ** 63n);
const UINT64_END = 2n ** 64n;

const integerText = (value) =>
  value >= INT64_MIN && value < UINT64_END ? String(value) : floatText(Number(value));

function floatText(value) {
  if (!Number.isFinite(value)) throw new Error(`${value} has no JSON`);
  return Object.is(value, -0) ? '-0' : String(value);
}
