import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { line } from '../../../terminal/printable.ts';

export default defineLocalCommand({
  summary: 'Rebuild the recommendation graph of a distributed instance, without downtime.',
  description: 'Uses the services in the environment variables of the server.',
  examples: ['<%= config.bin %> admin graph rebuild'],
  async run({ say, note }) {
    const done = await forOperator(({ rebuildGraph }) =>
      rebuildGraph(process.env, ({ accounts, follows }) =>
        note(line`${accounts} accounts, ${follows} follows …`),
      ),
    );
    say(line`Rebuilt the graph: ${done.accounts} accounts and ${done.follows} follows.`);
    return done;
  },
});
