import { writeTerm } from '../value/write-term.js';
import { UNITS } from './units.js';

const context = { instant: 0, seed: '' };
const call = (name: string, text: string | number): string => writeTerm(UNITS[name]?.(context, text) ?? null);

describe('unit builtins', () => {
  it.each([
    ['units.parse', '10Ki', '10240'],
    ['units.parse', '"1.5"M', '1500000'],
    ['units.parse', '100m', '0.1000000000'],
    ['units.parse', '1000000000000000m', '1000000000000.0000208167'],
    ['units.parse', '-0.00000000005', '-0.0000000001'],
    ['units.parse', '12345678901234567890E', '12345678901234567890000000000000000000'],
    ['units.parse', '0e999999', '0'],
    ['units.parse_bytes', '1.5KiB', '1536'],
    ['units.parse_bytes', '10mb', '10000000'],
    ['units.parse_bytes', '-1.9', '-1'],
    // OPA calculates with 64 bits of mantissa, not exactly.
    ['units.parse_bytes', '36893488147419103233', '36893488147419103232'],
    ['units.parse_bytes', '9.99999999999999999999999EB', '10000000000000000000'],
  ])('%s(%j) is %s', (name, text, answer) => {
    expect(call(name, text)).toBe(answer);
  });

  it.each([
    ['units.parse', '', 'no amount provided'],
    ['units.parse', 'Ki', 'no amount provided'],
    ['units.parse', '1 Ki', 'spaces not allowed'],
    ['units.parse', '1KB', 'unit Kb not recognized'],
    ['units.parse', '1.2.3', 'could not parse amount to a number'],
    ['units.parse', '1e1234567', 'exponent too large'],
    ['units.parse_bytes', '', 'no byte amount provided'],
    ['units.parse_bytes', '1kbs', 'byte unit kbs not recognized'],
    ['units.parse_bytes', '.', 'could not parse byte amount to a number'],
    ['units.parse_bytes', 1, 'operand 1 must be string but got number'],
  ])('%s(%j) errs: %s', (name, text, message) => {
    expect(() => call(name, text)).toThrow(message);
  });
});
