import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { catalogueProblems, readSamples, seriesValue, sumOf } from '@twite/process/testing/read-metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import type { RunningServer } from './serve.ts';
import { beHostile, useEverything } from './testing/use-everything.ts';

describe('the metrics of an embedded server', () => {
  const resources = new AsyncDisposableStack();
  let server: RunningServer;
  const scrape = async () => readSamples(await (await fetch(`${server.metricsUrl}/metrics`)).text());

  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'twite-metrics-'));
    resources.defer(() => rmSync(dataDir, { recursive: true, force: true }));
    const env = {
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: '0',
      TWITE_LOG_LEVEL: 'silent',
      TWITE_DATA_DIR: dataDir,
      TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT: '4/300',
    };
    server = resources.use(await startEmbedded(loadConfig(env)));
    await useEverything(server.url, () => server.settled());
    await beHostile(server.url);
  });
  afterAll(() => resources.disposeAsync());

  test('are exactly those of the catalogue', async () => {
    expect(catalogueProblems(await scrape(), ['embedded'])).toEqual([]);
  });

  test('count the work', async () => {
    const samples = await scrape();
    const signIns = (outcome: string) => seriesValue(samples, 'twite_sign_ins_total', { outcome });
    expect(signIns('succeeded')).toBe(1);
    expect(signIns('invalid_credentials')).toBe(3);
    expect(signIns('rate_limited')).toBe(1);
    expect(seriesValue(samples, 'twite_rate_limited_total', { policy: 'signIn' })).toBe(1);
    expect(seriesValue(samples, 'twite_media_uploads_total', { outcome: 'succeeded' })).toBe(1);
    expect(seriesValue(samples, 'twite_media_uploads_total', { outcome: 'unsupported_media' })).toBe(1);
    expect(seriesValue(samples, 'twite_media_upload_bytes_total')).toBeGreaterThan(100);
    const stored = seriesValue(samples, 'twite_blob_store_bytes_total', { direction: 'in' });
    expect(stored).toBe(seriesValue(samples, 'twite_data_bytes', { part: 'media' }));
    expect(seriesValue(samples, 'twite_blob_store_bytes_total', { direction: 'out' })).toBeGreaterThan(0);
    expect(seriesValue(samples, 'twite_http_requests_total', { operation: 'media', status: '200' })).toBe(1);
    expect(seriesValue(samples, 'twite_post_delivery_delay_seconds_count')).toBe(1);
    expect(seriesValue(samples, 'twite_post_searchable_delay_seconds_count')).toBe(1);
    expect(seriesValue(samples, 'twite_timeline_pushes_total')).toBe(1);
    expect(seriesValue(samples, 'twite_http_requests_in_flight')).toBe(0);
    // The first read of the timeline found it cold, and read it again once it was rebuilt.
    expect(seriesValue(samples, 'twite_cache_requests_total', { cache: 'timelines', result: 'miss' })).toBe(
      1,
    );
    expect(seriesValue(samples, 'twite_cache_requests_total', { cache: 'timelines', result: 'hit' })).toBe(5);
    expect(seriesValue(samples, 'twite_cache_entries', { cache: 'timelines' })).toBe(1);
    for (const dependency of ['sqlite', 'objects'])
      expect(seriesValue(samples, 'twite_dependency_up', { dependency })).toBe(1);
    expect(sumOf(samples, 'twite_queue_messages_ready')).toBe(0);
    expect(seriesValue(samples, 'twite_queue_handled_total', { queue: 'fanOut', outcome: 'handled' })).toBe(
      seriesValue(samples, 'twite_queue_delivery_delay_seconds_count', { queue: 'fanOut' }),
    );
    expect(seriesValue(samples, 'twite_data_free_bytes')).toBeGreaterThan(0);
    expect(seriesValue(samples, 'twite_data_bytes', { part: 'database' })).toBeGreaterThan(4_096);
  });

  test('have no additional series after hostile requests', async () => {
    const before = (await scrape()).map(({ name, labels }) => name + JSON.stringify(labels));
    await beHostile(server.url);
    const after = (await scrape()).map(({ name, labels }) => name + JSON.stringify(labels));
    expect(after.filter((series) => !before.includes(series))).toEqual([]);
    expect(after.join()).not.toContain('evil');
  });
});
