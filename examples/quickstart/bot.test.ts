import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createTwite } from '@twite/sdk';
import { loadConfig, startEmbedded } from '@twite/server';
import { expect, test } from 'vitest';
import { answerMentions } from './answer-mentions.ts';

const start = () => {
  const config = loadConfig({ TWITE_PORT: '0', TWITE_METRICS_PORT: 'off', TWITE_LOG_LEVEL: 'error' });
  return startEmbedded({ ...config, dataDir: ':memory:' });
};

const password = 'a password of the example';
const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('the bot replies once to each mention', async () => {
  await using server = await start();
  const ada = createTwite({ baseUrl: server.url });
  await ada.accounts.create({ handle: 'ada', password });
  const bot = createTwite({ baseUrl: server.url });
  await bot.accounts.create({ handle: 'echobot', password });

  const post = await ada.posts.create({ text: 'Are you there, @echobot?' });
  await ada.posts.create({ text: 'This only talks about echobot' });
  await server.settled();
  expect(await answerMentions(bot, 'echobot')).toBe(1);
  expect(await answerMentions(bot, 'echobot')).toBe(0);

  const { items } = await ada.replies.list({ postId: post.postId });
  expect(items.map(({ author, text }) => [author.handle, text])).toEqual([
    ['echobot', 'Hello @ada, you called?'],
  ]);
  expect(await ada.posts.get({ postId: post.postId })).toMatchObject({ likeCount: 1, replyCount: 1 });
});

test('the program signs up and says that it listens', async () => {
  await using server = await start();
  const program = join(import.meta.dirname, 'bot.ts');
  const child = spawn(process.execPath, ['--conditions=twite-source', program], {
    env: { ...process.env, TWITE_URL: server.url, BOT_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    expect(line).toBe('@echobot is signed in and listens for mentions.');
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

test('a picture is posted with its description', async () => {
  await using server = await start();
  const ada = createTwite({ baseUrl: server.url });
  const { account } = await ada.accounts.create({ handle: 'ada', password });
  const { secret } = await ada.tokens.create({ password, name: 'pictures', scopes: ['write'] });
  const file = join(tmpdir(), `twite-example-${process.pid}.png`);
  await writeFile(file, Buffer.from(onePixel, 'base64'));
  try {
    const program = join(import.meta.dirname, 'post-picture.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=twite-source', program, file, 'A red dot.'],
      { env: { ...process.env, TWITE_URL: server.url, TWITE_TOKEN: secret } },
    );
    const { items } = await ada.accounts.listPosts({ accountId: account.accountId });
    expect(items).toMatchObject([{ text: '#picture', media: [{ altText: 'A red dot.', state: 'ready' }] }]);
    expect(stdout).toBe(`Posted ${items[0]?.postId}: ${items[0]?.media[0]?.url}\n`);
  } finally {
    await rm(file);
  }
});
