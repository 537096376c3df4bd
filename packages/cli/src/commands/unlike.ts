import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { requiredArg } from '../flags.ts';
import { postOrReply } from '../post-or-reply.ts';
import { showLike } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Unlike a post or a reply.',
  operations: ['unlikePost', 'unlikeReply'],
  args: { id: requiredArg('The id of the post or reply.') },
  flags: { reply: boolean({ summary: 'The id is that of a reply. Saves a request.', default: false }) },
  async run({ args, flags, twite, say }) {
    const ofReply = () => twite.replies.unlike({ replyId: args.id });
    const state = await (flags.reply
      ? ofReply()
      : postOrReply(() => twite.posts.unlike({ postId: args.id }), ofReply));
    say(showLike(state));
    return state;
  },
});
