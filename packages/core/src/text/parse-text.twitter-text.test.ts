import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import twitterText from 'twitter-text';
import { describe, expect, it } from 'vitest';
import {
  codeUnits,
  nastyTexts,
  realisticTexts,
  shortFragments,
  urlsInBrackets,
} from './parse-text.test.arbitraries.ts';
import { type ParsedText, parseText } from './parse-text.ts';
import { asciiLabelLength } from './punycode-length.ts';

/** The package's result in our format. Ranges are converted here: its own conversion miscounts astral characters. */
function reference(text: string): ParsedText {
  const entities: ParsedText['entities'] = { mentions: [], hashtags: [], urls: [] };
  for (const entity of twitterText.extractEntitiesWithIndices(text)) {
    const start = Array.from(text.slice(0, entity.indices[0])).length;
    const end = Array.from(text.slice(0, entity.indices[1])).length;
    if ('url' in entity) entities.urls.push({ url: entity.url, start, end });
    else if ('hashtag' in entity) entities.hashtags.push({ tag: entity.hashtag, start, end });
    else if ('screenName' in entity && !('listSlug' in entity && entity.listSlug !== '')) {
      entities.mentions.push({ handle: entity.screenName, start, end });
    }
  }
  const { weightedLength, valid } = twitterText.parseTweet(text);
  return { weightedLength, valid, entities };
}

function expectParity(text: string) {
  expect(parseText(text, { maxMentionLength: 20 })).toEqual(reference(text));
}

describe('parseText and twitter-text 3.1.0 agree', () => {
  it.each([
    ['realistic posts', realisticTexts, 4000],
    ['nasty mixtures', nastyTexts, 6000],
    ['short fragments', shortFragments, 6000],
    ['URLs', urlsInBrackets, 4000],
    ['code points of all kinds', fc.string({ unit: 'binary', maxLength: 60 }), 1000],
    ['code units, lone surrogates included', codeUnits, 1000],
  ])('on %s', (_name, texts, numRuns) => {
    fc.assert(fc.property(texts, expectParity), { numRuns });
  });

  it('on which texts are valid, for any limit', () => {
    fc.assert(
      fc.property(realisticTexts, fc.integer({ min: 1, max: 300 }), (text, maxWeightedLength) => {
        const { weightedLength } = twitterText.parseTweet(text);
        const allowed = weightedLength > 0 && weightedLength <= maxWeightedLength;
        expect(parseText(text, { maxWeightedLength })).toMatchObject({ weightedLength, valid: allowed });
      }),
      { numRuns: 1000 },
    );
  });

  it('on code units of every script around each kind of entity', () => {
    for (let unit = 0; unit <= 0xffff; unit += unit < 0x3100 ? 1 : 29) {
      const c = String.fromCharCode(unit);
      // Several probes per text keep this short.
      expectParity(
        `${c}@a ${c}#a ${c}a.com @a${c} #a${c} a.com${c} a.com/${c} a.com/?${c} #1${c} a${c}a.com a${c}.com http://a${c}.com a.com/a${c} a.com/(${c})`,
      );
    }
  });

  it('on URLs around the limit of 4,096', () => {
    for (const head of ['http://a.com/', 'https://a.com/', 'a.com/', 'xn--a.com/?', 'é.com/']) {
      for (let length = 4070; length <= 4110; length++)
        expectParity(`${head}${'p'.repeat(length - head.length)} x`);
    }
  });
});

describe('asciiLabelLength', () => {
  it('limits domain labels as Punycode does in twitter-text', () => {
    const labels = fc.string({
      unit: fc.constantFrom('a', 'é', '例', 'え', '𠀋', 'ü', '1', '。', '\u007f', 'я'),
      minLength: 1,
      maxLength: 62,
    });
    fc.assert(
      fc.property(labels, (text) => {
        fc.pre(!text.startsWith('1'));
        const found = twitterText
          .extractUrlsWithIndices(`http://${text}.com`)
          .some((entity) => entity.indices[0] === 0);
        expect(asciiLabelLength(text, 63) <= 63).toBe(found);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the generated data', () => {
  it('matches the installed package', () => {
    const script = fileURLToPath(new URL('../../scripts/generate-twitter-text-data.mjs', import.meta.url));
    expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toContain('is current');
  });
});
