import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricCatalogue, runtimeMetrics } from './metric-catalogue.ts';
import { metricsPage } from './metrics-page.ts';

test('docs/operations/metrics.md is up to date; otherwise run npm run generate', () => {
  const page = new URL('../../../../docs/operations/metrics.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(metricsPage());
});

test('the page has one row for each metric', () => {
  const rows = metricsPage().split('\n');
  for (const name of [...Object.keys(metricCatalogue), ...Object.keys(runtimeMetrics)]) {
    const own = rows.filter((row) => row.startsWith(`| \`${name}\` |`) && !/\| [\d., ]+ \|$/.test(row));
    expect(own, name).toHaveLength(1);
  }
});
