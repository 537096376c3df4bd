import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { runHttpSuites } from '../../packages/server/src/http-tests/run-http-suites.ts';
import { visibilitySuite } from '../../packages/server/src/http-tests/visibility.suite.ts';
import { composeFolder } from './compose-files.ts';
import { deployedServer, settled } from './deployed-server.ts';
import { run } from './instance.ts';
import { instance, minutes, refreshesPerHour } from './instance-under-test.ts';

/** The API as clients reach it. Call `admin()` only within tests. */
export function throughTheGateway(admin: () => Twite): void {
  const folder = mkdtempSync(join(tmpdir(), 'twite-cli-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  describe('through the gateway', () => {
    runHttpSuites(async () => deployedServer(instance, admin()), 'a deployed instance');
    visibilitySuite(async () => deployedServer(instance, admin()));

    test('a journey: SDK, command line and plain HTTP', async () => {
      const [ada, bob] = [createTwite({ baseUrl: instance.url }), createTwite({ baseUrl: instance.url })];
      const { account } = await ada.accounts.create({ handle: 'journey_ada', password: 'difference engine' });
      await bob.accounts.create({ handle: 'journey_bob', password: 'a long password' });
      await bob.accounts.follow({ accountId: account.accountId });
      const post = await ada.posts.create({ text: 'The #journey begins' });
      await bob.posts.like({ postId: post.postId });
      await bob.replies.create({ postId: post.postId, text: 'And goes on' });
      await settled(admin());
      expect((await bob.timelines.home()).items.map(({ text }) => text)).toContain('The #journey begins');
      expect((await bob.search.posts({ q: '#journey' })).items).toMatchObject([{ postId: post.postId }]);
      expect(await ada.posts.get({ postId: post.postId })).toMatchObject({ likeCount: 1, replyCount: 1 });

      const cli = (args: readonly string[], input?: string) =>
        run(process.execPath, [join(composeFolder, '../packages/cli/bin/twite.js'), ...args], {
          env: { TWITE_URL: instance.url, TWITE_CONFIG_DIR: folder },
          ...(input === undefined ? {} : { input }),
        });
      await cli(['login', 'journey_bob', '--password-stdin'], 'a long password\n');
      await cli(['post', 'From the command line']);
      expect((await cli(['timeline'])).stdout).toContain('The #journey begins');

      const answer = await fetch(`${instance.url}/openapi.json`, {
        headers: { 'x-request-id': 'journey-0123' },
      });
      expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, 'journey-0123']);
      const { stdout } = await instance.compose(['logs', '--no-log-prefix', 'gateway', 'profile']);
      expect(
        stdout.split('\n').filter((line) => line.includes('journey-0123')).length,
      ).toBeGreaterThanOrEqual(1);
    });

    test(
      'doctor finds everything well',
      async () => {
        const { stdout } = await instance.compose(['run', '--rm', '-T', 'twite', 'doctor']);
        expect(stdout).toContain('MongoDB');
      },
      2 * minutes,
    );

    test('metrics are not reachable from outside', async () => {
      for (const path of ['/metrics', '/stats', '/healthz', '/v1/../metrics', '//metrics']) {
        const answer = await fetch(`${instance.url}${path}`);
        expect([path, answer.status]).toEqual([path, 404]);
      }
      for (const metricsPort of [8405, 9464]) {
        await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow();
      }
    });

    test('responses are streamed, and large bodies pass', async () => {
      const answer = await fetch(`${instance.url}/docs/swagger-ui-bundle.js`);
      expect((await answer.bytes()).length).toBeGreaterThan(500_000);
    });
  });

  test(
    'a forged client address changes nothing',
    async () => {
      let refused = 0;
      for (let sent = 0; refused === 0 && sent < refreshesPerHour * 1.5; sent += 50) {
        const statuses = await Promise.all(
          Array.from({ length: 50 }, async (_, index) => {
            const forged = `203.0.${(sent + index) >> 8}.${(sent + index) & 255}`;
            const answer = await fetch(`${instance.url}/v1/sessions/refresh`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                'x-forwarded-for': forged,
                'x-real-ip': forged,
                forwarded: `for=${forged}`,
              },
              body: JSON.stringify({ refreshToken: 'twr_unknown' }),
            });
            await answer.body?.cancel();
            return answer.status;
          }),
        );
        refused = statuses.filter((status) => status === 429).length;
      }
      expect(refused).toBeGreaterThan(0);
    },
    5 * minutes,
  );
}
