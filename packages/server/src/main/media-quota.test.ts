import { createTwite } from '@twite/sdk';
import { expect, test } from 'vitest';
import { aPng } from '../http-tests/a-png.ts';
import { configForTest } from '../http-tests/start-for-test.ts';
import { startEmbedded } from './embedded.ts';

test('with any number of focus changes, only shown objects count', async () => {
  await using server = await startEmbedded(configForTest());
  const twite = createTwite({ baseUrl: server.url });
  const { account } = await twite.accounts.create({ handle: 'cosette', password: 'rue plumet 1832' });
  const { mediaId } = await twite.media.upload(new Uint8Array(aPng(500, 300)));
  for (const x of [-1, -0.5, 0.5, 1]) {
    const { variants } = await twite.media.update({ mediaId, focus: { x, y: 0 } });
    const shown = new Map(variants.map(({ url, bytes }) => [url, bytes]));
    const bytes = [...shown.values()].reduce((sum, each) => sum + each, 0);
    expect(await server.deps.media.bytesOf(account.accountId)).toBe(bytes);
  }
});
