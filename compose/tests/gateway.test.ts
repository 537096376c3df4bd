import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract, errorTable, gatewayRoutes, operationIds, problem } from '@twite/contract';
import { describe, expect, test } from 'vitest';
import { gatewayOnceList } from '../../scripts/gateway-map.ts';
import { composeFolder, loadCompose, readCompose } from './compose-files.ts';

const config = readCompose('gateway/haproxy.cfg');
const table = readCompose('gateway/routes.map')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): [RegExp, string] => {
    const [pattern = '', service = ''] = line.split(/ +/);
    return [new RegExp(pattern), service];
  });

/** Like HAProxy's map_reg: the first match, else the default. */
const serviceFor = (path: string): string => table.find(([pattern]) => pattern.test(path))?.[1] ?? 'profile';

describe('routing', () => {
  test('sends every operation to its service, regardless of its parameters', () => {
    expect(gatewayRoutes()).toHaveLength(operationIds.length);
    for (const { path, service } of gatewayRoutes()) {
      for (const value of ['1855647289012345678', 'x', '%2F..', 'a.b-c_d']) {
        expect([path, serviceFor(path.replaceAll(/:\w+/g, value))]).toEqual([path, service]);
      }
    }
  });

  test('sends everything else to one service, which has the reference and answers 404', () => {
    for (const path of [
      '/',
      '/docs',
      '/openapi.json',
      '/readyz',
      '/metrics',
      '/v1/posts/1/2/3',
      '/v1/postsx',
    ]) {
      expect(serviceFor(path)).toBe('profile');
    }
  });

  test('knows a backend for each service', () => {
    for (const service of new Set(table.map(([, name]) => name))) {
      expect(config).toContain(
        `backend ${service} from service\n  server-template ${service}- 20 ${service}"$TWITE_SERVICE_DOMAIN":8080\n`,
      );
      expect(config).toContain(`backend ${service}-unready from unready\n`);
    }
  });

  test('gives uploads ten minutes on every backend', () => {
    const backends = config.split(/^backend /m).filter((part) => /^posts/.test(part));
    expect(backends).toHaveLength(2);
    for (const backend of backends) {
      expect(backend).toContain('http-request set-timeout server 10m if METH_POST { path /v1/media }');
    }
  });

  test('sends no operation to the CDN', () => {
    for (const { path } of gatewayRoutes()) expect(path).not.toMatch(/^\/media\//);
    expect(config).toContain('acl media path_beg /media/\n');
  });
});

test('errors of the gateway itself are problems of the contract', () => {
  const bodies = [...config.matchAll(/http-error status (\d+) content-type (\S+) lf-string '([^']+)'/g)];
  expect(bodies.map(([, status]) => status)).toEqual(['400', '502', '503', '504']);
  for (const [, status, contentType, text = ''] of bodies) {
    expect(contentType).toBe('application/problem+json');
    const body = JSON.parse(text.replace('%[var(txn.id),json(utf8s)]', 'an-id')) as Record<string, unknown>;
    expect(problem.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({ status: Number(status), type: `/docs#${body.code}` });
    expect(body.title).toBe(errorTable[body.code as keyof typeof errorTable].title);
  }
});

test('operations that must run once are not retried', () => {
  const methods = new Set(
    operationIds.filter((id) => !contract[id].metadata.idempotent).map((id) => contract[id].method),
  );
  expect([...methods].sort()).toEqual(['POST']);
  expect(config).toContain('http-request disable-l7-retry if METH_POST or { method PATCH }');
});

test('an operation that is not in the contract is refused', () => {
  expect(() => gatewayOnceList(['deleteEverything'])).toThrow('deleteEverything');
});

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

describe.runIf(hasHaproxy)('HAProxy', () => {
  test.each(['', 'on'])('accepts the configuration, TWITE_TLS=%s', (tls) => {
    const folder = mkdtempSync(join(tmpdir(), 'twite-gateway-'));
    try {
      // The container mounts the map elsewhere; the test reads it from the repository, and has no certificate.
      const here = config
        .replaceAll('/usr/local/etc/haproxy/', `${composeFolder}/gateway/`)
        .replace(' ssl crt /certificates/twite.pem alpn h2,http/1.1 ssl-min-ver TLSv1.2', '')
        .replace('/run/haproxy', folder)
        // There are no services either.
        .replaceAll('init-addr libc,none', 'init-addr none');
      writeFileSync(join(folder, 'haproxy.cfg'), here);
      const { status, stderr } = spawnSync('haproxy', ['-c', '-f', join(folder, 'haproxy.cfg')], {
        encoding: 'utf8',
        env: { ...process.env, TWITE_TLS: tls, TWITE_SERVICE_DOMAIN: '', TWITE_TRUSTED_PROXIES: '1' },
      });
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('WARNING')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the gateway gives the servers more time to drain than they need', () => {
  const [, seconds] = /hard-stop-after (\d+)s/.exec(config) ?? [];
  expect(
    Number.parseInt(loadCompose('compose.yaml').services.gateway?.stop_grace_period ?? '', 10),
  ).toBeGreaterThan(Number(seconds));
});
