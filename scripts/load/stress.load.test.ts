import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadResult } from '../../packages/cli/src/bench/run-load.ts';
import { effort, isLong } from './effort.ts';
import { everything, everythingOf } from './everything-mix.ts';
import { findKnee, type Knee, type Loaded, startUnderLoad, type UnderLoad } from './under-load.ts';

/** Requests the health pages while everything else is rejected. */
function watchHealth(urls: readonly string[]) {
  const answers: { readonly url: string; readonly status: number; readonly ms: number }[] = [];
  let running = true;
  const watching = Promise.all(
    urls.map(async (url) => {
      while (running) {
        const startedAt = performance.now();
        const { status } = await fetch(url);
        answers.push({ url, status, ms: performance.now() - startedAt });
        // Like orchestrators and Prometheus, only more often: the pages cost something too.
        await wait(500);
      }
    }),
  );
  return async () => {
    running = false;
    await watching;
    return answers;
  };
}

describe('stress', () => {
  let underLoad: UnderLoad;
  let knee: Knee;
  let rssBefore = 0;
  beforeAll(async () => {
    underLoad = await startUnderLoad();
    knee = await findKnee(underLoad, everythingOf(underLoad.accounts));
    rssBefore = underLoad.server.rss();
    console.log(
      `stress: knee ${knee.rate}/s, goodput ${knee.goodput.toFixed(0)}/s, p99 ${knee.p99Ms} ms, RSS ${rssBefore.toFixed(0)} MB`,
    );
  }, 600_000);
  afterAll(() => underLoad?.[Symbol.asyncDispose]());

  const okShare = ({ operations }: LoadResult, priority: string): number => {
    const own = Object.entries(everything).filter(([, { priority: its }]) => its === priority);
    const counts = own.map(([name]) => operations[name] ?? { ok: 0, requests: 0 });
    return (
      counts.reduce((sum, { ok }) => sum + ok, 0) / counts.reduce((sum, { requests }) => sum + requests, 0)
    );
  };

  /**
   * The remaining share of the peak: of the goodput on an otherwise idle machine, else of the yield of a second of the
   * server's CPU time.
   */
  const leftOf = ({ rate, okPerCpuSecond }: Loaded): number =>
    isLong ? rate / knee.goodput : okPerCpuSecond / knee.okPerCpuSecond;

  const print = (times: number, result: Loaded): void => {
    const shares = ['low', 'normal', 'high'].map(
      (priority) => `${priority} ${okShare(result, priority).toFixed(2)}`,
    );
    console.log(
      `stress: ${times} × the knee: goodput ${result.rate.toFixed(0)}/s, ${(result.rate / knee.goodput).toFixed(2)} of the peak, ${(result.okPerCpuSecond / knee.okPerCpuSecond).toFixed(2)} by CPU time; ` +
        `answered by priority: ${shares.join(', ')}; p99 ${result.latencyMs?.p99} ms; ${JSON.stringify(result.statuses)} ` +
        `${JSON.stringify(result.unanswered)}; sent ${result.sendDelayMs?.p99} ms late (p99); load ${(result.clientBusy * 100).toFixed(0)} % busy; ` +
        `RSS ${underLoad.server.rss().toFixed(0)} MB`,
    );
  };

  test.each([3, 10] as const)(
    'at %i times the knee the server answers about as much as at it, and refuses the rest',
    async (times) => {
      const { load, accounts, server, metricsUrl } = underLoad;
      const stopWatching = watchHealth([
        `${server.url}/livez`,
        `${server.url}/readyz`,
        `${metricsUrl}/metrics`,
      ]);
      const result = await load(everythingOf(accounts), effort.stressSeconds, knee.rate * times);
      const health = await stopWatching();
      print(times, result);
      expect(leftOf(result)).toBeGreaterThanOrEqual(effort.goodputMin[times]);
      expect(Object.keys(result.statuses).filter((status) => !/^(200|201|429|503)$/.test(status))).toEqual(
        [],
      );
      expect(result.withoutRetryAfter).toBe(0);
      const unanswered = Object.values(result.unanswered).reduce((sum, count) => sum + count, 0);
      // A load generator that cannot keep up sends some requests too late to get an answer; the server loses none.
      const keptUp = (result.sendDelayMs?.p99 ?? 0) < 1_000;
      if (keptUp) expect(unanswered).toBeLessThanOrEqual(result.requests * 0.001);
      // Chance may make it slightly less than the other; requests sent too late may be of any priority.
      const chance = keptUp ? 0.02 : 0.02 + unanswered / result.requests;
      expect(okShare(result, 'high')).toBeGreaterThanOrEqual(okShare(result, 'normal') - chance);
      expect(okShare(result, 'normal')).toBeGreaterThanOrEqual(okShare(result, 'low') - chance);
      expect(health.length).toBeGreaterThanOrEqual(3);
      expect(health.filter(({ status }) => status !== 200)).toEqual([]);
    },
  );

  test('recovers its response times and memory within ten seconds', async () => {
    const { load, accounts, server } = underLoad;
    const { perSecond } = await load(
      everythingOf(accounts),
      10,
      Math.max(1, knee.rate * effort.recoveredShare),
    );
    const recoveredAt = perSecond.findIndex(({ refused, failed }) => refused + failed === 0);
    console.log(`stress: after ${recoveredAt} s nothing is refused; RSS ${server.rss().toFixed(0)} MB`);
    expect(recoveredAt).toBeGreaterThanOrEqual(0);
    // Later failures on a busy machine need not be the server's fault.
    if (isLong) expect(perSecond.at(-1)).toMatchObject({ refused: 0, failed: 0 });
    expect(server.rss()).toBeLessThan(rssBefore * 1.5 + 100);
    const text = await (await fetch(`${underLoad.metricsUrl}/metrics`)).text();
    for (const priority of ['low', 'normal', 'high'])
      expect(text).toContain(`twite_http_requests_shed_total{priority="${priority}"}`);
    expect(Number(/shed_total\{priority="low"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
  });
});
