import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, startEmbedded } from '@twite/server';

/** An embedded server for tests, on a random port, with its data in a temporary folder. Disposing removes both. */
export async function startServer(
  variables: Readonly<Record<string, string>> = { TWITE_RATE_LIMITS: 'off' },
) {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'twite-cli-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const server = opening.use(
    await startEmbedded(
      loadConfig({
        TWITE_PORT: '0',
        TWITE_METRICS_PORT: 'off',
        TWITE_LOG_LEVEL: 'silent',
        // Otherwise it would refuse requests on a busy machine.
        TWITE_SHED_DELAY_MS: 'off',
        TWITE_DATA_DIR: dataDir,
        ...variables,
      }),
    ),
  );
  const resources = opening.move();
  return { folder, dataDir, server, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
