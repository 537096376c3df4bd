// Load beside the one that is measured, in a process of its own so that its work does not weigh on the measuring client.
// node disturb.ts URL PASSWORD signIns|posts: prints `ready`, then goes on until SIGTERM.
import { createTwite } from '@twite/sdk';
import { repeatAtRate } from './load.ts';

const [url = '', password = '', kind = ''] = process.argv.slice(2);
let going = true;
process.once('SIGTERM', () => {
  going = false;
});

/** A hundred at once, and again as soon as all are answered, whether signed in or refused with 503. */
async function floodSignIns(): Promise<void> {
  const attempt = async () => {
    const answer = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handle: 'Javert', password }),
    });
    await answer.arrayBuffer();
  };
  while (going) await Promise.all(Array.from({ length: 100 }, attempt));
}

async function writePosts(): Promise<void> {
  const author = createTwite({ baseUrl: url });
  await author.sessions.create({ handle: 'Valjean', password });
  const writing = repeatAtRate(200, () => author.posts.create({ text: `bench ${performance.now()}` }));
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once('SIGTERM', resolve);
  await promise;
  await writing.stop();
}

console.log('ready');
await (kind === 'signIns' ? floodSignIns() : writePosts());
process.exit(0);
