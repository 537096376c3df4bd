import ipaddr from 'ipaddr.js';

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
  if (isIpv4(bare)) return bare;

  const ip = parseIpv6(bare.replace(/%.*$/s, ''));
  if (ip === undefined) return UNKNOWN;
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address().toString();
  return `${withoutZeros(ip.parts.slice(0, 4).map((group) => group.toString(16)))}${SUBSCRIBER}`;
}

/** The networks of a client key, from smallest to largest. IPv4: /32, /24, /16, /8. IPv6: /64, /48, /32. */
export function networksOf(key: string): readonly string[] {
  if (key.endsWith(SUBSCRIBER)) {
    const groups = key.slice(0, -SUBSCRIBER.length).split(':');
    return [key, ...[3, 2].map((count) => `${withoutZeros(groups.slice(0, count))}::/${count * 16}`)];
  }
  const octets = key.split('.');
  if (octets.length !== 4) return [key];
  return [key, ...[3, 2, 1].map((count) => `${octets.slice(0, count).join('.')}/${count * 8}`)];
}

/** The /48 of an IPv6 client key, which providers assign to one site. Undefined for all others. */
export const siteKey = (key: string): string | undefined =>
  key.endsWith(SUBSCRIBER) ? networksOf(key)[1] : undefined;

const SUBSCRIBER = '::/64';
const UNKNOWN = 'unknown';
// An IPv6 address has at most 45 characters; a zone and a port may follow.
const MAX_ADDRESS_LENGTH = 128;

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::[0-9]{1,5})?$/.exec(text);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return /^([0-9.]+):[0-9]{1,5}$/.exec(text)?.[1] ?? text;
}

// Rejects leading zeros: some parsers read `010` as 8 and others as 10.
const isIpv4 = (text: string): boolean => !text.includes(':') && ipaddr.IPv4.isValidFourPartDecimal(text);

function parseIpv6(text: string): ipaddr.IPv6 | undefined {
  const groups = text.includes('.') ? withoutDots(text) : text;
  return ipaddr.IPv6.isValid(groups) ? ipaddr.IPv6.parse(groups) : undefined;
}

/**
 * Converts an IPv4 address at the end to groups. ipaddr.js accepts leading zeros there, and takes `::192.0.2.7` for a
 * mapped one.
 */
function withoutDots(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const ipv4 = text.slice(start);
  if (!isIpv4(ipv4)) return '';
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(ipv4).octets;
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** Removes trailing zeros, because `::` follows. */
function withoutZeros(groups: readonly string[]): string {
  const end = groups.findLastIndex((group) => group !== '0' && group !== '') + 1;
  return groups.slice(0, end).join(':');
}
