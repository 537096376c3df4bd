import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { line } from '../../../terminal/printable.ts';

export default defineLocalCommand({
  summary: 'Build the search index of a distributed instance anew, without downtime.',
  description:
    'Works on the services that the environment names, as the server does. Searches go on in the old index until the new one is whole.',
  examples: ['<%= config.bin %> admin search rebuild'],
  async run({ say, note }) {
    const done = await forOperator(({ rebuildSearch }) =>
      rebuildSearch(process.env, ({ posts, accounts }) => note(line`${posts} posts, ${accounts} accounts …`)),
    );
    say(line`The index is new: ${done.posts} posts and ${done.accounts} accounts.`);
    return done;
  },
});
