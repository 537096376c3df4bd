import { setTimeout as wait } from 'node:timers/promises';
import { ContractError } from '@twite/contract';
import { updateMe } from '@twite/core/accounts/update-me';
import type { Deps } from '@twite/core/engine';
import { deleteMedia } from '@twite/core/media/delete-media';
import { updateMedia } from '@twite/core/media/update-media';
import { uploadMedia } from '@twite/core/media/upload-media';
import { createPost } from '@twite/core/posts/create-post';
import { deletePost } from '@twite/core/posts/delete-post';
import { createReply } from '@twite/core/replies/create-reply';
import { deleteReply } from '@twite/core/replies/delete-reply';
import { Unavailable } from '@twite/core/unavailable';
import { videoBytes } from '../testing/tiny-media.ts';

/** An action of a user, with ids that a retry repeats. */
export type Act =
  | { readonly act: 'upload'; readonly mediaId: string; readonly video?: boolean }
  | { readonly act: 'post'; readonly postId: string; readonly mediaIds: readonly string[] }
  | {
      readonly act: 'reply';
      readonly replyId: string;
      readonly postId: string;
      readonly mediaIds: readonly string[];
    }
  | { readonly act: 'avatar' | 'banner'; readonly mediaId: string | null }
  | { readonly act: 'focus'; readonly mediaId: string; readonly x: number }
  | { readonly act: 'deleteMedia'; readonly mediaId: string }
  | { readonly act: 'deletePost'; readonly postId: string }
  | { readonly act: 'deleteReply'; readonly replyId: string }
  | { readonly act: 'suspend' | 'reinstate' | 'deleteAccount' };

/** Acts of one account in sequence; those of an inner list run at once. */
export interface MediaScript {
  readonly accountId: string;
  readonly steps: readonly (readonly Act[])[];
}

async function* bytesOf(count: number) {
  yield new Uint8Array(count);
}

async function perform(deps: Deps, accountId: string, act: Act): Promise<unknown> {
  switch (act.act) {
    case 'upload': {
      const bytes = act.video ? videoBytes : videoBytes + 1;
      const file = { path: '', bytes, open: () => bytesOf(bytes) };
      const { mediaId } = act;
      return uploadMedia(deps, { mediaId, ownerId: accountId, file, altText: '', focus: { x: 0, y: 0 } });
    }
    case 'post': {
      const { postId, mediaIds } = act;
      return createPost(deps, { postId, authorId: accountId, text: '', visibility: 'public', mediaIds });
    }
    case 'reply': {
      const { replyId, postId, mediaIds } = act;
      return createReply(deps, { replyId, postId, authorId: accountId, text: '', mediaIds });
    }
    case 'avatar':
      return updateMe(deps, accountId, { avatarMediaId: act.mediaId });
    case 'banner':
      return updateMe(deps, accountId, { bannerMediaId: act.mediaId });
    case 'focus':
      return updateMedia(deps, accountId, act.mediaId, { focus: { x: act.x, y: 0 } });
    case 'deleteMedia':
      return deleteMedia(deps, accountId, act.mediaId);
    case 'deletePost':
      return deletePost(deps, accountId, act.postId);
    case 'deleteReply':
      return deleteReply(deps, accountId, act.replyId);
    case 'suspend':
      return deps.accounts.setSuspension(accountId, { at: deps.clock.now(), reason: null });
    case 'reinstate':
      return deps.accounts.setSuspension(accountId, null);
    case 'deleteAccount':
      return deps.accounts.markDeleted(accountId);
  }
}

const attempts = 20;

/** Acts like a client: retries when something is unavailable, and accepts a refusal as an answer. */
async function ask(deps: Deps, accountId: string, act: Act): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await perform(deps, accountId, act);
      return;
    } catch (error) {
      if (error instanceof Unavailable && attempt < attempts) await wait(100);
      else if (error instanceof ContractError && !(error instanceof Unavailable)) return;
      else throw error;
    }
  }
}

/** Performs the unanswered acts, and reports each answered act by its position among all acts. */
export async function performScript(
  deps: Deps,
  { accountId, steps }: MediaScript,
  answered: ReadonlySet<number>,
  tellAnswered: (place: number) => void,
): Promise<void> {
  let first = 0;
  for (const step of steps) {
    await Promise.all(
      step.map(async (act, index) => {
        const place = first + index;
        if (answered.has(place)) return;
        await ask(deps, accountId, act);
        tellAnswered(place);
      }),
    );
    first += step.length;
  }
}
