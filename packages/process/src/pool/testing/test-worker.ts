import { getPriority } from 'node:os';
import { prepareChild } from '@twite/process/pool/prepare-child';

/** What a process of the tests can be asked to do. */
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
  readonly priority: number;
  readonly env: readonly string[];
}

prepareChild();

// Fills heap or buffers without ever returning to the event loop.
const fill = (make: () => unknown): never => {
  const held: unknown[] = [];
  for (;;) held.push(make());
};

export default function perform(task: TestTask): Description | Promise<never> {
  switch (task.do) {
    case 'describe':
      return { pid: process.pid, priority: getPriority(), env: Object.keys(process.env) };
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
