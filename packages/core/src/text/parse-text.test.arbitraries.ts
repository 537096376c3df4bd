import fc from 'fast-check';

/** Alternatives, written with spaces between them. */
function oneOf(...lists: string[]) {
  return fc.constantFrom(...lists.flatMap((list) => list.split(' ')));
}

const words = oneOf(
  'hello Twite a RT rt 2024 x1 naïve Größe école ſ İstanbul ι co com 日本語 中文 한국어 ไทย हिन्दी العربية עברית',
  'Привет ελ 中国 日本 セール コム e\u0301 o\u0308\u0323 क्ष \u0301 \u20e3 𝒳𝓎 𠀋 𐒠 𞸁 \u212b ﬁ \u1100\u1161',
);
const emoji = oneOf('😀 👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🇩🇪 🇩 ❤️ ❤ ☺︎ 1️⃣ #️⃣ *⃣ © ©️ ™ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🫠 \ufe0f \ufe0e 🕵🏿‍♀️ 👍🏽 🏽');
const separators = fc.oneof(
  fc.constantFrom(
    ' ',
    ' ',
    ' ',
    '\n',
    '\t',
    '\u3000',
    '\u00a0',
    '\u200b',
    '\u200d',
    '\u200f',
    '\u202e',
    '\u2066',
    '',
    '',
  ),
  oneOf('. , ! ? : ; / // - _ ( ) (( )) [ ] " \' “ 。 、 … – ~ & = % + $ * | @ ＠ # ＃ :// .. .- ` < \\'),
  fc.constantFrom('\ufeff', '\uffff', '\u0000', '\r\n'),
);
const mentions = oneOf(
  `@alice ＠bob @_a_1 @Alice_ @${'m'.repeat(20)} @${'m'.repeat(21)} @1 @@x RT@alice rt:@alice .@x a@b.com`,
  'me.too+x@mail.example.org @aliceé @日本 @a:// @a@b @alice.com xRT@a !@a ＠foo.com',
  `@user/list @user/list-1_a @user/1 @user/${'l'.repeat(30)} @user/foo.com @a/b/c`,
);
const hashtags = oneOf(
  '#tag ＃tag #1 #1a #日本語 #ハッシュタグ #тест #कक्षा #العربية #a_b #a-b #a·b #𝒳 #𠀋1 #𝟙a ##x #a#b &#tag #tag://',
  '#😀 #️⃣ #\u20e3a a#b 。#b 1#b 😀#b ❤️#b 𝒳#b #𐒠 #〜 #é #e\u0301',
);
const cashtags = oneOf('$TWTR $a.b $foo.com $a_bc.com $1 $RT@user $a:b.com');

const labels = oneOf(
  'example foo a www x-y x_y -a a- _ a_ münchen 例え пример xn--fiqs8s xn-- XN--a 123 本foo foo本 😀 例。え ѐ http t com co',
  `${'a'.repeat(63)} ${'a'.repeat(64)} ${'é'.repeat(50)} ${'例'.repeat(30)} ${'例'.repeat(58)}`,
);
const topLevelDomains = oneOf(
  'com COM org co uk co.uk de jp io xyz museum onion 中国 中國 рф РФ 한국 みんな コム 嘉里 嘉里大酒店 xn--p1ai xn--fiqs8s',
  'vermögensberater VERMÖGENSBERATUNG भारतम् invalid c comm com1 com中 comé 1 عرب ΕΛ zz tel.',
);
const pathPieces = oneOf(
  'foo / // . , ( ) (a) (a(b)c) ((a)) () (a(b) @user/ @ #x ! \' : ; = + %20 – _ ~ * | & é пример 日本 中 ... - [1] ι 😀 "',
  'Primer_(film) S(dfd346)/ We_Up_(Album_Version_(Edited))/',
);
const queryPieces = oneOf("a=b & = c ? ( ) ! . , / # % 日 @x - _ | ' ~");

const urls = fc
  .record({
    protocol: fc.constantFrom(
      '',
      '',
      'http://',
      'https://',
      'HTTP://',
      'ftp://',
      'http:/',
      'https:///',
      'hTTpS://',
    ),
    labels: fc.array(labels, { minLength: 1, maxLength: 4 }),
    topLevelDomain: topLevelDomains,
    port: fc.constantFrom('', '', '', ':80', ':', ':8080', ':x'),
    path: fc.oneof(
      fc.constant(''),
      fc.array(pathPieces, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`),
    ),
    query: fc.oneof(
      fc.constant(''),
      fc.array(queryPieces, { maxLength: 6 }).map((pieces) => `?${pieces.join('')}`),
    ),
  })
  .map(
    (url) => `${url.protocol}${url.labels.join('.')}.${url.topLevelDomain}${url.port}${url.path}${url.query}`,
  );

const shortLinks = fc
  .tuple(
    oneOf('http://t.co/ https://t.co/ HTTPS://T.CO/ t.co/ http://t.co http://x.t.co/'),
    fc.constantFrom('', 'x', 'AbC123', 'a'.repeat(40), 'a'.repeat(41), 'a_b', 'é'),
    fc.constantFrom('', '/more', '?a=b', '?a=b!', '?!', '.', '/?a=b', '-x', '?a=/(b)/c日'),
  )
  .map((parts) => parts.join(''));

/** Words and entities separated by spaces and punctuation. */
export const realisticTexts = fc
  .array(
    fc.tuple(
      fc.oneof(words, words, mentions, hashtags, urls, emoji, cashtags, shortLinks),
      fc.constantFrom(' ', ' ', ' ', '. ', ', ', ': ', '\n', '! ', ' (', ') ', ''),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat().join(''));

/** Anything next to anything. */
export const nastyTexts = fc
  .array(
    fc.oneof(
      fc.oneof(words, emoji, mentions, hashtags, cashtags, urls, shortLinks),
      fc.oneof(labels, topLevelDomains, pathPieces, queryPieces),
      separators,
    ),
    { maxLength: 16 },
  )
  .map((parts) => parts.join(''));

/** The characters that the rules refer to, in any order. */
export const shortFragments = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aZ1._-/:@#()?&=+$~ é中。＠＃'),
    oneOf('com .co http:// t.co/ xn-- \ufe0f 😀 RT :// \u0301 한국 𝒳'),
  ),
  maxLength: 40,
});

export const urlsInBrackets = fc.tuple(separators, urls, separators).map((parts) => parts.join(''));

/** Includes lone surrogates. */
export const codeUnits = fc
  .array(
    fc.oneof(
      fc.nat(0xffff),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.constantFrom(0x23, 0x40, 0x2e, 0x2f),
    ),
    {
      maxLength: 40,
    },
  )
  .map((codes) => String.fromCharCode(...codes));
