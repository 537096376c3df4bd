import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = join(import.meta.dirname, 'run-server.ts');
let stack: AsyncDisposableStack;
let dataDir: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  dataDir = await mkdtemp(join(tmpdir(), 'twite-run-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

/** The server as a separate process, with its output. */
class Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], env: Record<string, string> = {}, nodeArgs: readonly string[] = []) {
    const own = { TWITE_PORT: '0', TWITE_METRICS_PORT: 'off', TWITE_DATA_DIR: dataDir, ...env };
    this.child = spawn(process.execPath, ['--conditions=twite-source', ...nodeArgs, entry, ...args], {
      env: { PATH: process.env.PATH, ...own },
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
    stack.defer(() => void this.child.kill('SIGKILL'));
  }

  /** The address, once the banner is complete. */
  async ready(): Promise<string> {
    const url = () => /ready at (\S+)[\s\S]*-- timeline\n/.exec(this.stdout)?.[1];
    while (url() === undefined && this.child.exitCode === null) {
      await Promise.race([once(this.child.stdout as NodeJS.ReadableStream, 'data'), this.exited]);
    }
    const found = url();
    if (found === undefined) throw new Error(`the server did not start: ${this.stdout}${this.stderr}`);
    return found;
  }
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** The line of the banner with the password. */
const shownPassword = /^ +password +(\S+)$/m;

test('the first start loads the demo and prints its sign-in once; SIGTERM ends it with code 0', async () => {
  const first = new Run([]);
  const url = await first.ready();
  expect(first.stdout).toContain('77 accounts, 508 follows, 54 posts');
  const password = shownPassword.exec(first.stdout)?.[1];
  const signedIn = await post(`${url}/v1/sessions`, { handle: 'Cosette', password });
  expect(signedIn.status).toBe(201);
  expect(first.stdout.match(/npm run twite -- /g)).toHaveLength(3);
  // On another port than the default of the command line.
  expect(first.stdout).toContain(`export TWITE_URL=${url}\n`);
  first.child.kill('SIGTERM');
  expect([await first.exited, first.stderr]).toEqual([0, '']);

  const second = new Run([]);
  await second.ready();
  expect(second.stdout).not.toMatch(shownPassword);
  expect(second.stdout).toContain('`npm run twite -- login HANDLE`');
  second.child.kill('SIGINT');
  expect(await second.exited).toBe(0);
});

test('SIGTERM loses no accepted request', async () => {
  const run = new Run(['--empty']);
  const url = await run.ready();
  expect(run.stdout).not.toMatch(shownPassword);
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const signUp = request(`${url}/v1/accounts`, { method: 'POST', headers });
  const answer = once(signUp, 'response') as Promise<[IncomingMessage]>;
  signUp.flushHeaders();
  // The server has accepted the request; its body arrives after the signal.
  await once(signUp, 'continue');
  run.child.kill('SIGTERM');
  while (!run.stdout.includes('shutdown started'))
    await once(run.child.stdout as NodeJS.ReadableStream, 'data');
  signUp.end(JSON.stringify({ handle: 'cosette', password: 'rue plumet 1832' }));
  const [response] = await answer;
  response.resume();
  expect([response.statusCode, response.headers.connection]).toEqual([201, 'close']);
  expect(await run.exited).toBe(0);
});

test('all problems of the environment are reported at once, with exit code 2', async () => {
  const run = new Run([], { TWITE_PORT: 'eighty', TWITE_ENGINE: 'steam' });
  expect(await run.exited).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr.split('\n')).toHaveLength(4);
  expect(run.stderr).toContain('TWITE_ENGINE must be one of `embedded`, `distributed`, not "steam"');
});

test('an argument that does not exist is refused with exit code 2', async () => {
  const run = new Run(['--emtpy']);
  expect(await run.exited).toBe(2);
  expect(run.stderr).toContain("Unknown option '--emtpy'");
});

test('errors that the operator can fix are one line without a stack, with exit code 1', async () => {
  const first = new Run(['--empty']);
  const { port } = new URL(await first.ready());
  const second = new Run(['--empty'], { TWITE_PORT: port, TWITE_DATA_DIR: join(dataDir, 'other') });
  expect(await second.exited).toBe(1);
  expect(second.stderr).toMatch(/^twite: port \d+ on 127\.0\.0\.1 is taken[^\n]+\n$/);
});

test('an old Node is reported in one line, before loading anything that it does not support', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.4'}})`;
  const run = new Run([], {}, ['--import', pretend]);
  expect(await run.exited).toBe(1);
  expect(run.stderr).toMatch(/^Twite needs Node 24\.11 or newer; this is 20\.19\.4\. [^\n]+\n$/);
});
