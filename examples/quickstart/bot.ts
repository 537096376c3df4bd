// Start a server with `npm start`, then the bot with `npm start -w examples/quickstart`, and mention it:
// npm run twite -- post "Are you there, @echobot?"
import { setTimeout as wait } from 'node:timers/promises';
import { ConflictError, createTwite } from '@twite/sdk';
import { answerMentions } from './answer-mentions.ts';

const handle = 'echobot';
const password = process.env.BOT_PASSWORD;
if (!password) {
  console.error('Set BOT_PASSWORD to a password for the bot, 10 characters or more.');
  process.exit(2);
}

const twite = createTwite({ baseUrl: process.env.TWITE_URL ?? 'http://127.0.0.1:8080' });
try {
  await twite.accounts.create({ handle, password, displayName: 'Echo' });
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  await twite.sessions.create({ handle, password });
}
await twite.posts.create({ text: 'I am here: mention me and I answer. #bot' });
console.log(`@${handle} is signed in and listens for mentions.`);

for (;;) {
  const answered = await answerMentions(twite, handle);
  if (answered > 0) console.log(`answered ${answered}`);
  await wait(2_000);
}
