import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

// This benchmark can measure another checkout's build.
const root = process.env.TWITE_BENCH_ROOT ?? join(import.meta.dirname, '../..');
export const rootPath = (path: string): string => join(root, path);

// Two servers are compared on the same core, while the load comes from the others.
const pinned = (command: readonly string[]): readonly string[] =>
  process.platform === 'linux' && availableParallelism() > 1 ? ['taskset', '-c', '0', ...command] : command;

export interface StartOptions {
  /** On the first core only. */
  readonly pin?: boolean;
  readonly onLine?: (line: string) => void;
}

export interface Started extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly startMs: number;
  /** Resident memory in MB. */
  rss(): number;
}

/** The running child processes: they are ended with this process, even when it is killed by a signal. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function keep(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Starts a process and waits until it has printed an address that answers. */
export async function startProcess(
  command: readonly string[],
  env: Record<string, string>,
  { pin = false, onLine = () => undefined }: StartOptions,
): Promise<Started> {
  const started = performance.now();
  const [program = '', ...args] = pin ? pinned(command) : command;
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keep(child);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}`)));
  const readLine = (line: string): void => {
    onLine(line);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) resolve(url);
  };
  createInterface({ input: child.stdout }).on('line', readLine);
  // A server whose log is JSON prints its banner on stderr.
  createInterface({ input: child.stderr }).on('line', (line) => {
    process.stderr.write(`${line}\n`);
    readLine(line);
  });
  const url = await promise;
  await fetch(`${url}/readyz`).then((response) => response.arrayBuffer());
  return {
    url,
    pid: child.pid ?? 0,
    startMs: performance.now() - started,
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

export interface TwiteServer extends Started {
  /** The password of the demo accounts; empty when there are none. */
  readonly demoPassword: string;
}

/** The built server on the embedded engine, as run by `npm start`, with rate limits off. */
export async function startTwite(
  dataDir: string,
  {
    pin = false,
    env = {},
    root: from = root,
    demo = true,
  }: {
    readonly pin?: boolean;
    readonly env?: Record<string, string>;
    readonly root?: string;
    readonly demo?: boolean;
  } = {},
): Promise<TwiteServer> {
  let demoPassword = '';
  const server = await startProcess(
    [process.execPath, join(from, 'packages/server/dist/main/run-server.js'), ...(demo ? [] : ['--empty'])],
    {
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_DATA_DIR: dataDir,
      TWITE_RATE_LIMITS: 'off',
      TWITE_LOG_LEVEL: 'warn',
      ...env,
    },
    {
      pin,
      onLine: (line) => {
        demoPassword ||= /^\s*password:?\s+(\S+)/i.exec(line)?.[1] ?? '';
      },
    },
  );
  return { ...server, demoPassword };
}

/** Resolves when the demo in this folder has all its avatars, which the server adds next to its first answers. */
export async function demoCompleted(dataDir: string): Promise<void> {
  while (readFileSync(join(dataDir, 'demo.json'), 'utf8').includes('withoutAvatars')) await wait(50);
}

/** A bare node:http server that answers everything with these bytes. */
export const startBare = (bytesFile: string): Promise<Started> =>
  startProcess([process.execPath, rootPath('scripts/bench/bare-server.ts'), bytesFile], {}, { pin: true });

/** A bare node:http server that streams this file as every answer. */
export const startStreaming = (file: string): Promise<Started> =>
  startProcess([process.execPath, rootPath('scripts/bench/stream-server.ts'), file], {}, { pin: true });

export type Disturbance = 'signIns' | 'posts' | 'uploads';

/** Runs `disturb.ts`; disposing ends it. */
export async function startDisturbing(
  url: string,
  password: string,
  kind: Disturbance,
): Promise<AsyncDisposable> {
  const command = ['--conditions=twite-source', rootPath('scripts/bench/disturb.ts'), url, password, kind];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  keep(child);
  await once(createInterface({ input: child.stdout }), 'line');
  return { [Symbol.asyncDispose]: () => stop(child) };
}

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'twite-bench-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The duration of a command in milliseconds, as a whole process. */
export async function timeProcess(command: readonly string[]): Promise<number> {
  const started = performance.now();
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return performance.now() - started;
}
