import type { Difference, RebuiltGraph, RebuiltSearch } from '@twite/core/admin/derived-data';
import type { Engine } from '@twite/core/engine';
import { type PrunedObjects, pruneObjects } from '@twite/core/media/prune-objects';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { createLogger } from '@twite/process/logger';
import { openForProcess, type ProcessEngine } from '@twite/workers';
import { openEmbeddedBeside } from './operator-command.ts';
import { explainingErrors, systemClock } from './operator-engine.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The distributed engine configured in the environment, for one operator command. */
async function withDistributed<T>(
  config: Config,
  act: (open: ProcessEngine['open']) => Promise<T>,
): Promise<T> {
  const log = createLogger({ logLevel: 'silent' });
  const { open } = await openForProcess({ config, log });
  await using _open = open;
  return await act(open);
}

/** `twite admin search rebuild`. Throws `OperatorError` when another rebuild is in progress. */
export const rebuildSearch = (env: Env, onProgress: (soFar: RebuiltSearch) => void): Promise<RebuiltSearch> =>
  withDistributed(loadConfig(env), (open) => open.derived.rebuildSearch(onProgress));

/** `twite admin graph rebuild`. */
export const rebuildGraph = (env: Env, onProgress: (soFar: RebuiltGraph) => void): Promise<RebuiltGraph> =>
  withDistributed(loadConfig(env), (open) => open.derived.rebuildGraph(onProgress));

/** The instance configured in the environment, whatever its engine. It may be running. */
interface Maintained {
  readonly engine: Engine;
  verify(): Promise<readonly Difference[]>;
}

async function withInstance<T>(env: Env, act: (instance: Maintained) => Promise<T>): Promise<T> {
  const config = loadConfig(env);
  if (config.engine === 'distributed') {
    return await withDistributed(config, ({ engine, derived }) =>
      act({ engine, verify: () => derived.verify() }),
    );
  }
  await using open = await openEmbeddedBeside(config.dataDir);
  return await explainingErrors(() => act(open));
}

/**
 * `twite admin verify`: compares derived data with its source, one row per kind. Throws `OperatorError` when there is
 * no instance.
 */
export const verifyDerived = (env: Env): Promise<readonly Difference[]> =>
  withInstance(env, ({ verify }) => verify());

/**
 * `twite admin media prune`: deletes objects older than a day that have no media record; with `dryRun` only counts
 * them. Throws `OperatorError` when there is no instance.
 */
export const pruneMedia = (
  env: Env,
  { dryRun, now = systemClock.now() }: { readonly dryRun: boolean; readonly now?: number },
): Promise<PrunedObjects> => withInstance(env, ({ engine }) => pruneObjects(engine, { now, dryRun }));
