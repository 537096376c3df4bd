import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { contract } from '@twite/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ListedCommand, loadCommands } from './readme/command-table.ts';
import { password, type Shell, startWorld, type World } from './testing/world.ts';
import { writePicture } from './testing/write-picture.ts';

// Each command is a process: many of them take a while on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const commands = await loadCommands();

/** An address without a listener. */
async function urlOfNobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

/** Escapes for a $'…' of bash. */
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t');

let world: World;
let cosette: Shell;
let marius: Shell;
let nobody: Shell;
beforeAll(async () => {
  world = await startWorld(commands.map(({ name }) => name));
  cosette = world.shell('cosette');
  marius = world.shell('marius');
  nobody = world.shell('nobody');
  await cosette.json('signup', 'cosette', '--name', 'Cosette');
  await marius.json('signup', 'marius');
});
afterAll(() => world[Symbol.asyncDispose]());

test('the session is remembered between commands until you sign out', async () => {
  expect((await cosette.run(['whoami'])).stdout).toContain('@cosette Cosette');
  const signedIn = await nobody.run(['login', '@marius', '--password-stdin', '--json'], {
    input: `${password}\n`,
  });
  expect(signedIn.json().account.handle).toBe('marius');
  expect((await nobody.json('whoami')).handle).toBe('marius');
  expect((await nobody.run(['logout'])).stdout).toBe(`Signed out of ${world.url}.\n`);
  const after = await nobody.run(['whoami']);
  expect(after.exitCode).toBe(4);
  expect((await nobody.run(['whoami', '--json'])).problem()).toMatchObject({
    code: 'unauthenticated',
    detail: 'You are not signed in.',
    next: expect.stringContaining('twite login HANDLE'),
  });
  expect(after.stderr).toContain('Sign in with `twite login HANDLE`');
});

test('people follow, post, read, reply and like', async () => {
  const relationship = await marius.json('follow', '@cosette');
  expect(relationship).toMatchObject({ following: true, followedBy: false });
  expect((await cosette.run(['follow', 'marius'])).stdout).toBe('Followed marius. They follow you too.\n');
  const post = await cosette.json('post', 'In the garden, #Plumet');
  expect(post).toMatchObject({
    text: 'In the garden, #Plumet',
    visibility: 'public',
    author: { handle: 'cosette' },
  });
  const friendly = await cosette.json('post', 'create', 'For friends.', '--followers');
  expect(friendly.visibility).toBe('followers');
  expect((await cosette.run(['post', '-'], { input: 'From a pipe\n' })).stdout).toMatch(
    /^Posted \d{19}\.\n$/,
  );
  await world.settled();

  const page = await marius.json('timeline', '--limit', '2');
  expect(page.items).toHaveLength(2);
  const rest = await marius.json('timeline', '--cursor', page.nextCursor);
  expect(rest.items.at(-1).postId).toBe(post.postId);
  const all = await marius.json('timeline', '--all');
  expect([all.items.length, all.nextCursor]).toEqual([page.items.length + rest.items.length, null]);
  const piped = await marius.run(['timeline', '--limit', '2']);
  const rows = piped.stdout.trimEnd().split('\n');
  expect(rows.map((row) => row.split('\t')[3])).toEqual(['From a pipe', 'For friends.']);
  expect(piped.stderr).toBe(`More: --cursor ${page.nextCursor}, or --all\n`);

  const reply = await marius.json('reply', post.postId, 'I saw you.');
  const answer = await cosette.json('reply', post.postId, 'And I you.', '--to', reply.replyId);
  expect(answer.parentReplyId).toBe(reply.replyId);
  expect((await cosette.json('replies', post.postId)).items).toHaveLength(2);
  expect((await cosette.json('reply', 'show', reply.replyId)).text).toBe('I saw you.');
  expect(await marius.json('like', post.postId)).toEqual({ liked: true, likeCount: 1 });
  expect(await cosette.json('like', reply.replyId)).toEqual({ liked: true, likeCount: 1 });
  const neither = await cosette.run(['like', '1855647289012345678', '--json']);
  expect([neither.exitCode, neither.problem().code]).toEqual([1, 'post_not_found']);
  expect((await cosette.json('likes', post.postId)).items[0].handle).toBe('marius');
  expect((await cosette.json('account', 'likes', 'marius')).items[0].postId).toBe(post.postId);
  const shown = await marius.run(['post', 'show', post.postId, '--replies']);
  expect(shown.stdout).toContain('1 like, including yours · 2 replies');
  expect(shown.stdout).toContain('I saw you.');
  expect(await marius.json('unlike', post.postId)).toEqual({ liked: false, likeCount: 0 });
  expect((await cosette.run(['unlike', reply.replyId, '--reply'])).stdout).toContain(
    'Not liked. Total: 0 likes.',
  );

  expect((await cosette.run(['reply', 'delete', answer.replyId])).stdout).toBe(
    `Deleted reply ${answer.replyId}.\n`,
  );
  expect(await cosette.json('post', 'delete', friendly.postId)).toBeUndefined();
  expect((await cosette.run(['post', 'show', friendly.postId])).exitCode).toBe(1);
});

