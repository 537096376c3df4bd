import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { composeFolder } from './compose-files.ts';

const execute = promisify(execFile);

/** The command that gives this machine a Docker with the images of a compose file: `TWITE_TEST_LAB`. */
export const labCommand = process.env.TWITE_TEST_LAB;

/**
 * Provides Docker and every image of the compose file: takes minutes on a new machine. Waits for another run that does
 * the same.
 */
export async function prepareImages(file: string): Promise<void> {
  const command = [labCommand as string, 'images', join(composeFolder, file)];
  const lock = process.env.TWITE_TEST_LAB_LOCK ?? join(tmpdir(), 'twite-lab.lock');
  await run('flock', [lock, ...command]);
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command. Throws with its output when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  {
    env = {},
    input,
    timeoutMs = 0,
  }: { env?: Readonly<Record<string, string>>; input?: string; timeoutMs?: number } = {},
): Promise<Output> {
  const running = execute(command, [...args], {
    env: { ...process.env, ...env },
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    cwd: join(composeFolder, '..'),
  });
  if (input !== undefined) running.child.stdin?.end(input);
  return await running;
}

export interface Container {
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
}

/** An instance run by compose, with its own project and port. */
export class Instance {
  readonly project: string;
  readonly url: string;
  readonly #files: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    project: string,
    port: number,
    {
      files = ['compose.yaml'],
      env = {},
    }: { files?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
  ) {
    this.project = project;
    this.url = `http://127.0.0.1:${port}`;
    this.#files = files.flatMap((file) => ['-f', join(composeFolder, file)]);
    this.#env = { COMPOSE_PROJECT_NAME: project, TWITE_PORT: String(port), ...env };
  }

  /** Runs `docker compose …` on this instance. */
  compose(args: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<Output> {
    return run('docker', ['compose', '--progress', 'quiet', ...this.#files, ...args], {
      env: this.#env,
      ...options,
    });
  }

  /** Starts everything, and resolves when it is healthy. */
  async up(...args: string[]): Promise<void> {
    try {
      await this.compose(['up', '-d', '--wait', ...args]);
    } catch (error) {
      const { stdout } = await this.compose(['logs', '--tail', '30']);
      throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
    }
  }

  async containers(...services: string[]): Promise<Container[]> {
    const { stdout } = await this.compose(['ps', '--all', '--format', 'json', ...services]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Container);
  }

  /** Removes the containers and networks; data stays. */
  async down(): Promise<void> {
    await this.#remove(['down']);
  }

  /** Removes everything, including data. */
  async erase(): Promise<void> {
    await this.#remove(['--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '20']);
  }

  /**
   * Docker sometimes keeps the endpoint of a removed container, or deadlocks over its networks, until its daemon
   * restarts (moby/moby#42119). The daemon is restarted then, and the command retried.
   */
  async #remove(args: readonly string[]): Promise<void> {
    try {
      await this.compose(args, { timeoutMs: 150_000 });
    } catch (error) {
      const { message, killed } = error as Error & { readonly killed?: boolean };
      if (killed !== true && !message.includes('has active endpoints')) throw error;
      console.warn(`Docker is restarted: ${message}`);
      await run(labCommand as string, ['stop']);
      await prepareImages('compose.yaml');
      await this.compose(args);
    }
  }
}

export const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout;
