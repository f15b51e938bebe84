import { isIpv4, isIpv6 } from '../go/ip-literal.js';

/** An IP address's 4 or 16 bytes; undefined when the text is none. Zones are not addresses. */
export function addressBytes(text: string): Buffer | undefined {
  if (isIpv4(text)) return Buffer.from(text.split('.').map(Number));
  if (!isIpv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = text.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = Buffer.alloc(16 - before.length - after.length);
  return Buffer.concat([before, zeros, after]);
}

function groupsOf(text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  return Buffer.concat(
    text
      .split(':')
      .map((group) =>
        group.includes('.')
          ? Buffer.from(group.split('.').map(Number))
          : Buffer.from(group.padStart(4, '0'), 'hex'),
      ),
  );
}
