import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { textArg } from '../flags.ts';
import { readText } from '../read-text.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Post.',
  description: 'A text that begins with a dash, or is the name of a subcommand, goes after --.',
  examples: [
    '<%= config.bin %> post "The night is dark."',
    '<%= config.bin %> post "For friends." --followers',
    'fortune | <%= config.bin %> post -',
  ],
  aliases: ['post:create'],
  operations: ['createPost'],
  args: { text: textArg },
  flags: { followers: boolean({ summary: 'Only for those who follow you.', default: false }) },
  async run({ args, flags, twite, say }) {
    const post = await twite.posts.create({
      text: await readText(args.text),
      visibility: flags.followers ? 'followers' : 'public',
    });
    say(line`Posted ${post.postId}.`);
    return post;
  },
});
