import { connect } from 'node:net';
import { type Answer, makeCall } from '../../http-tests/client.ts';
import { follow, join, type Person, post, upload } from '../../http-tests/people.ts';

/** How many events each consumer has handled. */
export interface Handled {
  readonly fanOut: number;
  readonly upkeep: number;
}

/** The results of `useEverything`. */
export interface Used {
  readonly author: Person;
  readonly mediaId: string;
}

/**
 * Makes requests of every kind that metrics cover. Sign-ins must be limited to 4 per account. `settled` resolves when
 * the consumers have handled this many events.
 */
export async function useEverything(
  url: string,
  settled: (handled: Handled) => Promise<unknown>,
): Promise<Used> {
  const call = makeCall(url);
  const author = await join(call, 'author');
  const reader = await join(call, 'reader');
  await follow(call, reader, author);
  // Receives pushes only once it is ready.
  await settled({ fanOut: 0, upkeep: 1 });
  await call('getHomeTimeline', { token: reader.token });
  await post(call, author, 'The cat sat on the mat');
  await settled({ fanOut: 1, upkeep: 2 });
  const home = () => call('getHomeTimeline', { token: reader.token });
  const read = async ({ body }: Answer) => body.items.length as number;
  if ((await read(await home())) !== 1) throw new Error('the post did not arrive');
  for (let times = 0; times < 3; times += 1) await home();
  const medium = await upload(call, author);
  await (await fetch(medium.url)).arrayBuffer();
  await call('uploadMedia', { token: author.token, form: aFormOfText() });
  const { handle, password } = reader;
  for (const guess of [password, 'a wrong password', 'another', 'and another', 'too many'])
    await call('createSession', { body: { handle, password: guess } });
  return { author, mediaId: medium.mediaId };
}

function aFormOfText(): FormData {
  const form = new FormData();
  form.set('file', new Blob(['not a picture']), 'text.txt');
  return form;
}

/** Requests that try to create labels of their own. */
export async function beHostile(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const odd = ['BREW', 'PROPFIND', 'M-SEARCH', 'PURGE', 'get'];
  const paths = [
    '/v1/posts/%00',
    '/v1/"}{x="',
    '/v1/accounts/1/../../x',
    '/media/../x',
    '/media/x"y',
    '/livez',
  ];
  for (const path of paths) await fetch(`${url}${path}?q=${'x'.repeat(100)}`).catch(() => {});
  for (const method of odd)
    for (const path of ['/v1/posts', '/nothing', '/media/x', '/docs'])
      await raw(
        Number(port),
        hostname,
        `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntraceparent: evil\r\nx-request-id: "evil\r\n\r\n`,
      );
  const json = { 'content-type': 'application/json' };
  for (const body of ['{', '[]', '{"handle":"evil\\"}","password":"evil"}', 'null'])
    await fetch(`${url}/v1/sessions`, { method: 'POST', headers: json, body });
  await fetch(`${url}/v1/posts`, { headers: { authorization: 'Bearer evil"' } });
}

function raw(port: number, host: string, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ port, host }, () => socket.end(text));
  socket
    .on('error', () => {})
    .on('close', () => resolve())
    .resume();
  return promise;
}
