import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcesses } from '../fault-tests/processes.ts';

/** An embedded server in a separate process, with its own memory. */
export interface SpawnedServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly metricsUrl: string;
  /** Resident memory in MB; NaN where it cannot be read. */
  rssMb(): number;
}

export async function spawnServer(env: Readonly<Record<string, string>>): Promise<SpawnedServer> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'twite-security-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const processes = starting.use(
    startProcesses({
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: '0',
      TWITE_DATA_DIR: folder,
      TWITE_RATE_LIMITS: 'off',
      TWITE_LOG_LEVEL: 'warn',
      // On a busy machine it would reject the other requests of these tests.
      TWITE_SHED_DELAY_MS: 'off',
      ...env,
    }),
  );
  const server = processes.start('server');
  const [url] = await server.told(/http:\/\/127\.0\.0\.1:\d+/);
  const [, metricsUrl = ''] = await server.told(/(http:\/\/127\.0\.0\.1:\d+)\/metrics/);
  const resources = starting.move();
  return {
    url,
    metricsUrl,
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    rssMb() {
      try {
        const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
      } catch {
        return Number.NaN;
      }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
