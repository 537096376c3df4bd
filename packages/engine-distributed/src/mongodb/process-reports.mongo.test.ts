import type { DependencyStatus, ProcessDescription } from '@twite/core/admin/engine-status';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaseProcess, type ProcessLease } from './process-lease.ts';
import { readOtherProcesses, startReporting } from './process-reports.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';

const up: DependencyStatus = { name: 'objects', state: 'up', primary: false, latencyMs: 3, degraded: null };
const down: DependencyStatus = { ...up, state: 'down', latencyMs: null, degraded: 'Uploads are refused.' };

const description: ProcessDescription = {
  role: 'worker',
  version: '1.2.3',
  host: 'worker-1:42',
  services: [],
  consumers: ['fanOut'],
  startedAt: 1_700_000_000_000,
};

describe.runIf(mongoUrl)('reports of processes (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  let resources: AsyncDisposableStack;
  beforeEach(async () => {
    mongo = await openTestMongo();
    resources = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await resources.disposeAsync();
    await mongo[Symbol.asyncDispose]();
  });

  const lease = async (): Promise<ProcessLease> =>
    // Renewed at once when urgent, and otherwise never within a test.
    resources.use(
      await leaseProcess(mongo.context.collections, () => {}, { leaseMs: 60_000, renewMs: 50_000 }),
    );
  const read = (reader = 'somebody', now = Date.now()) =>
    readOtherProcesses(mongo.context.collections, reader, now);

  it('exist as soon as a process has checked its dependencies', async () => {
    const reporting = await lease();
    expect(await read()).toEqual([]);
    resources.use(startReporting(reporting, description, async () => [up]));
    await expect
      .poll(() => read())
      .toMatchObject([{ ...description, processId: reporting.processId, dependencies: [up] }]);
    const [report] = await read();
    expect(Date.now() - (report?.reportedAt ?? 0)).toBeLessThan(60_000);
    expect(await read(reporting.processId)).toEqual([]);
  });

  it('are written with each renewal, and immediately when urgent', async () => {
    const patient = await lease();
    const at = (seconds: number, dependencies: DependencyStatus[]) => ({
      ...description,
      startedAt: new Date(description.startedAt),
      reportedAt: new Date(1_800_000_000_000 + seconds * 1000),
      dependencies,
    });
    patient.report(at(1, [up]), { urgent: true });
    await expect.poll(() => read()).toMatchObject([{ reportedAt: 1_800_000_001_000 }]);
    patient.report(at(2, [up]));
    patient.report(at(3, [down]), { urgent: true });
    await expect.poll(() => read()).toMatchObject([{ reportedAt: 1_800_000_003_000, dependencies: [down] }]);

    const renewing = resources.use(
      await leaseProcess(mongo.context.collections, () => {}, { leaseMs: 60_000, renewMs: 10 }),
    );
    renewing.report(at(4, [up]));
    await expect.poll(async () => (await read(patient.processId)).length).toBe(1);
  });

  it('end with the lease of their process, and with the process', async () => {
    const ending = await lease();
    const staying = await lease();
    for (const each of [ending, staying])
      startReporting(each, description, async () => [up])[Symbol.dispose]();
    await expect.poll(async () => (await read()).length).toBe(2);
    expect(await read('somebody', Date.now() + 61_000)).toEqual([]);
    await ending[Symbol.asyncDispose]();
    expect((await read()).map(({ processId }) => processId)).toEqual([staying.processId]);
  });

  it('of the previous holder of a number disappear when another process takes it', async () => {
    const { processes } = mongo.context.collections;
    const first = await lease();
    startReporting(first, description, async () => [up])[Symbol.dispose]();
    await expect.poll(async () => (await read()).length).toBe(1);
    await processes.insertMany(
      Array.from({ length: 1024 }, (_, _id) => _id)
        .filter((_id) => _id !== first.machine)
        .map((_id) => ({
          _id,
          processId: `other-${_id}`,
          host: 'other:1',
          expiresAt: new Date(Date.now() + 60_000),
        })),
    );
    await processes.updateOne({ _id: first.machine }, { $set: { expiresAt: new Date(0) } });
    const second = await lease();
    expect(second.machine).toBe(first.machine);
    expect(await read()).toEqual([]);
  });
});
