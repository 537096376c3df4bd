import { string } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { passwordStdin, requiredArg } from '../flags.ts';
import { commandPassword } from '../session/ask-password.ts';
import { openDeviceTokens } from '../session/device-tokens.ts';
import { refuseToken } from '../session/refuse-token.ts';
import { shownSession } from '../session/shown-session.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Create an account and sign in.',
  description: 'Asks for a password, unless you set TWITE_PASSWORD or use --password-stdin.',
  examples: ['<%= config.bin %> signup cosette --name "Cosette"'],
  operations: ['createAccount'],
  args: { handle: requiredArg('The handle: letters, digits and underscores.') },
  flags: { name: string({ summary: 'The name shown next to the handle.' }), 'password-stdin': passwordStdin },
  async run({ args, flags, twite, url, configFolder, keepServer, say }) {
    refuseToken(flags.token);
    const password = await commandPassword(flags['password-stdin'], { twice: true });
    const signedIn = await twite.accounts.create({
      handle: args.handle.replace(/^@/, ''),
      password,
      displayName: flags.name,
    });
    await openDeviceTokens(configFolder).keep(url, signedIn.account.handle, signedIn.deviceToken);
    await keepServer();
    say(line`Welcome, @${signedIn.account.handle}. You are signed in. Try: twite post "Hello"`);
    return shownSession(signedIn);
  },
});
