import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listen } from './testing/listen.ts';
import { app } from './testing/readme-example.ts';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

it('shows the example that is checked here', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(read('../README.md')) ?? [];
  expect(example).toBe(read('./testing/readme-example.ts'));
});

it('runs as the README says', async () => {
  await using server = await listen(app);
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${server.url}/v1/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  expect((await post({}, '{"text":"hello"}')).status).toBe(401);
  expect((await post({ authorization: 'ann' }, '{"text":""}')).status).toBe(422);
  const created = await post({ authorization: 'ann' }, '{"text":"hello"}');
  expect([created.status, created.headers.get('location')]).toEqual([201, '/v1/notes/1']);

  const found = await fetch(`${server.url}/v1/notes/1`);
  expect(await found.json()).toEqual({ noteId: '1', text: 'ann: hello' });
  const again = await fetch(`${server.url}/v1/notes/1`, {
    headers: { 'if-none-match': found.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  const missing = await fetch(`${server.url}/v1/notes/2`);
  expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await (await fetch(`${server.url}/v1/notes/stream`)).text()).toBe('data: "ann: hello"\n\n');
});
