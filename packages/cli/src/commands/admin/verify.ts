import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDir, environmentWith } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { CommandError } from '../../usage-error.ts';

const mediaRemedy =
  'Restore missing media files from a backup (`twite restore`), or copy them back to their place.';
const derivedRemedy = 'Rebuild search and graph (`twite admin search rebuild`, `twite admin graph rebuild`).';

function remedies(differing: readonly string[]): string {
  const [media, derived] = [true, false].map((isMedia) =>
    differing.some((what) => what.startsWith('media:') === isMedia),
  );
  return [
    ...(derived ? [derivedRemedy] : []),
    ...(media ? [mediaRemedy] : []),
    '`twite admin queues list` shows parked messages.',
  ].join(' ');
}

export default defineLocalCommand({
  summary: 'Compare search, graph, counts, timelines and media with their sources.',
  description:
    'On an embedded instance, this compares media records with their files and with the posts, replies and profiles that show them; everything else is written in one transaction. With TWITE_ENGINE=distributed, it uses the services in the environment variables. The instance can be running: recent writes are checked again before they count as a difference. Exits with an error if there are differences.',
  examples: ['<%= config.bin %> admin verify', '<%= config.bin %> admin verify --data-dir ./data'],
  flags: { 'data-dir': dataDir },
  async run({ flags, say }) {
    const report = await forOperator(({ verifyDerived }) => verifyDerived(environmentWith(flags)));
    say(
      table(
        ['data', 'compared', 'different', 'examples'],
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
        `Derived data differs from its source in: ${differing.join(', ')}. ${remedies(differing)}`,
      );
    }
    say(line`No differences found.`);
    return report;
  },
});
