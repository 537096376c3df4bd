import { expect } from 'vitest';
import { aForm, aPng } from '../http-tests/a-png.ts';
import { type Answer, makeCall } from '../http-tests/client.ts';
import { type Person, post, upload } from '../http-tests/people.ts';
import { aVideo } from './a-video.ts';
import type { Fleet } from './fleet.ts';
import { eventually, stateOf } from './healing.ts';

const png = aPng(40, 30);
/** Each puts several objects: more than the breaker needs. */
const uploadsAtOnce = 10;
const healMs = 60_000;

interface Medium {
  readonly mediaId: string;
  readonly variants: readonly { readonly url: string }[];
}

const urlsOf = ({ variants }: Medium): string[] => variants.map(({ url }) => url);

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
};

/** The media requests of an account before, during and after an outage of the object store. */
export async function prepareMedia(fleet: Fleet, person: Person, withinMs: number) {
  const { token } = person;
  const calls = fleet.urls.map((url) => makeCall(url));
  const call = (server = 0) => calls[server] ?? fleet.call;
  const getMedia = ({ mediaId }: Medium) => call()('getMedia', { token, path: { mediaId } });
  const attached: Medium = await upload(call(), person);
  const unattached: Medium = await upload(call(), person);
  const kept: Medium = await upload(call(), person);
  const later: Medium = await upload(call(), person);
  const postId = (
    await call()('createPost', { token, body: { text: 'With a picture', mediaIds: [attached.mediaId] } })
  ).body.postId as string;
  // No worker processes it before the store is unavailable.
  fleet.worker.signal('SIGSTOP');
  const video: Medium = await upload(call(), person, {}, aVideo);
  const key = { 'idempotency-key': `upload-${video.mediaId}` };
  const tryUpload = async (server: number, headers: Readonly<Record<string, string>> = {}) => {
    const started = performance.now();
    const answer: Answer = await call(server)('uploadMedia', { token, form: aForm(png), headers });
    return { answer, ms: performance.now() - started };
  };

  async function uploadUntilOpen(server: number): Promise<void> {
    const isOpen = () =>
      isOpened.test(fleet.servers[server]?.lines.findLast((line) => isBreaker.test(line)) ?? '');
    for (let round = 0; !isOpen(); round++) {
      expect(round).toBeLessThan(10);
      const tries = await Promise.all(
        Array.from({ length: uploadsAtOnce }, (_, index) =>
          tryUpload(server, round + index + server === 0 ? key : {}),
        ),
      );
      for (const { answer, ms } of tries) {
        expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(ms).toBeLessThan(withinMs);
      }
    }
    expect((await fetch(`${fleet.urls[server]}/readyz`)).status).toBe(200);
  }

  return {
    async meanwhile(): Promise<void> {
      fleet.worker.signal('SIGCONT');
      // The breakers of both servers open, after uploads that each end in time.
      await Promise.all([...fleet.urls.keys()].map(uploadUntilOpen));
      const told = await fleet.status();
      expect(stateOf(told, 'objects')).toBe('open');
      expect(told.dependencies.find(({ name }) => name === 'objects')).toMatchObject({ primary: false });
      // Unavailable is not missing.
      for (const url of [...urlsOf(attached), ...urlsOf(kept)]) expect(await statusOf(url)).toBe(503);
      const head = await fetch(urlsOf(kept)[0] as string, { method: 'HEAD' });
      expect(head.status).toBe(503);
      const path = { mediaId: kept.mediaId };
      const focus = { x: 1, y: 1 };
      expect((await call()('updateMedia', { token, path, body: { focus } })).status).toBe(503);
      const altText = 'A picture';
      expect((await call()('updateMedia', { token, path, body: { altText } })).status).toBe(200);
      // Uploaded media are attached and deleted without the store.
      const posted = await call()('createPost', { token, body: { text: '', mediaIds: [kept.mediaId] } });
      expect(posted).toMatchObject({ status: 201, body: { media: [{ mediaId: kept.mediaId, altText }] } });
      await post(call(1), person, 'Only text');
      expect((await call()('deletePost', { token, path: { postId } })).status).toBe(204);
      const gone = { token, path: { mediaId: unattached.mediaId } };
      expect((await call()('deleteMedia', gone)).status).toBe(204);
      expect((await call(1)('getMedia', gone)).status).toBe(404);
      expect((await getMedia(video)).body.state).toBe('processing');
    },

    async afterwards(): Promise<void> {
      const isGone = (statuses: readonly number[]) => statuses.every((status) => status === 404);
      const removed = [...urlsOf(attached), ...urlsOf(unattached)];
      await eventually(healMs, () => Promise.all(removed.map(statusOf)), isGone);
      const { body } = await eventually(
        healMs,
        () => getMedia(video),
        (answer) => answer.body.state === 'ready',
      );
      for (const url of [body.url, ...urlsOf(body), ...urlsOf(kept), ...urlsOf(later)])
        expect([url, await statusOf(url)]).toEqual([url, 200]);
      // Repeating the upload with its key yields the same medium.
      const first = await tryUpload(0, key);
      const again = await tryUpload(1, key);
      expect([first.answer.status, again.answer.status]).toEqual([201, 201]);
      expect(again.answer.body).toEqual(first.answer.body);
      for (const { lines } of fleet.servers)
        await eventually(
          healMs,
          async () => lines.findLast((line) => isBreaker.test(line)) ?? '',
          (line) => isClosed.test(line),
        );
    },
  };
}

const isBreaker = /"objects".*circuit breaker/;
const isOpened = /circuit breaker opened/;
const isClosed = /circuit breaker closed/;
