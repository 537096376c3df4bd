import { defineCommand } from '../define-command.ts';
import { line, lines } from '../terminal/printable.ts';
import { showAccount } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Show the account that you are signed in as.',
  operations: ['getMe'],
  async run({ twite, url, say }) {
    const me = await twite.me.get();
    say(lines([showAccount(me), line`  ${me.role === 'user' ? '' : `${me.role} `}at ${url}`]));
    return me;
  },
});
