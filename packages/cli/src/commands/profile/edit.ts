import { boolean, string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { altFlag, filesGiven, focusFlag } from '../../media/files-given.ts';
import { uploadOperations, withUploads } from '../../media/upload-files.ts';
import { showAccount } from '../../terminal/show.ts';
import { UsageError } from '../../usage-error.ts';

const pictureFlags: readonly (string | undefined)[] = ['avatar', 'banner'];

export default defineCommand({
  summary: 'Change your display name, bio, avatar or banner.',
  description: 'Each --alt and --focus belongs to the --avatar or --banner before it.',
  examples: [
    '<%= config.bin %> profile edit --name Cosette --avatar me.jpg --alt "Cosette, with a broom." --focus 0,0.5',
    '<%= config.bin %> profile edit --no-banner',
  ],
  operations: ['updateMe', ...uploadOperations],
  flags: {
    name: string({ summary: 'The name shown next to your handle. Use "" to remove it.' }),
    bio: string({ summary: 'A short description of yourself. Use "" to remove it.' }),
    avatar: string({
      summary: 'An image for your avatar, which is cropped to a square.',
      helpValue: '<file>',
    }),
    banner: string({ summary: 'A wide image for the top of your profile.', helpValue: '<file>' }),
    'no-avatar': boolean({ summary: 'Remove the avatar.', exclusive: ['avatar'] }),
    'no-banner': boolean({ summary: 'Remove the banner.', exclusive: ['banner'] }),
    alt: altFlag,
    focus: focusFlag,
  },
  async run({ flags, given, twite, json, say }) {
    const files = filesGiven(given, ({ flag }) => pictureFlags.includes(flag));
    const { name, bio, 'no-avatar': noAvatar, 'no-banner': noBanner } = flags;
    if (files.length === 0 && name === undefined && bio === undefined && !noAvatar && !noBanner)
      throw new UsageError('Nothing to change: give --name, --bio, --avatar, --banner or several of them.');
    const me = await withUploads({ twite, json }, { files, undone: 'Nothing was changed.' }, (media) => {
      const uploaded = (flag: string): string | undefined =>
        media[files.findIndex((file) => file.flag === flag)]?.mediaId;
      return twite.me.update({
        displayName: name,
        bio,
        avatarMediaId: noAvatar ? null : uploaded('avatar'),
        bannerMediaId: noBanner ? null : uploaded('banner'),
      });
    });
    say(showAccount(me));
    return me;
  },
});
