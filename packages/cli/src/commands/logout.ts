import { defineCommand } from '../define-command.ts';
import { refuseToken } from '../session/refuse-token.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Sign out.',
  operations: ['deleteSession'],
  async run({ flags, twite, url, say }) {
    refuseToken(flags.token);
    await twite.sessions.delete({ sessionId: 'current' });
    say(line`Signed out of ${url}.`);
  },
});
