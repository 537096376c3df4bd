import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as contractTypes from '@twite/contract';
import { contract, operationIds } from '@twite/contract';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import { generateSdk, readOperations } from '../scripts/generate.ts';
import { namedTypes } from '../scripts/named-types.ts';
import { printOperations } from '../scripts/print-operations.ts';
import type { Route } from '../scripts/read-operation.ts';
import type * as sdk from './index.ts';
import { createTwite, operations } from './index.ts';
import { problem, scriptedServer } from './testing/scripted-server.ts';

const packageFolder = join(import.meta.dirname, '..');

describe('the generated files', () => {
  it('are up to date (otherwise run `npm run generate`)', async () => {
    const files = await generateSdk();
    const names = (await readdir(join(packageFolder, 'src/generated'))).map(
      (name) => `src/generated/${name}`,
    );
    expect(names.sort()).toEqual([...files.keys()].sort());
    for (const [path, content] of files) {
      expect(await readFile(join(packageFolder, path), 'utf8'), path).toBe(content);
    }
  });

  it('type responses like the contract', () => {
    expectTypeOf<sdk.Account>().toEqualTypeOf<contractTypes.Account>();
    expectTypeOf<sdk.Me>().toEqualTypeOf<contractTypes.Me>();
    expectTypeOf<sdk.AdminAccount>().toEqualTypeOf<contractTypes.AdminAccount>();
    expectTypeOf<sdk.RecommendedAccount>().toEqualTypeOf<contractTypes.RecommendedAccount>();
    expectTypeOf<sdk.Relationship>().toEqualTypeOf<contractTypes.Relationship>();
    expectTypeOf<sdk.Post>().toEqualTypeOf<contractTypes.Post>();
    expectTypeOf<sdk.Media>().toEqualTypeOf<contractTypes.Media>();
    expectTypeOf<sdk.LikeState>().toEqualTypeOf<contractTypes.LikeState>();
    expectTypeOf<sdk.Session>().toEqualTypeOf<contractTypes.Session>();
    expectTypeOf<sdk.SignedIn>().toEqualTypeOf<contractTypes.SignedIn>();
    expectTypeOf<sdk.SessionInfo>().toEqualTypeOf<contractTypes.SessionInfo>();
    expectTypeOf<sdk.CreatedToken>().toEqualTypeOf<contractTypes.CreatedToken>();
    expectTypeOf<sdk.Instance>().toEqualTypeOf<contractTypes.Instance>();
    expectTypeOf<sdk.Stats>().toEqualTypeOf<contractTypes.Stats>();
    expectTypeOf<sdk.Status>().toEqualTypeOf<contractTypes.Status>();
    expectTypeOf<sdk.ParkedMessage>().toEqualTypeOf<contractTypes.ParkedMessage>();
    expectTypeOf<sdk.AuditEntry>().toEqualTypeOf<contractTypes.AuditEntry>();
    expectTypeOf<sdk.ErrorCode>().toEqualTypeOf<contractTypes.ErrorCode>();
    expectTypeOf<sdk.OperationId>().toEqualTypeOf<contractTypes.OperationId>();
  });

  it('type inputs as one flat object, with optional defaults and lists as arrays', () => {
    type InputOf<Method extends (...parameters: never[]) => unknown> = Parameters<Method>[0];
    expectTypeOf<InputOf<sdk.PostsOperations['create']>>().toEqualTypeOf<sdk.NewPost>();
    expectTypeOf<sdk.NewPost>().toEqualTypeOf<{
      text: string;
      visibility?: 'public' | 'followers' | undefined;
      mediaIds?: readonly string[] | undefined;
    }>();
    expectTypeOf<{ postId: string; text: string }>().toExtend<InputOf<sdk.RepliesOperations['create']>>();
    expectTypeOf<InputOf<sdk.RelationshipsOperations['list']>['accountIds']>().toEqualTypeOf<
      readonly string[]
    >();
    expectTypeOf<undefined>().toExtend<InputOf<sdk.TimelinesOperations['home']>>();
    expectTypeOf<{ postId: number }>().not.toExtend<InputOf<sdk.PostsOperations['get']>>();
    expectTypeOf<ReturnType<sdk.PostsOperations['delete']>>().toEqualTypeOf<sdk.TwiteCall<void>>();
    expectTypeOf<ReturnType<sdk.PostsOperations['listLikes']>>().toEqualTypeOf<
      sdk.PageRequest<sdk.Account>
    >();
    expectTypeOf<
      Awaited<ReturnType<sdk.RecommendationsOperations['listAccounts']>>['degraded']
    >().toEqualTypeOf<boolean>();
  });
});

