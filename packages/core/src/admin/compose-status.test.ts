import { describe, expect, test } from 'vitest';
import { composeStatus, type OwnProcess } from './compose-status.ts';
import type { DependencyStatus, EngineStatus, ProcessStatus } from './engine-status.ts';

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
  otherProcesses: [],
};
const now = 1_800_000_000_000;
const own: OwnProcess = {
  processId: 'own',
  role: 'server',
  version: '1.0.0',
  host: 'here:1',
  services: ['profile'],
  consumers: [],
  startedAt: now - 60_000,
};
const queues = [{ queue: 'fanOut', workers: 1, waiting: 2, oldestMs: 40, parked: 1 }];
const states = queues.map((queue) => ({ ...queue, inFlight: 1 }));

test('a healthy instance reports everything, and nothing is degraded', () => {
  expect(composeStatus(well, states, own, now)).toEqual({
    engine: 'distributed',
    version: '1.0.0',
    dependencies: [mongodb],
    relay: { leader: 'process-1', lagMs: 12 },
    queues,
    processes: [
      {
        ...own,
        startedAt: new Date(now - 60_000).toISOString(),
        reportedAt: new Date(now).toISOString(),
        dependencies: [mongodb],
      },
    ],
    degraded: [],
  });
  const embedded = { engine: 'embedded', dependencies: [], relay: null, otherProcesses: [] } as const;
  expect(composeStatus(embedded, [], own, now).degraded).toEqual([]);
});

test('a queue without workers is reported once messages wait in it', () => {
  const idle = { queue: 'graph', workers: 0, waiting: 0, inFlight: 0, oldestMs: null, parked: 0 };
  expect(composeStatus(well, [idle], own, now).degraded).toEqual([]);
  expect(composeStatus(well, [{ ...idle, waiting: 3 }], own, now).degraded).toEqual([
    'No worker handles graph, and 3 messages are waiting. Start a worker.',
  ]);
});

test('unavailable parts are described in words', () => {
  const relay = { leader: null, lagMs: null };
  const away = { ...well, dependencies: [mongodb, neo4j], relay, otherProcesses: undefined };
  const status = composeStatus(away, undefined, own, now);
  expect(status.queues).toEqual([]);
  expect(status.degraded).toEqual([
    'Recommendations come from the primary store.',
    expect.stringContaining('No relay is running'),
    expect.stringContaining('state of the queues is unavailable'),
    expect.stringContaining('reports of other processes are unavailable'),
  ]);
});

describe('what other processes reported', () => {
  const objects: DependencyStatus = {
    name: 'objects',
    state: 'up',
    primary: false,
    latencyMs: 4,
    degraded: null,
  };
  const objectsDown: DependencyStatus = {
    ...objects,
    state: 'down',
    latencyMs: null,
    degraded: 'Uploads are refused.',
  };
  const report = (host: string, more: Partial<ProcessStatus> = {}): ProcessStatus => ({
    ...own,
    processId: host,
    host,
    services: ['posts'],
    reportedAt: now - 4_000,
    dependencies: [mongodb, objects],
    ...more,
  });
  const statusOf = (otherProcesses: readonly ProcessStatus[], dependencies = [neo4j]) =>
    composeStatus({ ...well, dependencies, otherProcesses }, states, own, now);

  test('adds the dependencies that only they use, in the order of all', () => {
    const { dependencies } = statusOf([
      report('a:1'),
      report('b:1', { dependencies: [{ ...objects, latencyMs: 9 }] }),
    ]);
    expect(dependencies).toEqual([mongodb, neo4j, { ...objects, latencyMs: 9 }]);
  });

  test('a dependency that any process cannot reach is not up, and the processes are named', () => {
    const down = report('b:1', { role: 'worker', dependencies: [objectsDown] });
    expect(statusOf([report('a:1'), down], []).dependencies).toEqual([mongodb, objectsDown]);
    expect(statusOf([report('a:1'), down], []).degraded).toEqual([
      'Uploads are refused. Only 1 of 2 processes see this: worker b:1.',
    ]);
    expect(statusOf([down], []).degraded).toEqual(['Uploads are refused.']);
    const many = Array.from({ length: 5 }, (_, index) =>
      report(`c${index}:1`, { dependencies: [objectsDown] }),
    );
    expect(statusOf([report('a:1'), ...many], []).degraded).toEqual([
      'Uploads are refused. Only 5 of 6 processes see this: server c0:1, server c1:1, server c2:1, others.',
    ]);
  });

  test('problems of this server come first, and its own view does not hide those of others', () => {
    const open: DependencyStatus = { ...objectsDown, state: 'open' };
    const seenDown = [report('a:1', { dependencies: [objectsDown] })];
    expect(statusOf(seenDown, [open]).dependencies).toEqual([open]);
    expect(statusOf(seenDown, [objects]).dependencies).toEqual([objectsDown]);
    expect(statusOf([report('a:1')], [{ ...objects, latencyMs: 1 }]).dependencies).toContainEqual({
      ...objects,
      latencyMs: 1,
    });
  });

  test('a process that stopped reporting is listed, but does not affect the state', () => {
    const silent = report('b:1', { reportedAt: now - 26_000, dependencies: [objectsDown] });
    const status = statusOf([silent], [mongodb]);
    expect(status.dependencies).toEqual([mongodb]);
    expect(status.degraded).toEqual([]);
    expect(status.processes.map(({ host }) => host)).toEqual(['b:1', 'here:1']);
  });

  test('lists combined processes first, then servers, workers and relays, by host', () => {
    const processes = [
      report('z:1', { role: 'relay' }),
      report('y:1', { role: 'worker' }),
      report('b:1'),
      report('a:1', { role: 'worker' }),
      report('x:1', { role: 'all' }),
    ];
    expect(statusOf(processes).processes.map(({ role, host }) => `${role} ${host}`)).toEqual([
      'all x:1',
      'server b:1',
      'server here:1',
      'worker a:1',
      'worker y:1',
      'relay z:1',
    ]);
  });
});
