// Load next to the measured one, in a separate process so that its work does not affect the measuring client. node
// disturb.ts URL PASSWORD signIns|posts|uploads: prints `ready`, then runs until SIGTERM.
import { createTwite } from '@twite/sdk';
import { gradientPng } from '../../packages/cli/src/bench/make-png.ts';
import { repeatAtRate } from './load.ts';
import { uploadPicture } from './upload.ts';

const [url = '', password = '', kind = ''] = process.argv.slice(2);
const ended = Promise.withResolvers<void>();
// The timer keeps the process alive until then.
const alive = setInterval(() => undefined, 1_000);
process.once('SIGTERM', () => {
  clearInterval(alive);
  ended.resolve();
});

/** A hundred at once. Some are signed in over the next seconds, and some are rejected with 503. */
async function floodSignIns(): Promise<void> {
  console.log('ready');
  const attempt = async () => {
    const answer = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handle: 'Javert', password }),
    });
    await answer.arrayBuffer();
  };
  await Promise.all(Array.from({ length: 100 }, attempt));
  await ended.promise;
}

async function writePosts(): Promise<void> {
  const author = createTwite({ baseUrl: url });
  await author.sessions.create({ handle: 'Valjean', password });
  console.log('ready');
  const writing = repeatAtRate(200, () => author.posts.create({ text: `bench ${performance.now()}` }));
  await ended.promise;
  await writing.stop();
}

const uploadsAtOnce = 100;

/** A hundred concurrent uploads of 8 MB. */
async function upload(): Promise<void> {
  const author = createTwite({ baseUrl: url });
  await author.sessions.create({ handle: 'Valjean', password });
  const token = author.session?.accessToken ?? '';
  const picture = new Blob([gradientPng(1_670)]);
  let isOver = false;
  const uploader = async () => {
    while (!isOver) await uploadPicture(url, token, picture);
  };
  const uploading = Promise.all(Array.from({ length: uploadsAtOnce }, uploader));
  console.log('ready');
  await Promise.race([ended.promise, uploading]);
  isOver = true;
}

const kinds: Readonly<Record<string, () => Promise<void>>> = {
  signIns: floodSignIns,
  posts: writePosts,
  uploads: upload,
};
const run = kinds[kind];
if (run === undefined) throw new Error(`nothing is called ${kind}`);
await run();
process.exit(0);
