import { createTwite } from '@twite/sdk';
import { startEmbedded } from '../embedded.ts';

// The script of a user who tests a program of theirs: top-level await, no process.exit.
const server = await startEmbedded({ dataDir: ':memory:' });
const twite = createTwite({ baseUrl: server.url });
// More than the 20 per hour that an address may create elsewhere.
for (let index = 1; index <= 22; index += 1) {
  await twite.accounts.create({ handle: `reader_${index}`, password: 'rue plumet 1832' });
}
await server.settled();
const { items } = await twite.search.accounts({ q: 'reader_', limit: 50 });
await server.close();
console.log(`${items.length} accounts`);