test('texts that look like flags or commands are posted after --', async () => {
  expect((await cosette.json('post', 'show must go on')).text).toBe('show must go on');
  const dashed = await cosette.run(['post', '--json', '--', '-5 degrees']);
  expect(dashed.json().text).toBe('-5 degrees');
  const named = await cosette.run(['post', '--json', '--', 'show']);
  expect(named.json().text).toBe('show');
});

test('recommendations say when the graph is unavailable', async () => {
  const server = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ items: [], nextCursor: null, degraded: true }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = { TWITE_URL: `http://127.0.0.1:${port}`, TWITE_TOKEN: 'twite_token' };
  const said = await nobody.run(['recommend'], { env });
  const asJson = await nobody.run(['recommend', '--json'], { env });
  server.close();
  expect(said.stderr).toContain('The recommendation graph is unavailable');
  expect(said.stderr).toContain('No recommendations yet');
  expect(asJson.json()).toEqual({ items: [], nextCursor: null, degraded: true });
});

test('an account without follows finds posts and accounts, as does a signed-out reader', async () => {
  const signedOut = await world.shell('signed-out').run(['timeline', '--public']);
  expect(signedOut.stdout).toContain('\t-5 degrees\n');
  const azelma = world.shell('azelma');
  await azelma.json('signup', 'azelma');
  expect((await azelma.run(['timeline'])).stderr).toContain(
    '`twite recommend` and `twite timeline --public`',
  );
  expect((await azelma.run(['recommend'])).stdout).toContain('popular, and posted recently');
});

test('accounts are found, shown, edited, blocked and muted', async () => {
  const eponine = world.shell('eponine');
  const { account } = await eponine.json('signup', 'eponine');
  await cosette.json('follow', account.accountId);
  await world.settled();
  expect((await marius.json('recommend')).items[0]).toMatchObject({
    handle: 'eponine',
    reason: { count: 1 },
  });
  expect((await marius.run(['recommend'])).stdout).toContain('followed by @cosette');
  expect((await marius.json('search', 'epo', '--accounts')).items[0].handle).toBe('eponine');
  expect((await marius.json('search', 'garden from:cosette')).items[0].text).toContain('garden');
  expect(
    (await marius.json('followers', 'cosette')).items.map(({ handle }: { handle: string }) => handle),
  ).toEqual(['marius']);
  expect((await cosette.json('followers')).items).toHaveLength(1);
  expect((await cosette.json('following')).items).toHaveLength(2);
  expect((await marius.json('following', 'cosette')).items).toHaveLength(2);
  const relations = await cosette.run(['relationships', 'marius', '@eponine']);
  expect(relations.stdout).toBe(
    'marius: you follow, follows you\n@eponine: you follow, does not follow you\n',
  );
  expect((await marius.json('account', 'show', account.accountId)).handle).toBe('eponine');
  expect((await marius.json('account', 'show', 'EPONINE')).handle).toBe('eponine');
  expect((await eponine.json('profile', 'show')).handle).toBe('eponine');
  expect((await eponine.json('account', 'show')).role).toBe('user');
  expect((await eponine.json('profile', 'edit', '--bio', 'On my own')).bio).toBe('On my own');
  expect((await marius.json('account', 'posts', 'cosette', '--limit', '1')).items).toHaveLength(1);
  expect((await cosette.json('account', 'posts')).items.length).toBeGreaterThan(1);
  expect((await marius.json('account', 'likes')).items).toEqual([]);

  expect((await marius.json('block', 'eponine')).blocking).toBe(true);
  expect((await marius.json('blocks')).items[0].handle).toBe('eponine');
  expect((await marius.json('unblock', account.accountId)).blocking).toBe(false);
  expect((await marius.json('unblock', 'eponine')).blocking).toBe(false);
  expect((await marius.json('mute', 'eponine')).muting).toBe(true);
  expect((await marius.json('mutes')).items[0].handle).toBe('eponine');
  expect((await marius.json('unmute', 'eponine')).muting).toBe(false);
  expect((await cosette.json('unfollow', 'eponine')).following).toBe(false);
  expect((await eponine.run(['account', 'delete'])).stderr).toContain('--yes');
  const refusedDeletion = await eponine.run(['account', 'delete', '--yes', '--password-stdin', '--json'], {
    input: 'not the one\n',
  });
  expect([refusedDeletion.exitCode, refusedDeletion.problem().code]).toEqual([1, 'wrong_password']);
  expect((await eponine.run(['account', 'delete', '--yes'])).stdout).toBe('Deleted @eponine.\n');
  expect((await eponine.run(['whoami'])).stderr).toContain('You are not signed in.');
});

