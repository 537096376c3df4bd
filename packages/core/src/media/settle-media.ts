import type { AccountStatus } from '../accounts/account-store.ts';
import type { Deps } from '../engine.ts';
import type { JobOf } from '../jobs/job-catalogue.ts';

type SettleMediaDeps = Pick<Deps, 'media' | 'blobs' | 'accounts' | 'jobs'>;

const chunk = 100;

/**
 * One step of reconciling an account's objects with its status: they are withheld while it is suspended. Leaves the
 * rest to another job. Reads the status again at the end of a step, so that concurrent runs for two statuses converge.
 */
export async function settleMedia(
  deps: SettleMediaDeps,
  { accountId, afterMediaId }: Pick<JobOf<'settleMedia'>, 'accountId' | 'afterMediaId'>,
): Promise<void> {
  const statusOf = async (): Promise<AccountStatus | undefined> =>
    (await deps.accounts.findMany([accountId])).get(accountId)?.status;
  const mediaIds = await deps.media.listByOwner(accountId, { after: afterMediaId, limit: chunk });
  const records = await deps.media.findMany(mediaIds);
  const keys = [...records.values()].flatMap((record) => record.keys);
  let status = await statusOf();
  for (;;) {
    if (status === 'suspended') await deps.blobs.withhold(keys);
    if (status === 'active') await deps.blobs.reinstate(keys);
    const before = status;
    status = await statusOf();
    if (status === before) break;
  }
  const last = mediaIds[mediaIds.length - 1];
  if (last !== undefined && mediaIds.length === chunk) {
    await deps.jobs.enqueue([{ name: 'settleMedia', accountId, afterMediaId: last }]);
  }
}
