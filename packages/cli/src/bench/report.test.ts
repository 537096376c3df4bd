import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { printed } from '../terminal/printable.ts';
import { checkComparable, compare, readReport } from './compare.ts';
import { failuresOf, warningsOf } from './judge.ts';
import { requireOwnServer } from './own-server.ts';
import type { BenchReport } from './report.ts';
import { scenarios } from './scenarios.ts';
import { showReport } from './show-report.ts';
import { driftOf } from './soak.ts';

const latency = { mean: 4, p50: 3, p90: 9, p99: 40, p999: 80, max: 90 };
const report: BenchReport = {
  format: 1,
  scenario: 'mixed',
  mode: 'open',
  url: 'http://127.0.0.1:8080',
  at: '2026-11-30T01:02:03.000Z',
  client: { node: 'v24', cpu: 'a CPU', cores: 2, loadBefore: 0.5 },
  data: { accounts: 50, follows: 890, posts: 500, reused: false },
  result: {
    seconds: 10,
    offeredRate: 200,
    rate: 190,
    connections: 50,
    clientBusy: 0.3,
    requests: 2_000,
    ok: 1_900,
    statuses: { 200: 1_700, 201: 200, 429: 60, 503: 30 },
    unanswered: { timeout: 10 },
    withoutRetryAfter: 0,
    latencyMs: latency,
    sendDelayMs: { mean: 0.5, p50: 0.5, p90: 1, p99: 2, p999: 2, max: 2 },
    operations: {
      home: { requests: 1_800, ok: 1_700, latencyMs: latency },
      post: { requests: 200, ok: 200, latencyMs: null },
    },
    perSecond: [],
  },
  errors: 100,
  rateLimited: 60,
  ramp: null,
  soak: null,
  comparison: null,
  warnings: [],
  failures: [],
};
const { result } = report;
if (!result) throw new Error('the report has a result');

test('a report for people names the rate, percentiles and errors by status', () => {
  const shown = printed(showReport(report));
  expect(shown).toContain('190/s of 200/s requested, for 10 s over 50 connections');
  expect(shown).toMatch(/^home +1,800 +100 +3 ms +9 ms +40 ms +80 ms +90 ms$/m);
  expect(shown).toMatch(/^post +200 +0 +– /m);
  expect(shown).toContain('errors  429: 60, 503: 30, timeout: 10');
});

test('exceeded limits are failures', () => {
  expect(failuresOf(result, { maxP99Ms: 40, maxErrors: 100 })).toEqual([]);
  expect(failuresOf(result, { maxP99Ms: 39, maxErrors: 99 })).toEqual([
    'p99 is 40 ms, above 39 ms.',
    'There were 100 errors, more than 99.',
  ]);
  expect(failuresOf({ ...result, latencyMs: null }, { maxP99Ms: 39, maxErrors: undefined })).toHaveLength(1);
});

test('warns about unreliable figures: rate limits with their variables, a slow client, a busy machine', () => {
  const [limited, ...others] = warningsOf(result, scenarios.mixed, report.client);
  expect(others).toEqual([expect.stringContaining('30 of 2,000 requests were refused with 503')]);
  expect(limited).toContain('60 of 2,000 requests were refused by rate limits');
  for (const variable of [
    'TWITE_RATE_LIMITS=off',
    'TWITE_RATE_LIMIT_READ_ADDRESS',
    'TWITE_RATE_LIMIT_WRITE_ADDRESS',
  ]) {
    expect(limited).toContain(variable);
  }
  const doubtful = { ...result, statuses: {}, clientBusy: 0.97, withoutRetryAfter: 3 };
  expect(warningsOf(doubtful, scenarios.home, { ...report.client, loadBefore: 5 })).toEqual([
    expect.stringContaining('the load was 5 on 2 cores'),
    expect.stringContaining('busy for 97 %'),
    expect.stringContaining('3 responses with 429 or 503'),
  ]);
});

test('a run is compared with an earlier one of the same kind, within a tolerance', async () => {
  const slower = { ...result, rate: 120, latencyMs: { ...latency, p99: 60 } };
  const compared = compare(report, { ...report, result: slower }, 'before.json', 0.25);
  expect(compared.p99Ms).toEqual({ before: 40, now: 60, ratio: 1.5 });
  expect(compared.worse).toEqual(['The rate is 120/s; it was 190/s.', 'p99 is 60 ms; it was 40 ms.']);
  expect(compare(report, { ...report, result: slower }, 'before.json', 0.6).worse).toEqual([]);
  // Half a millisecond is not slower, whatever the ratio.
  const tiny = (p99: number) => ({ ...report, result: { ...result, latencyMs: { ...latency, p99 } } });
  expect(compare(tiny(0.3), tiny(0.8), 'before.json', 0.25).worse).toEqual([]);

  expect(() => checkComparable(report, { scenario: 'mixed', mode: 'open', rate: 200 })).not.toThrow();
  expect(() => checkComparable(report, { scenario: 'mixed', mode: 'open', rate: 100 })).toThrow(
    'the earlier run was mixed, open at 200/s, this one is mixed, open at 100/s',
  );
  expect(() => checkComparable(report, { scenario: 'home', mode: 'closed', rate: null })).toThrow();
  expect(() =>
    checkComparable({ ...report, mode: 'ramp' }, { scenario: 'mixed', mode: 'ramp', rate: 50 }),
  ).not.toThrow();

  const folder = await mkdtemp(join(tmpdir(), 'twite-bench-'));
  try {
    const file = join(folder, 'before.json');
    await writeFile(file, JSON.stringify(report));
    expect(await readReport(file)).toEqual(report);
    await writeFile(file, '{"format":2}');
    await expect(readReport(file)).rejects.toThrow('does not contain a benchmark run');
    await writeFile(file, 'rate 5');
    await expect(readReport(file)).rejects.toThrow('as JSON');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a soak compares latency and memory of its first and last quarter', () => {
  const seconds = Array.from({ length: 40 }, (_, second) => ({
    second,
    ok: 100,
    refused: 0,
    failed: 0,
    p50Ms: 2,
    p99Ms: second < 20 ? 5 : 10,
  }));
  // 1 MB a minute.
  const samples = seconds.map(({ second }) => ({ atSeconds: second * 60, bytes: 100e6 + second * 1e6 }));
  expect(driftOf(seconds, samples)).toMatchObject({
    p50Ms: { first: 2, last: 2 },
    p99Ms: { first: 5, last: 10 },
    rate: { first: 100, last: 100 },
    memory: { bytes: { first: 104e6, last: 134e6 }, bytesPerHour: 60e6 },
  });
  expect(driftOf(seconds.slice(0, 2), [])).toEqual({ p50Ms: null, p99Ms: null, rate: null, memory: null });
});

test('servers on other machines require --i-own-this-server', () => {
  for (const url of [
    'http://127.0.0.1:8080',
    'http://127.8.9.1',
    'http://[::1]:8080',
    'http://localhost',
    'http://a.localhost:1',
  ])
    expect(() => requireOwnServer(url, false)).not.toThrow();
  for (const url of [
    'https://twite.example',
    'http://10.0.0.1:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.example',
    'http://0.0.0.0:8080',
    'http://[::]:8080',
  ]) {
    expect(() => requireOwnServer(url, false), url).toThrow('--i-own-this-server');
    expect(() => requireOwnServer(url, true)).not.toThrow();
  }
});
