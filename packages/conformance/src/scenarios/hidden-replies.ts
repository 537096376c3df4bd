import { createReply } from '@twite/core/replies/create-reply';
import { deleteReply } from '@twite/core/replies/delete-reply';
import { getReply } from '@twite/core/replies/get-reply';
import { listReplies } from '@twite/core/replies/list-replies';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type Person, type Society, type StartWorkers } from './society.ts';

/** Whose parent is named, and who may remove what, where blocks, suspensions and deletions stand between people. */
export function hiddenReplies(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const between: Readonly<
    Record<
      string,
      (society: Society, viewer: Person, parentAuthor: Person, parentId: string) => Promise<unknown>
    >
  > = {
    'is blocked by the viewer': (_society, viewer, author) => viewer.block(author),
    'blocks the viewer': (_society, viewer, author) => author.block(viewer),
    'is suspended': (society, _viewer, author) => society.suspend(author),
    'was deleted': (society, _viewer, author) => society.remove(author),
    'deleted the parent': ({ deps }, _viewer, author, parentId) =>
      deleteReply(deps, author.accountId, parentId),
  };

  it('a reply shows its parent only to viewers who can see the parent', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { deps } = society;
    for (const [index, [name, happens]] of Object.entries(between).entries()) {
      const join = (who: string) => society.join(`${who}${index}`);
      const [author, parentAuthor, viewer, other] = [
        await join('author'),
        await join('parent'),
        await join('viewer'),
        await join('other'),
      ];
      const post = await author.post('Who is there?');
      const parent = await parentAuthor.reply(post, 'Me');
      const { replyId } = await createReply(deps, {
        replyId: deps.ids.next(),
        postId: post.postId,
        parentReplyId: parent.replyId,
        authorId: other.accountId,
        text: 'Me too',
        mediaIds: [],
      });
      const parentsOf = async (viewerId: string | undefined) => {
        const one = await getReply(deps, viewerId, replyId);
        const { items } = await listReplies(deps, viewerId, post.postId, { limit: 10 });
        const listed = items.find((reply) => reply.replyId === replyId);
        expect(listed?.parentReplyId).toBe(one.parentReplyId);
        return one.parentReplyId;
      };
      expect(await parentsOf(viewer.accountId)).toBe(parent.replyId);
      await viewer.mute(parentAuthor);
      expect(await parentsOf(viewer.accountId)).toBe(parent.replyId);
      await happens(society, viewer, parentAuthor, parent.replyId);
      expect({ name, parent: await parentsOf(viewer.accountId) }).toEqual({ name, parent: undefined });
      const seenByOthers = name.includes('viewer') ? parent.replyId : undefined;
      expect({ name, parent: await parentsOf(undefined) }).toEqual({ name, parent: seenByOthers });
      await society.settled();
      expect({ name, parent: await parentsOf(viewer.accountId) }).toEqual({ name, parent: undefined });
    }
  });

  it('authors can remove replies to their own posts by accounts that they block, and no others', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { deps } = society;
    const [ann, bob, eve] = [await society.join('ann'), await society.join('bob'), await society.join('eve')];
    const [hers, eves] = [await ann.post('Of Ann'), await eve.post('Of Eve')];
    const [underHers, underEves] = [await bob.reply(hers, 'Boo'), await bob.reply(eves, 'Boo')];
    const removeAs = (person: Person, { replyId }: { readonly replyId: string }) =>
      deleteReply(deps, person.accountId, replyId);
    const refused = { code: 'reply_not_found' };
    await expect(removeAs(ann, underHers)).rejects.toMatchObject(refused);
    // His block of her does not entitle her to delete his reply.
    await bob.block(ann);
    await expect(removeAs(ann, underHers)).rejects.toMatchObject(refused);
    await bob.unblock(ann);

    await ann.block(bob);
    await expect(removeAs(ann, underEves)).rejects.toMatchObject(refused);
    await expect(removeAs(eve, underHers)).rejects.toMatchObject(refused);
    await removeAs(ann, underHers);
    await expect(getReply(deps, eve.accountId, underHers.replyId)).rejects.toMatchObject(refused);
    await expect(removeAs(ann, underHers)).rejects.toMatchObject(refused);
    await society.settled();
    expect((await deps.posts.findMany([hers.postId])).get(hers.postId)?.replyCount).toBe(0);

    // Whatever happens to him.
    await ann.unblock(bob);
    const again = await bob.reply(hers, 'Boo again');
    await society.suspend(bob);
    await ann.block(bob);
    await removeAs(ann, again);
    expect((await deps.replies.findMany([again.replyId])).size).toBe(0);
    expect((await deps.replies.findMany([underEves.replyId])).size).toBe(1);
  });
}
