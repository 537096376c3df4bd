import { defaultSettings } from '@twite/core/engine';
import { hasServices, openRawServices, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startTestProcess } from './test-process.ts';

const machines = 1024;

describe.runIf(hasServices)('machine numbers of processes', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);
  const setup = () => ({ urls: testUrls(), namespace: namespaces.add(), settings: defaultSettings });

  /** Leases all numbers but some to processes elsewhere. */
  async function occupy(namespace: string, free: readonly number[]): Promise<void> {
    await using raw = openRawServices(namespace);
    const others = Array.from({ length: machines }, (_, machine) => machine).filter(
      (machine) => !free.includes(machine),
    );
    await raw.collections.processes.insertMany(
      others.map((_id) => ({
        _id,
        processId: `elsewhere-${_id}`,
        host: 'elsewhere:1',
        expiresAt: new Date(Date.now() + 600_000),
      })),
    );
  }

  it('are unique, as are ids, even if several processes start at once', async () => {
    const given = setup();
    await occupy(given.namespace, [3, 500, 1000, 1001]);
    await using processes = new AsyncDisposableStack();
    const started = await Promise.all([1, 2, 3, 4].map(() => startTestProcess(given)));
    for (const process of started) processes.use(process);
    expect(started.map(({ machine }) => machine).sort((a, b) => a - b)).toEqual([3, 500, 1000, 1001]);
    const ids = await Promise.all(started.map((process) => process.tell({ do: 'makeIds', count: 5_000 })));
    expect(new Set(ids.flatMap((made) => made.ids ?? [])).size).toBe(20_000);
  });

  it('pass to another process after a long pause, whose process generates no ids until it has a number again', async () => {
    const given = { ...setup(), machineLease: { leaseMs: 1_500, renewMs: 300 } };
    await occupy(given.namespace, [77]);
    await using paused = await startTestProcess(given);
    const { ids: before = [] } = await paused.tell({ do: 'makeIds', count: 100 });
    paused.signal('SIGSTOP');
    {
      await using raw = openRawServices(given.namespace);
      await vi.waitFor(
        async () => {
          const lease = await raw.collections.processes.findOne({ _id: 77 });
          expect(lease?.expiresAt.getTime()).toBeLessThan(Date.now());
        },
        { timeout: 10_000, interval: 50 },
      );
    }
    let after: readonly string[];
    {
      await using next = await startTestProcess(given);
      expect([paused.machine, next.machine]).toEqual([77, 77]);
      ({ ids: after = [] } = await next.tell({ do: 'makeIds', count: 100 }));
      // The first task that it finds when it continues.
      const late = paused.tell({ do: 'makeIds', count: 1 });
      paused.signal('SIGCONT');
      await expect(late).rejects.toThrow('temporarily unavailable');
      expect((before.at(-1) ?? '') < (after[0] ?? '')).toBe(true);
      next.signal('SIGKILL');
      await next.exited;
    }
    // Its lease ends, and the first process gets the number back.
    const again = await vi.waitFor(async () => (await paused.tell({ do: 'makeIds', count: 100 })).ids ?? [], {
      timeout: 20_000,
      interval: 100,
    });
    expect((after.at(-1) ?? '') < (again[0] ?? '')).toBe(true);
    expect(new Set([...before, ...after, ...again]).size).toBe(300);
  });
});
