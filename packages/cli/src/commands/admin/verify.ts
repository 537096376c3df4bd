import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { line } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { CommandError } from '../../usage-error.ts';

export default defineLocalCommand({
  summary: 'Compare everything derived with its source: search, graph, counts and timelines.',
  description:
    'For a distributed instance, on the services that the environment names. What lags behind a write of a moment ago is looked at again before it counts as a difference. Ends with an error when something differs.',
  examples: ['<%= config.bin %> admin verify'],
  async run({ say }) {
    const report = await forOperator(({ verifyDerived }) => verifyDerived(process.env));
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
        `What is derived differs from its source in: ${differing.join(', ')}. Rebuild it (admin search rebuild, admin graph rebuild), or look at admin queues list for what was parked.`,
      );
    }
    say(line`All that is derived equals its source.`);
    return report;
  },
});
