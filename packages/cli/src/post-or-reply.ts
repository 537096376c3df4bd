import { isTwiteError } from '@twite/sdk';

const isCode = (error: unknown, code: string): boolean =>
  isTwiteError(error) && 'code' in error && error.code === code;

/**
 * Acts on the post with an id, or else on the reply: ids of posts and replies come from one sequence and look alike.
 */
export async function postOrReply<T>(ofPost: () => Promise<T>, ofReply: () => Promise<T>): Promise<T> {
  try {
    return await ofPost();
  } catch (error) {
    if (!isCode(error, 'post_not_found')) throw error;
    return ofReply().catch((another: unknown) => {
      // Neither exists. People most likely meant a post.
      throw isCode(another, 'reply_not_found') ? error : another;
    });
  }
}
