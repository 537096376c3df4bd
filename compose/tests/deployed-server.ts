import { createTwite, type Twite } from '@twite/sdk';
import { vi } from 'vitest';
import type { ServerUnderTest } from '../../packages/server/src/http-tests/server-under-test.ts';
import type { Instance } from './instance.ts';

const absent = (what: string) => (): never => {
  throw new Error(`${what}: not on a deployed instance`);
};

/** Signs up an account and makes it an admin, as docs/deploy describes for operators. */
export async function joinAsAdmin(instance: Instance, handle: string): Promise<Twite> {
  const twite = createTwite({ baseUrl: instance.url });
  await twite.accounts.create({ handle, password: `a long password of ${handle}` });
  await instance.compose(['run', '--rm', '-T', 'twite', 'admin', 'grant', handle]);
  return twite;
}

/**
 * The queues are read one after the other, and indexed documents become searchable a second later: one check is not
 * enough.
 */
const idleLooks = 4;

/**
 * Resolves when all work caused by the requests so far is done. The relay keeps the order of changes, so a searchable
 * post entered the queues after all of them; then these must be empty, and stay so.
 */
export async function settled(admin: Twite): Promise<void> {
  const word = `settled${Math.random().toString(36).slice(2)}`;
  await admin.posts.create({ text: word });
  const patiently = { timeout: 120_000, interval: 400 };
  let idle = 0;
  await vi.waitUntil(async () => (await admin.search.posts({ q: word })).items.length === 1, patiently);
  const staysIdle = async () => {
    const isIdle = (await admin.admin.listQueues()).items.every(({ waiting }) => waiting === 0);
    idle = isIdle ? idle + 1 : 0;
    return idle >= idleLooks;
  };
  await vi.waitUntil(staysIdle, patiently);
}

/** The instance in the form that the black-box suites expect. */
export const deployedServer = (instance: Instance, admin: Twite): ServerUnderTest => ({
  url: instance.url,
  close: async () => {},
  settled: () => settled(admin),
  grantAdmin: async (handle) => {
    const { accountId } = await admin.accounts.getByHandle({ handle });
    await admin.admin.setRole({ accountId, role: 'admin' });
  },
  enqueueNonsense: absent('a job that nobody can do'),
  runUpkeep: absent("a cleaning up at a moment of one's own"),
  advance: absent('another time'),
});
