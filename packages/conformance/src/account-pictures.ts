import { expect } from 'vitest';
import { avatarFor, newMedia, snapshotFor } from './media-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import { accountOf, newAccount } from './world.ts';

export function expectAccountPictures({ fact }: SuiteContext): void {
  fact('an avatar and a banner are set, replaced and removed independently', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world, { displayName: 'Jean' });
    const mediaIds = [await newMedia(world, accountId), await newMedia(world, accountId)];
    const [avatar, another] = await Promise.all(mediaIds.map((mediaId) => avatarFor(world, mediaId)));
    const banner = await snapshotFor(world, mediaIds[1] ?? '');
    if (!avatar || !another) throw new Error('no avatars');
    expect(await accounts.update(accountId, { avatar })).toBe(true);
    const record = await accountOf(world, accountId);
    expect(record).toMatchObject({ displayName: 'Jean', avatar, banner: null });
    expect(record.avatar).toEqual(avatar);
    expect(Object.isFrozen(record.avatar)).toBe(true);
    expect(await accounts.update(accountId, { banner, bio: 'A mayor' })).toBe(true);
    expect(await accountOf(world, accountId)).toMatchObject({ avatar, banner, bio: 'A mayor' });
    expect(await accounts.update(accountId, { avatar: another })).toBe(true);
    expect((await accountOf(world, accountId)).avatar).toEqual(another);
    expect((await accounts.findByHandle(record.handle))?.avatar).toEqual(another);
    expect(await accounts.update(accountId, { avatar: null })).toBe(true);
    expect(await accountOf(world, accountId)).toMatchObject({ avatar: null, banner, bio: 'A mayor' });
    expect(await accounts.update(world.id(), { avatar })).toBe(false);
  });

  fact(
    'a picture is replaced while the account shows that medium, and left alone otherwise',
    async (world) => {
      const { accounts } = world.engine;
      const accountId = await newAccount(world);
      const mediaIds = [await newMedia(world, accountId), await newMedia(world, accountId)];
      const [avatar, another] = await Promise.all(mediaIds.map((mediaId) => avatarFor(world, mediaId)));
      if (!avatar || !another) throw new Error('no avatars');
      const replace = (mediaId: string, snapshot: typeof avatar | null) =>
        accounts.replacePicture(accountId, 'avatar', mediaId, snapshot);
      expect(await replace(avatar.mediaId, avatar)).toBe(false);
      await accounts.update(accountId, { avatar, banner: another });
      const before = await accountOf(world, accountId);
      expect(await replace(another.mediaId, null)).toBe(false);
      expect(await accountOf(world, accountId)).toEqual(before);
      const changed = { ...avatar, altText: 'Another' };
      expect(await replace(avatar.mediaId, changed)).toBe(true);
      expect(await accountOf(world, accountId)).toEqual({ ...before, avatar: changed, rev: before.rev + 1 });
      expect(await accounts.replacePicture(accountId, 'banner', another.mediaId, null)).toBe(true);
      expect(await accountOf(world, accountId)).toMatchObject({ avatar: changed, banner: null });
      expect(await replace(avatar.mediaId, null)).toBe(true);
      expect(await replace(avatar.mediaId, avatar)).toBe(false);
      expect((await accountOf(world, accountId)).avatar).toBe(null);
      expect(await accounts.replacePicture(world.id(), 'avatar', avatar.mediaId, null)).toBe(false);
    },
  );
}
