import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, expect, test } from 'vitest';
import { settled } from './deployed-server.ts';
import { docker, Instance } from './instance.ts';
import { env, instance, minutes, port } from './instance-under-test.ts';

/** The address of the host on Docker's default network. */
async function hostAddress(): Promise<string> {
  const configs = await docker('network', 'inspect', '--format', '{{json .IPAM.Config}}', 'bridge');
  const [config] = JSON.parse(configs) as { readonly Subnet: string; readonly Gateway?: string }[];
  // Until the daemon restarts, Docker may not report a gateway. It uses the first address.
  return config?.Gateway ?? config?.Subnet.replace(/\.0\/\d+$/, '.1') ?? '';
}

/** Tests data that outlives the containers. Leaves the instance stopped. */
export function keptData(admin: () => Twite): void {
  const folder = mkdtempSync(join(tmpdir(), 'twite-kept-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test(
    '`down` and `up` keep all data, also with a Redis of the operator’s instead',
    async () => {
      const ada = createTwite({ baseUrl: instance.url });
      const { account } = await ada.accounts.create({ handle: 'kept_ada', password: 'difference engine' });
      const bob = createTwite({ baseUrl: instance.url });
      await bob.accounts.create({ handle: 'kept_bob', password: 'a long password' });
      await bob.accounts.follow({ accountId: account.accountId });
      const { postId } = await ada.posts.create({ text: 'Kept uniquely' });
      await settled(admin());
      const before = await admin().admin.getStats();

      await instance.down();
      const password = randomBytes(16).toString('hex');
      const urlFile = join(folder, 'redis-url');
      const redis = `${instance.project}-own-redis`;
      // In none of Docker's networks, like a server elsewhere.
      const args = ['redis-server', '--port', '11379', '--requirepass', password];
      // A killed run leaves its container.
      await docker('rm', '-f', '-v', redis).catch(() => {});
      await docker('run', '-d', '--name', redis, '--network', 'host', 'redis:8.10.1-alpine', ...args);
      try {
        writeFileSync(urlFile, `redis://:${password}@${await hostAddress()}:11379\n`);
        const external = new Instance(instance.project, port, {
          files: ['compose.yaml', 'external/redis.yaml'],
          env: { ...env, TWITE_EXTERNAL_REDIS_URL_FILE: urlFile },
        });
        await external.up();
        expect(await external.containers('redis')).toEqual([]);
        const again = createTwite({ baseUrl: instance.url });
        await again.sessions.create({ handle: 'kept_bob', password: 'a long password' });
        expect((await again.timelines.home()).items).toMatchObject([{ postId }]);
        expect((await again.search.posts({ q: 'uniquely' })).items).toMatchObject([{ postId }]);
        expect(await admin().admin.getStats()).toEqual(before);
        // A breaker that opened during the startup closes by itself.
        const unavailable = async () =>
          (await admin().admin.getStatus()).dependencies.filter(({ state }) => state !== 'up');
        await expect.poll(unavailable).toEqual([]);
        const keys = await docker(
          'exec',
          '-e',
          `REDISCLI_AUTH=${password}`,
          redis,
          'redis-cli',
          '-p',
          '11379',
          'DBSIZE',
        );
        expect(Number(keys)).toBeGreaterThan(0);
        await external.down();
      } finally {
        await docker('rm', '-f', '-v', redis);
      }
    },
    15 * minutes,
  );
}
