import { beforeAll, describe, expect, test } from 'vitest';
import { type Container, docker, run } from './instance.ts';
import { instance, ownServices, readSecrets, running } from './instance-under-test.ts';

/** Tests who can read which secret, and which services can reach each other. */
export function isolation(): void {
  describe('secrets', () => {
    let secrets: Readonly<Record<string, string>>;
    beforeAll(async () => {
      secrets = await readSecrets();
    });

    const ownOf: Readonly<Record<string, RegExp>> = {
      mongo: /^none$/,
      elasticsearch: /^elasticsearch$/,
      neo4j: /^neo4j$/,
      s3: /^s3$/,
      cdn: /^none$/,
      gateway: /^none$/,
      redis: /^none$/,
      rabbitmq: /^none$/,
    };

    /** Elasticsearch, Neo4j and the object store have one user each. */
    const sharedBy: Readonly<Record<string, string>> = {
      posts: 's3',
      social: 'elasticsearch',
      profile: 'neo4j',
      worker: 'elasticsearch|neo4j|s3',
    };

    test('of one container cannot be read from another', async () => {
      for (const { Name, Service } of await running()) {
        const readable = await docker(
          'exec',
          Name,
          'sh',
          '-c',
          'cat /secrets/* /secrets/*/* 2>/dev/null; env; true',
        );
        const found = Object.entries(secrets)
          .filter(([, value]) => readable.includes(value))
          .map(([name]) => name);
        const own = ownOf[Service] ?? new RegExp(`^(\\w+-${Service}|${sharedBy[Service] ?? 'none'})$`);
        expect([Service, found.filter((name) => !own.test(name))]).toEqual([Service, []]);
        if (ownServices.includes(Service)) expect(found).toContain(`mongodb-${Service}`);
      }
    });

    test('are not in descriptions, arguments, logs or images', async () => {
      const containers = await instance.containers();
      const names = containers.map(({ Name }: Container) => Name);
      const seen = [await docker('inspect', ...names), await docker('history', '--no-trunc', 'twite:local')];
      for (const name of names) {
        const { stdout, stderr } = await run('docker', ['logs', name]);
        seen.push(stdout, stderr);
      }
      for (const { Name } of await running()) seen.push(await docker('top', Name));
      for (const [name, value] of Object.entries(secrets)) {
        expect([name, seen.some((text) => text.includes(value))]).toEqual([name, false]);
      }
    });

    test('stores refuse clients without credentials', async () => {
      const ask = (service: string, command: string) =>
        instance.compose(['exec', '-T', service, 'sh', '-c', command]).then(
          ({ stdout, stderr }) => stdout + stderr,
          (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
        );
      expect(await ask('redis', 'redis-cli GET x')).toContain('NOPERM');
      expect(
        await ask('elasticsearch', "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9200/"),
      ).toBe('401');
      expect(
        await ask('mongo', 'mongosh --quiet --eval \'db.getSiblingDB("twite_identity").accounts.findOne()\''),
      ).toContain('requires authentication');
      for (const path of ['', 'twite-media', 'twite-media/uploads/', 'twite-media/withheld/']) {
        const url = `http://127.0.0.1:9000/${path}`;
        expect([path, await ask('s3', `curl -s -o /dev/null -w '%{http_code}' ${url}`)]).toEqual([
          path,
          '403',
        ]);
      }
    });
  });

  test('the gateway cannot reach any store', async () => {
    const { stdout } = await instance.compose(['ps', '--quiet', 'gateway']);
    for (const host of ['mongo', 'redis', 'rabbitmq', 'elasticsearch', 'neo4j', 's3']) {
      await expect(docker('exec', stdout.trim(), 'getent', 'hosts', host)).rejects.toThrow();
    }
    expect(await docker('exec', stdout.trim(), 'getent', 'hosts', 'posts')).toContain('posts');
  });
}
