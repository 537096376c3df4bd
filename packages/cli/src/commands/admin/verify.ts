import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDirFlag } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { CommandError } from '../../usage-error.ts';

export default defineLocalCommand({
  summary:
    'Compare media with their objects, and what is derived (search, graph, counts, timelines) with its source.',
  description:
    'On the data folder, or on the services that the environment names: only a distributed instance has derived data in stores of their own. What lags behind a write of a moment ago is looked at again before it counts as a difference. Ends with an error when something differs.',
  examples: ['<%= config.bin %> admin verify'],
  flags: { 'data-dir': dataDirFlag },
  async run({ flags, say }) {
    const { env } = process;
    const report = await forOperator(async ({ verifyDerived, verifyMedia }) => [
      ...(env.TWITE_ENGINE === 'distributed' ? await verifyDerived(env) : []),
      await verifyMedia({ dataDir: flags['data-dir'], env }),
    ]);
    say(
      table(
        ['what', 'compared', 'differ', 'for example'],
        report.map(({ what, compared, differences, examples }) => [
          what,
          String(compared),
          String(differences),
          examples.join(' '),
        ]),
      ),
    );
    const differing = report.filter(({ differences }) => differences > 0).map(({ what }) => what);
    if (differing.length > 0) {
      throw new CommandError(
        'derived_data_differs',
        `Differences in: ${differing.join(', ')}. Rebuild what is derived (admin search rebuild, admin graph rebuild), and look at admin queues list for what was parked. Objects of media that are missing can only come from a backup.`,
      );
    }
    say(line`All of it agrees.`);
    return report;
  },
});
