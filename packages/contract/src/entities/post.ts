import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { accountSummary } from './account.ts';
import { pageOf } from './page.ts';
import { handle, id, plainText, timestamp, visibility } from './primitives.ts';

const count = z.int().min(0);
const range = {
  start: z.int().min(0).describe('First code point.'),
  end: z.int().min(0).describe('Code point after the last.'),
};

/** What twitter-text finds in a text; ranges count code points. */
export const textEntities = z
  .object({
    mentions: z.array(z.object({ handle, ...range })),
    hashtags: z.array(z.object({ tag: z.string().describe('Without the #.'), ...range })),
    urls: z.array(z.object({ url: z.string(), ...range })),
  })
  .meta({ id: 'TextEntities' });

/** The text of a post or reply, before its weighted length is counted. */
export const newText = plainText()
  .min(1)
  .max(contractLimits.textLengthMax)
  .meta({ examples: ['Hello #twite, says @cosette'] });

const postShape = {
  postId: id,
  author: accountSummary,
  text: z.string(),
  entities: textEntities,
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
    parentReplyId: id.optional().describe('The reply of the same post that this one answers.'),
    author: accountSummary,
    text: z.string(),
    entities: textEntities,
    createdAt: timestamp,
    likeCount: count,
    liked: z.boolean().describe('Whether the viewer likes it.'),
  })
  .meta({ id: 'Reply' });
export const replyPage = pageOf(reply).meta({ id: 'ReplyPage' });

/** A post, with the first page of its replies when they were asked for. */
export const postWithReplies = z
  .object({ ...postShape, replies: replyPage.optional() })
  .meta({ id: 'PostWithReplies' });

export const likeState = z.object({ liked: z.boolean(), likeCount: count }).meta({ id: 'LikeState' });
