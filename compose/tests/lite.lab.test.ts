import { createTwite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, Instance, labCommand, prepareImages } from './instance.ts';
import { minutes, port } from './instance-under-test.ts';

describe.runIf(labCommand !== undefined)('compose.lite.yaml', () => {
  const lite = new Instance('twite-lite-acceptance', port, { files: ['compose.lite.yaml'] });
  beforeAll(async () => {
    await prepareImages('compose.lite.yaml');
    await lite.erase();
    await lite.up('--build');
  }, 40 * minutes);
  afterAll(() => lite.erase(), minutes);

  test(
    'runs within 200 MB, makes an admin, and keeps its data',
    async () => {
      const ada = createTwite({ baseUrl: lite.url });
      await ada.accounts.create({ handle: 'ada', password: 'difference engine' });
      await lite.compose(['exec', '-T', 'twite', 'twite', 'admin', 'grant', 'ada']);
      for (let index = 0; index < 200; index++) await ada.posts.create({ text: `Post ${index}` });
      // Each hash takes memory in a separate process.
      await Promise.all(
        Array.from({ length: 8 }, () =>
          createTwite({ baseUrl: lite.url }).sessions.create({
            handle: 'ada',
            password: 'difference engine',
          }),
        ),
      );
      const [container] = await lite.containers();
      const usage = await docker(
        'stats',
        '--no-stream',
        '--format',
        '{{.MemUsage}}',
        container?.Name as string,
      );
      console.log(`compose.lite.yaml: ${usage.trim()}`);
      expect(
        await docker('inspect', '-f', '{{.State.OOMKilled}} {{.RestartCount}}', container?.Name as string),
      ).toBe('false 0\n');
      await lite.down();
      await lite.up();
      const again = createTwite({ baseUrl: lite.url });
      await again.sessions.create({ handle: 'ada', password: 'difference engine' });
      expect(await again.admin.getStats()).toMatchObject({ accounts: 1, posts: 200 });
    },
    5 * minutes,
  );
});
