import { openRawServices, serviceEnvironment } from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite, type Twite } from '@twite/sdk';
import { startDistributed } from '../distributed.ts';
import { verifyDerived } from '../maintenance.ts';
import type { RunningServer } from '../serve.ts';

export type Env = Readonly<Record<string, string>>;

export const password = 'rue plumet 1832';
export const services = serviceEnvironment();

/** The environment of an instance on the test services. */
export const distributedEnv = (namespace: string): Env => ({
  ...services,
  TWITE_ENGINE: 'distributed',
  TWITE_NAMESPACE: namespace,
  TWITE_PORT: '0',
  TWITE_METRICS_PORT: 'off',
  TWITE_LOG_LEVEL: 'silent',
  TWITE_RATE_LIMITS: 'off',
});

export const start = (env: Env): Promise<RunningServer> =>
  startDistributed(loadConfig(env), { withWorkers: true });

/** The content of every collection of an instance, except those about processes. */
export async function dump(env: Env): Promise<Record<string, unknown[]>> {
  await using raw = openRawServices(env.TWITE_NAMESPACE ?? '');
  const { processes, relays, leases, queueProgress, ...kept } = raw.collections;
  const found: Record<string, unknown[]> = {};
  for (const [name, collection] of Object.entries(kept)) {
    const exact = { promoteValues: false, promoteLongs: false, promoteBuffers: false };
    const sorted = (collection as typeof kept.posts).find({}, exact).sort({ _id: 1 });
    found[name] = await sorted.toArray();
  }
  return found;
}

export const countAll = (found: Record<string, unknown[]>): number =>
  Object.values(found).reduce((sum, { length }) => sum + length, 0);

/** The differences reported by `twite admin verify`. */
export const differing = async (env: Env) =>
  (await verifyDerived(env)).filter(({ differences }) => differences > 0);

export async function signUp({ url }: RunningServer, handle: string): Promise<Twite & { accountId: string }> {
  const twite = createTwite({ baseUrl: url });
  const { account } = await twite.accounts.create({ handle, password });
  return { ...twite, accountId: account.accountId };
}

/** Accounts and content of every kind. */
export async function fill(server: RunningServer) {
  const cosette = await signUp(server, 'cosette');
  const marius = await signUp(server, 'marius');
  const javert = await signUp(server, 'javert');
  const { postId } = await cosette.posts.create({ text: 'In the #garden' });
  const gone = await cosette.posts.create({ text: 'He is not my father' });
  await cosette.posts.delete({ postId: gone.postId });
  await marius.accounts.follow({ accountId: cosette.accountId });
  await javert.accounts.follow({ accountId: cosette.accountId });
  await javert.accounts.unfollow({ accountId: cosette.accountId });
  await marius.posts.like({ postId });
  const { replyId } = await marius.replies.create({ postId, text: 'I saw you' });
  await cosette.replies.like({ replyId });
  await marius.accounts.block({ accountId: javert.accountId });
  await cosette.accounts.mute({ accountId: javert.accountId });
  const token = await marius.tokens.create({ password, name: 'script', scopes: ['read'] });
  await server.settled();
  return { cosette, marius, postId, token: token.secret };
}
