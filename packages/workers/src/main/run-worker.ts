import type { OwnConsumer } from '@twite/engine-distributed';
import { describeProcess } from '@twite/process/describe-process';
import { measurePool } from '@twite/process/metrics/measure-pool';
import { OperatorError } from '@twite/process/operator-error';
import { sharedWorkFolder } from '@twite/process/work-folder';
import { createMediaProcessor, type OwnMediaProcessor } from '../media/create-media-processor.ts';
import { allWork, startWorkers, workNames } from '../start-workers.ts';
import { startUpkeep } from '../upkeep.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import { measureBlobs } from './measure-blobs.ts';
import { measureSearch } from './measure-search.ts';
import { measureTimelines } from './measure-timelines.ts';
import { checkStoreAndBroker, openForProcess } from './open-for-process.ts';
import { runProcess } from './run-process.ts';

/** The data that the distributed engine derives itself, besides the product's. */
export const ownConsumers = ['counts', 'graph'] as const satisfies readonly OwnConsumer[];

export const everyConsumer: readonly string[] = [...allWork, ...ownConsumers];
const known: readonly string[] = [...workNames, ...ownConsumers];

function readConsumers(names: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OperatorError(`unknown consumer: ${unknown.join(', ')}. The consumers are ${known.join(', ')}`);
  }
}

/** `twite worker [--consumers …]`: consumes events and runs jobs, all of them or the named ones. */
export const runWorker = (
  env: Readonly<Record<string, string | undefined>>,
  { consumers = everyConsumer }: { readonly consumers?: readonly string[] | undefined } = {},
): Promise<void> =>
  runProcess(env, { kind: 'worker', consumers }, async ({ config, log, metrics, resources, signal }) => {
    readConsumers(consumers);
    const isWanted = (name: string): boolean => consumers.includes(name);
    const clock = { now: () => Date.now() };
    const own = ownConsumers.filter(isWanted);
    const { open, ids } = await openForProcess({
      config,
      log,
      metrics,
      description: describeProcess('worker', { consumers }),
      consumers: own,
      wait: { signal },
    });
    resources.use(open);
    const timelines = measureTimelines(metrics, open.uncached.timelines);
    const search = measureSearch(metrics, open.uncached.search, (postId) => open.isSearchable(postId));
    const mediaProcessor: OwnMediaProcessor = resources.use(
      createMediaProcessor({
        observe: measurePool(metrics, 'media', () => mediaProcessor.load),
        limits: config.settings.media,
        folder: config.uploadDir ?? sharedWorkFolder,
        concurrency: config.mediaConcurrency,
        queueLimit: config.mediaQueue,
      }),
    );
    const deps: WorkerDeps = {
      ...open.uncached,
      timelines,
      search,
      blobs: config.serviceUrls?.s3 ? measureBlobs(metrics, open.uncached.blobs) : open.uncached.blobs,
      clock,
      ids,
      mediaProcessor,
      settings: config.settings,
    };
    resources.use(await startWorkers(deps, workNames.filter(isWanted)));
    resources.use(startUpkeep(deps, log));
    return { failed: open.failed, checkReady: () => checkStoreAndBroker(open) };
  });
