import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Deps } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { type MovedCounts, type MovedThing, moveRecords } from '@twite/core/move/move-records';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { openMoveSource } from '@twite/engine-embedded';
import { loadConfig } from '@twite/process/config/load-config';
import { OperatorError } from '@twite/process/operator-error';
import { startWorkers } from '@twite/workers';
import { createMediaProcessor } from '@twite/workers/media';
import { withDistributedEngine } from './distributed-engine.ts';
import { explainingErrors, openForOperator, systemClock } from './operator-engine.ts';

export interface MoveInput {
  /** The data folder of the embedded instance, whose server was stopped. */
  readonly dataDir: string;
  /** The environment of the distributed instance, which must be empty and stopped. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (kind: MovedThing, soFar: number) => void;
}

const refuse = (): never => {
  throw new Error('no event or job hashes a password');
};

/**
 * `twite move`: writes an embedded instance into an empty distributed one: ids, passwords, sessions and counts stay the
 * same. The data folder keeps its data. Throws `OperatorError` when either instance runs, the target is not empty, or a
 * service does not answer. After an interruption it can be run again.
 */
export async function move({ dataDir, env, onProgress = () => {} }: MoveInput): Promise<MovedCounts> {
  const config = loadConfig({ ...env, TWITE_ENGINE: 'distributed' });
  const { serviceUrls, namespace, settings } = config;
  const location = resolve(dataDir);
  if (serviceUrls === null || !existsSync(join(location, 'twite.db'))) {
    throw new OperatorError(`there is no Twite database in ${location}: use the data folder of the server`);
  }
  // Its lock keeps servers out until everything is done.
  await using open = await openForOperator({ location, clock: systemClock, settings });
  await using target = await withDistributedEngine(({ openMoveTarget }) =>
    openMoveTarget(serviceUrls, namespace),
  );
  return await explainingErrors(async () => {
    if (await target.hasData()) {
      throw new OperatorError(
        `the distributed instance ${namespace} already has data: set TWITE_NAMESPACE to a new namespace, or use other services`,
      );
    }
    await using mediaProcessor = createMediaProcessor({
      limits: settings.media,
      folder: config.uploadDir ?? join(location, 'uploads'),
    });
    await finishWork(
      {
        ...open.engine,
        mediaProcessor,
        mediaUrl: mediaUrlFrom(config.mediaUrl ?? ''),
        clock: systemClock,
        ids: createIdGenerator({ clock: systemClock, machine: 0, after: open.newestId() }),
        passwords: { hash: refuse, verify: refuse },
        timelineRebuilds: createTimelineRebuilds(),
        settings,
      },
      () => open.settled(),
    );
    await using source = openMoveSource(location);
    return await moveRecords(source, target, onProgress);
  });
}

/** Events and due jobs are not moved: waiting ones are processed here. */
async function finishWork(deps: Deps, settled: () => Promise<void>): Promise<void> {
  await using _workers = await startWorkers(deps);
  await settled();
}
