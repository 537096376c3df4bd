import { defineCommand } from '../define-command.ts';
import { onePageFlags } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { recommendationView } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List recommended accounts.',
  operations: ['listRecommendedAccounts'],
  flags: onePageFlags,
  async run({ flags, twite, sayPage, note }) {
    const page = await twite.recommendations.listAccounts({ limit: flags.limit });
    if (page.degraded) note(line`The recommendation graph is unavailable, so this list may be incomplete.`);
    sayPage(page, recommendationView, {
      empty: 'No recommendations yet: no other account has posted recently. See `twite timeline --public`.',
    });
    return page;
  },
});
