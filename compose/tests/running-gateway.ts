import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@twite/engine-distributed/testing';
import { composeFolder, readCompose } from './compose-files.ts';

/** HAProxy with the configuration of the gateway, in front of servers on this machine. */
export class RunningGateway {
  readonly #folder = mkdtempSync(join(tmpdir(), 'twite-gateway-'));
  #process: ChildProcess | undefined;
  url = '';
  /** The URL of the frontend that is never published. */
  internalUrl = '';
  log = '';

  async start(
    ports: Readonly<Record<'posts' | 'social' | 'profile', readonly number[]>> & {
      /** None by default, as when compose's CDN is not used. */
      readonly cdn?: readonly number[];
    },
  ): Promise<void> {
    const [port, internalPort] = [await freePort(), await freePort()];
    const servers = (name: string): string =>
      (ports[name as keyof typeof ports] ?? [])
        .map((at) => `server ${name}-${at} 127.0.0.1:${at}`)
        .join('\n  ');
    const config = readCompose('gateway/haproxy.cfg')
      .replaceAll('/usr/local/etc/haproxy/', `${this.#folder}/`)
      .replace('bind :8080', `bind 127.0.0.1:${port}`)
      .replace('bind :8405', `bind 127.0.0.1:${internalPort}`)
      .replaceAll(/server-template (\w+)- .*/g, (_, name: string) => servers(name))
      .replaceAll(/^ *server \w+-first .*\n/gm, '')
      .replaceAll(' resolvers names init-addr none', '');
    writeFileSync(join(this.#folder, 'haproxy.cfg'), config);
    for (const file of ['routes.map', 'once.lst']) {
      copyFileSync(join(composeFolder, 'gateway', file), join(this.#folder, file));
    }
    const env = { ...process.env, TWITE_TLS: '', TWITE_SERVICE_DOMAIN: '', TWITE_TRUSTED_PROXIES: '1' };
    this.#process = spawn('haproxy', ['-db', '-f', join(this.#folder, 'haproxy.cfg')], { env });
    for (const output of [this.#process.stdout, this.#process.stderr]) {
      output?.on('data', (data) => {
        this.log += data;
      });
    }
    this.url = `http://127.0.0.1:${port}`;
    this.internalUrl = `http://127.0.0.1:${internalPort}`;
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}
