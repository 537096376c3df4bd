import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { judgeClock } from '@twite/core/doctor/clocks';
import { type Check, fail, pass, warn } from '@twite/core/doctor/run-checks';

const answerMs = 2_000;

/** Whether the port belongs to something that answers like a Twite server or its metrics. */
async function isTwite(host: string, port: number, path: string): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  try {
    const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    const text = await response.text();
    return response.ok && (path === '/livez' || text.includes('twite_'));
  } catch {
    return false;
  }
}

interface ListeningPort {
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  /** The path served there. */
  readonly path: '/livez' | '/metrics';
}

export const port = ({ variable, host, port: number, path }: ListeningPort): Check => {
  const fix = `Set ${variable} to a port that this user may listen on.`;
  return {
    name: `port ${number}`,
    fix,
    async find() {
      if (number === 0) return pass('a free port is selected at the start');
      const server = createServer();
      try {
        server.listen(number, host);
        await once(server, 'listening');
        return pass(`is free (${variable})`);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'EADDRINUSE') return fail(`cannot listen on it: ${message}`, fix);
        if (await isTwite(host, number, path)) return pass(`is in use by a Twite server (${variable})`);
        return fail('is in use by another program', `Stop that program, or set ${variable} to another port.`);
      } finally {
        server.close();
      }
    },
  };
};

const dayMs = 86_400_000;
const certificateWarnsDays = 14;

/** Checks the certificate of a server that speaks TLS from the start. */
export const certificate = (name: string, host: string, portNumber: number): Check => ({
  name: `certificate of ${name}`,
  fix: `Check that ${host}:${portNumber} answers, and renew its certificate.`,
  async find() {
    // An invalid one is read too, to report what is wrong with it.
    const socket = connectTls({
      host,
      port: portNumber,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
    });
    try {
      socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')));
      await once(socket, 'secureConnect');
      const { valid_to: until } = socket.getPeerCertificate();
      const days = Math.floor((Date.parse(until) - Date.now()) / dayMs);
      if (days < 0) return fail(`expired on ${until}`, 'Renew the certificate.');
      if (!socket.authorized) {
        return fail(
          `is not trusted: ${socket.authorizationError}`,
          'Use a certificate of a known authority, or set NODE_EXTRA_CA_CERTS to yours.',
        );
      }
      if (days < certificateWarnsDays)
        return warn(
          `expires in ${days} days`,
          'Renew the certificate, and check why it was not renewed automatically.',
        );
      return pass(`is valid for ${days} days`);
    } finally {
      socket.destroy();
    }
  },
});

/** Checks of a running server, from outside. */
export function serverChecks(url: URL): readonly Check[] {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return [
    {
      name: 'server',
      fix: `Start the server, or correct --url ${url.origin}.`,
      async find() {
        const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(answerMs) });
        if (response.ok) return pass(`${url.origin} is ready`);
        return fail(`${url.origin}/readyz answers ${response.status}`, 'Check the log of the server.');
      },
    },
    {
      name: 'server clock',
      fix: `Start the server, or correct --url ${url.origin}.`,
      async find() {
        const askedAt = Date.now();
        const response = await fetch(new URL('/livez', url), { signal: AbortSignal.timeout(answerMs) });
        const date = Date.parse(response.headers.get('date') ?? '');
        if (Number.isNaN(date)) return pass('the server does not report its time');
        // The header has a resolution of one second.
        return judgeClock('the server', date, askedAt, Date.now(), 1_000);
      },
    },
    ...(url.protocol === 'https:' ? [certificate('the server', host, Number(url.port || 443))] : []),
  ];
}
