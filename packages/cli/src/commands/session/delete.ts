import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'End a session.',
  operations: ['deleteSession'],
  args: { sessionId: requiredArg('The id of the session, or `current`.') },
  async run({ args, twite, say }) {
    await twite.sessions.delete({ sessionId: args.sessionId });
    say(args.sessionId === 'current' ? line`Ended this session.` : line`Ended session ${args.sessionId}.`);
  },
});
