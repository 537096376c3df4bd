import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';
import { requestsOf, scenarios } from './scenarios.ts';
import { socialGraph } from './social-graph.ts';

test('a graph is connected, without loops or duplicates, and has a few people with many followers', () => {
  const { nodes, edges } = socialGraph(300, 10, seededRandom(1));
  expect(nodes).toHaveLength(300);
  expect(edges).toEqual(socialGraph(300, 10, seededRandom(1)).edges);
  expect(new Set(edges.map((edge) => edge.join(' '))).size).toBe(edges.length);
  const degrees = nodes.map(() => 0);
  for (const [a, b] of edges) {
    expect(a).toBeLessThan(b);
    degrees[a] = (degrees[a] ?? 0) + 1;
    degrees[b] = (degrees[b] ?? 0) + 1;
  }
  const sorted = degrees.toSorted((a, b) => a - b);
  expect(sorted[0]).toBeGreaterThanOrEqual(1);
  expect(sorted.at(-1)).toBeGreaterThan(3 * (sorted[150] ?? 0));
  expect(socialGraph(2, 10, seededRandom(1)).edges).toEqual([[0, 1]]);
});

test('the mix of a scenario matches its row, over all accounts', () => {
  const people = Array.from({ length: 30 }, (_, at) => ({ accountId: `id${at}`, token: () => `token${at}` }));
  const next = requestsOf(scenarios.mixed, { people, pictures: [] });
  const requests = Array.from({ length: 5_000 }, next);
  const share = (operation: string) =>
    requests.filter((one) => one.operation === operation).length / requests.length;
  expect(share('home')).toBeCloseTo(0.6, 1);
  expect(share('profile')).toBeCloseTo(0.3, 1);
  expect(share('post')).toBeCloseTo(0.1, 1);
  expect(new Set(requests.map(({ headers }) => headers.authorization)).size).toBe(30);
});
