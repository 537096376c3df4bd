import type { Difference, RebuiltGraph, RebuiltSearch } from '@twite/core/admin/derived-data';
import { loadConfig } from '@twite/process/config/load-config';
import { createLogger } from '@twite/process/logger';
import { openForProcess, type ProcessEngine } from '@twite/workers';

type Env = Readonly<Record<string, string | undefined>>;

/** The distributed engine that the environment names, for one command of its operator. */
async function withEngine<T>(env: Env, act: (open: ProcessEngine['open']) => Promise<T>): Promise<T> {
  const config = loadConfig(env);
  const log = createLogger({ logLevel: 'silent' });
  const { open } = await openForProcess({ config, log });
  await using _open = open;
  return await act(open);
}

/** `twite admin search rebuild`. Throws `OperatorError` when another rebuild is under way. */
export const rebuildSearch = (env: Env, onProgress: (soFar: RebuiltSearch) => void): Promise<RebuiltSearch> =>
  withEngine(env, (open) => open.derived.rebuildSearch(onProgress));

/** `twite admin graph rebuild`. */
export const rebuildGraph = (env: Env, onProgress: (soFar: RebuiltGraph) => void): Promise<RebuiltGraph> =>
  withEngine(env, (open) => open.derived.rebuildGraph(onProgress));

/** `twite admin verify`: how what is derived stands to its source, one row for each kind. */
export const verifyDerived = (env: Env): Promise<readonly Difference[]> =>
  withEngine(env, (open) => open.derived.verify());
