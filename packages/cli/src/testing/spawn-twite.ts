import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: the same type as JSON.parse returns
  json(): any;
  /** Standard error of a failed command with --json, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: the same type as JSON.parse returns
  problem(): any;
}

export interface SpawnOptions {
  /** Created by `prepareRoot`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string;
}

const entry = fileURLToPath(new URL('./run-prepared.ts', import.meta.url));

/** Runs the command line as a separate process, from source. */
export async function spawnTwite(
  args: readonly string[],
  { root, env, input = '' }: SpawnOptions,
): Promise<Outcome> {
  const child = spawn(process.execPath, ['--conditions=twite-source', entry, root, ...args], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return {
    exitCode,
    stdout,
    stderr,
    json() {
      return JSON.parse(stdout);
    },
    problem() {
      return JSON.parse(stderr);
    },
  };
}
