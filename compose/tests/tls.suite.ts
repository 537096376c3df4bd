import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Instance, prepareImages, run } from './instance.ts';
import { env, instance, minutes, port } from './instance-under-test.ts';
import { pebbleProgram, preparePebble } from './pebble.ts';

/** Tests the profile tls, with a test certificate authority. */
export function tlsProfile(): void {
  describe.runIf(pebbleProgram !== undefined)('with the profile tls', () => {
    const pebble = mkdtempSync(join(tmpdir(), 'twite-pebble-'));
    afterAll(() => rmSync(pebble, { recursive: true }));
    const httpsPort = port + 2;
    const secure = new Instance(instance.project, port, {
      files: ['compose.yaml', 'tests/pebble.override.yaml'],
      env: {
        ...env,
        PEBBLE: pebble,
        COMPOSE_PROFILES: 'tls',
        TWITE_DOMAIN: 'twite.test',
        TWITE_ACME_DIRECTORY: 'https://pebble:14000/dir',
        TWITE_TLS_BIND: '127.0.0.1',
        TWITE_HTTP_PORT: String(port + 1),
        TWITE_HTTPS_PORT: String(httpsPort),
      },
    });
    beforeAll(async () => {
      await preparePebble(pebble);
      await prepareImages('tests/pebble.image.yaml');
      await secure.up();
    }, 10 * minutes);

    afterAll(
      () => secure.compose(['rm', '--stop', '--force', 'gateway-tls', 'certificates', 'pebble']),
      minutes,
    );

    /** The issuer of the certificate used for HTTPS. */
    const issuer = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({
          host: '127.0.0.1',
          port: httpsPort,
          servername: 'twite.test',
          rejectUnauthorized: false,
        });
        socket.on('error', reject);
        socket.on('secureConnect', () => {
          resolve(String(socket.getPeerCertificate().issuer.CN));
          socket.end();
        });
      });

    test(
      'the gateway gets a certificate while it runs, and keeps it over a restart',
      async () => {
        await expect.poll(issuer, { timeout: 2 * minutes, interval: 500 }).toMatch(/^Pebble/);
        await secure.compose(['restart', 'gateway-tls']);
        await secure.up();
        expect(await issuer()).toMatch(/^Pebble/);
      },
      5 * minutes,
    );

    test('HTTPS supports HTTP/2, and HTTP redirects to it', async () => {
      const { stdout } = await run('curl', [
        ...['--silent', '--show-error', '--insecure', '--http2', '--output', '/dev/null'],
        ...['--resolve', `twite.test:${httpsPort}:127.0.0.1`, '--write-out', '%{http_version} %{http_code}'],
        `https://twite.test:${httpsPort}/v1/instance`,
      ]);
      expect(stdout).toBe('2 200');
      const plain = await fetch(`http://127.0.0.1:${port + 1}/v1/instance`, { redirect: 'manual' });
      expect([plain.status, plain.headers.get('location')]).toEqual([308, expect.stringMatching(/^https:/)]);
    });
  });
}
