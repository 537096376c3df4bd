import type { Socket } from 'node:net';
import type { HttpConfig } from './http-config.ts';

/**
 * The address for links, without a trailing slash: the configured one, or the one that the connection came to. Never
 * the Host header, which a client can forge to send another user's secret to a server of its own.
 */
export function publicUrlOf(
  { publicUrl }: Pick<HttpConfig, 'publicUrl'>,
  { localAddress = '127.0.0.1', localPort }: Pick<Socket, 'localAddress' | 'localPort'>,
): string {
  if (publicUrl) return publicUrl;
  const address = localAddress.replace(/^::ffff:/, '');
  return `http://${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}
