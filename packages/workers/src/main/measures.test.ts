import { createIdGenerator } from '@twite/core/ids/ids';
import type { BlobStore } from '@twite/core/media/blob-store';
import type { PostDocument, SearchIndex } from '@twite/core/search/search-index';
import type { TimelineCache } from '@twite/core/timelines/timeline-cache';
import { Unavailable } from '@twite/core/unavailable';
import { createMetrics, type Metrics } from '@twite/process/metrics/create-metrics';
import { readSamples, seriesValue } from '@twite/process/testing/read-metrics';
import { describe, expect, test } from 'vitest';
import { measureBlobs } from './measure-blobs.ts';
import { observeDistributed } from './measure-engine.ts';
import { measureSearch } from './measure-search.ts';
import { measureTimelines } from './measure-timelines.ts';

const create = () => createMetrics({ role: 'worker' });
const sample = async (metrics: Metrics, name: string, labels?: Readonly<Record<string, string>>) =>
  seriesValue(readSamples(await metrics.render()), name, labels);

const dayMs = 86_400_000;
const postedAt = Date.UTC(2026, 10, 1);
const idAt = (ms: number) => createIdGenerator({ clock: { now: () => ms }, machine: 1 }).next();

describe('timelines', () => {
  const push = async (reached: number, now: number) => {
    const metrics = create();
    const timelines = { push: async () => reached } as unknown as TimelineCache;
    await measureTimelines(metrics, timelines, () => now).push(idAt(postedAt), ['1', '2']);
    return {
      pushes: await sample(metrics, 'twite_timeline_pushes_total'),
      count: await sample(metrics, 'twite_post_delivery_delay_seconds_count'),
      sum: await sample(metrics, 'twite_post_delivery_delay_seconds_sum'),
    };
  };

  test('count the reached timelines, and time pushes from the post', async () => {
    expect(await push(2, postedAt + 1_500)).toEqual({ pushes: 2, count: 1, sum: 1.5 });
  });

  test('do not time pushes without recipients, or of old posts', async () => {
    expect(await push(0, postedAt + 1_500)).toEqual({ pushes: 0, count: 0, sum: 0 });
    expect(await push(2, postedAt + 2 * dayMs)).toEqual({ pushes: 2, count: 0, sum: 0 });
  });

  test('a clock that is behind causes no negative delay', async () => {
    expect(await push(1, postedAt - 5_000)).toEqual({ pushes: 1, count: 1, sum: 0 });
  });
});

describe('search', () => {
  const index = { indexPosts: async () => {} } as unknown as SearchIndex;
  const documents = (...times: number[]) => times.map((ms) => ({ postId: idAt(ms) }) as PostDocument);
  const read = (metrics: Metrics) => sample(metrics, 'twite_post_searchable_delay_seconds_count');

  test('an index with immediate visibility is timed for every post', async () => {
    const metrics = create();
    const search = measureSearch(metrics, index, undefined, () => postedAt + 2_000);
    await search.indexPosts(documents(postedAt, postedAt + 1_000));
    expect(await read(metrics)).toBe(2);
    expect(await sample(metrics, 'twite_post_searchable_delay_seconds_sum')).toBe(3);
  });

  test('with delayed visibility, one post at a time is searched for until it is found', async () => {
    const metrics = create();
    const found = Promise.withResolvers<boolean>();
    const asked: string[] = [];
    const search = measureSearch(
      metrics,
      index,
      (postId) => {
        asked.push(postId);
        return found.promise;
      },
      () => postedAt + 2_000,
    );
    const [old, first, second] = documents(postedAt - 2 * dayMs, postedAt, postedAt);
    await search.indexPosts([old, first] as PostDocument[]);
    await search.indexPosts([second] as PostDocument[]);
    expect(asked).toEqual([first?.postId]);
    expect(await read(metrics)).toBe(0);
    found.resolve(true);
    await expect.poll(() => read(metrics)).toBe(1);
    await search.indexPosts([second] as PostDocument[]);
    await expect.poll(() => read(metrics)).toBe(2);
  });

  test('a failed write is not timed', async () => {
    const metrics = create();
    const away = {
      indexPosts: () => Promise.reject(new Unavailable('elasticsearch')),
    } as unknown as SearchIndex;
    await expect(measureSearch(metrics, away).indexPosts(documents(Date.now()))).rejects.toThrow();
    expect(await read(metrics)).toBe(0);
  });
});

test('calls of the blob store are timed by their outcome, and their bytes counted', async () => {
  const metrics = create();
  let error: Error | undefined;
  const answer = async <T>(value: T): Promise<T> => {
    if (error !== undefined) throw error;
    return value;
  };
  const inner = {
    put: () => answer(undefined),
    get: () => answer({ bytes: 1_000, modifiedAt: 0, content: (async function* () {})() }),
  } as unknown as BlobStore;
  const blobs = measureBlobs(metrics, inner);
  const blob = { bytes: 500, mimeType: 'image/webp', open: async function* () {} } as const;
  await blobs.put('a', blob);
  await blobs.get('a');
  await blobs.get('a', { start: 0, end: 99 });
  error = new Unavailable('objects');
  await expect(blobs.put('a', blob)).rejects.toBe(error);
  error = new Error('a bug');
  await expect(blobs.put('a', blob)).rejects.toBe(error);
  const puts = (outcome: string) =>
    sample(metrics, 'twite_blob_store_call_duration_seconds_count', { call: 'put', outcome });
  expect([await puts('answered'), await puts('unavailable'), await puts('failed')]).toEqual([1, 1, 1]);
  expect(await sample(metrics, 'twite_blob_store_bytes_total', { direction: 'in' })).toBe(500);
  expect(await sample(metrics, 'twite_blob_store_bytes_total', { direction: 'out' })).toBe(1_100);
});

test('confirmed messages are counted by their origin', async () => {
  const metrics = create();
  const { published } = observeDistributed(metrics, { relays: true, usesBroker: true });
  for (const kind of ['event', 'event', 'barrier', 'job', 'replay'] as const) published(kind);
  const of = (name: string, kind: string) => sample(metrics, `twite_${name}_published_total`, { kind });
  expect([await of('relay', 'event'), await of('relay', 'barrier')]).toEqual([2, 1]);
  expect([await of('queue', 'job'), await of('queue', 'replay')]).toEqual([1, 1]);
});
