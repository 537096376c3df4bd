import { defineCommand } from '../define-command.ts';
import { onePageFlags } from '../flags.ts';
import { showPage, showRecommendation } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List accounts that you may want to follow.',
  operations: ['listRecommendedAccounts'],
  flags: onePageFlags,
  async run({ flags, twite, say }) {
    const page = await twite.recommendations.listAccounts({ limit: flags.limit });
    say(
      showPage(page, showRecommendation, {
        empty: 'Nobody yet. Follow someone first: their followees are recommended.',
      }),
    );
    return page;
  },
});