test('pictures are attached to posts, replies and profiles', async () => {
  const fantine = world.shell('fantine');
  const { account } = await fantine.json('signup', 'fantine');
  const [gate, rain] = await Promise.all([
    writePicture(join(world.folder, 'gate.png')),
    writePicture(join(world.folder, 'rain.jpg')),
  ]);
  const post = await fantine.json('post', 'Two', '--media', gate, '--alt', 'An iron gate.', '--media', rain);
  expect(post.media).toMatchObject([
    { kind: 'image', state: 'ready', altText: 'An iron gate.' },
    { kind: 'image', state: 'ready', altText: '' },
  ]);
  const shown = await fantine.run(['post', 'show', post.postId]);
  expect(shown.stdout).toContain(`\n  Two\n  [image] An iron gate. ${post.media[0].url}\n  [image] no desc`);
  expect((await fantine.run(['post', '--media', gate])).stdout).toMatch(/^Posted \d{19}\.\n$/);
  const reply = await fantine.json('reply', post.postId, '--media', gate, '--alt', 'Again.');
  expect(reply).toMatchObject({ text: '', media: [{ altText: 'Again.' }] });

  const edited = await fantine.json(
    ...[
      'profile',
      'edit',
      '--bio',
      'Sews',
      '--avatar',
      gate,
      '--alt',
      'A gate.',
      '--focus',
      '0,-0.5',
      '--banner',
      rain,
    ],
  );
  expect(edited).toMatchObject({ bio: 'Sews', avatar: { altText: 'A gate.' }, banner: { altText: '' } });
  expect((await fantine.run(['whoami'])).stdout).toContain('[avatar] A gate. http');
  const removed = await fantine.json('profile', 'edit', '--no-avatar', '--no-banner');
  expect(removed).toMatchObject({ avatar: null, banner: null, bio: 'Sews' });
  await world.settled();
  expect(await world.countMedia(account.accountId)).toBe(4);

  const beside = ['--data-dir', world.dataDir];
  const verified = await nobody.run(['admin', 'verify', ...beside]);
  expect(verified.stdout).toMatch(/^media: objects of each +\d+ +0/m);
  expect(verified.stdout).toContain('No differences found.');
  expect((await nobody.run(['admin', 'media', 'prune', ...beside])).stdout).toBe(
    'Nothing to delete: all files older than a day belong to an upload.\n',
  );
  const counted = await nobody.run(['admin', 'media', 'prune', '--dry-run', '--json', ...beside]);
  expect(counted.json()).toEqual({ objects: 0, bytes: 0, dryRun: true });
});

test('uploads are shown, described and deleted', async () => {
  const picture = await writePicture(join(world.folder, 'later.png'));
  const { items } = await marius.json('media', 'upload', picture, '--alt', 'A wall.', picture);
  expect(items).toMatchObject([{ altText: 'A wall.' }, { altText: '' }]);
  const [{ mediaId }, other] = items;
  const shown = await marius.run(['media', 'show', mediaId]);
  expect(shown.stdout).toMatch(
    /^\d{19}\n {2}\[image\] A wall\. http\S+\n {2}1 × 1 · \d+ bytes · image\/webp\n$/,
  );
  const updated = await marius.run(['media', 'update', mediaId, '--focus', '1,-1']);
  expect(updated.stdout).toContain('A wall.');
  expect(updated.stdout).toContain('focus 1,-1');
  expect((await marius.json('media', 'update', mediaId, '--alt', 'A door.')).altText).toBe('A door.');
  expect((await marius.run(['media', 'update', mediaId])).exitCode).toBe(2);
  expect((await marius.run(['media', 'delete', mediaId])).stdout).toBe(`Deleted ${mediaId}.\n`);
  expect(await marius.json('media', 'delete', other.mediaId)).toBeUndefined();
  const gone = await marius.run(['media', 'show', mediaId, '--json']);
  expect([gone.exitCode, gone.problem().code]).toEqual([1, 'media_not_found']);
});

