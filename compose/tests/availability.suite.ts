import { join } from 'node:path';
import { expect, test } from 'vitest';
import { composeFolder } from './compose-files.ts';
import { docker, run } from './instance.ts';
import { env, instance, minutes, ownServices, port, running } from './instance-under-test.ts';
import { startLoad } from './steady-load.ts';

/** The title of the problem when a store did not answer in time. */
const storeIsLate = 'Part of the server is temporarily unavailable';

/**
 * Fails on errors caused by a restart. The stores are not restarted, but share this machine's CPU: at most one request
 * in two thousand may find that a store misses its deadline.
 */
function expectUnnoticed(answered: number, failures: readonly string[]): void {
  const late = failures.filter((failure) => failure.includes(storeIsLate));
  expect(failures.filter((failure) => !late.includes(failure)).slice(0, 20)).toEqual([]);
  expect(late.length, late.slice(0, 20).join('\n')).toBeLessThanOrEqual(answered / 2_000);
}

/** Checks that users notice nothing of restarts and lost replicas. */
export function availability(): void {
  test(
    'a rolling restart of all servers and workers fails no request at 100 a second',
    async () => {
      const load = await startLoad(instance.url, {
        perSecond: 100,
        methods: ['GET', 'PUT', 'DELETE', 'POST'],
        name: 'rolling',
      });
      await load.more(300);
      const before = (await running(...ownServices)).map(({ Name }) => Name);
      await run(join(composeFolder, 'rollout.sh'), [], {
        env: { ...env, COMPOSE_PROJECT_NAME: instance.project, TWITE_PORT: String(port) },
      });
      await load.more(300);
      const { answered, perSecond, failures } = await load.stop();
      const after = (await running(...ownServices)).map(({ Name }) => Name);
      expect(after).toHaveLength(before.length);
      expect(after.filter((name) => before.includes(name))).toEqual([]);
      console.log(
        `rolling restart: ${answered} requests at ${perSecond.toFixed(0)}/s, ${failures.length} failed`,
      );
      expectUnnoticed(answered, failures);
    },
    20 * minutes,
  );

  test.each(ownServices)(
    'killing one replica of %s fails no GET, PUT or DELETE',
    async (service) => {
      const load = await startLoad(instance.url, {
        perSecond: 50,
        methods: ['GET', 'PUT', 'DELETE'],
        name: `kill_${service}`,
      });
      await load.more(100);
      const [victim] = await running(service);
      await docker('kill', '--signal', 'KILL', victim?.Name as string);
      await load.more(300);
      await instance.up('--no-recreate');
      await load.more(100);
      const { answered, failures } = await load.stop();
      console.log(`killed ${service}: ${answered} requests, ${failures.length} failed`);
      expectUnnoticed(answered, failures);
    },
    10 * minutes,
  );
}
