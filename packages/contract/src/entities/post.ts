import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { accountSummary } from './account.ts';
import { media } from './media.ts';
import { pageOf } from './page.ts';
import { count, handle, id, plainText, timestamp, visibility } from './primitives.ts';

/** Its entities are the examples of `textEntities`. */
const textExample = 'Hello #twite, says @cosette';

const range = {
  start: count.describe('The index of the first code point.'),
  end: count.describe('The index after the last code point.'),
};

/** The entities that twitter-text finds in a text. Ranges count code points. */
export const textEntities = z
  .object({
    mentions: z.array(z.object({ handle, ...range }).meta({ id: 'Mention' })),
    hashtags: z.array(
      z.object({ tag: z.string().describe('The hashtag without `#`.'), ...range }).meta({ id: 'Hashtag' }),
    ),
    urls: z.array(z.object({ url: z.string(), ...range }).meta({ id: 'UrlInText' })),
  })
  .meta({
    id: 'TextEntities',
    description: 'The mentions, hashtags and URLs of a text. Positions count code points.',
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
      'The weighted length, as twitter-text counts it, must not exceed `limits.textWeightedLengthMax` of GET /v1/instance. Must not contain NUL or lone surrogates. Can be empty only if media are attached.',
    examples: [textExample],
  });

const writtenText = z.string().meta({ examples: [textExample] });

/** Media to attach: the author's own, and unattached. */
export const mediaIds = z
  .array(id)
  .max(contractLimits.attachmentsMax)
  .refine((ids) => new Set(ids).size === ids.length, 'must not contain duplicate ids')
  .meta({
    id: 'MediaIds',
    description: `The ids of at most ${contractLimits.attachmentsMax} media files that you uploaded and have not attached yet, in display order.`,
    examples: [['1855647289012345678']],
  });

const postShape = {
  postId: id,
  author: accountSummary,
  text: writtenText,
  entities: textEntities,
  media: z
    .array(media)
    .max(contractLimits.attachmentsMax)
    .describe('The attached media files, in the order of `mediaIds`.'),
  visibility,
  createdAt: timestamp,
  likeCount: count,
  replyCount: count,
  liked: z.boolean().describe('Whether you like it.'),
};

export const post = z.object(postShape).meta({ id: 'Post' });
export const postPage = pageOf(post).meta({ id: 'PostPage' });

export const reply = z
  .object({
    replyId: id,
    postId: id,
    parentReplyId: id
      .optional()
      .describe('The reply that this reply answers, if any. Absent if you are not allowed to see it.'),
    author: accountSummary,
    text: writtenText,
    entities: textEntities,
    media: z.array(media).max(contractLimits.attachmentsMax),
    createdAt: timestamp,
    likeCount: count,
    liked: z.boolean().describe('Whether you like it.'),
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
    postId: id.optional().describe('The id of the liked post.'),
    replyId: id.optional().describe('The id of the liked reply.'),
    post: post.optional().describe('The liked post. Absent if you are no longer allowed to see it.'),
    reply: reply.optional().describe('The liked reply. Absent if you are no longer allowed to see it.'),
  })
  .meta({ id: 'LikedItem' });
export const likedItemPage = pageOf(likedItem).meta({ id: 'LikedItemPage' });
