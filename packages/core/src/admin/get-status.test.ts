import { expect, test } from 'vitest';
import type { DependencyStatus, EngineStatus } from './engine-status.ts';
import { composeStatus } from './get-status.ts';

const mongodb: DependencyStatus = {
  name: 'mongodb',
  state: 'up',
  primary: true,
  latencyMs: 1,
  degraded: null,
};
const neo4j: DependencyStatus = {
  name: 'neo4j',
  state: 'open',
  primary: false,
  latencyMs: null,
  degraded: 'Recommendations come from the primary store.',
};
const well: EngineStatus = {
  engine: 'distributed',
  dependencies: [mongodb],
  relay: { leader: 'process-1', lagMs: 12 },
};
const queues = [{ queue: 'fanOut', workers: 1, waiting: 2, oldestMs: 40, parked: 1 }];
const states = queues.map((queue) => ({ ...queue, inFlight: 1 }));

test('all is told, and nothing is degraded while all is well', () => {
  expect(composeStatus(well, states, '1.0.0')).toEqual({
    engine: 'distributed',
    version: '1.0.0',
    dependencies: [mongodb],
    relay: { leader: 'process-1', lagMs: 12 },
    queues,
    degraded: [],
  });
  expect(composeStatus({ engine: 'embedded', dependencies: [], relay: null }, [], '1').degraded).toEqual([]);
});

test('a queue that nobody works on is told, once something waits in it', () => {
  const idle = { queue: 'graph', workers: 0, waiting: 0, inFlight: 0, oldestMs: null, parked: 0 };
  expect(composeStatus(well, [idle], '1').degraded).toEqual([]);
  expect(composeStatus(well, [{ ...idle, waiting: 3 }], '1').degraded).toEqual([
    'Nobody works on graph: 3 wait. Start a worker.',
  ]);
});

test('whatever is away is told in words', () => {
  const relay = { leader: null, lagMs: null };
  const status = composeStatus({ ...well, dependencies: [mongodb, neo4j], relay }, undefined, '1.0.0');
  expect(status.queues).toEqual([]);
  expect(status.degraded).toEqual([
    'Recommendations come from the primary store.',
    expect.stringContaining('No process relays'),
    expect.stringContaining('queues could not be asked'),
  ]);
});
