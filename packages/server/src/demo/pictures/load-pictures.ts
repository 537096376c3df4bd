import { updateMe } from '@twite/core/accounts/update-me';
import type { Deps } from '@twite/core/engine';
import { each } from '../each.ts';
import type { DemoPlan } from '../plan-demo.ts';
import { drawAvatar } from './draw-avatar.ts';
import { drawLandscape, landscapes } from './draw-landscape.ts';
import type { PictureUploader } from './upload-picture.ts';

// They queue for the same processes; a long queue is refused.
const picturesAtOnce = 4;

/** The pictures of posts, as yet attached to nothing; answers how many. */
export async function loadLandscapes(
  { upload }: PictureUploader,
  plan: DemoPlan,
  accountIdOf: (handle: string) => string,
): Promise<number> {
  const pictures = plan.posts.flatMap(({ by, picture }) => (picture ? [{ ...picture, by }] : []));
  await each(
    pictures,
    ({ mediaId, by, landscape, altText }) =>
      upload({ mediaId, ownerId: accountIdOf(by), png: drawLandscape(landscapes[landscape]), altText }),
    picturesAtOnce,
  );
  return pictures.length;
}

/** Those who speak most. A picture takes some 50 ms of a core, and the first start should not take a second longer. */
const withAvatars: readonly string[] = ['Cosette', 'Javert', 'Marius', 'Valjean'];

/** Gives those who speak most an avatar; how many it gave. */
export async function loadAvatars(deps: Deps, { upload }: PictureUploader, plan: DemoPlan): Promise<number> {
  const accounts = plan.accounts
    .map((account, index) => ({ ...account, index }))
    .filter(({ handle }) => withAvatars.includes(handle));
  await each(
    accounts,
    async ({ accountId, handle, displayName, avatarMediaId, index }) => {
      const altText = `Coloured circles that stand for ${displayName}.`;
      await upload({ mediaId: avatarMediaId, ownerId: accountId, png: drawAvatar(handle, index), altText });
      await updateMe(deps, accountId, { avatarMediaId });
    },
    picturesAtOnce,
  );
  return accounts.length;
}
