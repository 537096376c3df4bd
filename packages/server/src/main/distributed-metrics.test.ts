import { openTcpProxy, type TcpProxy, testNamespaces } from '@twite/engine-distributed/testing';
import {
  catalogueProblems,
  readSamples,
  type Sample,
  seriesValue,
  sumOf,
} from '@twite/process/testing/read-metrics';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Processes, type Running, startProcesses } from '../fault-tests/processes.ts';
import { type Call, makeCall } from '../http-tests/client.ts';
import { post } from '../http-tests/people.ts';
import { distributedEnv, services } from './testing/distributed-instance.ts';
import { beHostile, type Used, useEverything } from './testing/use-everything.ts';

/** A process and the address of its metrics. */
interface Measured {
  readonly running: Running;
  scrape(): Promise<readonly Sample[]>;
}

async function measured(running: Running): Promise<Measured> {
  const [, url] = await running
    .told(/"metricsUrl":"([^"]+)"|metrics +(http\S+)\/metrics/)
    .then(([all, logged, printed]) => [all, logged ?? printed]);
  return {
    running,
    scrape: async () => readSamples(await (await fetch(`${url}/metrics`)).text()),
  };
}

const handledBy = (samples: readonly Sample[], queue: string) =>
  seriesValue(samples, 'twite_queue_handled_total', { queue, outcome: 'handled' }) ?? 0;