test('for a rejected poster, the message names the poster, not its video', async () => {
  const instance = await (await fetch(`${world.url}/v1/instance`)).text();
  const message = 'No image.';
  const problem = {
    ...{ type: '/docs#unsupported_media', title: 'Unsupported', status: 415, code: 'unsupported_media' },
    detail: `The poster was rejected. ${message}`,
    requestId: 'request-1',
    errors: [{ in: 'body', path: 'poster', code: 'unsupported_media', message }],
  };
  const server = createHttpServer(async (request, response) => {
    for await (const _ of request);
    const isUpload = request.method === 'POST';
    response.writeHead(isUpload ? 415 : 200, {
      'content-type': isUpload ? 'application/problem+json' : 'application/json',
    });
    response.end(isUpload ? JSON.stringify(problem) : instance);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = { TWITE_URL: `http://127.0.0.1:${port}`, TWITE_TOKEN: 'twite_token' };
  const video = join(world.folder, 'clip.mp4');
  await writeFile(video, 'a clip');
  const poster = join(world.folder, 'still.svg');
  await writeFile(poster, '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const refused = await nobody.run(['media', 'upload', video, '--poster', poster], { env });
  server.close();
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/^\S+still\.svg was refused: The poster was rejected\. No image\./);
  expect(refused.stderr).not.toContain('clip.mp4');
});

test('for a rejected file, the message names it, and nothing is posted or kept', async () => {
  const { accountId, counts } = await marius.json('whoami');
  await world.settled();
  const before = await world.countMedia(accountId);
  const good = await writePicture(join(world.folder, 'good.png'));
  const bad = join(world.folder, 'drawing.png');
  await writeFile(bad, '<svg xmlns="http://www.w3.org/2000/svg"/>');

  const refused = await marius.run(['post', 'Look', '--media', good, '--media', bad]);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(
    /^\S+drawing\.png was refused: .+ \(unsupported_media\)\nNothing was posted\.\n/,
  );
  const asJson = await marius.run(['profile', 'edit', '--avatar', good, '--banner', bad, '--json']);
  expect(asJson.problem()).toMatchObject({ status: 415, code: 'unsupported_media', file: bad });
  expect((await marius.run(['media', 'upload', good, bad])).stderr).toContain('None of the files was kept.');
  // The post itself is refused.
  const lost = await marius.run(['reply', '1855647289012345678', '--media', good]);
  expect([lost.exitCode, lost.stderr]).toEqual([1, expect.not.stringContaining('good.png')]);
  expect((await marius.run(['post', 'a'.repeat(300), '--media', good])).exitCode).toBe(1);

  for (const [args, told] of [
    [['post', '--media', good, '--media', 'nowhere.png'], 'nowhere.png: the file does not exist.'],
    [['post', '--media', good, '--media', world.folder], 'it is not a regular file.'],
    [['post', ...Array(5).fill(['--media', good]).flat()], 'You gave 5 files; at most 4 can be attached.'],
    [['post', '--alt', 'Nothing'], 'put it after the file'],
    [['post'], 'Give a text, --media FILE, or both.'],
    [['profile', 'edit', '--avatar', good, '--no-avatar'], 'no-avatar'],
  ] as const) {
    const outcome = await marius.run(args);
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining(told)]);
  }

  await world.settled();
  expect(await world.countMedia(accountId)).toBe(before);
  expect((await marius.json('whoami')).counts).toEqual(counts);
});

test('passwords, sessions and tokens', async () => {
  const gavroche = world.shell('gavroche');
  await gavroche.json('signup', 'gavroche');
  const elsewhere = await world.shell('elsewhere').json('login', 'gavroche');
  expect((await gavroche.json('session', 'list')).items).toHaveLength(2);
  expect((await gavroche.run(['session', 'list'])).stdout).toContain('current');
  await gavroche.json('session', 'delete', elsewhere.session.sessionId);
  expect((await world.shell('elsewhere').run(['whoami'])).exitCode).toBe(4);

  const { secret, token } = await gavroche.json(
    'token',
    'create',
    '--scope',
    'read,write',
    '--expires',
    '30d',
    'bot',
  );
  const wrongPassword = await gavroche.run(['token', 'create', 'x', '--password-stdin', '--json'], {
    input: 'not the one\n',
  });
  expect([wrongPassword.exitCode, wrongPassword.problem().code]).toEqual([1, 'wrong_password']);
  const byToken = await gavroche.run(['token', 'create', 'x'], { env: { TWITE_TOKEN: secret } });
  expect([byToken.exitCode, byToken.stderr]).toEqual([2, expect.stringContaining('TWITE_TOKEN')]);

  const bot = await nobody.run(['post', 'By a bot', '--json'], { env: { TWITE_TOKEN: secret } });
  expect(bot.json().author.handle).toBe('gavroche');
  expect((await gavroche.run(['token', 'list'])).stdout).toContain('bot read, write');
  await gavroche.json('token', 'delete', token.tokenId);
  expect((await nobody.run(['whoami', '--token', secret])).exitCode).toBe(4);

  const changed = await gavroche.run(['password', '--password-stdin'], {
    input: `${password}\nil pleut, bergere\n`,
  });
  expect(changed.stdout).toContain('Your password was changed');
  const wrong = await nobody.run(['login', 'gavroche', '--json']);
  expect([wrong.exitCode, wrong.problem().code]).toEqual([1, 'invalid_credentials']);
});

