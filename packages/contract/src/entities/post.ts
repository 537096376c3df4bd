import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { accountSummary } from './account.ts';
import { media } from './media.ts';
import { pageOf } from './page.ts';
import { count, handle, id, plainText, timestamp, visibility } from './primitives.ts';

/** Its entities are the examples of `textEntities`. */
const textExample = 'Hello #twite, says @cosette';

const range = {
  start: count.describe('First code point.'),
  end: count.describe('Code point after the last.'),
};

/** The entities that twitter-text finds in a text. Ranges count code points. */
export const textEntities = z
  .object({
    mentions: z.array(z.object({ handle, ...range }).meta({ id: 'Mention' })),
    hashtags: z.array(
      z.object({ tag: z.string().describe('Without the #.'), ...range }).meta({ id: 'Hashtag' }),
    ),
    urls: z.array(z.object({ url: z.string(), ...range }).meta({ id: 'UrlInText' })),
  })
  .meta({
    id: 'TextEntities',
    description: 'The mentions, hashtags and URLs of a text; ranges count its code points.',
    examples: [
      {
        mentions: [{ handle: 'cosette', start: 19, end: 27 }],
        hashtags: [{ tag: 'twite', start: 6, end: 12 }],
        urls: [],
      },
    ],
  });

/** The text of a post or reply, before its weighted length is checked. */
export const newText = plainText()
  .max(contractLimits.textLengthMax)
  .meta({
    id: 'NewText',
    description:
      'The weighted length, as twitter-text counts it, is at most `limits.textWeightedLengthMax` of GET /v1/instance. No NUL, no lone surrogates. Empty only with media.',
    examples: [textExample],
  });

const writtenText = z.string().meta({ examples: [textExample] });

/** Media to attach: the author's own, and unattached. */
export const mediaIds = z
  .array(id)
  .max(contractLimits.attachmentsMax)
  .refine((ids) => new Set(ids).size === ids.length, 'must not hold an id twice')
  .meta({
    id: 'MediaIds',
    description: `At most ${contractLimits.attachmentsMax} media of yours that are attached to nothing yet, in the order to show them.`,
    examples: [['1855647289012345678']],
  });

const postShape = {
  postId: id,
  author: accountSummary,
  text: writtenText,
  entities: textEntities,
  media: z.array(media).max(contractLimits.attachmentsMax).describe('In the order of `mediaIds`.'),
  visibility,
  createdAt: timestamp,
  likeCount: count,
  replyCount: count,
  liked: z.boolean().describe('Whether the viewer likes it.'),
};

export const post = z.object(postShape).meta({ id: 'Post' });
export const postPage = pageOf(post).meta({ id: 'PostPage' });

export const reply = z
  .object({
    replyId: id,
    postId: id,
    parentReplyId: id
      .optional()
      .describe('The reply of the same post that this one answers. Absent when you may not see that one.'),
    author: accountSummary,
    text: writtenText,
    entities: textEntities,
    media: z.array(media).max(contractLimits.attachmentsMax),
    createdAt: timestamp,
    likeCount: count,
    liked: z.boolean().describe('Whether the viewer likes it.'),
  })
  .meta({ id: 'Reply' });
export const replyPage = pageOf(reply).meta({ id: 'ReplyPage' });

/** A post, with the first page of its replies if requested. */
export const postWithReplies = z
  .object({ ...postShape, replies: replyPage.optional() })
  .meta({ id: 'PostWithReplies' });

export const likeState = z.object({ liked: z.boolean(), likeCount: count }).meta({ id: 'LikeState' });

/** A like by the viewer, with its subject as far as they may see it. */
export const likedItem = z
  .object({
    kind: z.enum(['post', 'reply']),
    postId: id.optional().describe('Of a liked post.'),
    replyId: id.optional().describe('Of a liked reply.'),
    post: post.optional().describe('Absent when you may no longer see it.'),
    reply: reply.optional().describe('Absent when you may no longer see it.'),
  })
  .meta({ id: 'LikedItem' });
export const likedItemPage = pageOf(likedItem).meta({ id: 'LikedItemPage' });
