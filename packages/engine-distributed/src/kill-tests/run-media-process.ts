import { expireMedia } from '@twite/core/media/expire-media';
import { purgeMedia, removeMediaOfPost } from '@twite/core/media/purge-media';
import { updateMedia } from '@twite/core/media/update-media';
import { uploadMedia } from '@twite/core/media/upload-media';
import { createPost } from '@twite/core/posts/create-post';
import { armFailpoint } from '../failpoints.ts';
import { openMediaDeps } from './media-deps.ts';

/** Posts, changes, withholds and deletes for ever: until a failpoint kills it. */
const [namespace = '', authorId = '', machine = ''] = process.argv.slice(2);
const deps = openMediaDeps(namespace, Date, Number(machine));

const upload = () =>
  uploadMedia(deps, {
    mediaId: deps.ids.next(),
    ownerId: authorId,
    file: { path: '', bytes: 1, async *open() {} },
    altText: '',
    focus: { x: 0, y: 0 },
  });

async function work(): Promise<never> {
  const posted: string[] = [];
  for (let round = 0; ; round++) {
    const [one, two] = [await upload(), await upload()];
    // One that stays unattached.
    await upload();
    const mediaIds = [two.mediaId, one.mediaId];
    const postId = deps.ids.next();
    await createPost(deps, { postId, authorId, text: '', visibility: 'public', mediaIds });
    posted.push(postId);
    await updateMedia(deps, authorId, one.mediaId, { altText: `round ${round}` });
    const keys = [...(await deps.media.findMany(mediaIds)).values()].flatMap((record) => record.keys);
    await deps.blobs.withhold(keys);
    await deps.blobs.reinstate(keys);
    await expireMedia(deps);
    const deleted = posted.length > 1 ? posted.shift() : undefined;
    if (deleted === undefined) continue;
    const removed = await deps.media.listByPost(deleted, 10);
    await deps.posts.delete(deleted);
    await removeMediaOfPost(deps, deleted);
    await purgeMedia(deps, removed);
  }
}

process.on('message', (failpoint: string) => {
  armFailpoint(failpoint);
  work().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.send?.('ready');
