import { closeSync, openSync } from 'node:fs';
import { createTestPool } from './test-pool.ts';

/** A process with a pool, for tests that cannot run in the test's own process. Prints one line of JSON. */
const print = (value: unknown): void => console.log(JSON.stringify(value));

const codesOf = async (tasks: readonly Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(tasks)).map((result) =>
    result.status === 'rejected' ? (result.reason.code ?? result.reason.message) : 'done',
  );

const describe = { do: 'describe' } as const;

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  async noDescriptorsLeft() {
    const pool = createTestPool({ concurrency: 2 });
    const taken: number[] = [];
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'));
    } catch {
      // That was the last one.
    }
    const during = await codesOf(Array.from({ length: 5 }, () => pool.run(describe)));
    for (const descriptor of taken) closeSync(descriptor);
    print({ during, after: await codesOf([pool.run(describe)]) });
  },
  async noSuchExecutable() {
    const pool = createTestPool({ concurrency: 2 });
    const { execPath } = process;
    process.execPath = '/no/such/node';
    const during = await codesOf(Array.from({ length: 5 }, () => pool.run(describe)));
    process.execPath = execPath;
    print({ during, after: await codesOf([pool.run(describe)]) });
  },
  async hangs() {
    const pool = createTestPool();
    const { pid } = await pool.run(describe);
    void pool.run({ do: 'hang' });
    print({ pid });
  },
};

await scenes[process.argv[2] as string]?.();
