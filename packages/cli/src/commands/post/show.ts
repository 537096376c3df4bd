import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';
import { replyView, showPost } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Show a post.',
  operations: ['getPost'],
  args: { postId: requiredArg('The id of the post.') },
  flags: { replies: boolean({ summary: 'Include the first page of its replies.', default: false }) },
  async run({ args, flags, twite, say, sayPage }) {
    const post = await twite.posts.get({
      postId: args.postId,
      include: flags.replies ? 'replies' : undefined,
    });
    say(showPost(post));
    if (post.replies) {
      say(line``);
      sayPage(post.replies, replyView, {
        empty: 'No replies yet.',
        more: (cursor) => `More: twite replies ${post.postId} --cursor ${cursor}`,
      });
    }
    return post;
  },
});
