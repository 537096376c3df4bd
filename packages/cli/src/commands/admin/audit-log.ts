import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { showAuditEntry, showPage } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List what moderators and admins did, newest first.',
  operations: ['listAuditLog'],
  flags: pageFlags,
  async run({ flags, twite, say }) {
    const page = await takePage(twite.admin.listAuditLog(pageInput(flags)), flags);
    say(showPage(page, showAuditEntry, { empty: 'Nothing yet.' }));
    return page;
  },
});
