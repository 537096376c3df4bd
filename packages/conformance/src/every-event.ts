import type { DomainEvent } from '@twite/core/events/domain-event';
import { newMediaKey } from '@twite/core/media/media-keys';
import { anImage, aReservation, newMedia } from './media-fixtures.ts';
import { newAccount, newFollow, newLike, newPost, newReply, type World } from './world.ts';

/** The events in order of arrival, without redeliveries. */
export function distinct(events: readonly DomainEvent[]): DomainEvent[] {
  const seen = new Map(events.map((event) => [JSON.stringify(Object.entries(event).sort()), event]));
  return [...seen.values()];
}

/** Does everything that must emit an event according to the ports, and returns the expected events, in order. */
export async function causeEveryEvent(world: World): Promise<DomainEvent[]> {
  const { accounts, posts, replies, likes, follows, blocks, mutes, media } = world.engine;
  const events: DomainEvent[] = [];
  const a = await newAccount(world);
  const b = await newAccount(world);
  events.push({ type: 'accountCreated', accountId: a }, { type: 'accountCreated', accountId: b });

  await accounts.update(a, { displayName: 'New name' });
  events.push({ type: 'accountUpdated', accountId: a });
  await accounts.setRole(b, 'moderator');
  events.push({ type: 'accountUpdated', accountId: b });
  await accounts.setSuspension(b, { at: world.clock.now(), reason: 'spam' });
  events.push({ type: 'accountStatusChanged', accountId: b });
  await accounts.setSuspension(b, null);

  const postId = await newPost(world, a);
  events.push({ type: 'postCreated', postId, authorId: a, media: 'none' });
  const replyId = await newReply(world, postId, b);
  events.push({ type: 'replyCreated', replyId, postId, authorId: b, media: 'none' });
  await newLike(world, b, 'post', postId);
  events.push({ type: 'postLiked', postId, accountId: b });
  await newLike(world, a, 'reply', replyId);
  events.push({ type: 'replyLiked', replyId, accountId: a });
  await likes.remove(b, 'post', postId);
  events.push({ type: 'postUnliked', postId, accountId: b });
  await likes.remove(a, 'reply', replyId);
  events.push({ type: 'replyUnliked', replyId, accountId: a });

  await newFollow(world, a, b);
  events.push({ type: 'accountFollowed', followerId: a, followeeId: b });
  await follows.unfollow(a, b);
  events.push({ type: 'accountUnfollowed', followerId: a, followeeId: b });
  await blocks.add(world.id(), a, b);
  events.push({ type: 'accountBlocked', accountId: a, targetId: b });
  await blocks.remove(a, b);
  events.push({ type: 'accountUnblocked', accountId: a, targetId: b });
  await mutes.add(world.id(), a, b);
  events.push({ type: 'accountMuted', accountId: a, targetId: b });
  await mutes.remove(a, b);
  events.push({ type: 'accountUnmuted', accountId: a, targetId: b });

  const reservation = aReservation(world, a);
  const { mediaId } = reservation;
  const target = { kind: 'post', postId } as const;
  await media.reserve(reservation);
  await media.addKeys(mediaId, [newMediaKey('image/webp')]);
  await media.publish(mediaId, anImage());
  events.push({ type: 'mediaChanged', mediaId });
  await media.attach([mediaId], { ownerId: a, target, expiresAt: world.clock.now() });
  await media.keep([mediaId], target);
  // A listener that gets events twice cannot tell equal events apart: the step that must emit none has a medium of its
  // own.
  const second = await newMedia(world, a);
  events.push({ type: 'mediaChanged', mediaId: second });
  await media.remove([second], { at: world.clock.now() });
  await media.erase([second]);

  await replies.delete(replyId);
  events.push({ type: 'replyDeleted', replyId, postId, authorId: b });
  await posts.delete(postId);
  events.push({ type: 'postDeleted', postId, authorId: a });
  await accounts.markDeleted(a);
  events.push({ type: 'accountStatusChanged', accountId: a });
  return events;
}
