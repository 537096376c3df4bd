import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { requiredArg } from '../flags.ts';
import { showLike } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Like a post, or a reply.',
  operations: ['likePost', 'likeReply'],
  args: { id: requiredArg('The id of the post, or with --reply of the reply.') },
  flags: { reply: boolean({ summary: 'It is a reply.', default: false }) },
  async run({ args, flags, twite, say }) {
    const state = flags.reply
      ? await twite.replies.like({ replyId: args.id })
      : await twite.posts.like({ postId: args.id });
    say(showLike(state));
    return state;
  },
});
