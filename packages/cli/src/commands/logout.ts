import { defineCommand } from '../define-command.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Sign out.',
  operations: ['deleteSession'],
  async run({ twite, url, say }) {
    await twite.sessions.delete({ sessionId: 'current' });
    say(line`Signed out of ${url}.`);
  },
});