test('the operator with the data folder creates the first admin, who moderates', async () => {
  const refused = await cosette.run(['admin', 'stats']);
  expect(refused.stderr).toContain('twite admin grant HANDLE');
  const granted = await cosette.run(['admin', 'grant', '@cosette', '--data-dir', world.dataDir]);
  expect(granted.stdout).toBe('@cosette is admin now.\n');
  const missing = await cosette.run([
    'admin',
    'grant',
    'x',
    '--data-dir',
    join(world.folder, 'none'),
    '--json',
  ]);
  expect([missing.exitCode, missing.problem().code]).toEqual([1, 'operator']);

  const thenardier = world.shell('thenardier');
  await thenardier.json('signup', 'thenardier');
  const post = await thenardier.json('post', 'Buy silver!');
  const reply = await thenardier.json('reply', post.postId, 'Cheap!');
  expect((await cosette.json('admin', 'stats')).accounts).toBeGreaterThan(2);
  expect((await cosette.json('admin', 'suspend', 'thenardier', '--reason', 'Spam')).suspensionReason).toBe(
    'Spam',
  );
  expect((await cosette.run(['admin', 'accounts', '--status', 'suspended'])).stdout).toMatch(
    /suspended (just now|\d+ \w+ ago): Spam/,
  );
  expect((await thenardier.run(['post', 'More!'])).exitCode).toBe(4);
  // Even though nobody can see the account now.
  expect(await cosette.json('admin', 'suspend', 'thenardier', '--reason', 'Worse')).toMatchObject({
    suspensionReason: 'Worse',
  });
  const ofUser = await cosette.run(['admin', 'reset-password', '@thenardier']);
  const [link = ''] = ofUser.stdout.split('\n');
  const used = await nobody.run(['password', 'reset', '--password-stdin'], {
    input: `${link}\nthe sergeant of waterloo\n`,
  });
  expect(used.stdout).toContain('signed out everywhere');
  const usedUp = await nobody.run(['password', 'reset', '--json'], {
    env: { TWITE_RESET_LINK: link, TWITE_NEW_PASSWORD: 'another long password' },
  });
  expect(usedUp.problem().code).toBe('invalid_reset_token');
  expect((await cosette.run(['admin', 'reset-password', 'cosette', '--json'])).problem().code).toBe(
    'self_action',
  );
  const ofAdmin = await nobody.run(['admin', 'password', '@cosette', '--data-dir', world.dataDir], {
    env: { TWITE_PUBLIC_URL: 'https://twite.example' },
  });
  expect(ofAdmin.stdout).toMatch(
    /^https:\/\/twite\.example\/password-reset#token=tws_[\w-]{43}\nThe link works once/,
  );
  expect((await cosette.json('admin', 'role', 'thenardier', 'moderator')).role).toBe('moderator');
  expect((await cosette.json('admin', 'reinstate', '@Thenardier')).suspendedAt).toBeNull();
  expect((await cosette.json('admin', 'reinstate', 'thenardier')).suspendedAt).toBeNull();
  await cosette.json('admin', 'remove-reply', reply.replyId);
  await cosette.json('admin', 'remove-post', post.postId);
  expect((await cosette.json('admin', 'role', 'thenardier', 'user')).role).toBe('user');
  expect((await cosette.run(['admin', 'audit-log', '--all'])).stdout).toMatch(
    /the operator role_set @cosette: admin/,
  );
  expect((await nobody.run(['instance'])).stdout).toContain('textWeightedLengthMax');
});

test('an admin sees the status of the instance and parked messages', async () => {
  expect((await marius.run(['status'])).stderr).toContain('twite admin grant HANDLE');
  for (let i = 0; i < 3; i++) await world.enqueueNonsense();
  await world.settled();
  expect(await cosette.json('status')).toMatchObject({ engine: 'embedded', degraded: [] });
  const status = await cosette.run(['status']);
  expect(status.stdout).toContain('on the embedded engine\nNothing is degraded.\n');
  expect(status.stdout).toMatch(/^sqlite \(primary\) +up +\S+ ms$/m);
  expect(status.stdout).toMatch(
    /^all \S+:\d+ +\d+\.\d+\.\d+ .* (just now|\d+ \w+ ago) +posts, social, profile, /m,
  );
  expect((await cosette.run(['admin', 'queues', 'list'])).stdout).toMatch(/^jobs\.reconcile +1 +0 +3$/m);
  const { items } = await cosette.json('admin', 'queues', 'show', 'jobs.reconcile');
  const [first, second] = items.map(({ messageId }: { messageId: string }) => messageId);
  const shown = await cosette.run(['admin', 'queues', 'show', 'jobs.reconcile', '--limit', '1']);
  expect(shown.stdout.replace(/ (just now|\d+ \w+ ago) /, ' ')).toContain(
    `${first} {"name":"turnLeadIntoGold"}\n  Error: no handler`,
  );
  expect(shown.stderr).toContain(`More: --cursor ${first}`);
  expect(await cosette.json('admin', 'queues', 'replay', 'jobs.reconcile', first)).toEqual({ count: 1 });
  await world.settled();
  const all = await cosette.run(['admin', 'queues', 'replay', 'jobs.reconcile', '--all']);
  expect(all.stdout).toBe('Returned 3 messages to jobs.reconcile.\n');
  await world.settled();
  for (const [command, told] of [
    [['replay', 'jobs.reconcile'], 'ids or --all'],
    [['drop', 'jobs.reconcile', second, '--all'], 'not both'],
    [['drop', 'jobs.reconcile', '--all'], '--yes'],
  ] as const) {
    const refused = await cosette.run(['admin', 'queues', ...command]);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(told)]);
  }
  expect((await cosette.json('admin', 'queues', 'show', 'jobs.reconcile')).items).toHaveLength(3);
  const dropped = await cosette.run(['admin', 'queues', 'drop', 'jobs.reconcile', '--all', '--yes']);
  expect(dropped.stdout).toBe('Dropped 3 messages of jobs.reconcile.\n');
  expect((await cosette.run(['admin', 'queues', 'show', 'jobs.reconcile'])).stderr).toBe(
    'No parked messages.\n',
  );
  const none = await cosette.run(['admin', 'queues', 'show', 'nothing', '--json']);
  expect([none.exitCode, none.problem().code]).toEqual([1, 'queue_not_found']);
  expect((await cosette.run(['admin', 'audit-log', '--limit', '1'])).stdout).toContain(
    '@cosette messages_dropped jobs.reconcile: 3 messages',
  );
});

