import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@twite/engine-distributed/testing';
import { vi } from 'vitest';
import { startProcesses } from '../../packages/server/src/fault-tests/processes.ts';
import { composeFolder } from './compose-files.ts';
import { RunningGateway } from './running-gateway.ts';

export const isInstalled = (program: string): boolean =>
  spawnSync(program, ['--version']).error === undefined;

// Five processes start from source at once, next to vitest.
const patiently = { timeout: 150_000, interval: 200 };

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

/** A target that Prometheus scrapes. */
export interface Target {
  readonly job: string;
  /** Host and port. */
  readonly address: string;
  readonly path?: string;
}

/**
 * Processes of both engines from source, a gateway if HAProxy is installed, and the installed exporters, on the
 * services of `services`.
 */
export interface ObservedSystem extends AsyncDisposable {
  readonly targets: readonly Target[];
  /** The URLs of the embedded server, and of the distributed one, through the gateway if there is one. */
  readonly urls: readonly string[];
  /** The URL of a distributed server that cannot reach Elasticsearch. */
  readonly urlWithoutSearch: string;
}

/** A child process that is stopped with the system. */
function startProgram(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const local = (port: number): string => `127.0.0.1:${port}`;

export async function startObservedSystem(
  services: Readonly<Record<string, string>>,
  namespace: string,
): Promise<ObservedSystem> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'twite-observed-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const targets: Target[] = [];

  /** Starts a process. Resolves with the port of its API when it is ready. */
  async function start(
    job: string,
    role: 'server' | 'worker' | 'relay',
    environment: Readonly<Record<string, string>>,
  ): Promise<number> {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const processes = opening.use(
      startProcesses({
        TWITE_PORT: String(port),
        TWITE_METRICS_PORT: String(metricsPort),
        TWITE_READINESS_DELAY_SECONDS: '0',
        TWITE_RATE_LIMITS: 'off',
        ...environment,
      }),
    );
    processes.start(role);
    await vi.waitUntil(async () => {
      const [ended] = processes.endedAlone();
      if (ended !== undefined) throw new Error(ended);
      return answers(`http://${local(metricsPort)}/readyz`);
    }, patiently);
    targets.push({ job, address: local(metricsPort) });
    return port;
  }

  const distributed = { ...services, TWITE_ENGINE: 'distributed', TWITE_NAMESPACE: namespace };
  const nowhere = `http://${local(await freePort())}`;
  const [embeddedPort, serverPort, portWithoutSearch] = await Promise.all([
    start('embedded', 'server', { TWITE_ENGINE: 'embedded', TWITE_DATA_DIR: join(folder, 'data') }),
    start('server', 'server', distributed),
    start('server', 'server', { ...distributed, TWITE_ELASTICSEARCH_URL: nowhere }),
    start('worker', 'worker', distributed),
    start('relay', 'relay', distributed),
  ]);

  let serverUrl = `http://${local(serverPort)}`;
  if (isInstalled('haproxy')) {
    const gateway = new RunningGateway();
    const ports = [serverPort];
    await gateway.start({ posts: ports, social: ports, profile: ports, cdn: ports });
    opening.defer(() => gateway.stop());
    await vi.waitUntil(() => answers(`${gateway.internalUrl}/healthz`), patiently);
    targets.push({ job: 'gateway', address: new URL(gateway.internalUrl).host });
    serverUrl = gateway.url;
  }

  const exporterPort = await freePort();
  const urlFile = join(folder, 'mongodb-url');
  writeFileSync(urlFile, services.TWITE_MONGODB_URL ?? '');
  opening.use(
    startProgram(process.execPath, [join(composeFolder, 'exporters/mongodb.mjs')], {
      TWITE_MONGODB_URL_FILE: urlFile,
      TWITE_NAMESPACE: namespace,
      TWITE_EXPORTER_PORT: String(exporterPort),
    }),
  );
  const exporters: Target[] = [{ job: 'mongodb', address: local(exporterPort) }];
  if (isInstalled('prometheus-redis-exporter')) {
    const address = local(await freePort());
    const env = { REDIS_ADDR: services.TWITE_REDIS_URL ?? '', REDIS_EXPORTER_WEB_LISTEN_ADDRESS: address };
    opening.use(startProgram('prometheus-redis-exporter', [], env));
    exporters.push({ job: 'redis', address });
  }
  if (isInstalled('prometheus-elasticsearch-exporter')) {
    const address = local(await freePort());
    const args = [
      `--es.uri=${services.TWITE_ELASTICSEARCH_URL}`,
      '--es.indices',
      `--web.listen-address=${address}`,
    ];
    opening.use(startProgram('prometheus-elasticsearch-exporter', args));
    exporters.push({ job: 'elasticsearch', address });
  }
  const broker = process.env.TWITE_TEST_RABBITMQ_METRICS_URL ?? 'http://127.0.0.1:15692';
  if (await answers(`${broker}/metrics`)) {
    const { host: address } = new URL(broker);
    exporters.push({ job: 'rabbitmq', address });
    const path = '/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count';
    exporters.push({ job: 'rabbitmq-queues', address, path });
  }
  for (const { address } of exporters) {
    await vi.waitUntil(() => answers(`http://${address}/metrics`), patiently);
  }

  const resources = opening.move();
  return {
    targets: [...targets, ...exporters],
    urls: [`http://${local(embeddedPort)}`, serverUrl],
    urlWithoutSearch: `http://${local(portWithoutSearch)}`,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
