import { defineCommand } from '../define-command.ts';
import { passwordStdin, requiredArg } from '../flags.ts';
import { commandPassword } from '../session/ask-password.ts';
import { refuseToken } from '../session/refuse-token.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Sign in.',
  description: 'Asks for the password, unless TWITE_PASSWORD or --password-stdin gives it.',
  operations: ['createSession'],
  args: { handle: requiredArg('The handle of the account.') },
  flags: { 'password-stdin': passwordStdin },
  async run({ args, flags, twite, url, say }) {
    refuseToken(flags.token);
    const password = await commandPassword(flags['password-stdin']);
    const signedIn = await twite.sessions.create({ handle: args.handle.replace(/^@/, ''), password });
    say(line`Signed in as @${signedIn.account.handle} at ${url}.`);
    return signedIn;
  },
});