test('a graph is loaded once, even if the load is repeated', async () => {
  const file = join(world.folder, 'small.edges');
  await writeFile(file, '# a triangle and a tail\n1 2\n2 3\n3,1\n3 4 0.5\n');
  const first = await nobody.run(['demo', 'load', '--graph', file, '--posts', '2', '--json']);
  expect(first.json()).toEqual({ accounts: 4, existingAccounts: 0, follows: 8, posts: 8 });
  expect(first.stderr).toContain('100 %');
  await world.settled();
  const again = await nobody.run(['demo', 'load', '--graph', file, '--posts', '3']);
  expect(again.stdout).toContain('Loaded 4 accounts (4 already existed), 8 follows, 12 posts.');
  await world.settled();
  const { counts } = await cosette.json('account', 'show', 'u3');
  expect(counts).toEqual({ posts: 3, followers: 3, following: 3 });

  const other = await nobody.run(['demo', 'load', '--graph', file], {
    env: { TWITE_PASSWORD: 'another password' },
  });
  expect([other.exitCode, other.stderr]).toEqual([
    1,
    expect.stringContaining('already exists with another password'),
  ]);
  await writeFile(file, '1 2\n3\n');
  const broken = await nobody.run(['demo', 'load', '--graph', file]);
  expect([broken.exitCode, broken.stderr]).toEqual([
    2,
    expect.stringContaining('Line 2: "3" is not an edge'),
  ]);
});

test('a benchmark measures the server, respects its limits and leaves nothing behind', async () => {
  const small = ['--accounts', '3', '--posts', '2', '--duration', '1', '--warmup', '0', '--rate', '30'];
  const accounts = async () => (await cosette.json('admin', 'stats')).accounts;
  const before = await accounts();
  const run = await nobody.run(['bench', 'mixed', ...small, '--max-errors', '0', '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  const report = run.json();
  expect(report).toMatchObject({
    format: 1,
    scenario: 'mixed',
    mode: 'open',
    data: { accounts: 3, follows: 6, posts: 6, reused: false },
    result: { requests: 30, ok: 30, unanswered: {}, offeredRate: 30 },
    errors: 0,
    rateLimited: 0,
    failures: [],
  });
  await world.settled();
  expect(await accounts()).toBe(before);

  // A server that used to be faster.
  report.result.latencyMs.p99 = 0.001;
  report.result.rate = 100_000;
  const file = join(world.folder, 'before.json');
  await writeFile(file, JSON.stringify(report));
  const reuse = ['--reuse', 'people.json'];
  const slower = await nobody.run(['bench', 'mixed', ...small, ...reuse, '--compare', file]);
  expect([slower.exitCode, slower.stdout]).toEqual([1, expect.stringContaining('it was 100000/s')]);
  const limited = await nobody.run(['bench', 'media', ...small, ...reuse, '--max-p99', '1', '--json']);
  expect([limited.exitCode, limited.json().failures]).toEqual([
    1,
    [expect.stringMatching(/^p99 is .* ms, above 1 ms/)],
  ]);
  // Signs in again when the sessions have ended.
  const kept = join(world.folder, 'nobody', 'bench', 'people.json');
  const stored = JSON.parse(await readFile(kept, 'utf8'));
  for (const { session } of stored.people) {
    session.refreshToken = `${session.refreshToken.slice(0, -4)}AAAA`;
    session.expiresAt = new Date(0).toISOString();
  }
  await writeFile(kept, JSON.stringify(stored));
  const again = await nobody.run(['bench', 'search', ...small, ...reuse]);
  expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('3 accounts (reused)')]);

  const other = await nobody.run(['bench', 'home', ...small, '--compare', file]);
  expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('cannot be compared')]);
  const foreign = await nobody.run(['bench', 'home', '--url', 'http://192.0.2.1']);
  expect([foreign.exitCode, foreign.stderr]).toEqual([2, expect.stringContaining('--i-own-this-server')]);
  expect((await nobody.run(['bench', 'everything'])).exitCode).toBe(2);
  expect((await nobody.run(['bench', 'home', '--ramp', '--soak'])).exitCode).toBe(2);
});

