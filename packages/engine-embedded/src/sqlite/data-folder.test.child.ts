import { defaultSettings } from '@twite/core/engine';
import type { NewPost } from '@twite/core/posts/post-store';
import { emptyPostQuery } from '@twite/core/search/search-index';
import { openEmbeddedEngine } from '../index.ts';

// A process for data-folder.test.ts to kill: it opens the folder, does one thing, and reports it on its output.
const [folder = '', deed = ''] = process.argv.slice(2);
const open = await openEmbeddedEngine({ location: folder, clock: Date, settings: defaultSettings });
const { engine } = open;
const say = (text: string) => process.stdout.write(`${text}\n`);
const never = new Promise<never>(() => {});

const post: NewPost = {
  postId: '2000000000000000001',
  authorId: '1900000000000000001',
  text: 'written before the end',
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: 0,
};

switch (deed) {
  case 'hold':
    say('done');
    break;
  case 'search-and-close':
    await engine.search.searchPosts({ ...emptyPostQuery, words: ['word'] }, { limit: 1 });
    await open[Symbol.asyncDispose]();
    break;
  case 'write-and-hang-in-delivery':
    await engine.events.consume('fanOut', async () => {
      say('done');
      await never;
    });
    await engine.posts.insert(post);
    break;
  case 'hang-in-a-job':
    await engine.jobs.enqueue([{ name: 'purgePost', postId: post.postId }]);
    await engine.jobs.consume(['reconcile'], {
      rebuildTimeline: async () => {},
      settleAccount: () => never,
      purgePost: async () => {
        say('done');
        await never;
      },
    });
    break;
  case 'claim-and-insert':
    await engine.idempotency.claim({
      keyHash: 'key',
      fingerprint: 'same input',
      resourceId: post.postId,
      owner: 'the process that was killed',
      expiresAt: Number.MAX_SAFE_INTEGER,
      now: 0,
    });
    await engine.posts.insert(post);
    say('done');
    break;
  case 'hang-in-a-put':
    await engine.blobs.put(`media/${'a'.repeat(32)}.mp4`, {
      bytes: 1_000_000,
      mimeType: 'video/mp4',
      async *open() {
        yield Buffer.alloc(100_000);
        // A further request implies that the previous writes are done.
        say('done');
        await never;
      },
    });
    break;
  case 'fill-the-disk': {
    // The parent limits the file size: some commit fails, and everything reported before must still exist afterwards.
    for (let index = 0, refused = false; !refused; index += 1) {
      const postId = String(2_000_000_000_000_000_000n + BigInt(index));
      await engine.posts.insert({ ...post, postId, text: 'x'.repeat(5_000) }).then(
        () => say(`written ${postId}`),
        (error) => {
          refused = true;
          say(`refused ${error.code}`);
        },
      );
    }
    say(`failed ${(await open.failed).message}`);
    process.exit(3);
    break;
  }
  default:
    throw new Error(`no such deed: ${deed}`);
}
// Only a signal ends the others.
if (deed !== 'search-and-close') setInterval(() => {}, 60_000);
