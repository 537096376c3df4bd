import { readdir } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { prepareChild } from '@twite/process/pool/prepare-child';

/** The tasks of a test process. */
export type TestTask =
  | { readonly do: 'describe' }
  | { readonly do: 'throw'; readonly message: string }
  | { readonly do: 'exit' }
  | { readonly do: 'hang' }
  | { readonly do: 'wait' }
  | { readonly do: 'fillHeap' }
  | { readonly do: 'fillBuffers' };

export interface Description {
  readonly pid: number;
  /** One per thread, where threads have their own. */
  readonly priorities: readonly number[];
  readonly env: readonly string[];
}

prepareChild();

// Fills heap or buffers without ever returning to the event loop.
const fill = (make: () => unknown): never => {
  const held: unknown[] = [];
  for (;;) held.push(make());
};

async function describe(): Promise<Description> {
  const threads = process.platform === 'linux' ? (await readdir('/proc/self/task')).map(Number) : [0];
  return { pid: process.pid, priorities: threads.map(getPriority), env: Object.keys(process.env) };
}

export default function perform(task: TestTask): Promise<Description> {
  switch (task.do) {
    case 'describe':
      return describe();
    case 'throw':
      throw new Error(task.message);
    case 'exit':
      process.exit(3);
      break;
    case 'hang':
      for (;;);
    case 'wait':
      return new Promise(() => setInterval(() => undefined, 60_000));
    case 'fillHeap':
      return fill(() => Array.from({ length: 1_000 }, () => ({ some: Math.random() })));
    case 'fillBuffers':
      return fill(() => Buffer.alloc(1024 * 1024, 1));
  }
}
