import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { requiredArg } from '../flags.ts';
import { showLike } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Take back a like of a post, or of a reply.',
  operations: ['unlikePost', 'unlikeReply'],
  args: { id: requiredArg('The id of the post, or with --reply of the reply.') },
  flags: { reply: boolean({ summary: 'It is a reply.', default: false }) },
  async run({ args, flags, twite, say }) {
    const state = flags.reply
      ? await twite.replies.unlike({ replyId: args.id })
      : await twite.posts.unlike({ postId: args.id });
    say(showLike(state));
    return state;
  },
});
