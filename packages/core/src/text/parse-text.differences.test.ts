import twitterText from 'twitter-text';
import { describe, expect, it } from 'vitest';
import { parseText } from './parse-text.ts';

const none = { mentions: [], hashtags: [], urls: [] };
const m30 = 'm'.repeat(30);

/** Every difference between parseText and twitter-text 3.1.0, as listed in the doc comment. */
describe('parseText differs from twitter-text', () => {
  it('finds no cashtags', () => {
    expect(twitterText.extractEntitiesWithIndices('$TWTR')).toHaveLength(1);
    expect(parseText('$TWTR').entities).toEqual(none);
  });

  it('accepts handles of up to 30 characters, or of a given length', () => {
    expect(twitterText.extractMentions(`@${m30}`)).toEqual(['m'.repeat(20)]);
    expect(parseText(`@${m30}`).entities.mentions).toEqual([{ handle: m30, start: 0, end: 31 }]);
    expect(parseText(`@${m30}m`).entities.mentions).toEqual([{ handle: m30, start: 0, end: 31 }]);
    expect(parseText(`@${m30}`, { maxMentionLength: 20 }).entities.mentions).toEqual([
      { handle: 'm'.repeat(20), start: 0, end: 21 },
    ]);
  });

  it('counts ranges in code points, also inside of an entity', () => {
    const text = '😀 #𠀋𠀋 @a';
    const theirs = twitterText.extractEntitiesWithIndices(text);
    twitterText.modifyIndicesFromUTF16ToUnicode(text, theirs);
    // #𠀋𠀋 has three code points, starting at 2.
    expect(theirs[0]?.indices).toEqual([2, 7]);
    const { hashtags, mentions } = parseText(text).entities;
    expect(hashtags).toEqual([{ tag: '𠀋𠀋', start: 2, end: 5 }]);
    expect(mentions).toEqual([{ handle: 'a', start: 6, end: 8 }]);
  });

  it('never throws where Punycode overflows', () => {
    const text = `http://${'a'.repeat(5000)}${String.fromCodePoint(0x10fffd)}.com`;
    expect(() => twitterText.extractUrls(text)).toThrow(RangeError);
    expect(parseText(text).entities).toEqual(none);
  });

  it('composes runs of more than 64 combining marks in pieces', () => {
    const marks = (count: number) => `a${'\u0323'.repeat(count)}\u0301`;
    expect(parseText(marks(62)).weightedLength).toBe(twitterText.parseTweet(marks(62)).weightedLength);
    const [ours, theirs] = [
      parseText(marks(64)).weightedLength,
      twitterText.parseTweet(marks(64)).weightedLength,
    ];
    expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1);
  });
});
