import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDir, environmentWith } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { CommandError } from '../../usage-error.ts';

const mediaRemedy =
  'Media files that are missing come back with a backup (`twite restore`), or by copying them to where they were.';
const derivedRemedy = 'Rebuild search and graph (`twite admin search rebuild`, `twite admin graph rebuild`).';

function remedies(differing: readonly string[]): string {
  const [media, derived] = [true, false].map((isMedia) =>
    differing.some((what) => what.startsWith('media:') === isMedia),
  );
  return [
    ...(derived ? [derivedRemedy] : []),
    ...(media ? [mediaRemedy] : []),
    '`twite admin queues list` tells what was parked.',
  ].join(' ');
}

export default defineLocalCommand({
  summary: 'Compare search, graph, counts, timelines and media with their sources.',
  description:
    'An embedded instance has media to compare: records with files, and with the posts, replies and profiles that show them; everything else is written in one transaction. With TWITE_ENGINE=distributed, on the services that the environment names. The instance may be running. What lags behind a write of a moment ago is looked at again before it counts as a difference. Ends with an error when something differs.',
  examples: ['<%= config.bin %> admin verify', '<%= config.bin %> admin verify --data-dir ./data'],
  flags: { 'data-dir': dataDir },
  async run({ flags, say }) {
    const report = await forOperator(({ verifyDerived }) => verifyDerived(environmentWith(flags)));
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
        `What is derived differs from its source in: ${differing.join(', ')}. ${remedies(differing)}`,
      );
    }
    say(line`All of it agrees.`);
    return report;
  },
});
