import { updateMe } from '@twite/core/accounts/update-me';
import type { Deps } from '@twite/core/engine';
import { forEachConcurrently } from '@twite/process/for-each-concurrently';
import type { DemoPlan } from '../plan-demo.ts';
import { drawAvatar } from './draw-avatar.ts';
import { drawLandscape, landscapes } from './draw-landscape.ts';
import { openPictureUploader } from './upload-picture.ts';

// They queue for the same processes as users' uploads.
const picturesAtOnce = 4;

/** Loads the pictures of posts, not attached yet. Returns how many. */
export async function loadLandscapes(
  deps: Deps,
  plan: DemoPlan,
  accountIdOf: (handle: string) => string,
): Promise<number> {
  await using uploader = await openPictureUploader(deps);
  const pictures = plan.posts.flatMap(({ by, picture }) => (picture ? [{ ...picture, by }] : []));
  await forEachConcurrently(pictures, picturesAtOnce, ({ mediaId, by, landscape, altText }) =>
    uploader.upload({
      mediaId,
      ownerId: accountIdOf(by),
      png: drawLandscape(landscapes[landscape]),
      altText,
    }),
  );
  return pictures.length;
}

/** Gives an avatar to each account that has not changed since it was loaded. */
export async function loadAvatars(deps: Deps, plan: DemoPlan, signal: AbortSignal): Promise<void> {
  await using uploader = await openPictureUploader(deps);
  const accounts = await deps.accounts.findMany(plan.accounts.map(({ accountId }) => accountId));
  const withoutAvatar = plan.accounts
    .map((account, index) => ({ ...account, index }))
    .filter(({ accountId }) => {
      const account = accounts.get(accountId);
      return account?.status === 'active' && account.avatar === null;
    });
  await forEachConcurrently(
    withoutAvatar,
    picturesAtOnce,
    async ({ accountId, handle, displayName, avatarMediaId, index }) => {
      signal.throwIfAborted();
      const altText = `Coloured circles that stand for ${displayName}.`;
      const png = drawAvatar(handle, index);
      await uploader.upload({ mediaId: avatarMediaId, ownerId: accountId, png, altText });
      await updateMe(deps, accountId, { avatarMediaId });
    },
  );
}
