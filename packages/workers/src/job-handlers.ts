import { settleAccount } from '@twite/core/accounts/settle-account';
import type { Deps } from '@twite/core/engine';
import type { JobHandlers } from '@twite/core/jobs/job-queue';
import { purgePost } from '@twite/core/posts/purge-post';
import { fanOutPost } from '@twite/core/timelines/fan-out-post';

/** What this product does about jobs: leaving one out does not compile. */
export const makeJobHandlers = (deps: Deps): JobHandlers => ({
  fanOutPost: (job) => fanOutPost(deps, job),
  settleAccount: (job) => settleAccount(deps, job.accountId),
  purgePost: (job) => purgePost(deps, job.postId),
});
