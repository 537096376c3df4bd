import { isTwiteError } from '@twite/sdk';

/** Does something to the post with an id, or to the reply: ids of both kinds come from one sequence, and look alike. */
export async function postOrReply<T>(ofPost: () => Promise<T>, ofReply: () => Promise<T>): Promise<T> {
  try {
    return await ofPost();
  } catch (error) {
    if (!isTwiteError(error) || !('code' in error) || error.code !== 'post_not_found') throw error;
    return ofReply();
  }
}
