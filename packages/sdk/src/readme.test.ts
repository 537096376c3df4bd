import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { example } from './testing/readme-example.ts';
import { upload } from './testing/readme-upload.ts';
import { type Behaviour, type Received, scriptedServer } from './testing/scripted-server.ts';

const session = {
  sessionId: '1',
  accessToken: 'access',
  refreshToken: 'refresh',
  expiresAt: '2126-01-01T00:00:00.000Z',
};

const script = ({ method, target }: Received): Behaviour => {
  if (target === '/v1/accounts') return { status: 201, json: { account: {}, session } };
  if (method === 'POST') return { status: 201, json: { postId: '7', author: { accountId: '5' } } };
  if (target.includes('/followers'))
    return { status: 200, json: { items: [{ handle: 'marius' }], nextCursor: null } };
  return { status: 200, json: { items: [], nextCursor: null } };
};

it('the README has code that type-checks and runs', async () => {
  const [readme, source] = await Promise.all([
    readFile(join(import.meta.dirname, '../README.md'), 'utf8'),
    readFile(join(import.meta.dirname, 'testing/readme-example.ts'), 'utf8'),
  ]);
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);

  const folder = await mkdtemp(join(tmpdir(), 'twite-sdk-'));
  try {
    await using server = await scriptedServer(script);
    const file = join(folder, 'session.json');
    expect(await example(server.baseUrl, file)).toEqual(['marius']);
    // On the second run it is already signed in.
    expect(await example(server.baseUrl, file)).toEqual(['marius']);
    expect(server.received.filter(({ target }) => target === '/v1/accounts').length).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the README has an upload that type-checks and runs', async () => {
  const [readme, source] = await Promise.all([
    readFile(join(import.meta.dirname, '../README.md'), 'utf8'),
    readFile(join(import.meta.dirname, 'testing/readme-upload.ts'), 'utf8'),
  ]);
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  await using server = await scriptedServer(({ target, body }) =>
    target === '/v1/media'
      ? { status: 201, json: { mediaId: '7' } }
      : { status: 201, json: { media: JSON.parse(body).mediaIds.map((mediaId: string) => ({ mediaId })) } },
  );
  expect(await upload(server.baseUrl, 'twp_token', import.meta.filename)).toEqual([{ mediaId: '7' }]);
});
