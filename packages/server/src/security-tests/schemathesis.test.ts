import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join as joinPath } from 'node:path';
import { text } from 'node:stream/consumers';
import { operationIds } from '@twite/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCall } from '../http-tests/client.ts';
import { createToken, join, type Person, post, upload } from '../http-tests/people.ts';
import { configForTest, grantAdmin } from '../http-tests/start-for-test.ts';
import { startEmbedded } from '../main/embedded.ts';
import type { RunningServer } from '../main/serve.ts';

/** Where `.ci/run` and docs/contributing.md install it; otherwise the machine's installation is used. */
const installed = joinPath(import.meta.dirname, '../../../../node_modules/.cache/schemathesis');
const env = {
  ...process.env,
  PYTHONPATH: [installed, process.env.PYTHONPATH].filter(Boolean).join(delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
};
const program = ['-m', 'schemathesis.cli'];
const isThere = existsSync(installed)
  ? spawnSync('python3', [...program, '--version'], { env }).status === 0
  : spawnSync('python3', ['-c', 'import schemathesis'], { env }).status === 0;
if (!isThere) {
  process.stderr.write('skipped: schemathesis is not installed (pip install, see docs/contributing.md)\n');
}

const seed = '20261130';

// It makes about two thousand requests; a busy machine takes minutes.
const timeout = 600_000;

describe.runIf(isThere)(
  'schemathesis finds no answer that the OpenAPI document does not tell',
  { timeout },
  () => {
    let server: RunningServer;
    let admin: Person;
    let user: Person;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(joinPath(tmpdir(), 'twite-schemathesis-'));
      server = await startEmbedded(configForTest());
      const call = makeCall(server.url);
      admin = await join(call, 'boss');
      user = await join(call, 'reader');
      await grantAdmin(server, admin.handle);
      // So that none of them is the last one.
      await grantAdmin(server, (await join(call, 'boss')).handle);
    });
    afterAll(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** A token that only its own operation can end: `deleteSession` ends sessions. */
    async function tokenOf(person: Person, scopes: readonly string[]): Promise<string> {
      const { body } = await createToken(makeCall(server.url), person, { name: 'tests', scopes });
      return body.secret;
    }

    /** Runs it. Returns its output if it found nothing. */
    async function run(token: string, args: readonly string[], parameters: Record<string, string> = {}) {
      const shared = await readFile(joinPath(import.meta.dirname, 'schemathesis.toml'), 'utf8');
      const ids = Object.entries(parameters).map(([name, value]) => `"path.${name}" = "${value}"`);
      const file = joinPath(folder, 'schemathesis.toml');
      await writeFile(file, `${shared}\n[parameters]\n${ids.join('\n')}\n`);
      const command = [
        ...[...program, '--config-file', file, '--no-color', 'run', `${server.url}/openapi.json`],
        ...['--header', `Authorization: Bearer ${token}`, '--seed', seed, '--warnings', 'off'],
        ...['--continue-on-failure', '--no-shrink', ...args],
      ];
      const child = spawn('python3', command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const printed = await text(child.stdout);
      expect(printed).toMatch(/No issues found|0 failures| passed/);
      expect(printed, printed).not.toMatch(/Failures:|Errors:/);
      return printed;
    }

    const countOf = (printed: string, pattern: RegExp): number => Number(pattern.exec(printed)?.[1]);

    test('to examples, missing and invalid input, as an admin', async () => {
      const token = await tokenOf(admin, ['read', 'write', 'admin']);
      const printed = await run(token, [
        ...['--phases', 'examples,coverage', '--exclude-operation-id', 'deleteMe'],
      ]);
      expect(countOf(printed, /Tested: (\d+)/)).toBe(operationIds.length - 1);
      expect(countOf(printed, /(\d+) generated/)).toBeGreaterThan(10 * operationIds.length);
    });

    test('to arbitrary input about existing resources, as a user', async () => {
      const call = makeCall(server.url);
      const token = await tokenOf(user, ['read', 'write']);
      const postId = await post(call, user, 'What is asked about');
      const reply = await call('createReply', {
        token: user.token,
        path: { postId },
        body: { text: 'And answered' },
      });
      const { mediaId } = await upload(call, user);
      const printed = await run(
        token,
        ['--phases', 'fuzzing', '--max-examples', '10', '--exclude-operation-id', 'deleteMe'],
        { postId, replyId: reply.body.replyId, mediaId, accountId: admin.accountId, handle: admin.handle },
      );
      expect(countOf(printed, /Tested: (\d+)/)).toBe(operationIds.length - 1);
    });

    test('to a client that does not know the password', async () => {
      const stays = await join(makeCall(server.url), 'stays');
      await run(stays.token, ['--include-operation-id', 'deleteMe']);
      const { status } = await makeCall(server.url)('getAccount', { path: { accountId: stays.accountId } });
      expect(status).toBe(200);
    });
  },
);
