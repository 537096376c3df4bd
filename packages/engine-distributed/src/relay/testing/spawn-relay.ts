import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RelayProcessOptions } from './relay-process.ts';

export interface RelayProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves with the signal that killed it. */
  readonly ended: Promise<string>;
  kill(): Promise<void>;
}

/** Resolves when it relays or stands by. */
export async function spawnRelay(options: RelayProcessOptions): Promise<RelayProcess> {
  const child = fork(new URL('./relay-process.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--conditions=twite-source'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const placed = once(child, 'message').then(() => 'placed');
  const first = await Promise.race([placed, ended]);
  if (first !== 'placed') throw new Error(`the relay's process ended: ${first}`);
  return { child, ended, kill, [Symbol.asyncDispose]: kill };
}
