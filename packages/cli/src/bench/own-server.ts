import { UsageError } from '../usage-error.ts';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);

/**
 * Load on someone else's server is an attack. Throws UsageError unless the server is on this machine, or declared as
 * one's own.
 */
export function requireOwnServer(url: string, isOwn: boolean): void {
  const { hostname } = new URL(url);
  if (isOwn || isLoopback(hostname)) return;
  throw new UsageError(
    `${hostname} is not this machine. A benchmark loads a server like an attack. If the server is yours, add --i-own-this-server.`,
  );
}
