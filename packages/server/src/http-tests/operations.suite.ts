import type { OperationId, Status } from '@twite/contract';
import { expect, test } from 'vitest';
import type { Request } from './client.ts';
import { join } from './people.ts';
import { suite, type World } from './suite.ts';

async function joinAsAdmin({ call, server }: World) {
  const admin = await join(call, 'boss');
  await server.grantAdmin(admin.handle);
  return admin;
}

const onJobs = { path: { queue: 'jobs.reconcile' } };
const asked: readonly (readonly [OperationId, Request])[] = [
  ['getStatus', {}],
  ['listQueues', {}],
  ['listParkedMessages', onJobs],
  ['replayParkedMessages', { ...onJobs, body: {} }],
  ['dropParkedMessages', { ...onJobs, body: {} }],
];

export const operations = suite('operations', (world, insideTest) => {
  test('are for admins only', async () => {
    const { call } = world();
    const [boss, mod] = [await joinAsAdmin(world()), await join(call, 'mod')];
    const path = { accountId: mod.accountId };
    await call('setRole', { token: boss.token, path, body: { role: 'moderator' } });
    for (const [operationId, request] of asked) {
      expect((await call(operationId, request)).body.code).toBe('unauthenticated');
      const byModerator = await call(operationId, { ...request, token: mod.token });
      expect(byModerator.body.code).toBe('insufficient_role');
      expect((await call(operationId, { ...request, token: boss.token })).status).toBe(200);
    }
  });

  test('the status shows dependencies, queues and that nothing is degraded', async () => {
    const { call, server } = world();
    const { token } = await joinAsAdmin(world());
    await server.settled();
    const { body } = await call('getStatus', { token });
    const instance = await call('getInstance');
    expect(body.version).toBe(instance.body.version);
    expect(body.dependencies.length).toBeGreaterThan(0);
    for (const dependency of body.dependencies)
      expect(dependency).toMatchObject({ state: 'up', degraded: null });
    expect(body.degraded).toEqual([]);
    const processes = body.processes as Status['processes'];
    expect(processes.filter(({ version }) => version !== body.version)).toEqual([]);
    expect(new Set(processes.flatMap(({ services }) => services))).toEqual(
      new Set(['posts', 'social', 'profile']),
    );
    const namesIn = (dependencies: Status['dependencies']) => dependencies.map(({ name }) => name);
    expect(new Set(processes.flatMap(({ dependencies }) => namesIn(dependencies)))).toEqual(
      new Set(namesIn(body.dependencies)),
    );
    const names = body.queues.map(({ queue }: { queue: string }) => queue);
    expect(names).toEqual(expect.arrayContaining(['fanOut', 'searchIndex', 'upkeep', 'jobs.reconcile']));
    const queues = await call('listQueues', { token });
    expect(queues.body.items.map(({ queue }: { queue: string }) => queue)).toEqual(names);
  });

  insideTest('the status of a server that does everything is that of its one process', async () => {
    const { token } = await joinAsAdmin(world());
    const { body } = await world().call('getStatus', { token });
    expect(body.processes).toMatchObject([
      {
        role: 'all',
        version: body.version,
        services: ['posts', 'social', 'profile'],
        dependencies: body.dependencies,
      },
    ]);
  });

  insideTest('what was parked is listed, replayed and dropped, and the log says by whom', async () => {
    const { call, server } = world();
    const { token, handle } = await joinAsAdmin(world());
    for (let i = 0; i < 3; i++) await server.enqueueNonsense();
    await server.settled();
    const parkedCount = async () => {
      const { body } = await call('listQueues', { token });
      return body.items.find(({ queue }: { queue: string }) => queue === 'jobs.reconcile').parked;
    };
    expect(await parkedCount()).toBe(3);
    const first = await call('listParkedMessages', { ...onJobs, token, query: { limit: 2 } });
    expect(first.body.items).toHaveLength(2);
    expect(first.body.items[0]).toMatchObject({
      queue: 'jobs.reconcile',
      error: expect.stringContaining('Gold'),
    });
    const rest = await call('listParkedMessages', {
      ...onJobs,
      token,
      query: { cursor: first.body.nextCursor },
    });
    expect([rest.body.items.length, rest.body.nextCursor]).toEqual([1, null]);

    const messageIds = [first.body.items[0].messageId];
    const replayed = await call('replayParkedMessages', { ...onJobs, token, body: { messageIds } });
    expect(replayed.body).toEqual({ count: 1 });
    const again = await call('replayParkedMessages', { ...onJobs, token, body: { messageIds } });
    expect(again.body).toEqual({ count: 0 });
    await server.settled();
    // It failed again.
    expect(await parkedCount()).toBe(3);
    const dropOne = { ...onJobs, token, body: { messageIds: [rest.body.items[0].messageId] } };
    expect((await call('dropParkedMessages', dropOne)).body).toEqual({ count: 1 });
    expect((await call('dropParkedMessages', { ...onJobs, token, body: {} })).body).toEqual({ count: 2 });
    expect(await parkedCount()).toBe(0);

    const log = await call('listAuditLog', { token, query: { limit: 3 } });
    const entry = { subjectId: 'jobs.reconcile', actor: { handle } };
    expect(log.body.items).toMatchObject([
      { ...entry, action: 'messages_dropped', detail: '2 messages' },
      { ...entry, action: 'messages_dropped', detail: '1 message' },
      { ...entry, action: 'messages_replayed', detail: '1 message' },
    ]);
  });

  test('an unknown queue and an invalid selection are reported', async () => {
    const { call } = world();
    const { token } = await joinAsAdmin(world());
    const path = { queue: 'nothing' };
    expect((await call('listParkedMessages', { token, path })).body.code).toBe('queue_not_found');
    for (const operationId of ['replayParkedMessages', 'dropParkedMessages'] as const) {
      expect((await call(operationId, { token, path, body: {} })).body.code).toBe('queue_not_found');
      for (const body of [
        { messageIds: [] },
        { messageIds: Array(101).fill('1') },
        { messageIds: 'all' },
        { messageIds: ['not an id'] },
        undefined,
      ]) {
        expect((await call(operationId, { ...onJobs, token, body })).body.code).toBe('invalid_input');
      }
    }
  });
});
