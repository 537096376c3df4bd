/**
 * The key under which a client address is counted by a rate limit.
 *
 * - IPv4: the address, `192.0.2.7`.
 * - IPv6: its /64, `2001:db8:0:1::/64`, since one subscriber holds at least so many addresses.
 * - IPv4 inside IPv6 (`::ffff:192.0.2.7`): the IPv4 address, so a dual-stack socket counts a client once.
 * - Anything else: `unknown`, one key for all, so that forged nonsense shares one allowance.
 *
 * Takes a port (`192.0.2.7:80`, `[::1]:80`) and a zone (`fe80::1%eth0`) and ignores them. Total and pure.
 */
export function clientKey(address: string): string {
  if (typeof address !== 'string' || address.length > MAX_ADDRESS_LENGTH) return UNKNOWN;
  const bare = withoutPort(address.trim());
  const ipv4 = parseIpv4(bare);
  if (ipv4 !== undefined) return ipv4.join('.');

  const groups = parseIpv6(bare.replace(/%.*$/s, ''));
  if (groups === undefined) return UNKNOWN;
  const [a, b, c, d, e, f, g, h] = groups;
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff) {
    return [g >> 8, g & 0xff, h >> 8, h & 0xff].join('.');
  }
  return `${networkText([a, b, c, d])}::/64`;
}

/** The networks that a client key belongs to, the smallest first: IPv4 /32, /24, /16, /8; IPv6 /64, /48, /32. */
export function networksOf(key: string): readonly string[] {
  if (key.endsWith(SUBSCRIBER)) {
    const groups = key.slice(0, -SUBSCRIBER.length).split(':');
    return [key, ...[3, 2].map((count) => `${withoutZeros(groups.slice(0, count))}::/${count * 16}`)];
  }
  const octets = key.split('.');
  if (octets.length !== 4) return [key];
  return [key, ...[3, 2, 1].map((count) => `${octets.slice(0, count).join('.')}/${count * 8}`)];
}

/** The /48 of an IPv6 client key, which providers give to one site; undefined for all others. */
export const siteKey = (key: string): string | undefined =>
  key.endsWith(SUBSCRIBER) ? networksOf(key)[1] : undefined;

const SUBSCRIBER = '::/64';
const UNKNOWN = 'unknown';
// An IPv6 address takes 45 characters; a zone and a port may follow.
const MAX_ADDRESS_LENGTH = 128;

type Groups = [number, number, number, number, number, number, number, number];

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::[0-9]{1,5})?$/.exec(text);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return /^([0-9.]+):[0-9]{1,5}$/.exec(text)?.[1] ?? text;
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  // No leading zeros: `010` is 8 to some readers and 10 to others.
  if (!parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): Groups | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail] as Groups;
}

/** Groups of 16 bits; the last may be a dotted IPv4 address, which makes two, if this is the address's end. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    const ipv4 = atEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = ipv4;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** Without the zeros at its end, as `::` follows. */
const networkText = (groups: number[]): string => withoutZeros(groups.map((group) => group.toString(16)));

function withoutZeros(groups: readonly string[]): string {
  const end = groups.findLastIndex((group) => group !== '0' && group !== '') + 1;
  return groups.slice(0, end).join(':');
}