describe('the client', () => {
  it('reaches every operation of the contract at its method and path', async () => {
    await using server = await scriptedServer(() => problem(418, 'seen'));
    const twite = createTwite({ baseUrl: server.baseUrl, retries: 0 });
    expect(Object.keys(operations)).toEqual(operationIds);
    for (const id of operationIds) {
      const { namespace, name, pathParams, query, body } = operations[id];
      const methods = (
        twite as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
      )[namespace];
      const input = Object.fromEntries([
        ...pathParams.map((param) => [param, `value-of-${param}`]),
        ...Object.entries(query).map(([param, form]) => [param, form === 'single' ? 'one' : ['one', 'two']]),
      ]);
      const given = body === 'multipart' ? new Blob(['a picture']) : input;
      await expect(methods?.[name]?.(given), id).rejects.toMatchObject({ code: 'seen' });
      const [path] = (server.received.at(-1)?.target ?? '').split('?');
      expect(server.received.at(-1)?.method, id).toBe(contract[id].method);
      expect(path, id).toBe(contract[id].path.replaceAll(/:(\w+)/g, 'value-of-$1'));
    }
    expect(server.received.length).toBe(operationIds.length);
  });

  it('agrees with the contract on success, sign-in, keys and bodies', () => {
    for (const id of operationIds) {
      const route = contract[id] as Route;
      const definition = operations[id];
      expect(route.responses[definition.status], id).toBeDefined();
      expect(definition.auth, id).toBe(route.metadata.auth);
      expect(definition.idempotencyKey, id).toBe(route.metadata.idempotencyKey);
      expect(definition.idempotent, id).toBe(route.metadata.idempotent);
      expect(definition.body === 'multipart', id).toBe(route.metadata.body === 'upload');
      expect(`${definition.namespace}.${definition.name}`, id).toBe(route.metadata.sdk);
    }
  });
});

test('every field of an upload can be sent', () => {
  const { file: _source, ...fields } = contract.uploadMedia.body.shape;
  type Given = Exclude<keyof sdk.UploadOptions, keyof sdk.CallOptions | 'onProgress'>;
  expectTypeOf<keyof typeof fields>().toEqualTypeOf<Given>();
});

describe('the generator refuses', () => {
  const read = (routes: Record<string, Route>) => () => readOperations(routes, namedTypes());
  const route = (id: contractTypes.OperationId, changes: Partial<Route> = {}): Route =>
    ({ ...(contract[id] as Route), ...changes }) as Route;
  const renamed = (id: contractTypes.OperationId, sdk: contractTypes.OperationMetadata['sdk']): Route =>
    route(id, { metadata: { ...contract[id].metadata, sdk } });

  it('duplicate names, and names that are not two words', () => {
    expect(read({ getMe: route('getMe'), getStats: renamed('getStats', 'me.get') })).toThrow(
      'both named me.get',
    );
    expect(read({ getMe: renamed('getMe', 'me.get.all') })).toThrow('needs a name like posts.create');
  });

  it('an input name in two places', () => {
    const clash = route('createReply', { query: route('getPost').pathParams });
    expect(read({ createReply: clash })).toThrow('createReply has postId both in its path and in its query.');
  });

  it('a path that does not match its parameters', () => {
    const mismatch = route('getPost', { path: '/v1/posts/:id' });
    expect(read({ getPost: mismatch })).toThrow('does not match');
  });

  it('a body that is not an object', () => {
    const body = {
      array: () => ({ toJSONSchema: () => ({ items: { type: 'string' } }) }),
      toJSONSchema: () => ({}),
    };
    expect(read({ createPost: route('createPost', { body }) })).toThrow('not an object');
  });

  it('two success statuses', () => {
    const both = route('getMe', { responses: { 200: undefined, 201: undefined } });
    expect(read({ getMe: both })).toThrow('exactly one status');
  });

  it('a schema without a type', () => {
    const empty = { array: () => ({ toJSONSchema: () => ({ items: {} }) }), toJSONSchema: () => ({}) };
    expect(read({ getMe: route('getMe', { responses: { 200: empty } }) })).toThrow('A schema without a type');
  });

  it('a POST without Idempotency-Key', () => {
    const { metadata } = route('createPost');
    const keyless = route('createPost', { metadata: { ...metadata, idempotencyKey: false } });
    const read = readOperations({ createPost: keyless }, namedTypes());
    expect(() => printOperations(read)).toThrow('createPost: a POST takes Idempotency-Key.');
  });

  it('one name for two types', () => {
    const types = namedTypes();
    types.add('Post', { type: 'string' }, 'output');
    types.add('Post', { type: 'string' }, 'input');
    expect(() => types.add('Post', { type: 'integer' }, 'input')).toThrow('Post is not the same everywhere');
  });
});
