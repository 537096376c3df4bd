import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDirFlag, requiredArg } from '../../flags.ts';
import { resetLinkText } from '../../terminal/reset-link.ts';

export default defineLocalCommand({
  summary: 'Make a link that resets the password of an account, on the machine that holds the data.',
  description:
    'The link works once, for an hour, and replaces the one before. The server may be running. With TWITE_ENGINE=distributed, on the services that the environment names. TWITE_PUBLIC_URL is where the link leads.',
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