test('help and version have their usual names; global flags can come first', async () => {
  for (const args of [
    ['help', 'post'],
    ['post', '-h'],
    ['post', '--help'],
  ]) {
    const { exitCode, stdout } = await nobody.run(args);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('twite post [TEXT]')]);
  }
  for (const args of [['version'], ['-v'], ['--version']]) {
    expect((await nobody.run(args)).stdout).toMatch(/^@twite\/cli\/\d/);
  }
  for (const args of [[], ['help'], ['-h'], ['--json', 'help']]) {
    const { exitCode, stdout } = await nobody.run(args);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('POSTS AND TIMELINES\n  timeline ')]);
  }
  const first = await nobody.run(['--json', '--url', world.url, 'instance'], { env: { TWITE_URL: '' } });
  expect(first.json()).toHaveProperty('limits');
  const unknown = await nobody.run(['help', 'folow']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('`twite follow`')]);
});

test('the API is called with the saved session', async () => {
  const { accountId } = await cosette.json('whoami');
  expect((await cosette.json('api', 'get', '/accounts/by-handle/cosette')).accountId).toBe(accountId);
  const post = await cosette.json(
    'api',
    'POST',
    '/posts',
    '-f',
    'text=By hand',
    '-f',
    'visibility=followers',
  );
  expect(post).toMatchObject({ text: 'By hand', visibility: 'followers' });
  const read = await cosette.run(['api', 'GET', `/posts/${post.postId}`]);
  expect(JSON.parse(read.stdout)).toEqual(post);
  const patched = await cosette.run(['api', 'PATCH', '/v1/me', '--input', '-'], {
    input: '{"bio":"Plumet"}',
  });
  expect(JSON.parse(patched.stdout)).toMatchObject({ bio: 'Plumet' });
  expect(await cosette.json('api', 'DELETE', `/posts/${post.postId}`)).toBeUndefined();
  const gone = await cosette.run(['api', 'GET', `/posts/${post.postId}`, '--json']);
  expect([gone.exitCode, gone.problem().code]).toEqual([1, 'post_not_found']);
  expect((await world.shell('signed-out').run(['api', 'GET', '/me'])).exitCode).toBe(4);
  expect((await cosette.run(['api', 'FETCH', '/me'])).exitCode).toBe(2);
});

test('profiles have separate sessions and remember their servers', async () => {
  const shell = world.shell('with-profiles');
  expect((await shell.run(['profiles'])).stderr).toContain('No profiles');
  const home = ['--profile', 'home'];
  const signedIn = await shell.json('login', 'cosette', ...home);
  expect(signedIn).toEqual({
    account: expect.objectContaining({ handle: 'cosette' }),
    session: { sessionId: expect.any(String), expiresAt: expect.any(String) },
  });
  await shell.json('login', 'marius', '--profile', 'work');
  const elsewhere = { env: { TWITE_URL: '' } };
  expect((await shell.run([...home, 'whoami', '--json'], elsewhere)).json().handle).toBe('cosette');
  const byVariable = { env: { TWITE_URL: '', TWITE_PROFILE: 'work' } };
  expect((await shell.run(['whoami', '--json'], byVariable)).json().handle).toBe('marius');
  expect((await shell.run(['whoami'])).exitCode).toBe(4);
  expect((await shell.json('profiles')).items).toEqual([
    { name: 'home', url: world.url },
    { name: 'work', url: world.url },
  ]);
  expect((await shell.run(['whoami', '--profile', '../x'])).exitCode).toBe(2);
  // Signing in again leaves no orphaned session.
  const again = await shell.run(['login', 'marius', ...home]);
  expect(again.stderr).toContain('Your previous session was ended');
  const { items } = await cosette.json('session', 'list');
  expect(items.map((one: { sessionId: string }) => one.sessionId)).not.toContain(signedIn.session.sessionId);
  await shell.json('logout', ...home);
  expect((await shell.run(['whoami', ...home])).exitCode).toBe(4);
});

test('a shell completes commands and flags', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await nobody.run(['completion', shell]);
    expect(stdout).toContain('twite __complete');
  }
  const { stdout: script } = await nobody.run(['completion', 'bash']);
  // Bash calls a function with this name, which returns the answers of the real one.
  const answers = new Map<string, string>();
  for (const words of ['to', 'token cr', 'timeline --a']) {
    answers.set(words, (await nobody.run(['__complete', ...words.split(' ')])).stdout);
  }
  const cases = [...answers].map(
    ([words, found]) => `'__complete ${words}') printf %s $'${escaped(found)}';;`,
  );
  const ask = (words: string) =>
    `COMP_WORDS=(twite ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _twite; echo "\${COMPREPLY[*]}"`;
  const program = [
    `twite() { local IFS=' '; case "$*" in ${cases.join(' ')} esac; }`,
    script,
    ...[...answers.keys()].map(ask),
  ];
  const bash = spawnSync('bash', ['-c', program.join('\n')], { encoding: 'utf8' });
  expect([bash.stderr, bash.stdout]).toEqual(['', 'token\ncreate\n--all\n']);
});

