import { string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { showAccount } from '../../terminal/show.ts';
import { UsageError } from '../../usage-error.ts';

export default defineCommand({
  summary: 'Change your display name or bio.',
  operations: ['updateMe'],
  flags: {
    name: string({ summary: 'The name shown beside your handle; empty to have none.' }),
    bio: string({ summary: 'A few words about you; empty to have none.' }),
  },
  async run({ flags: { name, bio }, twite, say }) {
    if (name === undefined && bio === undefined)
      throw new UsageError('Nothing to change: give --name, --bio or both.');
    const me = await twite.me.update({ displayName: name, bio });
    say(showAccount(me));
    return me;
  },
});
