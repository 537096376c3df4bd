import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { freePort } from '@twite/engine-distributed/testing';
import { vi } from 'vitest';
import { readCompose } from './compose-files.ts';

const accessLog = 'access.log';
const program = process.env.TWITE_TEST_NGINX ?? 'nginx';

export const hasNginx = spawnSync(program, ['-v']).status === 0;

/** Expands the template like the image's entrypoint: only variables that begin with TWITE_. */
const fillIn = (template: string, variables: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\$\{(TWITE_\w+)\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the template names ${name}, which is not set`);
    return value;
  });

export interface CdnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `MISS`, `HIT`, …; undefined when the cache was bypassed. */
  readonly cache: string | undefined;
  readonly body: Buffer;
}

/** nginx with the configuration of the CDN, in front of an origin on this machine. */
export class RunningCdn implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  #errors = '';

  private constructor(url: string, folder: string) {
    this.url = url;
    this.#folder = folder;
    this.#process = spawn(program, ['-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']);
    for (const output of [this.#process.stdout, this.#process.stderr]) {
      output?.on('data', (data) => {
        this.#errors += data;
      });
    }
  }

  static async before(origin: string): Promise<RunningCdn> {
    const folder = mkdtempSync(join(tmpdir(), 'twite-cdn-'));
    // When started as root, its workers run as another user.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'tmp'));
    const port = await freePort();
    const template = readCompose('cdn/nginx.conf.template')
      .replaceAll(' /tmp/', ` ${folder}/tmp/`)
      // Node gives its children sockets, which cannot be opened by that name.
      .replace('/dev/stdout', join(folder, accessLog));
    const config = fillIn(template, {
      TWITE_CDN_CACHE_DIR: join(folder, 'cache'),
      TWITE_CDN_CACHE_SIZE: '100m',
      TWITE_CDN_LISTEN: `127.0.0.1:${port}`,
      TWITE_CDN_ORIGIN: origin,
      TWITE_CDN_RESOLVER: '127.0.0.1',
    });
    writeFileSync(join(folder, 'nginx.conf'), config);
    const cdn = new RunningCdn(`http://127.0.0.1:${port}`, folder);
    try {
      await vi.waitUntil(() => cdn.#answers(port), { timeout: 30_000, interval: 50 });
      return cdn;
    } catch (error) {
      await cdn[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #answers(port: number): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error(`nginx ended: ${this.#errors}`);
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  /** Sends the path unchanged: fetch would normalize it. */
  async ask(
    path: string,
    { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<CdnAnswer> {
    const { hostname, port } = new URL(this.url);
    const sent = request({ hostname, port, path, method, headers, agent: false }).end();
    const [response] = await once(sent, 'response');
    const { statusCode, headers: told } = response as IncomingMessage;
    return {
      status: statusCode as number,
      headers: told as Record<string, string>,
      cache: told['x-cache'] as string | undefined,
      body: await buffer(response),
    };
  }

  /** The access log. */
  get log(): string {
    return readFileSync(join(this.#folder, accessLog), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}
