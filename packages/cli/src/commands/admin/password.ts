import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDirFlag, requiredArg } from '../../flags.ts';
import { resetLinkText } from '../../terminal/reset-link.ts';

export default defineLocalCommand({
  summary: 'Create a password reset link, on the machine with the data.',
  description:
    'The link works once, within an hour, and replaces earlier links. The server can be running. With TWITE_ENGINE=distributed, it works on the services that the environment variables name. TWITE_PUBLIC_URL is the address in the link.',
  examples: ['<%= config.bin %> admin password cosette --data-dir ./data'],
  args: { handle: requiredArg('The handle of the account.') },
  flags: { 'data-dir': dataDirFlag },
  async run({ args, flags, say }) {
    const handle = args.handle.replace(/^@/, '');
    const reset = await forOperator(({ resetPassword }) =>
      resetPassword({ dataDir: flags['data-dir'], handle, env: process.env }),
    );
    say(resetLinkText(reset));
    return reset;
  },
});
