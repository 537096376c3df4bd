import { expect, test } from 'vitest';
import { block, line, lines, printed } from './printable.ts';
import { showPost } from './show.ts';
import { table } from './table.ts';

const evil = '\u001b[2Jx\nroot@host:~# ';

test('values in a line are washed, and cannot begin another line', () => {
  expect(printed(line`<${evil}>`)).toBe('<␛[2Jx root@host:~# >');
});

test('lines of a text keep their indent', () => {
  expect(printed(lines([line`@a`, block('one\ntwo')]))).toBe('@a\n  one\n  two');
});

test('a post of a stranger obeys nobody', () => {
  const shown = printed(
    showPost({
      postId: '1855647289012345678',
      author: { accountId: '1855647289012345677', handle: 'eve', displayName: evil, avatar: null },
      text: evil,
      entities: { mentions: [], hashtags: [], urls: [] },
      media: [],
      visibility: 'public',
      createdAt: '2026-11-23T08:15:30.120Z',
      likeCount: 1,
      replyCount: 0,
      liked: false,
    }),
  );
  expect(shown).not.toContain('\u001b[2J');
  expect(shown.split('\n')).toHaveLength(4);
  expect(shown).toContain('1 like · 0 replies');
});

test('tables are washed too', () => {
  expect(printed(table(['name'], [[evil]]))).not.toContain('\u001b[2J');
});
