import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ownEntry = join(import.meta.dirname, 'run-process.ts');
/** Compiled once for all processes: half the cost of a start. */
const compileCache = join(tmpdir(), 'twite-compile-cache');

/** A Twite process started for a test. */
export interface Running {
  readonly pid: number;
  /** Lines of its log and of its output. */
  readonly lines: readonly string[];
  /** Lines on its stdout. */
  readonly output: readonly string[];
  /** Resolves with the first matching line, past or future. Rejects when the process exits without one. */
  told(pattern: RegExp): Promise<RegExpExecArray>;
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  readonly ended: Promise<number | null>;
}

/** Starts processes, and stops the remaining ones. */
export interface Processes extends AsyncDisposable {
  /** Processes that exited although nobody sent them a signal, with their last lines. */
  endedAlone(): readonly string[];
  start(role: 'server' | 'worker' | 'relay', ...args: string[]): Running;
}

/** `entry`: the program of another release. */
export function startProcesses(
  environment: Readonly<Record<string, string>>,
  entry: string = ownEntry,
): Processes {
  const children = new Set<Running>();
  const endedAlone: string[] = [];
  return {
    endedAlone: () => endedAlone,
    start(role, ...args) {
      const child = spawn(process.execPath, ['--conditions=twite-source', entry, role, ...args], {
        env: {
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: compileCache,
          // Other tests start many processes at once: the machine is overloaded, not the server.
          TWITE_SHED_DELAY_MS: 'off',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const running = runningOf(child, [role, ...args, child.pid].join(' '));
      children.add(running);
      running.ended.then(() => {
        if (child.signalCode === null && child.exitCode !== 0)
          endedAlone.push(`${role}: ${running.lines.slice(-5).join('\n')}`);
      });
      return running;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.signal('SIGKILL');
      await Promise.all([...children].map(({ ended }) => ended));
    },
  };
}

function runningOf(child: ChildProcess, name: string): Running {
  const lines: string[] = [];
  const output: string[] = [];
  const waiting = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (stream === child.stdout) output.push(line);
      if (process.env.TWITE_FAULT_LOGS)
        appendFileSync(join(process.env.TWITE_FAULT_LOGS, name.replaceAll(/\W+/g, '-')), `${line}\n`);
      for (const told of waiting) told(line);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    lines,
    output,
    ended,
    signal: (signal) => void child.kill(signal),
    told(pattern) {
      const found = Promise.withResolvers<RegExpExecArray>();
      const look = (line: string) => {
        const match = pattern.exec(line);
        if (match !== null) found.resolve(match);
      };
      waiting.add(look);
      for (const line of lines) look(line);
      ended.then(() => found.reject(new Error(`${name} ended: ${lines.slice(-5).join('\n')}`)));
      return found.promise.finally(() => waiting.delete(look));
    },
  };
}
