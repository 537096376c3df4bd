import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { requiredArg } from '../flags.ts';
import { postOrReply } from '../post-or-reply.ts';
import { showLike } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Like a post or a reply.',
  operations: ['likePost', 'likeReply'],
  args: { id: requiredArg('The id of the post or reply.') },
  flags: { reply: boolean({ summary: 'The id is that of a reply. Saves a request.', default: false }) },
  async run({ args, flags, twite, say }) {
    const ofReply = () => twite.replies.like({ replyId: args.id });
    const state = await (flags.reply
      ? ofReply()
      : postOrReply(() => twite.posts.like({ postId: args.id }), ofReply));
    say(showLike(state));
    return state;
  },
});
