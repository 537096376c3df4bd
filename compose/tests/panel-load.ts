import { setTimeout as wait } from 'node:timers/promises';
import { aPng } from '../../packages/server/src/http-tests/a-png.ts';
import { type Call, makeCall } from '../../packages/server/src/http-tests/client.ts';
import { follow, join, type Person, upload } from '../../packages/server/src/http-tests/people.ts';

/** The actions of two users in a round. With `picture`, it covers everything that the dashboards show. */
async function round(call: Call, url: string, [ada, bob]: readonly [Person, Person], number: number) {
  const { token } = bob;
  const word = `round${number}`;
  const written = await call('createPost', {
    token: ada.token,
    body: { text: `${word} of a story`, visibility: 'public' },
  });
  if (written.status !== 201) throw new Error(JSON.stringify(written.body));
  const { postId } = written.body;
  await call('createReply', { token, path: { postId }, body: { text: 'And then?' } });
  await call('likePost', { token, path: { postId } });
  await call('getHomeTimeline', { token });
  await call('listAccountPosts', { token, path: { accountId: ada.accountId } });
  await call('getPost', { token, path: { postId } });
  await call('searchPosts', { token, query: { q: word } });
  await call('createSession', {
    body: { handle: bob.handle, password: number % 2 === 0 ? bob.password : 'wrong' },
  });
  await call('listRecommendedAccounts', { token });
  await fetch(`${url}/nowhere`).then((nothing) => nothing.arrayBuffer());
}

/** A picture from its upload to its deletion. */
async function picture(call: Call, url: string, ada: Person, number: number) {
  const medium = await upload(call, ada, {}, aPng(40 + number, 30));
  await fetch(`${url}${new URL(medium.url ?? medium.variants[0].url, url).pathname}`).then((file) =>
    file.arrayBuffer(),
  );
  await call('deleteMedia', { token: ada.token, path: { mediaId: medium.mediaId } });
}

/** Whether a server rejected a request because it is overloaded, as may happen next to other tests: users retry. */
const isOverload = (error: unknown): boolean => /"(overloaded|unavailable)"/.test(String(error));

/** Users pause: the test needs some of everything, and little CPU time. */
const pauseMs = 200;

async function untilTaken<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isOverload(error)) throw error;
      await wait(pauseMs);
    }
  }
}

/**
 * Simulates users of the instances, two concurrent requests on each, until it is disposed. `withoutSearch` only fails
 * to search.
 */
export async function startPanelLoad(
  urls: readonly string[],
  withoutSearch: string,
): Promise<AsyncDisposable> {
  let goesOn = true;
  const forever = async (act: (number: number) => Promise<unknown>) => {
    for (let number = 0; goesOn; number += 1) {
      await untilTaken(() => act(number));
      await wait(pauseMs);
    }
  };
  const loads = await Promise.all(
    urls.map(async (url) => {
      const call = makeCall(url);
      const ada = await untilTaken(() => join(call, 'ada'));
      const bob = await untilTaken(() => join(call, 'bob'));
      await follow(call, bob, ada);
      return () =>
        Promise.all([
          forever((number) => round(call, url, [ada, bob], number)),
          forever((number) => picture(call, url, ada, number)),
        ]);
    }),
  );
  const searching = async () => {
    const call = makeCall(withoutSearch);
    const { token } = await untilTaken(() => join(call, 'cyd'));
    await forever(() => call('searchPosts', { token, query: { q: 'nothing' } }));
  };
  const done = Promise.all([...loads.map((load) => load()), searching()]);
  // The error is reported when the load is disposed.
  done.catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      goesOn = false;
      await done;
    },
  };
}
