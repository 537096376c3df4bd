import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '@twite/core/engine';
import type { ServiceUrls } from '@twite/engine-distributed';
import type { WorkName } from '../start-workers.ts';
import type { MediaScript } from './media-script.ts';

/** The setup of a process. */
export interface ProcessSetup {
  readonly urls: ServiceUrls;
  readonly namespace: string;
  readonly settings: Settings;
  /** Whether it relays, or stands by to do so. */
  readonly relay?: boolean;
  /** Defaults to the product's setting. */
  readonly machineLease?: { readonly leaseMs: number; readonly renewMs: number };
}

/** An order to a process, which answers when it is done. */
export type Order =
  /** Dies at this failpoint, counted from now on. */
  | { readonly do: 'arm'; readonly failpoint: string }
  | { readonly do: 'consume'; readonly names: readonly WorkName[] }
  | { readonly do: 'settle' }
  /** Skips the acts at positions that were answered before. */
  | { readonly do: 'perform'; readonly script: MediaScript; readonly answered: readonly number[] }
  | { readonly do: 'makeIds'; readonly count: number };

export type FromProcess =
  /** An act of a script was answered. */
  | { readonly kind: 'answered'; readonly place: number }
  | { readonly kind: 'ready'; readonly processId: string; readonly machine: number }
  | { readonly kind: 'done'; readonly error?: string; readonly ids?: readonly string[] };

/** A process of the product that a test kills, pauses and restarts. */
export interface TestProcess extends AsyncDisposable {
  readonly processId: string;
  readonly machine: number;
  /** Resolves with the signal or the exit code when it has exited. */
  readonly exited: Promise<NodeJS.Signals | number>;
  /** Positions of answered acts of the newest script. */
  readonly answered: ReadonlySet<number>;
  /** Gives one order at a time. Rejects when the process fails to execute it, or dies. */
  tell(order: Order): Promise<{ readonly ids?: readonly string[] }>;
  signal(signal: NodeJS.Signals): void;
}

const program = join(import.meta.dirname, 'run-test-process.ts');
/** Compiled once for all processes: half the cost of a start. */
const compileCache = join(tmpdir(), 'twite-compile-cache');

/** Starts a process with an open engine; it consumes nothing yet. */
export async function startTestProcess(setup: ProcessSetup): Promise<TestProcess> {
  const child = fork(program, [JSON.stringify(setup)], {
    execArgv: ['--conditions=twite-source'],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => (signal ?? code) as NodeJS.Signals | number);
  const answered = new Set<number>();
  child.on('message', (message: FromProcess) => {
    if (message.kind === 'answered') answered.add(message.place);
  });
  const ready = await answerOf(child, exited);
  if (ready.kind !== 'ready') throw new Error('the process did not say that it is ready');
  return {
    processId: ready.processId,
    machine: ready.machine,
    exited,
    answered,
    async tell(order) {
      if (order.do === 'perform') answered.clear();
      child.send(order);
      const answer = await answerOf(child, exited);
      if (answer.kind === 'done' && answer.error !== undefined) throw new Error(answer.error);
      return answer.kind === 'done' ? answer : {};
    },
    signal(signal) {
      child.kill(signal);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function answerOf(child: ChildProcess, exited: Promise<unknown>): Promise<FromProcess> {
  const died = exited.then((how) => {
    throw new Error(`the process ended (${how}) before it answered`);
  });
  died.catch(() => {});
  const answer = new Promise<FromProcess>((resolve) => {
    const look = (message: FromProcess) => {
      if (message.kind === 'answered') return;
      child.off('message', look);
      resolve(message);
    };
    child.on('message', look);
  });
  return Promise.race([answer, died]);
}

/** Keeps some processes ready, so that tests need not wait for a start. */
export function standbyProcesses(
  setup: ProcessSetup,
  count: number,
): { next(): Promise<TestProcess> } & AsyncDisposable {
  const starting: Promise<TestProcess>[] = [];
  let ended = false;
  const fill = () => {
    while (!ended && starting.length < count) {
      const start = startTestProcess(setup);
      start.catch(() => {});
      starting.push(start);
    }
  };
  fill();
  return {
    async next() {
      const started = starting.shift() ?? startTestProcess(setup);
      fill();
      return started;
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      for (const process of await Promise.allSettled(starting)) {
        if (process.status === 'fulfilled') await process.value[Symbol.asyncDispose]();
      }
    },
  };
}
