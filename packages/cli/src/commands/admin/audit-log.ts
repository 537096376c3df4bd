import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { showAuditEntry } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List the actions of moderators and admins, newest first.',
  operations: ['listAuditLog'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.admin.listAuditLog(pageInput(flags)), flags);
    sayPage(page, showAuditEntry, { empty: 'No entries yet.' });
    return page;
  },
});