describe.runIf(services !== undefined)('the metrics of server, worker and relay, each a process', () => {
  const namespaces = testNamespaces();
  const resources = new AsyncDisposableStack();
  let processes: Processes;
  let search: TcpProxy;
  let server: Measured;
  let worker: Measured;
  let relay: Measured;
  let call: Call;
  let used: Used;

  const startWorker = async () => measured(processes.start('worker'));

  beforeAll(async () => {
    search = resources.use(await openTcpProxy(services?.TWITE_ELASTICSEARCH_URL ?? ''));
    processes = resources.use(
      startProcesses({
        ...distributedEnv(namespaces.add()),
        TWITE_ELASTICSEARCH_URL: search.url,
        TWITE_METRICS_PORT: '0',
        TWITE_LOG_LEVEL: 'info',
        TWITE_RATE_LIMITS: 'on',
        TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT: '4/300',
      }),
    );
    const starting = processes.start('server');
    [server, worker, relay] = await Promise.all([
      measured(starting),
      startWorker(),
      measured(processes.start('relay')),
    ]);
    const [, url = ''] = await starting.told(/ready at (\S+)/);
    call = makeCall(url);
    used = await useEverything(url, (handled) =>
      vi.waitUntil(
        async () => {
          const samples = await worker.scrape();
          return Object.entries(handled).every(([queue, events]) => handledBy(samples, queue) >= events);
        },
        { timeout: 60_000, interval: 100 },
      ),
    );
    await beHostile(url);
    await call('deleteMedia', { token: used.author.token, path: { mediaId: used.mediaId } });
  });
  afterAll(async () => {
    await resources.disposeAsync();
    await namespaces.erase();
  }, 120_000);

  test('are exactly those of the catalogue', async () => {
    // The last of the requests.
    await expect
      .poll(async () => seriesValue(await worker.scrape(), 'twite_post_searchable_delay_seconds_count'))
      .toBeGreaterThan(0);
    await expect
      .poll(async () => sumOf(await worker.scrape(), 'twite_blob_store_call_duration_seconds_count'))
      .toBeGreaterThan(0);
    const [ofServer, ofWorker, ofRelay] = await Promise.all(
      [server, worker, relay].map((each) => each.scrape()),
    );
    expect(catalogueProblems(ofServer ?? [], ['server'])).toEqual([]);
    // No video was uploaded.
    const noVideo = ['twite_pool_task_duration_seconds'];
    expect(catalogueProblems(ofWorker ?? [], ['worker'], noVideo)).toEqual([]);
    expect(catalogueProblems(ofRelay ?? [], ['relay'])).toEqual([]);
  });

  test('count the work', async () => {
    const [ofServer = [], ofWorker = [], ofRelay = []] = await Promise.all(
      [server, worker, relay].map((each) => each.scrape()),
    );
    expect(seriesValue(ofServer, 'twite_sign_ins_total', { outcome: 'invalid_credentials' })).toBe(3);
    expect(seriesValue(ofServer, 'twite_rate_limited_total', { policy: 'signIn' })).toBe(1);
    expect(seriesValue(ofServer, 'twite_cache_requests_total', { cache: 'timelines', result: 'miss' })).toBe(
      1,
    );
    expect(seriesValue(ofServer, 'twite_cache_requests_total', { cache: 'timelines', result: 'hit' })).toBe(
      5,
    );
    expect(seriesValue(ofWorker, 'twite_post_delivery_delay_seconds_count')).toBe(1);
    expect(seriesValue(ofWorker, 'twite_timeline_pushes_total')).toBe(1);
    expect(seriesValue(ofRelay, 'twite_relay_leader')).toBe(1);
    expect(seriesValue(ofRelay, 'twite_relay_lag_seconds')).toBeLessThan(30);
    expect(seriesValue(ofRelay, 'twite_relay_published_total', { kind: 'event' })).toBeGreaterThanOrEqual(4);
    for (const samples of [ofServer, ofWorker, ofRelay]) {
      expect(seriesValue(samples, 'twite_machine_lease_held')).toBe(1);
      for (const dependency of ['mongodb', 'redis'])
        expect(seriesValue(samples, 'twite_circuit_breaker_open', { dependency })).toBe(0);
      expect(seriesValue(samples, 'twite_queue_workers', { queue: 'searchIndex' })).toBe(1);
    }
    const calls = { dependency: 'redis', outcome: 'answered' };
    expect(seriesValue(ofServer, 'twite_dependency_call_duration_seconds_count', calls)).toBeGreaterThan(0);
    expect(JSON.stringify([ofServer, ofWorker, ofRelay])).not.toContain('evil');
  });

  test('show an unavailable dependency and its circuit breaker', async () => {
    const elasticsearch = { dependency: 'elasticsearch' };
    const ask = () => call('searchPosts', { query: { q: 'cat' } });
    search.break();
    const isOpen = async () => {
      await Promise.all(Array.from({ length: 10 }, ask));
      return seriesValue(await server.scrape(), 'twite_circuit_breaker_open', elasticsearch);
    };
    await expect.poll(isOpen).toBe(1);
    const failing = await server.scrape();
    expect(seriesValue(failing, 'twite_dependency_up', elasticsearch)).toBe(0);
    const unavailable = { ...elasticsearch, outcome: 'unavailable' };
    expect(
      seriesValue(failing, 'twite_dependency_call_duration_seconds_count', unavailable),
    ).toBeGreaterThanOrEqual(10);
    await ask();
    expect(
      seriesValue(await server.scrape(), 'twite_circuit_breaker_rejected_total', elasticsearch),
    ).toBeGreaterThan(0);
    search.mend();
    await expect
      .poll(async () => seriesValue(await server.scrape(), 'twite_circuit_breaker_open', elasticsearch))
      .toBe(0);
    // On a busy machine a ping may miss its deadline.
    await expect
      .poll(async () => seriesValue(await server.scrape(), 'twite_dependency_up', elasticsearch))
      .toBe(1);
  });

  test('show the age of the oldest message without a worker, and that the queue drains afterwards', async () => {
    const fanOut = { queue: 'fanOut' };
    const of = async (name: string) => seriesValue(await relay.scrape(), `twite_queue_${name}`, fanOut) ?? -1;
    worker.running.signal('SIGTERM');
    await worker.running.ended;
    await expect.poll(() => of('workers')).toBe(0);
    const postedAt = Date.now();
    await post(call, used.author, 'Nobody fans this out');
    await expect.poll(() => of('messages_ready')).toBe(1);
    expect(await of('messages_in_flight')).toBe(0);
    await expect.poll(() => of('oldest_message_age_seconds')).toBeGreaterThan(1);
    const age = await of('oldest_message_age_seconds');
    expect(age).toBeLessThanOrEqual((Date.now() - postedAt) / 1_000);
    expect(await of('oldest_message_age_seconds')).toBeGreaterThanOrEqual(age);
    worker = await startWorker();
    await expect.poll(() => of('messages_ready')).toBe(0);
    await expect.poll(() => of('oldest_message_age_seconds')).toBe(0);
    await expect.poll(() => of('workers')).toBe(1);
  });
});
