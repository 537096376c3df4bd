import type { Post, Twite } from '@twite/sdk';

/** Whether the bot has replied to a post already: what it did is on the server, so a restart repeats nothing. */
async function hasAnswered(twite: Twite, post: Post, handle: string): Promise<boolean> {
  for await (const reply of twite.replies.list({ postId: post.postId })) {
    if (reply.author.handle === handle) return true;
  }
  return false;
}

/** Replies once to every post that mentions the bot; how many replies it wrote. */
export async function answerMentions(twite: Twite, handle: string): Promise<number> {
  let answered = 0;
  for await (const post of twite.search.posts({ q: handle })) {
    const isMentioned = post.entities.mentions.some((mention) => mention.handle.toLowerCase() === handle);
    if (!isMentioned || post.author.handle === handle || (await hasAnswered(twite, post, handle))) continue;
    await twite.replies.create({ postId: post.postId, text: `Hello @${post.author.handle}, you called?` });
    await twite.posts.like({ postId: post.postId });
    answered++;
  }
  return answered;
}