test('errors say what to do, as text and as JSON', async () => {
  const unknown = await nobody.run(['tmeline']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('Did you mean `twite timeline`?'),
  ]);
  const missing = await nobody.run(['follow', '--json']);
  expect([missing.exitCode, missing.problem().code]).toEqual([2, 'usage']);
  const empty = await cosette.run(['post', '', '--json']);
  expect([empty.exitCode, empty.problem()]).toEqual([
    1,
    expect.objectContaining({ status: 422, code: 'invalid_input', requestId: expect.any(String) }),
  ]);
  expect((await cosette.run(['post', ''])).stderr).toMatch(/\n {2}text: must not be blank\n/);
  const stranger = await nobody.run(['admin', 'grant', 'somebody_else', '--data-dir', world.dataDir]);
  expect([stranger.exitCode, stranger.stderr]).toEqual([1, 'There is no account somebody_else.\n']);
  expect((await cosette.run(['post', '-milk'])).stderr).toContain('begin with a dash after `--`');
  expect((await cosette.run(['post', 'two', 'words'])).stderr).toContain('in quotes');
  expect((await cosette.run(['timeline', '--limit', '0'])).stderr).toContain(
    '--limit must be an integer greater',
  );
  const misspelt = await nobody.run(['instance', '--url', 'localhost:8080']);
  expect([misspelt.exitCode, misspelt.stderr]).toEqual([2, expect.stringContaining('is not a server URL')]);
  const withToken = { env: { TWITE_TOKEN: 'twp_ended' } };
  for (const command of [['login', 'cosette'], ['signup', 'fantine'], ['logout']]) {
    const refused = await nobody.run(command, withToken);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('TWITE_TOKEN')]);
  }
  const ended = await nobody.run(['whoami'], withToken);
  expect([ended.exitCode, ended.stderr]).toEqual([4, expect.stringContaining('from --token or TWITE_TOKEN')]);
  const closedUrl = await urlOfNobody();
  const nowhere = await nobody.run(['instance'], { env: { TWITE_URL: closedUrl } });
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    69,
    expect.stringContaining(`No Twite server responded at ${closedUrl}. Start one with`),
  ]);
});

test('no post can control the terminal', async () => {
  await cosette.json('post', '\u202egnp.exe is owned \u2066');
  await world.settled();
  for (const args of [['timeline'], ['timeline', '--json']]) {
    const { stdout } = await marius.run(args);
    expect(stdout).toContain('owned');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the very thing that must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

// Last, because it checks that the commands above called only the operations that they declare.
/**
 * These start processes, or work on data folders and services. They run in up.test.ts, distributed.test.ts,
 * backup.test.ts and the tests of the server package.
 */
const runElsewhere = [
  // Declares no operation, because it can call any.
  'api',
  'backup',
  'restore',
  'move',
  'doctor',
  'up',
  'server',
  'worker',
  'relay',
  'admin search rebuild',
  'admin graph rebuild',
];

/** Runs a command with what its definition requires, as far as `samples` has it. */
async function runWithSamples(
  { name, command }: ListedCommand,
  samples: Readonly<Record<string, string>>,
): Promise<void> {
  const required = Object.entries({ ...command.args, ...command.flags }).filter(
    ([, input]) => input.required,
  );
  const unknown = required.map(([input]) => input).filter((input) => samples[input] === undefined);
  expect(unknown, `${name} needs a test of its own`).toEqual([]);
  const given = Object.keys(command.args)
    .filter((arg) => command.args[arg]?.required)
    .map((arg) => samples[arg] ?? '');
  const { exitCode, stderr } = await cosette.run([...name.split(' '), ...given]);
  expect({ name, exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

test('every command runs, and calls exactly its declared operations', async () => {
  const names = commands.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(runElsewhere));
  const here = commands.filter(({ name }) => !runElsewhere.includes(name));
  const { postId } = await cosette.json('post', 'The last one.');
  const { replyId } = await cosette.json('reply', postId, 'Indeed.');
  const samples = { account: 'marius', handle: 'marius', postId, replyId, id: postId, query: 'garden' };
  for (const listed of here.filter(({ name }) => !world.called.has(name))) {
    await runWithSamples(listed, samples);
  }
  for (const { name, command } of here) {
    // The SDK refreshes sessions within any command.
    const called = [...(world.called.get(name) ?? [])].filter(
      (id) => typeof contract[id].metadata.cli === 'string',
    );
    expect(called.sort(), name).toEqual([...command.operations].sort());
  }
});
