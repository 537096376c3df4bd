import { oneOf, type Random } from './random.ts';

const words = (
  'morning evening garden street river bridge harbour market station window kitchen letter paper coffee bread apple ' +
  'winter summer rain snow wind light shadow colour music song book story page word train bicycle ship road forest ' +
  'mountain valley field horse bird cat dog friend neighbour stranger teacher doctor baker painter singer writer ' +
  'question answer reason mistake promise secret journey holiday weekend birthday dinner lunch recipe photograph'
).split(' ');
const tags = ['weekend', 'garden', 'music', 'books', 'travel', 'food', 'weather', 'cats'];

/** Some words are much more frequent than others, as in any language. */
const word = (random: Random): string => words[Math.floor(words.length * random() ** 2)] ?? 'word';

/** A post of 6 to 17 words, some with a tag: about 85 characters. */
export function postText(random: Random): string {
  const sentence = Array.from({ length: 6 + Math.floor(random() * 12) }, () => word(random)).join(' ');
  return random() < 0.3 ? `${sentence} #${oneOf(tags, random)}` : sentence;
}

/** A likely search: a word, two words or a tag. */
export function searchQuery(random: Random): string {
  const kind = random();
  if (kind < 0.5) return word(random);
  return kind < 0.8 ? `${word(random)} ${word(random)}` : `#${oneOf(tags, random)}`;
}
