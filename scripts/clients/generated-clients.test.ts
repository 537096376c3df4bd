import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig, startEmbedded } from '@twite/server';
import openapiTS, { astToString } from 'openapi-typescript';
import { generate } from 'orval';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const document = join(root, 'packages/contract/openapi.json');

let folder: string;
let server: Awaited<ReturnType<typeof startEmbedded>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-clients-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const variables = { TWITE_PORT: '0', TWITE_METRICS_PORT: 'off', TWITE_LOG_LEVEL: 'silent' };
  const config = loadConfig({ ...variables, TWITE_RATE_LIMITS: 'off', TWITE_SHED_DELAY_MS: 'off' });
  server = await startEmbedded({ ...config, dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Checks the types of a program in the folder, then runs it. Returns its output, parsed as JSON. */
async function useClient(program: string): Promise<unknown> {
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck'];
  const options = ['--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext', '--types', 'node'];
  await run(process.execPath, [...tsc, ...options, '--allowImportingTsExtensions', program], {
    cwd: folder,
  }).catch((error: { stdout?: string }) => Promise.reject(new Error(error.stdout)));
  const { stdout } = await run(process.execPath, [program, server.url], { cwd: folder });
  return JSON.parse(stdout);
}

const expected = {
  text: 'Hello from a generated client',
  visibility: 'public',
  liked: true,
  following: [true, false],
  timeline: ['Hello from a generated client'],
  replies: ['Hello back'],
  expiresAt: '2099-12-31T22:30:00.000Z',
  missing: 'post_not_found',
};

test('openapi-typescript and openapi-fetch generate a working client', async () => {
  await writeFile(join(folder, 'api.d.ts'), astToString(await openapiTS(new URL(`file://${document}`))));
  await writeFile(
    join(folder, 'openapi-fetch.ts'),
    `import createClient from 'openapi-fetch';
    import type { paths } from './api.d.ts';

    const api = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
    const password = 'a password of a test';
    const ok = <T>(answer: { data?: T; error?: unknown }): T => {
      if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
      return answer.data;
    };
    const ann = ok(await api.POST('/v1/accounts', { body: { handle: 'fetch_ann', password } }));
    const bob = ok(await api.POST('/v1/accounts', { body: { handle: 'fetch_bob', password } }));
    const as = ({ session }: typeof ann) => ({ headers: { Authorization: \`Bearer \${session.accessToken}\` } });
    const post = ok(await api.POST('/v1/posts', { body: { text: 'Hello from a generated client' }, ...as(bob) }));
    const path = { postId: post.postId };
    const { liked } = ok(await api.PUT('/v1/posts/{postId}/like', { params: { path }, ...as(ann) }));
    const accountId = bob.account.accountId;
    ok(await api.PUT('/v1/accounts/{accountId}/follow', { params: { path: { accountId } }, ...as(ann) }));
    const accountIds = [accountId, ann.account.accountId];
    const relationships = ok(await api.GET('/v1/relationships', { params: { query: { accountIds } }, ...as(ann) }));
    const timeline = ok(await api.GET('/v1/timelines/home', { params: { query: { limit: 5 } }, ...as(ann) }));
    ok(await api.POST('/v1/posts/{postId}/replies', { params: { path }, body: { text: 'Hello back' }, ...as(ann) }));
    const replies = ok(await api.GET('/v1/posts/{postId}/replies', { params: { path } }));
    const scopes: ('read' | 'write')[] = ['read'];
    const expiresAt = '2100-01-01T00:30:00+02:00';
    const { token } = ok(await api.POST('/v1/tokens', { body: { name: 'a', password, scopes, expiresAt }, ...as(ann) }));
    const gone = await api.DELETE('/v1/posts/{postId}', { params: { path }, ...as(bob) });
    if (gone.error) throw new Error(gone.error.code);
    const missing = await api.GET('/v1/posts/{postId}', { params: { path } });
    console.log(JSON.stringify({
      text: post.text,
      visibility: post.visibility,
      liked,
      following: relationships.items.map((item) => item.following),
      timeline: timeline.items.map((item) => item.text),
      replies: replies.items.map((item) => item.text),
      expiresAt: token.expiresAt,
      missing: missing.error?.code,
    }));`,
  );
  expect(await useClient('openapi-fetch.ts')).toEqual(expected);
});

test('orval generates a working client', async () => {
  await generate(
    { input: document, output: { target: join(folder, 'orval.ts'), client: 'fetch', baseUrl: server.url } },
    folder,
  );
  await writeFile(
    join(folder, 'use-orval.ts'),
    `import * as api from './orval.ts';

    const password = 'a password of a test';
    type Answered = { status: number; data: unknown };
    const ok = <A extends Answered, S extends A['status']>(answer: A, status: S) => {
      if (answer.status !== status) throw new Error(JSON.stringify(answer));
      return answer.data as Extract<A, { status: S }>['data'];
    };
    const ann = ok(await api.createAccount({ handle: 'orval_ann', password }), 201);
    const bob = ok(await api.createAccount({ handle: 'orval_bob', password }), 201);
    const as = ({ session }: typeof ann) => ({ headers: { Authorization: \`Bearer \${session.accessToken}\` } });
    const post = ok(await api.createPost({ text: 'Hello from a generated client' }, as(bob)), 201);
    const { liked } = ok(await api.likePost(post.postId, as(ann)), 200);
    const { accountId } = bob.account;
    ok(await api.followAccount(accountId, as(ann)), 200);
    const accountIds = [accountId, ann.account.accountId];
    const relationships = ok(await api.listRelationships({ accountIds }, as(ann)), 200);
    const timeline = ok(await api.getHomeTimeline({ limit: 5 }, as(ann)), 200);
    ok(await api.createReply(post.postId, { text: 'Hello back' }, as(ann)), 201);
    const replies = ok(await api.listReplies(post.postId), 200);
    const expiresAt = '2100-01-01T00:30:00+02:00';
    const { token } = ok(await api.createToken({ name: 'a', password, scopes: ['read'], expiresAt }, as(ann)), 201);
    ok(await api.deletePost(post.postId, as(bob)), 204);
    const missing = ok(await api.getPost(post.postId), 404);
    console.log(JSON.stringify({
      text: post.text,
      visibility: post.visibility,
      liked,
      following: relationships.items.map((item) => item.following),
      timeline: timeline.items.map((item) => item.text),
      replies: replies.items.map((item) => item.text),
      expiresAt: token.expiresAt,
      missing: missing.code,
    }));`,
  );
  expect(await useClient('use-orval.ts')).toEqual(expected);
});

test('the client of ts-rest works with the published contract', async () => {
  await writeFile(
    join(folder, 'ts-rest.ts'),
    `import { initClient } from '@ts-rest/core';
    import { contract, problem } from '@twite/contract';

    const baseUrl = process.argv[2] ?? '';
    const as = (token?: string) =>
      initClient(contract, {
        baseUrl,
        baseHeaders: token === undefined ? {} : { authorization: \`Bearer \${token}\` },
      });
    const password = 'a password of a test';
    const join = async (handle: string) => {
      const { status, body } = await as().createAccount({ body: { handle, password }, headers: {} });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { ...body.account, api: as(body.session.accessToken) };
    };
    type Answered = { status: number; body: unknown };
    const ok = <A extends Answered, S extends A['status']>(answer: A, status: S) => {
      if (answer.status !== status) throw new Error(JSON.stringify(answer));
      return answer.body as Extract<A, { status: S }>['body'];
    };
    const ann = await join('rest_ann');
    const bob = await join('rest_bob');
    const post = ok(await bob.api.createPost({ body: { text: 'Hello from a generated client' }, headers: {} }), 201);
    const params = { postId: post.postId };
    const like = ok(await ann.api.likePost({ params }), 200);
    ok(await ann.api.followAccount({ params: { accountId: bob.accountId } }), 200);
    const query = { accountIds: [bob.accountId, ann.accountId].join(',') };
    const relationships = ok(await ann.api.listRelationships({ query }), 200);
    const timeline = ok(await ann.api.getHomeTimeline({ query: { limit: '5' } }), 200);
    ok(await ann.api.createReply({ params, body: { text: 'Hello back' }, headers: {} }), 201);
    const replies = ok(await ann.api.listReplies({ params, query: {} }), 200);
    const expiresAt = '2100-01-01T00:30:00+02:00';
    const created = ok(
      await ann.api.createToken({ body: { name: 'a', password, scopes: ['read'], expiresAt }, headers: {} }),
      201,
    );
    ok(await bob.api.deletePost({ params }), 204);
    const missing = await ann.api.getPost({ params, query: {} });
    console.log(JSON.stringify({
      text: post.text,
      visibility: post.visibility,
      liked: like.liked,
      following: relationships.items.map((item) => item.following),
      timeline: timeline.items.map((item) => item.text),
      replies: replies.items.map((item) => item.text),
      expiresAt: created.token.expiresAt,
      missing: problem.parse((missing as Answered).body).code,
    }));`,
  );
  expect(await useClient('ts-rest.ts')).toEqual(expected);
});
