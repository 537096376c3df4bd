import { expect, test } from 'vitest';
import { block, line, lines, printed } from './printable.ts';
import { showPost, showReply } from './show.ts';
import { table } from './table.ts';

const evil = '\u001b[2Jx\nroot@host:~# ';

test('values in a line are sanitized, and cannot start a new line', () => {
  expect(printed(line`<${evil}>`)).toBe('<␛[2Jx root@host:~# >');
});

test('lines of a text keep their indent', () => {
  expect(printed(lines([line`@a`, block('one\ntwo')]))).toBe('@a\n  one\n  two');
});

test('text is wrapped between words to the width of the terminal, and keeps its own breaks', () => {
  const text = 'Measuring the benchmark once more\n\n上海上海上海上海';
  expect(printed(block(text, '  ', 14)).split('\n')).toEqual([
    '  Measuring',
    '  the',
    '  benchmark',
    '  once more',
    '',
    '  上海上海上海',
    '  上海',
  ]);
  expect(printed(block(text, '  ', Number.POSITIVE_INFINITY)).split('\n')[0]).toBe(
    '  Measuring the benchmark once more',
  );
});

test('a post of a stranger cannot control the terminal', () => {
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

test('tables are sanitized too', () => {
  expect(printed(table(['name'], [[evil]]))).not.toContain('\u001b[2J');
});

test('media are shown next to the text, which can be empty, and are sanitized too', () => {
  const media = {
    mediaId: '1855647289012345679',
    kind: 'video',
    state: 'processing',
    mimeType: null,
    width: 100,
    height: 50,
    bytes: null,
    durationMs: 1500,
    altText: evil,
    focus: { x: 0, y: 0 },
    thumbhash: null,
    url: null,
    variants: [],
  } as const;
  const ready = {
    ...media,
    kind: 'image',
    state: 'ready',
    altText: '',
    url: 'https://a.example/m.webp',
  } as const;
  const author = { accountId: '1', handle: 'eve', displayName: '', avatar: null };
  const shown = printed(
    showReply({
      replyId: '2',
      postId: '1',
      author,
      text: '',
      entities: { mentions: [], hashtags: [], urls: [] },
      media: [
        { ...media, variants: [] },
        { ...ready, variants: [] },
      ],
      createdAt: '2026-11-23T08:15:30.120Z',
      likeCount: 1,
      liked: false,
    }),
  );
  expect(shown.split('\n').slice(0, 3)).toEqual([
    '@eve',
    '  [video, processing] ␛[2Jx root@host:~# ',
    '  [image] no description https://a.example/m.webp',
  ]);
});
