import { expect, test } from 'vitest';
import { cleanUp } from './clean-up.ts';

type Deps = Parameters<typeof cleanUp>[0];

/** Ports that find nothing, and a log of the calls to them. */
function emptyPorts(): { readonly deps: Deps; readonly asked: string[] } {
  const asked: string[] = [];
  const portOf = (port: string): unknown =>
    new Proxy(
      {},
      {
        get: (_, method) => async () => {
          asked.push(`${port}.${String(method)}`);
          return new Map();
        },
      },
    );
  const deps = new Proxy({}, { get: (_, port) => portOf(String(port)) }) as Deps;
  return { deps, asked };
}

test('media are not looked up for a post or reply without any', async () => {
  const { deps, asked } = emptyPorts();
  await cleanUp(deps, { type: 'postCreated', postId: '1', authorId: '2', media: 'none' });
  expect(asked).not.toContain('posts.findMany');
  await cleanUp(deps, { type: 'replyCreated', replyId: '3', postId: '1', authorId: '2', media: 'none' });
  expect(asked).not.toContain('replies.findMany');
});

test('media are looked up for events of older releases, which do not say so', async () => {
  const { deps, asked } = emptyPorts();
  await cleanUp(deps, { type: 'postCreated', postId: '1', authorId: '2' });
  expect(asked).toContain('posts.findMany');
  await cleanUp(deps, { type: 'replyCreated', replyId: '3', postId: '1', authorId: '2' });
  expect(asked).toContain('replies.findMany');
});
