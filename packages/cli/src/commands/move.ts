import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';
import { dataDir } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

export default defineLocalCommand({
  summary: 'Move an embedded instance to the distributed engine.',
  description:
    'Keeps ids, passwords, sessions, tokens and counts. Stop the server first. Set the environment variables of the distributed instance, which must be empty. The data folder is not changed. If the move is interrupted, run it again. See docs/operations/backup.md.',
  examples: ['TWITE_MONGODB_URL=… TWITE_REDIS_URL=… <%= config.bin %> move --data-dir ./data'],
  flags: { 'data-dir': dataDir },
  async run({ flags, say }) {
    const moved = await forOperator(({ move }) =>
      move({ dataDir: flags['data-dir'] ?? (process.env.TWITE_DATA_DIR || './data'), env: process.env }),
    );
    say(
      table(
        ['data', 'moved'],
        Object.entries(moved).map(([kind, count]) => [kind, String(count)]),
      ),
    );
    say(
      line`Start the servers, workers and a relay with TWITE_ENGINE=distributed. The relay then takes a snapshot, from which the search index and the graph are built. Keep the data folder until \`twite admin verify\` finds no differences.`,
    );
    return moved;
  },
});
