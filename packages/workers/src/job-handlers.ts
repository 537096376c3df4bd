import { settleAccount } from '@twite/core/accounts/settle-account';
import type { Deps } from '@twite/core/engine';
import type { JobHandlers } from '@twite/core/jobs/job-queue';
import { processVideo } from '@twite/core/media/process-video';
import { purgeMedia } from '@twite/core/media/purge-media';
import { settleMedia } from '@twite/core/media/settle-media';
import { purgePost } from '@twite/core/posts/purge-post';
import { fanOutPost } from '@twite/core/timelines/fan-out-post';

/** What this product does about jobs: leaving one out does not compile. */
export const makeJobHandlers = (deps: Deps): JobHandlers => ({
  fanOutPost: (job) => fanOutPost(deps, job),
  settleAccount: (job) => settleAccount(deps, job.accountId),
  purgePost: (job) => purgePost(deps, job.postId),
  processVideo: (job) => processVideo(deps, job.mediaId),
  purgeMedia: (job) => purgeMedia(deps, [job.mediaId]),
  settleMedia: (job) => settleMedia(deps, job),
});
