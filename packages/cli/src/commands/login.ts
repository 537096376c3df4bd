import { defineCommand } from '../define-command.ts';
import { passwordStdin, requiredArg } from '../flags.ts';
import { commandPassword } from '../session/ask-password.ts';
import { openDeviceTokens } from '../session/device-tokens.ts';
import { refuseToken } from '../session/refuse-token.ts';
import { shownSession } from '../session/shown-session.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Sign in.',
  description: 'Asks for the password, unless you set TWITE_PASSWORD or use --password-stdin.',
  operations: ['createSession', 'deleteSession'],
  args: { handle: requiredArg('The handle of the account.') },
  flags: { 'password-stdin': passwordStdin },
  async run({ args, flags, twite, url, configFolder, keepServer, stored, say, note }) {
    refuseToken(flags.token);
    const password = await commandPassword(flags['password-stdin']);
    const handle = args.handle.replace(/^@/, '');
    const deviceTokens = openDeviceTokens(configFolder);
    const deviceToken = await deviceTokens.find(url, handle);
    const signedIn = await twite.sessions.create({
      handle,
      password,
      ...(deviceToken === undefined ? {} : { deviceToken }),
    });
    await deviceTokens.keep(url, handle, signedIn.deviceToken);
    await keepServer();
    if (stored !== undefined) {
      // Nobody has it any more. If it has already ended or the server is unavailable, it expires by itself.
      const { createTwite } = await import('@twite/sdk');
      const before = createTwite({ baseUrl: url, session: stored });
      await before.sessions.delete({ sessionId: 'current' }).catch(() => undefined);
      note(line`Your previous session was ended. Use --profile to keep several sessions.`);
    }
    say(line`Signed in as @${signedIn.account.handle} at ${url}.`);
    return shownSession(signedIn);
  },
});
