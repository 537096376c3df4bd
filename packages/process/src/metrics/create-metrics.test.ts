import { describe, expect, test } from 'vitest';
import { createMetrics } from './create-metrics.ts';
import { metricCatalogue, runtimeMetrics } from './metric-catalogue.ts';

const create = () => createMetrics({ role: 'server' });

const seriesOf = (text: string, name: string): string[] =>
  text.split('\n').filter((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));

test('counters and histograms add up by their labels', async () => {
  const metrics = create();
  const handled = metrics.counter('twite_queue_handled_total');
  handled({ queue: 'fanOut', outcome: 'handled' });
  handled({ queue: 'fanOut', outcome: 'handled' }, 2);
  handled({ queue: 'graph', outcome: 'parked' });
  const took = metrics.histogram('twite_queue_handle_duration_seconds');
  took({ queue: 'fanOut' }, 0.01);
  took({ queue: 'fanOut' }, 500);
  const text = await metrics.render();
  expect(seriesOf(text, 'twite_queue_handled_total')).toEqual([
    'twite_queue_handled_total{queue="fanOut",outcome="handled"} 3',
    'twite_queue_handled_total{queue="graph",outcome="parked"} 1',
  ]);
  expect(text).toContain('# TYPE twite_queue_handle_duration_seconds histogram\n');
  const buckets = seriesOf(text, 'twite_queue_handle_duration_seconds_bucket');
  // A bound belongs to its bucket; values above all bounds are in the last one.
  expect(buckets).toContain('twite_queue_handle_duration_seconds_bucket{queue="fanOut",le="0.005"} 0');
  expect(buckets).toContain('twite_queue_handle_duration_seconds_bucket{queue="fanOut",le="0.01"} 1');
  expect(buckets).toContain('twite_queue_handle_duration_seconds_bucket{queue="fanOut",le="120"} 1');
  expect(buckets.at(-1)).toBe('twite_queue_handle_duration_seconds_bucket{queue="fanOut",le="+Inf"} 2');
  expect(text).toContain('twite_queue_handle_duration_seconds_sum{queue="fanOut"} 500.01\n');
  expect(text).toContain('twite_queue_handle_duration_seconds_count{queue="fanOut"} 2\n');
});

test('requesting an instrument again returns the same one', async () => {
  const metrics = create();
  metrics.counter('twite_timeline_pushes_total')({}, 2);
  metrics.counter('twite_timeline_pushes_total')({}, 3);
  expect(await metrics.render()).toContain('twite_timeline_pushes_total 5\n');
});

test('values that are not in the table are reported as other', async () => {
  const metrics = create();
  const calls = metrics.histogram('twite_dependency_call_duration_seconds');
  for (let n = 0; n < 1_000; n += 1) calls({ dependency: `evil"${n}\n`, outcome: 'answered' }, 1);
  metrics.observe(() => 1, {
    twite_dependency_up: (up) => [
      [{ dependency: 'evil' }, 0],
      [{ dependency: 'redis' }, up],
    ],
  });
  const text = await metrics.render();
  expect(text).not.toContain('evil');
  expect(seriesOf(text, 'twite_dependency_call_duration_seconds_count')).toEqual([
    'twite_dependency_call_duration_seconds_count{dependency="other",outcome="answered"} 1000',
  ]);
  expect(seriesOf(text, 'twite_dependency_up')).toEqual([
    'twite_dependency_up{dependency="other"} 0',
    'twite_dependency_up{dependency="redis"} 1',
  ]);
});

test('counters without labels or with few series exist from the start', async () => {
  const metrics = create();
  metrics.counter('twite_timeline_pushes_total');
  metrics.counter('twite_rate_limited_total');
  const text = await metrics.render();
  expect(text).toContain('twite_timeline_pushes_total 0\n');
  expect(text).toContain('twite_rate_limited_total{policy="signIn"} 0\n');
});

describe('what is kept elsewhere', () => {
  test('is queried once per scrape, even with concurrent scrapes', async () => {
    const metrics = create();
    let asked = 0;
    metrics.observe(
      () => {
        asked += 1;
        return asked;
      },
      { twite_relay_lag_seconds: (lag) => lag, twite_machine_lease_held: () => 1 },
    );
    const [text, same] = await Promise.all([metrics.render(), metrics.render()]);
    expect(same).toBe(text);
    expect(text).toContain('twite_relay_lag_seconds 1\n');
    expect(text).toContain('twite_machine_lease_held 1\n');
    expect(await metrics.render()).toContain('twite_relay_lag_seconds 2\n');
  });

  test('of several sources is one metric', async () => {
    const metrics = create();
    for (const pool of ['passwords', 'media'])
      metrics.observe(() => 1, { twite_pool_processes: (count) => [[{ pool }, count]] });
    const text = await metrics.render();
    expect(text.match(/# TYPE twite_pool_processes gauge/g)).toHaveLength(1);
    expect(seriesOf(text, 'twite_pool_processes')).toHaveLength(2);
  });

  test('is left out while its source fails or hangs', async () => {
    const metrics = create();
    let isAway = true;
    metrics.observe(
      async () => {
        if (isAway) throw new Error('away');
        return 1;
      },
      { twite_relay_lag_seconds: (lag) => lag },
    );
    metrics.observe(() => new Promise<number>(() => {}), {
      twite_cache_bus_failures_total: (count) => count,
    });
    const text = await metrics.render();
    expect(text).not.toMatch(/twite_relay_lag_seconds|twite_cache_bus/);
    expect(text).toContain('twite_build_info{');
    isAway = false;
    expect(await metrics.render()).toContain('twite_relay_lag_seconds 1\n');
  });
});

test('all documented runtime metrics exist', async () => {
  const text = await create().render();
  for (const name of Object.keys(runtimeMetrics)) expect(text).toContain(`# TYPE ${name} `);
  expect(text).toMatch(/twite_build_info\{version="[^"]+",role="server"\} 1\n/);
  expect(text).toMatch(/twite_event_loop_active_seconds_total [\d.]+\n/);
});

test('names end with their unit, as Prometheus recommends', () => {
  for (const [name, { type, unit }] of Object.entries(metricCatalogue)) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    for (const base of ['seconds', 'bytes'])
      if (unit === base) expect(name.replace(/_total$/, '').endsWith(`_${base}`), name).toBe(true);
  }
});
