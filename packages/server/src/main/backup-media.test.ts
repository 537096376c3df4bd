import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPng } from '../http-tests/a-png.ts';
import { backUp } from './backup.ts';
import { startEmbedded } from './embedded.ts';
import { grantAdmin } from './grant-admin.ts';
import { checkArchive, restore } from './restore.ts';

let stack: AsyncDisposableStack;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'twite-backup-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

const envOf = (name: string): Record<string, string> => ({
  TWITE_PORT: '0',
  TWITE_METRICS_PORT: 'off',
  TWITE_LOG_LEVEL: 'silent',
  TWITE_RATE_LIMITS: 'off',
  TWITE_DATA_DIR: join(folder, name),
});
const start = async (name: string) => stack.use(await startEmbedded(loadConfig(envOf(name))));
const password = 'rue plumet 1832';

/** The object served by this server under the path of a URL. */
async function fetchFrom(server: { readonly url: string }, url: string): Promise<[number, string]> {
  const answer = await fetch(new URL(new URL(url).pathname, server.url));
  return [answer.status, Buffer.from(await answer.arrayBuffer()).toString('base64')];
}

test('an archive contains the media of an instance, and withheld media stay withheld', async () => {
  const one = await start('one');
  const [ann, bob] = [createTwite({ baseUrl: one.url }), createTwite({ baseUrl: one.url })];
  await ann.accounts.create({ handle: 'ann', password });
  const { account } = await bob.accounts.create({ handle: 'bob', password });
  await grantAdmin({ dataDir: join(folder, 'one'), handle: 'ann' });
  const shown = await ann.media.upload(aPng(600, 400), { altText: 'A garden' });
  const hidden = await bob.media.upload(aPng(500, 300));
  const { postId } = await ann.posts.create({ text: '', mediaIds: [shown.mediaId] });
  await bob.posts.create({ text: '', mediaIds: [hidden.mediaId] });
  await ann.admin.suspendAccount({ accountId: account.accountId, reason: 'spam' });
  await one.settled();
  const urls = [...new Set([shown.url, ...shown.variants.map(({ url }) => url)])].map(String);
  const before = await Promise.all(urls.map((url) => fetchFrom(one, url)));
  expect(before.map(([status]) => status)).toEqual(urls.map(() => 200));
  expect((await fetchFrom(one, String(hidden.url)))[0]).toBe(404);

  const archive = join(folder, 'twite.tar.gz');
  const { sections, rows, mediaFiles } = await backUp({ env: envOf('one'), destination: archive });
  const count = (name: string) => sections.find(({ section }) => section === name)?.files;
  expect(count('media')).toBe(urls.length);
  expect(count('withheld')).toBe(new Set(hidden.variants.map(({ url }) => url)).size);
  expect(mediaFiles).toBe((count('media') ?? 0) + (count('withheld') ?? 0));
  expect(rows).toBe(sections.find(({ section }) => section === 'database')?.rows);
  expect(await checkArchive(archive)).toMatchObject({ sections, rows, mediaFiles });
  await restore({ env: envOf('two'), source: archive, force: false });

  const two = await start('two');
  expect(await Promise.all(urls.map((url) => fetchFrom(two, url)))).toEqual(before);
  expect((await fetchFrom(two, String(hidden.url)))[0]).toBe(404);
  const again = createTwite({ baseUrl: two.url });
  await again.sessions.create({ handle: 'ann', password });
  expect((await again.posts.get({ postId })).media).toMatchObject([
    { mediaId: shown.mediaId, altText: 'A garden', state: 'ready' },
  ]);
  await again.admin.reinstateAccount({ accountId: account.accountId });
  await two.settled();
  expect((await fetchFrom(two, String(hidden.url)))[0]).toBe(200);
});
