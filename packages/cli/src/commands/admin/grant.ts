import { option } from '@oclif/core/flags';
import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDirFlag, requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineLocalCommand({
  summary: 'Make an account an admin. Run this on the machine with the data.',
  description:
    'This is how an instance gets its first admin. The server can be running. With TWITE_ENGINE=distributed, it uses the services in the environment variables.',
  examples: ['<%= config.bin %> admin grant cosette --data-dir ./data'],
  args: { handle: requiredArg('The handle of the account.') },
  flags: {
    'data-dir': dataDirFlag,
    role: option({
      summary: 'The role to grant.',
      options: ['user', 'moderator', 'admin'] as const,
      default: 'admin',
    })(),
  },
  async run({ args, flags, say }) {
    const handle = args.handle.replace(/^@/, '');
    const account = await forOperator(({ grantAdmin }) =>
      grantAdmin({ dataDir: flags['data-dir'], handle, role: flags.role, env: process.env }),
    );
    say(line`@${account.handle} is ${account.role} now.`);
    return account;
  },
});
