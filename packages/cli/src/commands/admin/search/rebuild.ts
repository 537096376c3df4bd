import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { line } from '../../../terminal/printable.ts';

export default defineLocalCommand({
  summary: 'Rebuild the search index of a distributed instance, without downtime.',
  description:
    'Uses the services in the environment variables of the server. Searches use the old index until the new one is complete.',
  examples: ['<%= config.bin %> admin search rebuild'],
  async run({ say, note }) {
    const done = await forOperator(({ rebuildSearch }) =>
      rebuildSearch(process.env, ({ posts, accounts }) => note(line`${posts} posts, ${accounts} accounts …`)),
    );
    say(line`Rebuilt the index: ${done.posts} posts and ${done.accounts} accounts.`);
    return done;
  },
});
