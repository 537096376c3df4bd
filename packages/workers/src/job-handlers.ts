import { settleAccount } from '@twite/core/accounts/settle-account';
import type { JobHandlers } from '@twite/core/jobs/job-queue';
import { processVideo } from '@twite/core/media/process-video';
import { purgeMedia } from '@twite/core/media/purge-media';
import { settleMedia } from '@twite/core/media/settle-media';
import { purgePost } from '@twite/core/posts/purge-post';
import { fanOutPost } from '@twite/core/timelines/fan-out-post';
import { rebuildColdTimeline } from '@twite/core/timelines/rebuild-timeline';
import { inSpan } from '@twite/core/tracer';
import type { WorkerDeps } from './worker-deps.ts';

/** The product's job handlers: omitting one does not compile. */
const handlersOf = (deps: WorkerDeps): JobHandlers => ({
  fanOutPost: (job) => fanOutPost(deps, job),
  rebuildTimeline: (job) => rebuildColdTimeline(deps, job.accountId),
  settleAccount: (job) => settleAccount(deps, job.accountId),
  purgePost: (job) => purgePost(deps, job.postId),
  processVideo: (job) => processVideo(deps, job.mediaId),
  purgeMedia: (job) => purgeMedia(deps, [job.mediaId]),
  settleMedia: (job) => settleMedia(deps, job),
});

type Handler = (job: never) => Promise<void>;

/** The job handlers, each measured as a span in the trace of the code that enqueued the job. */
export function makeJobHandlers(deps: WorkerDeps): JobHandlers {
  const measured = Object.entries(handlersOf(deps)).map(([name, handler]): [string, Handler] => {
    const span = { name: `job ${name}`, kind: 'internal', attributes: { 'twite.job': name } } as const;
    return [name, (job) => inSpan(span, () => (handler as Handler)(job))];
  });
  // Keyed by their original names.
  return Object.fromEntries(measured) as unknown as JobHandlers;
}
