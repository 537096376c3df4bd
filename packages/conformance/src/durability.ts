import { expect } from 'vitest';
import { aVideoToProcess, avatarFor, newMedia, snapshotFor } from './media-fixtures.ts';
import type { Suite } from './suite.ts';
import { accountOf, newFollow, newLike, newPost, newReply, people, postOf, replyOf } from './world.ts';

/** The data of a source of truth outlives the process. Not a suite of one port: it spans all of them. */
export const durability: Suite = ({ factOverReopen }) => {
  factOverReopen(
    'what was written is there after the engine was closed and opened',
    async (world, reopen) => {
      const { accounts, mutes, blocks, tokens, passwordResets, sessions, auditLog, posts } = world.engine;
      const { alice, bob } = await people(world, 'alice', 'bob');
      await accounts.update(alice, { bio: 'Still here 👍' });
      await accounts.setRole(bob, 'moderator');
      const mediaId = await newMedia(world, alice, aVideoToProcess());
      const media = [await snapshotFor(world, mediaId)];
      const postId = await newPost(world, alice, { text: 'Kept é\u2028', media });
      const avatar = await avatarFor(world, await newMedia(world, bob));
      await accounts.update(bob, { avatar });
      const gone = await newPost(world, alice);
      await posts.delete(gone);
      const replyId = await newReply(world, postId, bob);
      await newLike(world, bob, 'post', postId);
      await newLike(world, alice, 'reply', replyId);
      await newFollow(world, bob, alice);
      await mutes.add(world.id(), alice, bob);
      await blocks.add(world.id(), bob, alice);
      const now = world.clock.now();
      const token = {
        tokenId: world.id(),
        accountId: alice,
        name: 'ci',
        scopes: ['read'] as const,
        secretHash: 'secret',
        createdAt: now,
        expiresAt: null,
      };
      await tokens.insert(token);
      const reset = { accountId: alice, secretHash: 'reset', createdAt: now, expiresAt: now + 1 };
      await passwordResets.put(reset);
      const session = {
        sessionId: world.id(),
        accountId: alice,
        accessHash: 'access',
        accessExpiresAt: now + 1,
        refreshHash: 'refresh',
        refreshExpiresAt: now + 2,
        generation: 0,
        tagKey: 'tag',
        previousRefreshHash: null,
        successorSalt: null,
        rotatedAt: now,
        createdAt: now,
        userAgent: null,
      };
      await sessions.insert(session);
      const entry = {
        entryId: world.id(),
        action: 'role_set' as const,
        actorId: null,
        subjectId: bob,
        detail: 'moderator',
        createdAt: now,
      };
      await auditLog.append(entry);
      await world.settled();
      const read = async (from: typeof world) => ({
        alice: await accountOf(from, alice),
        bob: await accountOf(from, bob),
        passwordHash: await from.engine.accounts.findPasswordHash(alice),
        post: await postOf(from, postId),
        reply: await replyOf(from, replyId),
        likes: await from.engine.likes.listByPost(postId, { limit: 10 }),
        followers: await from.engine.follows.listFollowers(alice, { limit: 10 }),
        muted: await from.engine.mutes.mutedBy(alice),
        hidden: await from.engine.blocks.hiddenFrom(alice),
        token: await from.engine.tokens.findBySecretHash('secret'),
        reset: await from.engine.passwordResets.findBySecretHash('reset'),
        session: await from.engine.sessions.findByAccessHash('access'),
        audit: await from.engine.auditLog.list({ limit: 10 }),
        stats: await from.engine.stats.count(),
      });
      const before = await read(world);
      expect(before).toMatchObject({
        token,
        session,
        audit: [entry],
        post: { likeCount: 1, replyCount: 1, media },
        bob: { avatar },
      });

      const after = await reopen();
      await after.open.checkPrimary();
      expect(await read(after)).toEqual(before);
      expect((await after.engine.posts.findMany([gone])).size).toBe(0);
      await newPost(after, alice);
      await after.settled();
      expect((await accountOf(after, alice)).publicPostCount).toBe(2);
    },
  );
};
