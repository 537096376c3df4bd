import { defineCommand } from '../../define-command.ts';
import { table } from '../../terminal/table.ts';

export default defineCommand({
  summary: 'Show the totals of the instance.',
  operations: ['getStats'],
  async run({ twite, say }) {
    const stats = await twite.admin.getStats();
    say(table(['total', 'count'], Object.entries(stats)));
    return stats;
  },
});
